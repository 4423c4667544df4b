package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/iamdata"
)

// fixturesDir holds a folder per case (testdata/fixtures/README.md).
const fixturesDir = "../../testdata/fixtures"

var updateFixtures = flag.Bool("update-fixtures", false, "rewrite want.json of the fixtures; what must come out stands in must, and is never rewritten")

// TestFixtures audits every case of the corpus: the exit code and the verdicts
// are those that must says, the report is want.json, nothing fails silently, and
// the cases together cover the catalogue and the checks.
func TestFixtures(t *testing.T) {
	dir, err := filepath.Abs(fixturesDir)
	if err != nil {
		t.Fatal(err)
	}
	names := fixtureNames(t, dir)
	var all []outcome
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Chdir(filepath.Join(dir, name))
			must := readMust(t)
			o := auditHere(t, name)
			all = append(all, o)
			if again := auditHere(t, name); again.text != o.text {
				t.Errorf("two runs differ (-first +second):\n%s", cmp.Diff(o.text, again.text))
			}
			must.check(t, &o)
			o.checkNothingSilent(t)
			o.checkName(t, must)
			o.checkGolden(t)
		})
	}
	t.Run("coverage", func(t *testing.T) {
		if len(all) != len(names) {
			t.Skip("not every case was run")
		}
		coverRequirements(t, all)
		coverChecks(t, all)
	})
}

// fixtureNames are the cases; whatever else lies there is a mistake.
func fixtureNames(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		switch {
		case e.IsDir():
			names = append(names, e.Name())
			fixtureFiles(t, filepath.Join(dir, e.Name()))
		case e.Name() != "README.md":
			t.Errorf("%s is no case and no README.md", e.Name())
		}
	}
	if len(names) < 60 {
		t.Fatalf("got %d cases, want 60 and more", len(names))
	}
	return names
}

func fixtureFiles(t *testing.T, dir string) {
	t.Helper()
	known := []string{"about", "must", "want.json", "iamcheck.yaml", "args", "teleport.yaml", "databases.json", "snapshot.json"}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, e := range entries {
		there[e.Name()] = true
		ofAccount := strings.HasPrefix(e.Name(), "snapshot-") && strings.HasSuffix(e.Name(), ".json")
		if e.IsDir() || !ofAccount && !slices.Contains(known, e.Name()) {
			t.Errorf("%s: %s is not understood", filepath.Base(dir), e.Name())
		}
	}
	if there["iamcheck.yaml"] == there["args"] {
		t.Errorf("%s: want either iamcheck.yaml or args", filepath.Base(dir))
	}
	if about, err := os.ReadFile(filepath.Join(dir, "about")); err != nil || bytes.Count(about, []byte("\n")) != 1 || len(about) < 40 {
		t.Errorf("%s: about does not say in one line what people did and what must come out (%v)", filepath.Base(dir), err)
	}
}

// outcome is what an audit of a case gave.
type outcome struct {
	name   string
	code   int
	text   string // the report, without what differs from build to build
	report fixtureReport
}

// fixtureReport is what a reader of the JSON report takes from it.
type fixtureReport struct {
	Requirements []struct {
		ID, Database, Principal, Action, Resource, Need, Status, Layer string
	}
	Findings []fixtureFinding
}

type fixtureFinding struct {
	Check, Severity, Outcome, Message string
	Databases, Requirements           []string
}

// auditHere audits the case in the working directory.
func auditHere(t *testing.T, name string) outcome {
	t.Helper()
	args := []string{"iamcheck", "audit", "--format", "json", "--reproducible", "--quiet"}
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
	o := outcome{name: name, code: p.run(context.Background(), args)}
	if stderr.Len() > 0 {
		t.Errorf("stderr: %s", stderr.String())
	}
	o.text = strings.NewReplacer(strconv.Quote(toolVersion()), `"VERSION"`, iamdata.Version(), "DATA").Replace(stdout.String())
	if err := json.Unmarshal([]byte(o.text), &o.report); err != nil {
		t.Fatalf("report: %v", err)
	}
	if len(o.report.Requirements) == 0 {
		t.Fatal("no requirements were checked")
	}
	return o
}

// must is what must come out of a case, by the rules of AWS and Teleport; it is
// written by hand.
type must struct {
	right    bool
	code     int
	verdicts map[string]verdictLine // by requirement id
	findings []string               // "check severity ids"
}

type verdictLine struct {
	statuses []string // sorted
	layer    string   // of those that are not granted, else of all; "" is any
}

// readMust reads the file must; its lines are explained in
// testdata/fixtures/README.md.
func readMust(t *testing.T) must {
	t.Helper()
	text, err := os.ReadFile("must")
	if err != nil {
		t.Fatal(err)
	}
	m := must{code: -1, verdicts: map[string]verdictLine{}}
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		switch {
		case len(words) == 1 && words[0] == "right":
			m.right, m.code = true, exitClean
		case len(words) == 2 && words[0] == "exit":
			m.code, err = strconv.Atoi(words[1])
		case (len(words) == 3 || len(words) == 4) && words[0] == "require":
			v := verdictLine{statuses: strings.Split(words[2], ",")}
			slices.Sort(v.statuses)
			if len(words) == 4 {
				v.layer = words[3]
			}
			m.verdicts[words[1]] = v
		case (len(words) == 3 || len(words) == 4) && words[0] == "finding":
			m.findings = append(m.findings, strings.Join(words[1:], " "))
		default:
			t.Fatalf("must: cannot read %q", line)
		}
	}
	if err != nil || m.code < 0 {
		t.Fatalf("must: no exit code (%v)", err)
	}
	return m
}

func (m *must) check(t *testing.T, o *outcome) {
	t.Helper()
	if o.code != m.code {
		t.Errorf("got exit code %d, want %d", o.code, m.code)
	}
	statuses, layers := map[string][]string{}, map[string][]string{}
	for _, r := range o.report.Requirements {
		statuses[r.ID] = append(statuses[r.ID], r.Status)
		want := m.verdicts[r.ID]
		if r.Status != "not-needed" && (r.Status != "granted" || slices.Equal(want.statuses, []string{"granted"})) {
			layers[r.ID] = append(layers[r.ID], r.Layer)
		}
		if _, told := m.verdicts[r.ID]; !told && r.Status != "granted" && r.Status != "not-needed" {
			t.Errorf("%s of %s on %s is %s (%s), of which must says nothing", r.ID, r.Database, r.Resource, r.Status, r.Layer)
		}
		if m.right && r.Need == "required" && r.Status != "granted" {
			t.Errorf("%s is required and %s, though all is right", r.ID, r.Status)
		}
	}
	for id, want := range m.verdicts {
		if got := set(statuses[id]); !slices.Equal(got, want.statuses) {
			t.Errorf("%s: got %v, want %v", id, got, want.statuses)
		}
		if got := set(layers[id]); want.layer != "" && !slices.Equal(got, []string{want.layer}) {
			t.Errorf("%s: got layers %q, want %q", id, got, want.layer)
		}
	}
	m.checkFindings(t, o)
}

// checkFindings compares findings; those that are low, or of no weight, need not
// be told.
func (m *must) checkFindings(t *testing.T, o *outcome) {
	t.Helper()
	left := slices.Clone(m.findings)
	for _, f := range o.report.Findings {
		if i := slices.Index(left, f.line()); i >= 0 {
			left = slices.Delete(left, i, i+1)
			continue
		}
		low := f.Severity == "low" || f.Severity == "info"
		if !low || f.Outcome == string(checks.Unknown) {
			t.Errorf("a finding of which must says nothing: %s: %s", f.line(), f.Message)
		}
		if m.right && !low {
			t.Errorf("%s finding though all is right: %s", f.Severity, f.Message)
		}
	}
	for _, line := range left {
		t.Errorf("no finding %q", line)
	}
}

// line is the finding as must has it.
func (f *fixtureFinding) line() string {
	line := f.Check + " " + f.Severity
	if f.Outcome == string(checks.Unknown) {
		line += "/unknown"
	}
	if ids := set(f.Requirements); len(ids) > 0 {
		line += " " + strings.Join(ids, ",")
	}
	return line
}

// checkNothingSilent: whatever is not granted has a finding that lists it, and
// what is not known keeps a run from passing.
func (o *outcome) checkNothingSilent(t *testing.T) {
	t.Helper()
	for _, r := range o.report.Requirements {
		want := string(checks.Fail)
		switch checks.Status(r.Status) {
		case checks.Granted, checks.NotNeeded:
			continue
		case checks.Conditional, checks.Undecided:
			want = string(checks.Unknown)
			if o.code != exitIncomplete && o.code != exitFindings {
				t.Errorf("%s is %s and the exit code %d", r.ID, r.Status, o.code)
			}
		}
		if !slices.ContainsFunc(o.report.Findings, func(f fixtureFinding) bool {
			return f.Outcome == want && slices.Contains(f.Requirements, r.ID) && slices.Contains(f.Databases, r.Database)
		}) {
			t.Errorf("%s of %s on %s is %s, and no finding with outcome %s lists it", r.ID, r.Database, r.Resource, r.Status, want)
		}
	}
}

// checkName: a case is named by the check that fires in it, or by what it is
// about; and "right" is said of what is.
func (o *outcome) checkName(t *testing.T, m must) {
	t.Helper()
	if strings.Contains(o.name, "-right") && m.code != exitClean {
		t.Errorf("a case called right ends with %d", m.code)
	}
	for _, c := range checks.All() {
		if o.isNamedAfter(c.ID) {
			part, _, _ := strings.Cut(strings.TrimPrefix(o.name, c.ID+"-"), "-")
			switch fires := o.fires(c.ID); {
			case part == "good" && fires:
				t.Errorf("the case is a good one of the check %s, which fires", c.ID)
			case part != "good" && part != "undecided" && !fires:
				t.Errorf("the case is called after the check %s, which does not fire", c.ID)
			}
			return
		}
	}
	about := []string{"hop", "several", string(config.MongoDBAtlas)}
	for _, typ := range config.Types() {
		about = append(about, string(typ))
	}
	if !slices.ContainsFunc(about, o.isNamedAfter) {
		t.Errorf("the name begins neither with a check nor with %s", strings.Join(about, ", "))
	}
}

func (o *outcome) isNamedAfter(s string) bool {
	return o.name == s || strings.HasPrefix(o.name, s+"-")
}

func (o *outcome) fires(check string) bool {
	return slices.ContainsFunc(o.report.Findings, func(f fixtureFinding) bool { return f.Check == check })
}

func (o *outcome) checkGolden(t *testing.T) {
	t.Helper()
	if *updateFixtures {
		if t.Failed() {
			t.Log("want.json is not rewritten: what must come out does not")
			return
		}
		if err := os.WriteFile("want.json", []byte(o.text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile("want.json")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), o.text); diff != "" {
		t.Errorf("report differs (-want +got):\n%s", diff)
	}
}

// coverRequirements: every requirement is granted in one case and not granted in
// another.
func coverRequirements(t *testing.T, all []outcome) {
	t.Helper()
	granted, broken := map[string]bool{}, map[string]bool{}
	for _, o := range all {
		for _, r := range o.report.Requirements {
			switch checks.Status(r.Status) {
			case checks.Granted:
				granted[r.ID] = granted[r.ID] || o.code == exitClean
			case checks.NotNeeded:
			default:
				broken[r.ID] = true
			}
		}
	}
	for _, e := range expected.Catalogue() {
		if !granted[e.ID] {
			t.Errorf("%s is granted in no case that is right", e.ID)
		}
		if !broken[e.ID] {
			t.Errorf("%s is granted wherever it is needed", e.ID)
		}
	}
}

// coverChecks: every check fires in a case that is called after it.
func coverChecks(t *testing.T, all []outcome) {
	t.Helper()
	for _, c := range checks.All() {
		if !slices.ContainsFunc(all, func(o outcome) bool { return o.isNamedAfter(c.ID) && o.fires(c.ID) }) {
			t.Errorf("no case %s-… in which the check fires", c.ID)
		}
	}
}

func set(s []string) []string {
	s = slices.Clone(s)
	slices.Sort(s)
	return slices.Compact(s)
}
