package config

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLoadQuestions(t *testing.T) {
	const text = `version: 1
tests:
  - name: all of it
    principal: agent
    action: sts:AssumeRole
    resource: reports
    resource_account: "012345678901"
    session: nightly
    session_policy: session.json
    resource_policy: resource.json
    tags: {team: orders}
    context:
      aws:MultiFactorAuthPresent: true
      aws:MultiFactorAuthAge: 0300
      aws:TagKeys: [a, b]
      sts:ExternalId: ""
    unknown: [aws:PrincipalTag/*]
    absent: aws:SourceIp
    expect: denied
    coverage: none
  - &short {name: short, principal: "*", action: "a:b", resource: "*", expect: unknown}
  - <<: *short
    name: merged
`
	got, err := LoadQuestions("q.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	want := []Question{{
		Name: "all of it", Principal: "agent", Action: "sts:AssumeRole", Resource: "reports", ResourceAccount: "012345678901",
		Session: "nightly", Tags: map[string]string{"team": "orders"}, SessionPolicy: "session.json", ResourcePolicy: "resource.json",
		Context: []ContextKey{
			{"aws:MultiFactorAuthPresent", []string{"true"}},
			{"aws:MultiFactorAuthAge", []string{"0300"}},
			{"aws:TagKeys", []string{"a", "b"}},
			{"sts:ExternalId", []string{""}},
		},
		Unknown: []string{"aws:PrincipalTag/*"}, Absent: []string{"aws:SourceIp"},
		Expect: "denied", Coverage: "none", Position: Position{File: "q.yaml", Line: 3, Column: 5},
	}, {
		Name: "short", Principal: "*", Action: "a:b", Resource: "*", Expect: "unknown", Position: Position{File: "q.yaml", Line: 21, Column: 5},
	}, {
		Name: "merged", Principal: "*", Action: "a:b", Resource: "*", Expect: "unknown", Position: Position{File: "q.yaml", Line: 22, Column: 5},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("questions (-want +got):\n%s", diff)
	}
}

// Everything that is wrong is told at once, each where it stands.
func TestLoadQuestionsErrors(t *testing.T) {
	const right = "name: a, principal: p, action: a:b, resource: '*', expect: denied"
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "q.yaml:1:1: the file is empty, expected tests"},
		{"no tests", "version: 1\n", "q.yaml:1:1: no tests, expected a list"},
		{"an empty list", "tests: []\n", "q.yaml:1:8: no tests, expected a list"},
		{"a list", "- a\n", "q.yaml:1:1: the file of questions: found a list, expected a mapping"},
		{"an empty test", "tests:\n  -\n", "q.yaml:2:4: a test is empty"},
		{"nothing in it", "tests: [{}]\n", "q.yaml:1:9: principal: missing"},
		{"no expectation", "tests:\n  - {name: a, principal: p, action: a:b, resource: '*'}\n", "q.yaml:2:5: expect: missing, expected allowed, denied or unknown"},
		{"a boolean", "tests:\n  - {name: a, principal: p, action: a:b, resource: '*', expect: true}\n", `q.yaml:2:65: expect: found the boolean "true", expected allowed, denied, unknown`},
		{"a capital letter", "tests:\n  - {" + strings.Replace(right, "denied", "Denied", 1) + "}\n", `expect: found the text "Denied", expected allowed, denied, unknown`},
		{"a key twice", "tests:\n  - {" + right + ", name: b}\n", `key "name" stands twice`},
		{"a misspelt key", "tests:\n  - {" + right + ", contxt: {}}\n", `unknown key "contxt" in a test, did you mean "context"?`},
		{"no context", "tests:\n  - {" + right + ", context: [a]}\n", "context: found a list, expected a mapping"},
		{"no value", "tests:\n  - {" + right + ", context: {aws:SourceIp: }}\n", `context: found nothing for "aws:SourceIp", expected a value or a list of values`},
		{"told twice", "tests:\n  - {" + right + ", context: {aws:SourceIp: 1.2.3.4}, unknown: [AWS:sourceip]}\n", `unknown: "AWS:sourceip" stands in context already`},
		{"twice in one list", "tests:\n  - {" + right + ", absent: [a, A]}\n", `absent: "A" stands in absent already`},
		{"two documents", "tests: [{" + right + "}]\n---\ntests: []\n", "q.yaml:3:1: a second document, expected one"},
		{"no YAML", "tests: [\n", "not valid YAML"},
	} {
		_, err := LoadQuestions("q.yaml", []byte(c.text))
		var all *Errors
		if !errors.As(err, &all) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
}

func FuzzLoadQuestions(f *testing.F) {
	f.Add("version: 1\ntests:\n  - {name: a, principal: p, action: a:b, resource: '*', expect: denied, context: {k: [a]}, unknown: [x], coverage: all}\n")
	f.Add("tests: &a\n  - *a\n")
	f.Add("tests:\n  - name: [1, {a: b}]\n    context: {a: {}, b: null, c: []}\n    tags: []\n")
	f.Fuzz(func(t *testing.T, text string) {
		questions, err := LoadQuestions("q.yaml", []byte(text))
		if (err == nil) != (len(questions) > 0) {
			t.Fatalf("got %d questions and error %v", len(questions), err)
		}
		for _, q := range questions {
			if q.Name == "" || q.Principal == "" || q.Action == "" || q.Resource == "" || q.Expect == "" || q.Position.Line == 0 {
				t.Errorf("%q was taken for a test: %+v", text, q)
			}
		}
	})
}
