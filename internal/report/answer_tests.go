package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/fatih/color"

	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// TestOutcome is how a test of `iamcheck can --file` ended.
type TestOutcome string

// The outcomes.
const (
	TestPassed  TestOutcome = "passed"
	TestFailed  TestOutcome = "failed"
	TestUnknown TestOutcome = "unknown" // an answer was expected, and it is not known
)

// Test is a question of a file with its answer.
type Test struct {
	config.Question
	Answer *checks.Answer // nil where Err is set
	Err    error          // why the question could not be put; the test failed
}

// Outcome compares what is with what is expected.
func (t *Test) Outcome() TestOutcome {
	if t.Err != nil {
		return TestFailed
	}
	got := Decision(t.Answer.Decision)
	covered := t.Coverage == "" || t.Coverage == coverageOf(t.Answer)
	switch {
	case got == t.Expect && covered:
		return TestPassed
	case got == "unknown" && t.Expect != "unknown", got == t.Expect && coverageOf(t.Answer) == "unknown":
		return TestUnknown
	default:
		return TestFailed
	}
}

// Got says what the answer is, in words.
func (t *Test) Got() string {
	if t.Err != nil {
		return "error"
	}
	return Decision(t.Answer.Decision)
}

// message says in one line what differs.
func (t *Test) message() string {
	if t.Err != nil {
		return t.Err.Error()
	}
	expected, got := t.Expect, t.Got()
	if t.Coverage != "" {
		expected += " (" + t.Coverage + " of it)"
		got += " (" + coverageOf(t.Answer) + " of it)"
	}
	return fmt.Sprintf("expected %s, is %s: %s", expected, got, reasonOf(t.Answer))
}

// tally counts tests by outcome.
func tally(tests []Test) (passed, failed, unknown int) {
	for i := range tests {
		switch tests[i].Outcome() {
		case TestPassed:
			passed++
		case TestFailed:
			failed++
		default:
			unknown++
		}
	}
	return passed, failed, unknown
}

// WriteTests writes a line for each test, and for those that did not pass what
// decides.
func WriteTests(w io.Writer, tests []Test, o Options) error {
	p := newPage(o)
	for i := range tests {
		t := &tests[i]
		word, style := "ok", color.FgGreen
		switch t.Outcome() {
		case TestFailed:
			word, style = "FAIL", color.FgRed
		case TestUnknown:
			word, style = "?", color.FgYellow
		}
		p.line(p.paint(fmt.Sprintf("%-4s", word), style) + "  " + p.arn(t.place()) + "  " + p.message(t.Name))
		p.testDetails(t)
	}
	passed, failed, unknown := tally(tests)
	p.gap()
	p.line(fmt.Sprintf("%s: %d as expected, %d not, %d not known", count(len(tests), "test"), passed, failed, unknown))
	_, err := io.WriteString(w, p.String())
	return err
}

// testDetails are what differs; of a test that passed only the remarks, since one
// about a misspelt action is denied whatever the policies say.
func (p *page) testDetails(t *Test) {
	if t.Outcome() == TestPassed {
		for _, n := range t.Answer.Notes {
			p.text(6, "note: "+p.message(n))
		}
		return
	}
	p.text(6, p.message(t.message()))
	if t.Answer != nil {
		p.block(4, decidingLines(t.Answer, p.o))
	}
}

func (t *Test) place() string { return fmt.Sprintf("%s:%d", t.Position.File, t.Position.Line) }

// decidingLines are the layers that make an answer, in words: those that stand in
// the way, or those that grant.
func decidingLines(a *checks.Answer, o Options) []string {
	p := newPage(o)
	for i := range a.Rows {
		switch r := &a.Rows[i]; r.Says {
		case checks.SaysDoesNotAllow, checks.SaysDenies, checks.SaysUnknown:
			p.layer(a, r)
		case checks.SaysAllows:
			if a.Decision == policy.Allowed && (r.Layer == policy.LayerIdentity || r.Layer == policy.LayerTrust) {
				p.layer(a, r)
			}
		}
	}
	p.answerFoot(a)
	return strings.Split(strings.TrimRight(p.String(), "\n"), "\n")
}

// WriteTestsJUnit writes the tests as JUnit: a failure where the answer differs,
// an error where it is not known.
func WriteTestsJUnit(w io.Writer, tests []Test) error {
	j := JUnit{Name: "iamcheck can"}
	suites := map[string]int{}
	for i := range tests {
		t := &tests[i]
		file := t.Position.File
		at, ok := suites[file]
		if !ok {
			at = len(j.Suites)
			suites[file] = at
			j.Suites = append(j.Suites, JUnitSuite{Name: file})
		}
		c := JUnitCase{Name: t.Name, Classname: file, File: file, Line: t.Position.Line}
		problem := &JUnitProblem{Message: t.place() + ": " + t.message(), Type: t.Got()}
		if t.Answer != nil {
			problem.Text = "\n" + strings.Join(decidingLines(t.Answer, Options{}), "\n") + "\n"
		}
		switch t.Outcome() {
		case TestFailed:
			c.Failure = problem
		case TestUnknown:
			c.Error = problem
		}
		j.Suites[at].Cases = append(j.Suites[at].Cases, c)
	}
	return j.Write(w)
}

type (
	jsonTests struct {
		SchemaVersion int             `json:"schema_version"`
		Tests         []jsonTest      `json:"tests"`
		Summary       jsonTestSummary `json:"summary"`
	}

	jsonTest struct {
		Name     string      `json:"name"`
		File     string      `json:"file"`
		Line     int         `json:"line"`
		Outcome  TestOutcome `json:"outcome"`
		Expect   string      `json:"expect"`
		Coverage string      `json:"coverage"`
		Got      string      `json:"got"`
		Error    string      `json:"error"`
		Answer   *jsonAnswer `json:"answer"`
	}

	jsonTestSummary struct {
		Passed  int `json:"passed"`
		Failed  int `json:"failed"`
		Unknown int `json:"unknown"`
	}
)

// WriteTestsJSON writes the tests with their whole answers.
func WriteTestsJSON(w io.Writer, tests []Test) error {
	out := jsonTests{SchemaVersion: schemaVersion, Tests: make([]jsonTest, 0, len(tests))}
	for i := range tests {
		t := &tests[i]
		one := jsonTest{
			Name: t.Name, File: t.Position.File, Line: t.Position.Line, Outcome: t.Outcome(),
			Expect: t.Expect, Coverage: t.Coverage, Got: t.Got(),
		}
		if t.Err != nil {
			one.Error = t.Err.Error()
		} else {
			answer := answerJSON(t.Answer)
			one.Answer = &answer
		}
		out.Tests = append(out.Tests, one)
	}
	out.Summary.Passed, out.Summary.Failed, out.Summary.Unknown = tally(tests)
	return writeIndented(w, out)
}
