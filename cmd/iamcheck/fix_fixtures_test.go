package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/report"
)

// TestFixFixtures fixes every case of the corpus: what is proposed is proved, a
// case that is right is left as it is, and fixing what was fixed changes nothing.
func TestFixFixtures(t *testing.T) {
	dir, err := filepath.Abs(fixturesDir)
	if err != nil {
		t.Fatal(err)
	}
	mended, refused := 0, 0
	for _, name := range fixtureNames(t, dir) {
		t.Run(name, func(t *testing.T) {
			t.Chdir(filepath.Join(dir, name))
			in := fixtureInput(t)
			before := marshalled(t, in.Accounts)
			for _, only := range []checks.MendOnly{checks.MendAll, checks.MendMissing, checks.MendExcess} {
				m := checks.Propose(in, checks.MendOptions{Only: only})
				mended, refused = mended+len(m.Documents), refused+len(m.Refused)
				checkProposal(t, in, m, only)
			}
			if marshalled(t, in.Accounts) != before {
				t.Error("the picture that it began with was changed")
			}
		})
	}
	if mended < 100 || refused == 0 {
		t.Errorf("%d documents were mended and %d steps refused", mended, refused)
	}
}

func checkProposal(t *testing.T, in checks.Input, m *checks.Mend, only checks.MendOnly) {
	t.Helper()
	for _, p := range worse(m) {
		t.Errorf("--only %q: %s", only, p)
	}
	if !m.Before.Fails(checks.Info) && len(m.Documents) > 0 {
		t.Errorf("--only %q: all is right, and %s is to be changed", only, m.Documents[0].Policy)
	}
	if only != checks.MendExcess {
		for i := range m.After.Requirements {
			v := &m.After.Requirements[i]
			if layer := mendable(m, v); layer != "" && !toldWhy(m, v) {
				t.Errorf("--only %q: %s of %s on %s is %s; %s could mend that, and nothing says why not", only, v.ID, v.Database, v.Resource, v.Status, layer)
			}
		}
	}
	in.Accounts = m.Accounts
	if again := checks.Propose(in, checks.MendOptions{Only: only}); len(again.Documents) > 0 {
		t.Errorf("--only %q: fixing again changes %s: %s", only, again.Documents[0].Policy, again.Documents[0].Steps[0].What)
	}
	for _, f := range report.MendFormats() {
		var one, two bytes.Buffer
		if err := f.Write(&one, m, report.Options{}); err != nil || one.Len() == 0 {
			t.Errorf("%s: %d bytes (%v)", f.Name, one.Len(), err)
		}
		if err := f.Write(&two, m, report.Options{}); err != nil || one.String() != two.String() {
			t.Errorf("%s: the second writing differs (%v)", f.Name, err)
		}
	}
}

// toldWhy: a step for the requirement is refused, or a finding that remains says
// what to do.
func toldWhy(m *checks.Mend, v *checks.RequirementVerdict) bool {
	for i := range m.Refused {
		for _, id := range m.Refused[i].Requirements {
			if id == v.ID {
				return true
			}
		}
	}
	for i := range m.Left {
		f := &m.Left[i]
		told := f.Tell != "" && f.Check == "role-not-found" || f.Fix != nil && f.Fix.Kind == "edit-configuration" || f.Outcome == checks.Unknown
		for _, id := range f.Requirements {
			if id == v.ID && told {
				return true
			}
		}
	}
	return false
}

// fixtureInput is what an audit of the case in the working directory judges.
func fixtureInput(t *testing.T) checks.Input {
	t.Helper()
	args := []string{"iamcheck", "fix", "--quiet"}
	if text, err := os.ReadFile("args"); err == nil {
		args = append(args, strings.Fields(string(text))...)
	}
	snapshots, err := filepath.Glob("snapshot*.json")
	if err != nil || len(snapshots) == 0 {
		t.Fatalf("no snapshot (%v)", err)
	}
	for _, s := range snapshots {
		args = append(args, "--snapshot", s)
	}
	var stdout, stderr bytes.Buffer
	p := &program{
		stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr,
		getenv: func(string) string { return "" },
		now:    func() time.Time { return time.Date(2026, time.June, 1, 12, 0, 0, 0, time.UTC) },
	}
	var in *checks.Input
	app := p.app()
	app.Command("fix").Action = func(c *cli.Context) error {
		target, err := p.target(c)
		if err != nil {
			return err
		}
		accounts, source, err := p.picture(c, target)
		if err != nil {
			return err
		}
		in, err = p.mendInput(target, accounts, source)
		return err
	}
	if err := app.RunContext(context.Background(), args); err != nil {
		t.Fatal(err)
	}
	return *in
}
