package report

import (
	"bytes"
	"encoding/json"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/config"
)

func readSARIF(t *testing.T, text []byte) sarifLog {
	t.Helper()
	var log sarifLog
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&log); err != nil {
		t.Fatal(err)
	}
	return log
}

// What GitHub refuses or misreads, and the schema does not see.
func TestSARIFForGitHub(t *testing.T) {
	all := reports()
	all["many"] = many(maxResults+10, 1)
	for name, r := range all {
		text := written(t, "sarif", r, options())
		log := readSARIF(t, text)
		if len(log.Runs) == 0 || len(log.Runs) > maxRuns {
			t.Errorf("%s: %d runs", name, len(log.Runs))
		}
		categories := map[string]bool{}
		if n := strings.Count(string(text), "results-left-out"); (n > 1) != (name == "many") {
			t.Errorf("%s: results-left-out is there %d times", name, n)
		}
		for i := range log.Runs {
			run := &log.Runs[i]
			if id := run.AutomationDetails.ID; categories[id] || !strings.HasPrefix(id, "iamcheck/") || !strings.HasSuffix(id, "/") {
				t.Errorf("%s: category %q is there twice or misshapen", name, id)
			}
			categories[run.AutomationDetails.ID] = true
			checkRun(t, name, run)
		}
		if bytes.Contains(text, []byte(`""`)) {
			// "The empty string is not supported."
			t.Errorf("%s: there is an empty string", name)
		}
	}
}

func checkRun(t *testing.T, name string, run *sarifRun) {
	t.Helper()
	if n := len(run.Results); n > maxResults {
		t.Errorf("%s: %d results in a run", name, n)
	}
	fingerprints := map[string]bool{}
	for i := range run.Results {
		s := &run.Results[i]
		rules := run.Tool.Driver.Rules
		if s.RuleIndex >= len(rules) || rules[s.RuleIndex].ID != s.RuleID {
			t.Errorf("%s: rule index %d is not of %s", name, s.RuleIndex, s.RuleID)
		}
		if s.Kind != "fail" || !slices.Contains([]string{"error", "warning", "note"}, s.Level) || s.Message.Text == "" || len(s.Locations) != 1 {
			t.Errorf("%s: result %d: kind %s, level %s, %d locations, text %.40q", name, i, s.Kind, s.Level, len(s.Locations), s.Message.Text)
			continue
		}
		at := s.Locations[0].PhysicalLocation
		u, err := url.Parse(at.ArtifactLocation.URI)
		if err != nil || u.IsAbs() || u.Host != "" || u.Path == "" || u.Fragment != "" || u.RawQuery != "" ||
			strings.HasPrefix(u.Path, "/") || strings.Contains("/"+u.Path+"/", "/../") || strings.Contains(u.String(), " ") {
			t.Errorf("%s: uri %q is not a plain relative reference (%v)", name, at.ArtifactLocation.URI, err)
		}
		if g := at.Region; g.StartLine < 1 || g.StartColumn < 1 || g.EndLine < g.StartLine || g.EndColumn <= g.StartColumn {
			t.Errorf("%s: region %+v", name, g)
		}
		for _, l := range s.Locations[0].LogicalLocations {
			if run.LogicalLocations[l.Index] != l {
				t.Errorf("%s: logical location %d is not %.40q", name, l.Index, l.FullyQualifiedName)
			}
		}
		f := s.PartialFingerprints.PrimaryLocationLineHash
		if fingerprints[f] || f != s.PartialFingerprints.V1 || !isHex(strings.SplitN(f, ":", 2)[0]) {
			t.Errorf("%s: fingerprint %q is there twice or misshapen", name, f)
		}
		fingerprints[f] = true
	}
}

func TestSARIFRules(t *testing.T) {
	r := mixed()
	r.Findings = append(r.Findings, checks.Finding{Check: "of-tomorrow", Severity: checks.Info, Outcome: checks.Fail, Message: "m"})
	rules := readSARIF(t, written(t, "sarif", r, options())).Runs[0].Tool.Driver.Rules
	ids := map[string]bool{}
	for i, rule := range rules {
		if ids[rule.ID] {
			t.Errorf("rule %s is there twice", rule.ID)
		}
		ids[rule.ID] = true
		if i > 0 && rule.ID <= rules[i-1].ID {
			t.Errorf("rule %s is out of order", rule.ID)
		}
		for _, d := range []string{rule.ShortDescription.Text, rule.FullDescription.Text} {
			if d == "" || len(d) > maxDescription || !strings.HasSuffix(d, ".") {
				t.Errorf("rule %s: description %q", rule.ID, d)
			}
		}
		if rule.Help.Text == "" || rule.Name == "" || strings.ContainsAny(rule.Name, "- ") || len(rule.Properties.Tags) > 10 || !slices.Contains(rule.Properties.Tags, "security") {
			t.Errorf("rule %s: name %q, help %q, tags %q", rule.ID, rule.Name, rule.Help.Text, rule.Properties.Tags)
		}
		if s := rule.Properties.SecuritySeverity; s != "" {
			if n, err := strconv.ParseFloat(s, 64); err != nil || n <= 0 || n > 10 {
				t.Errorf("rule %s: security-severity %q", rule.ID, s)
			}
		}
	}
	for _, c := range checks.All() {
		if !ids[c.ID] {
			t.Errorf("check %s has no rule", c.ID)
		}
	}
	if !ids["of-tomorrow"] {
		t.Error("a finding of a check that is not in the list has no rule")
	}
}

// GitHub ignores suppressions and would open an alert for each.
func TestSARIFSuppressed(t *testing.T) {
	o := options()
	without := readSARIF(t, written(t, "sarif", mixed(), o)).Runs[0].Results
	o.SARIFSuppressed = true
	all := readSARIF(t, written(t, "sarif", mixed(), o)).Runs[0].Results
	if len(without) != 4 || len(all) != 5 {
		t.Fatalf("got %d results without suppressed ones and %d with them, want 4 and 5", len(without), len(all))
	}
	if s := all[4].Suppressions; len(s) != 1 || s[0].Justification != "the configuration has it all (until 2027-01-01)" {
		t.Errorf("got suppressions %+v", s)
	}
}

// An outcome that is not certain is shown, and never as an error.
func TestSARIFUnknown(t *testing.T) {
	r := mixed()
	for i := range r.Findings {
		r.Findings[i].Outcome = checks.Unknown
	}
	for _, s := range readSARIF(t, written(t, "sarif", r, options())).Runs[0].Results {
		if s.Level != "warning" || s.Kind != "fail" || s.Properties.Outcome != "unknown" {
			t.Errorf("%s: level %s, kind %s, outcome %s", s.RuleID, s.Level, s.Kind, s.Properties.Outcome)
		}
	}
}

func TestSARIFRuns(t *testing.T) {
	tests := []struct {
		name               string
		findings, accounts int
		runs, results      int
		leftOut            bool
	}{
		{"as many as a run holds", maxResults, 7, 1, maxResults, false},
		{"one more, of three accounts", maxResults + 1, 3, 3, maxResults + 1, false},
		{"more, of one account", maxResults + 5, 1, 1, maxResults, true},
		{"more accounts than runs", maxResults + 1, 100, maxRuns, maxResults + 1, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := groups(many(tt.findings, tt.accounts), options())
			results, notices, names := 0, 0, map[string]bool{}
			for _, g := range got {
				if g.name == "" || names[g.name] {
					t.Errorf("the category %q is empty or there twice", g.name)
				}
				names[g.name] = true
				results += min(len(g.findings), maxResults)
				notices += len(leftOut(len(g.findings)))
			}
			if len(got) != tt.runs || results != tt.results || (notices > 0) != tt.leftOut {
				t.Errorf("got %d runs, %d results, %d notices; want %d, %d, some %v", len(got), results, notices, tt.runs, tt.results, tt.leftOut)
			}
		})
	}
}

func TestURI(t *testing.T) {
	root := filepath.FromSlash("/repo")
	tests := []struct{ dir, root, file, want string }{
		{"", "", "iamcheck.yaml", "iamcheck.yaml"},
		{"", "", "./deploy//iamcheck.yaml", "deploy/iamcheck.yaml"},
		{"", "", "../iamcheck.yaml", ""},
		{"", "", "/etc/iamcheck.yaml", ""},
		{"", "", "", ""},
		{"", "", ".", ""},
		{root, "", "iamcheck.yaml", "iamcheck.yaml"},
		{root + "/sub", root, "iamcheck.yaml", "sub/iamcheck.yaml"},
		{root + "/sub", root, "../iamcheck.yaml", "iamcheck.yaml"},
		{root + "/sub", root, "../../iamcheck.yaml", ""},
		{root, root, "/repo/a b/é%.yaml", "a%20b/%C3%A9%25.yaml"},
		{root, root, "/repository/iamcheck.yaml", ""},
		{root, root, "arn:aws:iam", "arn%3Aaws%3Aiam"},
		{root, root, "what?#.yaml", "what%3F%23.yaml"},
	}
	for _, tt := range tests {
		got := newPlaces(Options{Dir: tt.dir, Root: tt.root}).uri(tt.file)
		if got != tt.want {
			t.Errorf("uri of %q from %q below %q: got %q, want %q", tt.file, tt.dir, tt.root, got, tt.want)
		}
	}
}

func TestAnchor(t *testing.T) {
	snapshot := func(principal string) config.Position {
		if principal == accessARN {
			return config.Position{File: "iam-snapshot/111122223333.json", Line: 42}
		}
		return config.Position{}
	}
	tests := []struct {
		name   string
		f      checks.Finding
		anchor func(string) config.Position
		uri    string
		line   int
	}{
		{"the configuration's line", checks.Finding{Principal: accessARN, Position: config.Position{File: "c.yaml", Line: 3, Column: 7}}, snapshot, "c.yaml", 3},
		{"the snapshot's line", checks.Finding{Principal: accessARN}, snapshot, "iam-snapshot/111122223333.json", 42},
		{"outside the checkout", checks.Finding{Principal: accessARN, Position: config.Position{File: "../c.yaml", Line: 3}}, snapshot, "iam-snapshot/111122223333.json", 42},
		{"not in the snapshot", checks.Finding{Principal: agentARN}, snapshot, defaultAnchor, 1},
		{"nothing at all", checks.Finding{Position: config.Position{File: "../c.yaml", Line: 3}}, nil, defaultAnchor, 1},
	}
	for _, tt := range tests {
		got := newPlaces(Options{Anchor: tt.anchor}).location(&tt.f).PhysicalLocation
		if got.ArtifactLocation.URI != tt.uri || got.Region.StartLine != tt.line {
			t.Errorf("%s: got %s:%d, want %s:%d", tt.name, got.ArtifactLocation.URI, got.Region.StartLine, tt.uri, tt.line)
		}
	}
}
