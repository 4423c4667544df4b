package policy

import (
	"slices"
	"testing"
)

// variableContext knows, lacks, or does not know the keys its names tell.
func variableContext() *Context {
	ctx := NewContext(KeyAbsent)
	ctx.Set("aws:username", "carlos")
	ctx.Set("aws:PrincipalTag/team", "red")
	ctx.Set("aws:PrincipalTag/wild", "r*d")
	ctx.Set("aws:PrincipalTag/empty", "")
	ctx.SetMulti("aws:TagKeys", []string{"a", "b"})
	ctx.SetMulti("aws:PrincipalOrgPaths", []string{"a"})
	ctx.SetState("aws:PrincipalTag/unknown", KeyUnknown)
	return ctx
}

func TestTemplate(t *testing.T) {
	tests := []struct {
		name, text string
		literal    bool // under Version 2008-10-17
		state      resolutionState
		plain      string
		keys       []string
		ambiguity  string
		match, not []string
	}{
		{name: "text", text: "a*b", state: resolutionKnown, plain: "a*b", match: []string{"ab", "axb"}},
		{name: "empty", text: "", state: resolutionKnown, match: []string{""}, not: []string{"a"}},
		{name: "a variable", text: "user/${aws:username}", state: resolutionKnown, plain: "user/carlos", match: []string{"user/carlos"}, not: []string{"user/", "user/x"}},
		{name: "names ignore case", text: "${AWS:principaltag/TEAM}", state: resolutionKnown, plain: "red", match: []string{"red"}},
		{name: "several", text: "${aws:username}-${aws:PrincipalTag/team}?", state: resolutionKnown, plain: "carlos-red?", match: []string{"carlos-red1"}, not: []string{"carlos-red"}},
		{name: "an empty value", text: "a${aws:PrincipalTag/empty}b", state: resolutionKnown, plain: "ab", match: []string{"ab"}},
		{name: "an escaped run", text: "${*}", state: resolutionKnown, plain: "*", match: []string{"*"}, not: []string{"x", "", "${*}"}},
		{name: "an escaped character", text: "a${?}", state: resolutionKnown, plain: "a?", match: []string{"a?"}, not: []string{"ab"}},
		{name: "an escaped dollar", text: "${$}{x}", state: resolutionKnown, plain: "${x}", match: []string{"${x}"}},
		{name: "a value is data", text: "${aws:PrincipalTag/wild}", state: resolutionKnown, plain: "r*d", match: []string{"r*d"}, not: []string{"red"}},
		{name: "a default that is used", text: "b-${aws:PrincipalTag/none, 'company-wide'}", state: resolutionKnown, plain: "b-company-wide", match: []string{"b-company-wide"}},
		{name: "a default that is not", text: "b-${aws:PrincipalTag/team, 'company-wide'}", state: resolutionKnown, plain: "b-red", match: []string{"b-red"}, not: []string{"b-company-wide"}},
		{name: "an empty default", text: "b-${aws:PrincipalTag/none, ''}", state: resolutionKnown, plain: "b-", match: []string{"b-"}},
		{name: "a default with a comma", text: "${aws:PrincipalTag/none, 'a, b'}", state: resolutionKnown, plain: "a, b", match: []string{"a, b"}},
		{name: "a default without quotes", text: "${aws:PrincipalTag/none, a}", state: resolutionUndefined, ambiguity: ambiguityVariableForm, match: []string{"a", ""}},
		{name: "a default without space", text: "${aws:PrincipalTag/team,'a'}", state: resolutionUndefined, ambiguity: ambiguityVariableForm, match: []string{"a", "red"}},
		{name: "absent", text: "${aws:PrincipalTag/none}", state: resolutionAbsent},
		{name: "absent among unknown ones", text: "${aws:PrincipalTag/unknown}${aws:PrincipalTag/none}", state: resolutionAbsent, keys: []string{"aws:PrincipalTag/unknown"}},
		{name: "unknown", text: "a${aws:PrincipalTag/unknown}b", state: resolutionUnknown, keys: []string{"aws:PrincipalTag/unknown"}, match: []string{"ab", "axb"}, not: []string{"a"}},
		{name: "unknown twice, with a default", text: "${aws:PrincipalTag/unknown, 'x'}${aws:PrincipalTag/unknown}", state: resolutionUnknown, keys: []string{"aws:PrincipalTag/unknown"}},
		{name: "several values", text: "${aws:TagKeys}", state: resolutionUndefined, ambiguity: ambiguityMultivalued, match: []string{"a", "x"}},
		{name: "a multivalued key with one value", text: "${aws:PrincipalOrgPaths}", state: resolutionUndefined, ambiguity: ambiguityMultivalued},
		{name: "a tag key with a space", text: "${aws:PrincipalTag/cost center}", state: resolutionAbsent},
		{name: "a tag key with a space, with a default", text: "${aws:PrincipalTag/cost center, 'x'}", state: resolutionKnown, plain: "x", match: []string{"x"}},
		{name: "a space before a key", text: "${ aws:username}", state: resolutionUndefined, ambiguity: ambiguityVariableForm},
		{name: "a space inside a key", text: "${aws:user name}", state: resolutionUndefined, ambiguity: ambiguityVariableForm},
		{name: "a space after a tag key", text: "${aws:PrincipalTag/team }", state: resolutionUndefined, ambiguity: ambiguityVariableForm},
		{name: "nothing between the braces", text: "${}", state: resolutionUndefined, ambiguity: ambiguityVariableForm},
		{name: "not closed", text: "a${aws:username", state: resolutionKnown, plain: "a${aws:username", match: []string{"a${aws:username"}},
		{name: "nested", text: "${aws:${x}}", state: resolutionUndefined, ambiguity: ambiguityVariableForm},
		{name: "old version", text: "${aws:username}", literal: true, state: resolutionKnown, plain: "${aws:username}", match: []string{"${aws:username}"}, not: []string{"carlos"}},
		{name: "old version, wildcard", text: "${*}", literal: true, state: resolutionKnown, plain: "${*}", match: []string{"${}", "${x}"}, not: []string{"*"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			parsed := parseTemplate(test.text, !test.literal)
			got := parsed.resolve(variableContext())
			if got.state != test.state || !slices.Equal(got.keys, test.keys) || got.ambiguity != test.ambiguity {
				t.Fatalf("got %+v, want state %v, keys %v, ambiguity %q", got, test.state, test.keys, test.ambiguity)
			}
			if got.state == resolutionKnown && got.plain() != test.plain {
				t.Errorf("got %q, want %q", got.plain(), test.plain)
			}
			p := got.pattern(false)
			for _, s := range test.match {
				if !p.Match(s) {
					t.Errorf("does not match %q", s)
				}
			}
			for _, s := range test.not {
				if p.Match(s) {
					t.Errorf("matches %q", s)
				}
			}
		})
	}
}

func TestTemplateValueWildcards(t *testing.T) {
	wild := parseTemplate("${aws:PrincipalTag/wild}", true)
	r := wild.resolve(variableContext())
	if !r.valueWildcards() || !r.pattern(true).Match("red") || r.pattern(false).Match("red") {
		t.Errorf("a wildcard in a value is not seen: %+v", r)
	}
	own := parseTemplate("*${*}${aws:username}", true)
	if r := own.resolve(variableContext()); r.valueWildcards() {
		t.Errorf("the policy's own wildcard is taken for a value's: %+v", r)
	}
}

func TestTemplateWithoutContext(t *testing.T) {
	template := parseTemplate("${aws:username}", true)
	if r := template.resolve(nil); r.state != resolutionUnknown || !slices.Equal(r.keys, []string{"aws:username"}) {
		t.Errorf("got %+v, want unknown", r)
	}
}
