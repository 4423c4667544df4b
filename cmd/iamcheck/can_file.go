package main

import (
	"io"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/policy"
	"github.com/iamcheck/iamcheck/internal/report"
)

// canFile answers the questions of a file and compares the answers with what
// each expects.
func (p *program) canFile(c *cli.Context) error {
	out, err := p.renderings(c, "table", "json", "junit")
	if err != nil {
		return err
	}
	if err := questionsAlone(c); err != nil {
		return err
	}
	tests, questions, err := loadQuestions(c.String("file"))
	if err != nil {
		return unreadable(err)
	}
	accounts, err := p.pictureFor(c, questions)
	if err != nil {
		return err
	}
	for i := range tests {
		tests[i].Answer, tests[i].Err = p.ask(accounts, questions[i])
	}
	err = out.write(func(format string, w io.Writer, o report.Options) error {
		switch format {
		case "json":
			return report.WriteTestsJSON(w, tests)
		case "junit":
			return report.WriteTestsJUnit(w, tests)
		default:
			return report.WriteTests(w, tests, o)
		}
	})
	if err != nil {
		return unreadable(err)
	}
	return testsExit(tests)
}

// questionsAlone refuses a question on the command line beside a file of them.
func questionsAlone(c *cli.Context) error {
	if c.Args().Present() {
		return usage("--file holds the questions; unexpected argument %q", c.Args().First())
	}
	for _, f := range questionFlags() {
		if name := f.Names()[0]; c.IsSet(name) {
			return usage("--%s is about one question, and --file holds several; say it in the file", name)
		}
	}
	return nil
}

// testsExit: a difference comes before what is not known.
func testsExit(tests []report.Test) error {
	code := exitClean
	for i := range tests {
		switch tests[i].Outcome() {
		case report.TestFailed:
			return &exitError{code: exitFindings}
		case report.TestUnknown:
			code = exitIncomplete
		}
	}
	if code == exitClean {
		return nil
	}
	return &exitError{code: code}
}

// loadQuestions reads a file of questions; paths in it are relative to it.
func loadQuestions(name string) ([]report.Test, []*checks.Question, error) {
	text, err := readLimited(name)
	if err != nil {
		return nil, nil, err
	}
	list, err := config.LoadQuestions(name, text)
	if err != nil {
		return nil, nil, err
	}
	tests, questions := make([]report.Test, len(list)), make([]*checks.Question, len(list))
	for i := range list {
		tests[i].Question = list[i]
		if questions[i], err = questionFrom(&list[i], filepath.Dir(name)); err != nil {
			return nil, nil, &config.Errors{List: []config.Error{{Position: list[i].Position, Message: err.Error()}}}
		}
	}
	return tests, questions, nil
}

func questionFrom(t *config.Question, dir string) (*checks.Question, error) {
	q := &checks.Question{
		Principal: t.Principal, Action: t.Action, Resource: t.Resource, ResourceAccount: t.ResourceAccount,
		Session: t.Session, Tags: t.Tags, Context: t.Context, Unknown: t.Unknown, Absent: t.Absent,
	}
	if t.SessionPolicy != "" {
		source, err := policyFile(below(dir, t.SessionPolicy), "session", policy.KindSession)
		if err != nil {
			return nil, err
		}
		q.SessionPolicies = []policy.Source{*source}
	}
	if t.ResourcePolicy != "" {
		source, err := policyFile(below(dir, t.ResourcePolicy), "resource", policy.KindResource)
		if err != nil {
			return nil, err
		}
		q.ResourcePolicy = source
	}
	return q, nil
}

// below is a path as a file in dir names it.
func below(dir, path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}
