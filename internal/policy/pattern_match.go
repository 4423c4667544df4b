package policy

import (
	"strings"
	"unicode/utf8"
)

// Match reports whether the whole of s matches. It does not allocate for
// patterns of usual length, and its time is at most proportional to the length
// of s times that of the pattern.
func (p Pattern) Match(s string) bool {
	if p.literal {
		return s == p.prefix
	}
	return p.possible(s) && p.matchBetween(s[len(p.prefix):len(s)-len(p.suffix)], false)
}

// possible reports whether s holds the pattern's literal text at both ends and
// the longest between. It fails at once for most strings that do not match.
func (p Pattern) possible(s string) bool {
	return len(s) >= len(p.prefix)+len(p.suffix) && strings.HasPrefix(s, p.prefix) && strings.HasSuffix(s, p.suffix) &&
		strings.Contains(s[len(p.prefix):len(s)-len(p.suffix)], p.core)
}

// matchFolded is Match with the ASCII letters of s read as lower case.
func (p Pattern) matchFolded(s string) bool {
	if len(s) < len(p.prefix)+len(p.suffix) {
		return false
	}
	cut := len(s) - len(p.suffix)
	if !equalFolded(s[:len(p.prefix)], p.prefix) || !equalFolded(s[cut:], p.suffix) {
		return false
	}
	return p.matchBetween(s[len(p.prefix):cut], true)
}

// matchBetween matches what stands between the pattern's prefix and suffix.
func (p Pattern) matchBetween(s string, folded bool) bool {
	tokens := p.tokens[p.from:p.to]
	switch {
	case len(tokens) == 0:
		return s == ""
	case len(tokens) == 1 && tokens[0].kind == anyRun:
		return true
	case p.fields:
		return matchStates(tokens, s, folded)
	default:
		return matchGreedily(tokens, s, folded)
	}
}

// matchGreedily matches tokens none of which stops at a colon. Only the last
// run ever has to be stretched: what an earlier one could take, it can take.
func matchGreedily(tokens []token, s string, folded bool) bool {
	i, resume, from := 0, -1, 0
	for at := 0; at < len(s); {
		if i < len(tokens) && tokens[i].run() {
			if i++; i == len(tokens) {
				return true
			}
			resume, from = i, at
		}
		r, n := rune(s[at]), 1
		if r >= utf8.RuneSelf {
			r, n = decodeRune(s[at:])
		} else if folded {
			r = lowerRune(r)
		}
		switch {
		case i < len(tokens) && tokens[i].admits(r):
			i, at = i+1, at+n
		case resume >= 0:
			_, n = decodeRune(s[from:])
			from = nextMatch(tokens[resume], s, from+n, folded)
			i, at = resume, from
		default:
			return false
		}
	}
	return i == len(tokens) || i == len(tokens)-1 && tokens[i].run()
}

// nextMatch returns the first place in s from at on where t may match; len(s)
// where there is none.
func nextMatch(t token, s string, at int, folded bool) int {
	if folded || t.kind != literalRune || t.r >= utf8.RuneSelf {
		return at
	}
	skip := strings.IndexByte(s[at:], byte(t.r))
	if skip < 0 {
		return len(s)
	}
	return at + skip
}

// matchStates matches any tokens, by following all the places in the pattern
// that the text read so far may have led to.
func matchStates(tokens []token, s string, folded bool) bool {
	var room [256]bool
	states := room[:]
	if len(tokens) >= len(room) {
		states = make([]bool, len(tokens)+1)
	}
	states[0] = true
	low, high := 0, enterRuns(tokens, states, 0, 0)
	for at := 0; at < len(s) && low <= high; {
		r, n := decodeRune(s[at:])
		at += n
		if folded {
			r = lowerRune(r)
		}
		if high < len(tokens) {
			high++
		}
		for i := high; i >= low; i-- {
			stay := states[i] && i > 0 && tokens[i-1].run() && tokens[i-1].admits(r)
			states[i] = stay || i > low && states[i-1] && !tokens[i-1].run() && tokens[i-1].admits(r)
		}
		high = enterRuns(tokens, states, low, high)
		for low <= high && !states[low] {
			low++
		}
		for high >= low && !states[high] {
			high--
		}
	}
	return low <= high && states[len(tokens)]
}

// enterRuns adds the states after runs that may be empty, and returns the
// highest state that may be set. State i is "tokens[:i] have been matched".
func enterRuns(tokens []token, states []bool, low, high int) int {
	for i := low; i <= high && i < len(tokens); i++ {
		if states[i] && tokens[i].run() {
			states[i+1] = true
			high = max(high, i+1)
		}
	}
	return high
}

// lowerRune folds ASCII only: names of actions and keys hold nothing else.
func lowerRune(r rune) rune {
	if 'A' <= r && r <= 'Z' {
		return r + ('a' - 'A')
	}
	return r
}

// equalFolded compares s, read as lower case, with lower, of the same length.
func equalFolded(s, lower string) bool {
	for i := range len(lower) {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}
