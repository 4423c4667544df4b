package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// answered is an answer that nothing but its decision tells.
func answered(d policy.Decision, certain, perhaps policy.Coverage) *checks.Answer {
	return &checks.Answer{
		Question: &checks.Question{Action: "s3:GetObject"},
		Verdict:  policy.Verdict{Decision: d, Coverage: certain, MayCover: perhaps},
		Pattern:  true,
	}
}

func TestOutcomesOfTests(t *testing.T) {
	const all, part, none = policy.CoverageAll, policy.CoveragePart, policy.CoverageNone
	for _, c := range []struct {
		expect, coverage string
		answer           *checks.Answer
		want             TestOutcome
	}{
		{"allowed", "", answered(policy.Allowed, all, all), TestPassed},
		{"allowed", "all", answered(policy.Allowed, all, all), TestPassed},
		{"allowed", "", answered(policy.ImplicitlyDenied, none, none), TestFailed},
		{"allowed", "", answered(policy.ExplicitlyDenied, none, none), TestFailed},
		{"allowed", "", answered(policy.Undecided, policy.CoverageUnknown, all), TestUnknown},
		{"denied", "", answered(policy.ImplicitlyDenied, none, none), TestPassed},
		{"denied", "", answered(policy.ExplicitlyDenied, part, part), TestPassed},
		{"denied", "none", answered(policy.ExplicitlyDenied, part, part), TestFailed},
		{"denied", "part", answered(policy.ExplicitlyDenied, part, part), TestPassed},
		{"denied", "part", answered(policy.ImplicitlyDenied, none, none), TestFailed},
		// None is allowed for certain, some perhaps: neither "none" nor "part" is known.
		{"denied", "none", answered(policy.ImplicitlyDenied, none, part), TestUnknown},
		{"denied", "part", answered(policy.ImplicitlyDenied, none, part), TestUnknown},
		{"denied", "", answered(policy.ImplicitlyDenied, none, part), TestPassed},
		{"denied", "", answered(policy.Allowed, all, all), TestFailed},
		{"denied", "", answered(policy.Undecided, policy.CoverageUnknown, all), TestUnknown},
		{"unknown", "", answered(policy.Undecided, policy.CoverageUnknown, all), TestPassed},
		{"unknown", "", answered(policy.Allowed, all, all), TestFailed},
		{"unknown", "", answered(policy.ImplicitlyDenied, none, none), TestFailed},
		{"unknown", "none", answered(policy.Undecided, none, all), TestUnknown},
	} {
		test := Test{Question: config.Question{Expect: c.expect, Coverage: c.coverage}, Answer: c.answer}
		if got := test.Outcome(); got != c.want {
			t.Errorf("expect %q %q of %v, %v to %v: got %s, want %s", c.expect, c.coverage, c.answer.Decision, c.answer.Coverage, c.answer.MayCover, got, c.want)
		}
	}
	failed := Test{Question: config.Question{Expect: "denied"}, Err: errors.New("there is no such role")}
	if got := failed.Outcome(); got != TestFailed {
		t.Errorf("a question that could not be put: got %s", got)
	}
}

// What others wrote cannot speak to the terminal, whatever it is.
func TestAnswersAreCleaned(t *testing.T) {
	const evil = "\x1b[2J\u202e\x00\n"
	a := answered(policy.Undecided, policy.CoverageUnknown, policy.CoverageAll)
	a.Principal, a.Resource, a.Question.Action = evil, evil, evil
	a.Conditions, a.Ambiguities, a.Notes = []string{evil}, []string{evil}, []string{evil}
	cited := []policy.Citation{{Policy: evil, Kind: "inline", SID: evil, Pointer: evil}}
	a.Rows = []checks.LayerRow{{Says: checks.SaysUnknown, LayerVerdict: policy.LayerVerdict{
		Layer: policy.LayerIdentity, Because: cited, Unread: cited, Conditions: []string{evil}, Ambiguities: []string{evil}, Witness: evil,
	}}}
	tests := []Test{
		{Question: config.Question{Name: evil, Expect: "allowed", Position: config.Position{File: evil, Line: 1}}, Answer: a},
		{Question: config.Question{Name: evil, Expect: "allowed"}, Err: errors.New(evil)},
	}
	for name, write := range map[string]func(*bytes.Buffer) error{
		"words":       func(b *bytes.Buffer) error { return WriteAnswer(b, a, Options{}) },
		"JSON":        func(b *bytes.Buffer) error { return WriteAnswerJSON(b, a) },
		"tests":       func(b *bytes.Buffer) error { return WriteTests(b, tests, Options{}) },
		"tests JSON":  func(b *bytes.Buffer) error { return WriteTestsJSON(b, tests) },
		"tests JUnit": func(b *bytes.Buffer) error { return WriteTestsJUnit(b, tests) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if b.Len() == 0 || strings.ContainsAny(b.String(), "\x1b\x00\u202e") {
			t.Errorf("%s: %q", name, b.String())
		}
		if strings.HasSuffix(name, "JSON") && !json.Valid(b.Bytes()) {
			t.Errorf("%s is no JSON: %s", name, b.String())
		}
	}
}
