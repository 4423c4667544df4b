package policy

import (
	"strings"
	"testing"
)

func TestPatternMatch(t *testing.T) {
	tests := []struct {
		name, pattern string
		match, not    []string
	}{
		{"literal", "abc", []string{"abc"}, []string{"", "ab", "abcd", "ABC"}},
		{"empty", "", []string{""}, []string{"a"}},
		{"everything", "*", []string{"", "a", "a:b/c", "é"}, nil},
		{"a run may be empty", "a*c", []string{"ac", "abc", "a/:c", "acc"}, []string{"a", "c", "acb"}},
		{"ends do not overlap", "ab*ba", []string{"abba", "abxba"}, []string{"aba", "ab"}},
		{"exactly one character", "s3:GetObject?", []string{"s3:GetObjects"}, []string{"s3:GetObject", "s3:GetObjectXY"}},
		{"one character of several bytes", "?", []string{"é", "世", "a"}, []string{"", "ab"}},
		{"slashes", "b/*/test/*", []string{"b//test/object.jpg", "b/a/b/test/"}, []string{"b/test/object.jpg"}},
		{"colons", "function:*", []string{"function:f:prod", "function:"}, []string{"function"}},
		{"runs merge", "a**b", []string{"ab", "axb"}, []string{"a"}},
		{"at least one", "a*?", []string{"ab", "abc"}, []string{"a"}},
		{"at least two", "*?*?*", []string{"ab", "abc"}, []string{"", "a"}},
		{"the last run is stretched", "*aab", []string{"aaab", "aab", "aabaab"}, []string{"aabb", "ab"}},
		{"several runs", "*a*b*c*", []string{"abc", "xaxbxcx", "aabbcc"}, []string{"acb", "ab"}},
		{"stray bytes are themselves", "a\xff*", []string{"a\xff", "a\xffb"}, []string{"a\xfe", "a\uFFFD"}},
		{"a stray byte is no half of a character", "a\xc3*", []string{"a\xc3", "a\xc3b"}, []string{"a\u00e9"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := CompilePattern(test.pattern)
			for _, s := range test.match {
				if !p.Match(s) || !p.Intersects(CompilePattern(s)) {
					t.Errorf("%q does not match %q", p, s)
				}
			}
			for _, s := range test.not {
				if p.Match(s) || p.Intersects(CompilePattern(s)) {
					t.Errorf("%q matches %q", p, s)
				}
			}
			if p.String() != test.pattern {
				t.Errorf("got %q, want %q", p, test.pattern)
			}
		})
	}
}

func TestPatternForms(t *testing.T) {
	tests := []struct {
		pattern      string
		literal, all bool
	}{
		{"", true, false},
		{"a:b", true, false},
		{"a*", false, false},
		{"?", false, false},
		{"*", false, true},
		{"***", false, true},
		{"*?", false, false},
		{"\xff", true, false},
	}
	for _, test := range tests {
		p := CompilePattern(test.pattern)
		text, literal := p.Literal()
		if literal != test.literal || literal && text != test.pattern {
			t.Errorf("%q: got literal %q, %v, want %v", test.pattern, text, literal, test.literal)
		}
		if p.All() != test.all {
			t.Errorf("%q: got all %v, want %v", test.pattern, p.All(), test.all)
		}
	}
	var zero Pattern
	if text, ok := zero.Literal(); !ok || text != "" || !zero.Match("") || zero.Match("a") || zero.All() {
		t.Errorf("the zero value is not the empty string: %q, %v", text, ok)
	}
}

func TestPatternEqual(t *testing.T) {
	for _, pair := range [][2]string{{"a**", "a*"}, {"*?", "?*"}, {"*?*?", "??*"}, {"a", "a"}} {
		if !CompilePattern(pair[0]).Equal(CompilePattern(pair[1])) {
			t.Errorf("%q differs from %q", pair[0], pair[1])
		}
	}
	if CompilePattern("arn:aws:s3:::*").Equal(RequestPattern("arn:aws:*:::*")) {
		t.Error("patterns that match differently are equal")
	}
}

func TestPatternIntersects(t *testing.T) {
	tests := []struct {
		p, q string
		want bool
	}{
		{"a*", "*b", true},
		{"a*", "b*", false},
		{"*a", "*b", false},
		{"*a*", "*b*", true},
		{"a?", "?b", true},
		{"a?", "a", false},
		{"??", "???*", false},
		{"ab*", "a*c", true},
		{"a*bc", "ab*c", true},
		{"", "*", true},
		{"", "?*", false},
		{"arn:aws:rds-db:*:111122223333:dbuser:*/*", "arn:aws:rds-db:us-east-1:111122223333:dbuser:db-A/admin", true},
		{"arn:aws:rds-db:*:111122223333:dbuser:*/*", "arn:aws:rds-db:*:444455556666:dbuser:*", true}, // a colon in a login
	}
	for _, test := range tests {
		p, q := CompilePattern(test.p), CompilePattern(test.q)
		if p.Intersects(q) != test.want || q.Intersects(p) != test.want {
			t.Errorf("%q with %q: got %v, want %v", p, q, !test.want, test.want)
		}
	}
}

func TestRequestPattern(t *testing.T) {
	tests := []struct {
		name, resource string
		match, not     []string
	}{
		{"everything", "*", []string{"", "arn:aws:s3:::b", "x"}, nil},
		{"no ARN", "b*", []string{"b", "b:c"}, []string{"a"}},
		{
			"fields", rdsRequired,
			[]string{rdsResource, "arn:aws:rds-db::111122223333:dbuser:a:b/c"},
			[]string{"arn:aws:rds-db:us-east-1:444455556666:dbuser:db-A/:111122223333:dbuser:a/b"},
		},
		{"one character of a field", "arn:aws:s3:?::b", []string{"arn:aws:s3:x::b"}, []string{"arn:aws:s3::::b", "arn:aws:s3:::b"}},
		{"a short ARN", "arn:aws:s3:*", []string{"arn:aws:s3:::b", "arn:aws:s3:r:a:b:c"}, []string{"arn:aws:s3:x", "arn:aws:iam:::b"}},
		{"the beginning of a service", "arn:aws:s*", []string{"arn:aws:s3:::b"}, []string{"arn:aws:iam:::b"}},
		{"all ARNs", "arn:*", []string{"arn:aws:s3:::b"}, []string{"arn:aws", "x"}},
		{"a short ARN without wildcard", "arn:aws:s3", []string{"arn:aws:s3"}, []string{"arn:aws:s3:::b"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := RequestPattern(test.resource)
			for _, s := range test.match {
				if !p.Match(s) {
					t.Errorf("%q does not match %q", p, s)
				}
			}
			for _, s := range test.not {
				if p.Match(s) {
					t.Errorf("%q matches %q", p, s)
				}
			}
		})
	}
}

// A `*` of a policy may pass colons, but a question about one account is not
// touched by a statement on another one.
func TestRequestIntersectsResource(t *testing.T) {
	tests := []struct {
		name, resource string
		want           bool
	}{
		{"the same", rdsRequired, true},
		{"one login", rdsResource, true},
		{"a login with a colon", "arn:aws:rds-db:*:111122223333:dbuser:*/a:b", true},
		{"another account", "arn:aws:rds-db:*:444455556666:dbuser:*", false},
		{"another account, by a pattern", "arn:aws:rds-db:*:4*:dbuser:*", false},
		{"another service", "arn:aws:rds:*", false},
		{"fields passed over", "arn:aws:rds-db:*:dbuser:*", true},
		{"fields passed over to one login", "arn:aws:rds-db:*:dbuser:db-A/app", true},
		{"fields passed over to another account", "arn:aws:rds-db:*:444455556666:*", false},
		{"an ARN that breaks off", "arn:aws:rds-db:us-*", true},
		{"a short ARN", "arn:aws:rds-db:us-east-1", true},
		{"everything", "*", true},
	}
	question := RequestPattern(rdsRequired)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := compileResource(test.resource, Position{}, KindIdentity, true)
			p := r.read(nil).wide
			if question.Intersects(p) != test.want || p.Intersects(question) != test.want {
				t.Errorf("got %v, want %v", !test.want, test.want)
			}
			if got := Contains([]Pattern{question, p}, nil, nil); (got.Result == False) != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

// Matching is where most of the time goes; it must not allocate.
func TestMatchDoesNotAllocate(t *testing.T) {
	p, request := CompilePattern(rdsRequired), RequestPattern(rdsRequired)
	action := compileAction("RDS-db:con*t", Position{})
	resource := compileResource(rdsRequired, Position{}, KindIdentity, true)
	for name, f := range map[string]func() bool{
		"pattern":  func() bool { return p.Match(rdsResource) },
		"request":  func() bool { return request.Match(rdsResource) },
		"action":   func() bool { return action.Match("rds-db:Connect") },
		"resource": func() bool { return resource.match(rdsResource, nil) == True },
	} {
		if !f() {
			t.Errorf("%s does not match", name)
		}
		if n := testing.AllocsPerRun(100, func() { f() }); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

// The states of a pattern that is longer than the room on the stack.
func TestMatchLongPattern(t *testing.T) {
	field := strings.Repeat("a?", 300)
	p := RequestPattern("arn:aws:s3:*" + field + ":*:b")
	if !p.Match("arn:aws:s3:x"+strings.Repeat("ab", 300)+"::b") || p.Match("arn:aws:s3:x"+strings.Repeat("a:", 300)+"::b") {
		t.Error("a long pattern matches wrongly")
	}
}
