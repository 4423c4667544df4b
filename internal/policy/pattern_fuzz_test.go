package policy

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// matchByTable matches by the definition, a character and a token at a time.
func matchByTable(pattern, text string) bool {
	s := []rune(text)
	row := make([]bool, len(s)+1)
	row[0] = true
	for _, t := range pattern {
		next := make([]bool, len(s)+1)
		next[0] = row[0] && t == '*'
		for i, r := range s {
			if t == '*' {
				next[i+1] = row[i+1] || next[i]
			} else {
				next[i+1] = row[i] && (t == '?' || t == r)
			}
		}
		row = next
	}
	return row[len(s)]
}

func FuzzPattern(f *testing.F) {
	for _, seed := range [][2]string{
		{"", ""},
		{"*", ""},
		{"?", ""},
		{"a*b?c", "aXXbYc"},
		{"**?*?", "ab"},
		{"?*a", "aa"},
		{rdsRequired, rdsResource},
		{"arn:aws:s3:::b/*/test/*", "arn:aws:s3:::b//test/object.jpg"},
		{"é?*", "éü"},
		{"*aaab", "aaaaaab"},
		{"*a?b*", "aabaab"},
		{"*\x00", "\x00"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if len(pattern) > 200 || len(text) > 1000 || !utf8.ValidString(pattern) || !utf8.ValidString(text) {
			return
		}
		p := CompilePattern(pattern)
		want := matchByTable(pattern, text)
		if got := p.Match(text); got != want {
			t.Errorf("%q on %q: got %v, want %v", pattern, text, got, want)
		}
		if p.fields || p.String() != pattern {
			t.Errorf("%q compiled to %q, fields %v", pattern, p, p.fields)
		}
		lower := CompilePattern(lowerASCII(pattern))
		if got, want := lower.matchFolded(text), lower.Match(lowerASCII(text)); got != want {
			t.Errorf("%q folded on %q: got %v, want %v", lower, text, got, want)
		}
		if got := p.Intersects(CompilePattern(text)); want && !got {
			t.Errorf("%q does not intersect %q", pattern, text)
		}
		if states := matchStates(p.tokens, text, false); states != want {
			t.Errorf("%q by states on %q: got %v, want %v", pattern, text, states, want)
		}
	})
}

// Patterns stand in left and right one on a line. What text matches decides
// some answers; all others must not contradict their witness.
func FuzzContains(f *testing.F) {
	for _, seed := range [][3]string{
		{rdsRequired, rdsGranted, rdsResource},
		{"*", "", ""},
		{"a*\n*b", "a*b\nab", "ab"},
		{"*x????*", "*x*\n*x?", "xabcd"},
		{"arn:aws:s3:::a?*", "arn:aws:s3:::ab*\narn:aws:s3:::a?", "arn:aws:s3:::ac"},
		{"*a?b*\n*c*", "*b*c*\n*c*b*", "acb"},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	f.Fuzz(func(t *testing.T, leftLines, rightLines, text string) {
		if len(leftLines)+len(rightLines) > 300 || len(text) > 300 || !utf8.ValidString(leftLines+rightLines+text) {
			return
		}
		left, right := fuzzPatterns(leftLines), fuzzPatterns(rightLines)
		got := Contains(left, right, NewBudget())
		switch got.Result {
		case False:
			if !separates(got.Witness, left, right) {
				t.Errorf("%q in %q: witness %q is not outside", leftLines, rightLines, got.Witness)
			}
		case True:
			if separates(text, left, right) {
				t.Errorf("%q in %q: True, but %q is outside", leftLines, rightLines, text)
			}
		}
		if again := Contains(left, right, NewBudget()); again != got {
			t.Errorf("%q in %q: got %v, then %v", leftLines, rightLines, got, again)
		}
	})
}

// fuzzPatterns takes lines that begin with "arn:" as requests, so that
// wildcards that stop at a colon are covered.
func fuzzPatterns(lines string) []Pattern {
	var patterns []Pattern
	for line := range strings.SplitSeq(lines, "\n") {
		patterns = append(patterns, RequestPattern(line))
	}
	return patterns
}
