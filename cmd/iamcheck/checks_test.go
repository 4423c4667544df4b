package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/report"
)

//go:generate go test -count=1 -run ^TestChecksPage$ -update .

const checksPage = "../../docs/checks.md"

// TestChecksPage holds docs/checks.md to the checks and to their cases: every
// example is what the check says today. -update rewrites the page.
func TestChecksPage(t *testing.T) {
	var page bytes.Buffer
	shown := 0
	err := report.WriteChecksPage(&page, checks.All(), func(id string) (report.CheckExample, bool) {
		e := exampleOf(t, id)
		shown++
		return e, true
	})
	if err != nil || shown == 0 {
		t.Fatalf("got %d examples (%v)", shown, err)
	}
	if *update {
		if err := os.WriteFile(checksPage, page.Bytes(), 0o644); err != nil { //nolint:gosec // a page for everybody
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(checksPage)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), page.String()); diff != "" {
		t.Errorf("docs/checks.md is not what the checks say; make generate writes it (-want +got):\n%s", diff)
	}
}

// exampleOf audits the first case that is called after a check, a bad one where
// there is one, and takes its finding.
func exampleOf(t *testing.T, id string) report.CheckExample {
	t.Helper()
	for _, name := range casesOf(t, id) {
		r, about := judgeCase(t, name)
		for i := range r.Findings {
			if r.Findings[i].Check == id {
				return report.CheckExample{About: about, Statement: r.Findings[i].Quote, Finding: r.Findings[i]}
			}
		}
	}
	t.Fatalf("%s fires in no case that is called after it", id)
	return report.CheckExample{}
}

// casesOf are the cases that are called after a check and that have a
// configuration file, bad ones first.
func casesOf(t *testing.T, id string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(fixturesDir, id+"*", "iamcheck.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var bad, other []string
	for _, path := range found {
		name := filepath.Base(filepath.Dir(path))
		switch part, _, _ := strings.Cut(strings.TrimPrefix(name, id+"-"), "-"); {
		case part == "bad":
			bad = append(bad, name)
		case part != "good" && part != "undecided":
			other = append(other, name)
		}
	}
	return slices.Concat(bad, other)
}

// judgeCase audits a case, without a command line.
func judgeCase(t *testing.T, name string) (*checks.Report, string) {
	t.Helper()
	dir := filepath.Join(fixturesDir, name)
	text := readFile(t, filepath.Join(dir, "iamcheck.yaml"))
	target, err := config.Load("iamcheck.yaml", text, func(path string) ([]byte, error) { return os.ReadFile(filepath.Join(dir, path)) })
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "snapshot*.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []*account.Snapshot
	for _, file := range files {
		some, err := account.Read(filepath.Base(file), bytes.NewReader(readFile(t, file)))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all = append(all, some...)
	}
	accounts, err := account.Merge(all)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	p := &program{now: func() time.Time { return time.Date(2026, time.June, 1, 12, 0, 0, 0, time.UTC) }}
	r, err := p.judge(target, accounts, checks.Source{Kind: "snapshot", TakenAt: latest(accounts)}, checks.BreadthAll)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return r, strings.TrimSpace(string(readFile(t, filepath.Join(dir, "about"))))
}

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// elsewhere are cases that stand for the good or undecided one of checks, where
// another check's case is the same: a requirement that is met, one that turns on
// what is not known, and documents that were not read.
var elsewhere = map[string]struct{ good, undecided string }{
	"missing-permission":                 {"rds-right-scoped", "conditional-permission-open-logins"},
	"partial-permission":                 {"rds-right-all-logins", "conditional-permission-open-logins"},
	"denied-permission":                  {"rds-right-deny-of-another-login", "conditional-permission-deny-source-ip"},
	"boundary-blocks":                    {"rds-right-boundary", "layer-unread-boundary"},
	"org-blocks":                         {"rds-right-scp-region-lock", "conditional-permission-deny-source-ip"},
	"conditional-permission":             {"rds-right-requested-region", "conditional-permission-deny-source-ip"},
	"role-not-found":                     {"hop-right-same-account", "layer-unread-account"},
	"trust-missing":                      {"hop-right-same-account", "layer-unread-trust-policy"},
	"trust-external-id":                  {"hop-right-cross-account-external-id", "layer-unread-trust-policy"},
	"trust-tag-session":                  {"dynamodb-right-session-tags", "conditional-permission-session-tags-ambiguous"},
	"trust-dead-principal":               {"hop-right-same-account", "layer-unread-trust-policy"},
	"layer-unread":                       {"rds-right-gap-elsewhere", "layer-unread-boundary"},
	"resource-never-matches":             {"rds-right-variable-of-principal-tag", "conditional-permission-open-logins"},
	"wrong-partition-account-region":     {"rds-right-govcloud", "conditional-permission-open-logins"},
	"inert-variable":                     {"", "trust-public-undecided"},
	"trust-cross-account-no-external-id": {"", "trust-public-undecided"},
	"trust-account-root":                 {"", "trust-public-undecided"},
	"trust-extra-principal":              {"", "trust-public-undecided"},
	"trust-not-principal":                {"", "trust-public-undecided"},
	"trust-wildcard-principal":           {"", "trust-public-undecided"},
	"trust-oidc-unscoped":                {"", "trust-public-undecided"},
	"trust-service-unscoped":             {"", "trust-public-undecided"},
	"weak-external-id":                   {"", "trust-public-undecided"},
	"invalid-policy":                     {"", "trust-public-undecided"},
	"old-policy-version":                 {"", "trust-public-undecided"},
	"wildcard-without-like":              {"", "trust-public-undecided"},
	"policy-size":                        {"", "trust-public-undecided"},
}

// TestChecksHaveCases refuses a check without a case in which it fires, one in
// which it must not, and one that it cannot decide: there it says nothing for
// certain above info about what cannot be told. And it refuses one without
// documentation.
func TestChecksHaveCases(t *testing.T) {
	for _, c := range checks.All() {
		if c.Doc.What == "" || c.Doc.Why == "" || c.Doc.Mend == "" || c.Doc.Suppress == "" || len(c.Doc.Sources) == 0 || c.Title == "" || c.Run == nil {
			t.Errorf("%s: documentation is missing", c.ID)
		}
		if len(casesOf(t, c.ID)) == 0 {
			t.Errorf("%s: no case %s-bad… in which it fires", c.ID, c.ID)
		}
		for kind, other := range map[string]string{"good": elsewhere[c.ID].good, "undecided": elsewhere[c.ID].undecided} {
			names, err := filepath.Glob(filepath.Join(fixturesDir, c.ID+"-"+kind+"*"))
			if err != nil {
				t.Fatal(err)
			}
			if len(names) == 0 && other != "" {
				names = []string{other}
			}
			if len(names) == 0 {
				t.Errorf("%s: no case %s-%s…", c.ID, c.ID, kind)
			}
			for _, name := range names {
				keepsQuiet(t, c.ID, kind, filepath.Base(name))
			}
		}
	}
}

func keepsQuiet(t *testing.T, id, kind, name string) {
	t.Helper()
	r, _ := judgeCase(t, name)
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Check == id && f.Outcome == checks.Fail && (kind == "good" || f.Severity > checks.Info) {
			t.Errorf("%s: fires in %s, its %s case: %s", id, name, kind, f.Message)
		}
	}
}

// TestChecksCommand lists all checks, describes one in every format, and helps
// with names that none has.
func TestChecksCommand(t *testing.T) {
	run := func(args ...string) (code int, out, errs string) {
		var stdout, stderr bytes.Buffer
		p := &program{stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr, getenv: func(string) string { return "" }, now: now}
		code = p.run(context.Background(), append([]string{"iamcheck", "checks"}, args...))
		return code, stdout.String(), stderr.String()
	}
	code, out, errs := run()
	for _, c := range checks.All() {
		if code != exitClean || errs != "" || !strings.Contains(out, c.ID+" ") {
			t.Errorf("the list lacks %s (code %d, %s)", c.ID, code, errs)
		}
	}
	if _, out, _ := run("trust-public", "-f", "markdown"); !strings.HasPrefix(out, "## trust-public\n") || strings.Count(out, "\n## ") != 0 {
		t.Errorf("markdown of one check:\n%s", out)
	}
	_, out, _ = run("-f", "json")
	var d struct{ Checks []struct{ ID, Why string } }
	if err := json.Unmarshal([]byte(out), &d); err != nil || len(d.Checks) != len(checks.All()) || d.Checks[0].Why == "" {
		t.Errorf("json: %v, %d checks", err, len(d.Checks))
	}
	if code, _, errs := run("public-trust"); code != exitUsage || !strings.Contains(errs, "trust-public") {
		t.Errorf("a name that none has: code %d, %s", code, errs)
	}
}
