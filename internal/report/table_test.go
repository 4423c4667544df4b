package report

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/expected"
)

func TestWrap(t *testing.T) {
	const arn = "arn:aws:rds-db:us-east-1:111122223333:dbuser:db-A/app"
	tests := []struct {
		name, in string
		width    int
		want     []string
	}{
		{"fits", "a b", 3, []string{"a b"}},
		{"does not fit", "a b c", 3, []string{"a b", "c"}},
		{"never", strings.Repeat("a ", 200), 0, []string{strings.Repeat("a ", 200)}},
		{"a long ARN stays whole", "on " + arn + " is not", 20, []string{"on", arn, "is not"}},
		{"wide characters", "役役 役役", 6, []string{"役役", "役役"}},
		{"empty", "", 10, []string{""}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, wrap(tt.in, tt.width)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestShorten(t *testing.T) {
	tests := []struct {
		in    string
		width int
		want  string
	}{
		{"abcdef", 0, "abcdef"},
		{"abcdef", 6, "abcdef"},
		{"abcdef", 5, "abcd…"},
		{"役役役", 5, "役役…"},
		{"役役役", 4, "役…"},
		{"", 4, ""},
	}
	for _, tt := range tests {
		if got := shorten(tt.in, tt.width, "…"); got != tt.want || tt.width > 0 && columns(got) > tt.width {
			t.Errorf("shorten(%q, %d): got %q, want %q", tt.in, tt.width, got, tt.want)
		}
	}
}

func TestHalve(t *testing.T) {
	for in, want := range map[string][2]string{
		"describe-users":     {"describe-", "users"},
		"connect-iam-role":   {"connect-", "iam-role"},
		"discovery-metadata": {"discovery-", "metadata"},
		"connect":            {"connect", ""},
		"trailing-":          {"trailing-", ""},
	} {
		if first, second := halve(in); [2]string{first, second} != want {
			t.Errorf("halve(%q): got %q %q, want %q", in, first, second, want)
		}
	}
}

func TestMark(t *testing.T) {
	statuses := func(words ...checks.Status) (c cell) {
		for _, w := range words {
			v := checks.RequirementVerdict{Status: w}
			if strings.HasPrefix(string(w), "recommended ") {
				v.Need = expected.Recommended
				v.Status = checks.Status(strings.TrimPrefix(string(w), "recommended "))
			}
			c.add(&v)
		}
		return c
	}
	tests := []struct {
		verdicts []checks.Status
		want     mark
	}{
		{nil, markNone},
		{[]checks.Status{checks.Granted}, markGranted},
		{[]checks.Status{checks.Granted, checks.NotNeeded}, markGranted},
		{[]checks.Status{checks.NotNeeded}, markNotNeeded},
		{[]checks.Status{checks.Missing}, markMissing},
		{[]checks.Status{checks.Denied}, markMissing},
		{[]checks.Status{checks.Missing, checks.Granted}, markPart},
		{[]checks.Status{checks.Partial}, markPart},
		{[]checks.Status{"recommended missing"}, markRecommended},
		{[]checks.Status{"recommended missing", checks.Missing}, markMissing},
		{[]checks.Status{checks.Conditional}, markOpen},
		{[]checks.Status{checks.Granted, checks.Undecided}, markOpen}, // never a false green
		{[]checks.Status{checks.Undecided, checks.Missing}, markMissing},
		{[]checks.Status{""}, markOpen},
	}
	for _, tt := range tests {
		c := statuses(tt.verdicts...)
		if got := c.mark(); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.verdicts, unicodeMarks[got], unicodeMarks[tt.want])
		}
	}
}

// A matrix keeps to the width of the screen, has every database and every
// requirement, and each of them once in each piece.
func TestGridFits(t *testing.T) {
	r := mixed()
	for _, width := range []int{50, 60, 72, 80, 81, 82, 83, 84, 85, 86, 100, 120, 200} {
		o := options()
		o.Width = width
		text := string(written(t, "table", r, o))
		_, text, _ = strings.Cut(text, "Requirements")
		text, _, found := strings.Cut(text, "Findings")
		if !found {
			t.Fatal("no findings behind the matrix")
		}
		for _, line := range strings.Split(text, "\n") {
			if n := columns(line); n > width {
				t.Errorf("at %d columns a line has %d: %s", width, n, line)
			}
		}
		for i := range r.Requirements {
			first, second := halve(columnTitle(r.Requirements[i].ID))
			if !strings.Contains(text, first) || !strings.Contains(text, second) || !strings.Contains(text, "\n"+r.Requirements[i].Database+" ") {
				t.Errorf("at %d columns %s of %s is not there", width, r.Requirements[i].ID, r.Requirements[i].Database)
			}
		}
	}
}

// A finding of severity info has one line, that of its first words; --verbose
// shows it whole, as one is that is not certain.
func TestInfoFindingsAreShort(t *testing.T) {
	r := cleanReport()
	r.Findings = []checks.Finding{
		{
			Check: "excess-resource", Severity: checks.Info, Outcome: checks.Fail, Principal: "arn:aws:iam::111122223333:role/agent",
			Message: "rds-db:connect is allowed on all; info, since so it is printed", Fix: &checks.Fix{Kind: "remove-statement"},
		},
		{Check: "weak-external-id", Severity: checks.Info, Outcome: checks.Unknown, Principal: "arn:aws:iam::111122223333:role/other", Message: "perhaps; perhaps not"},
	}
	write := func(o Options) string {
		var b strings.Builder
		if err := writeTable(&b, r, o); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	short, cut, whole := write(Options{}), write(Options{Width: 60}), write(Options{Verbose: true})
	if want := "\nINFO  excess-resource  role/agent: rds-db:connect is allowed on all\n  (-v shows these whole)\n"; !strings.Contains(short, want) || strings.Contains(short, "remove the statement") {
		t.Errorf("want %q and nothing that mends it in\n%s", want, short)
	}
	if want := "\nINFO  excess-resource  role/agent: rds-db:connect is allowe…\n"; !strings.Contains(cut, want) {
		t.Errorf("at 60 columns want %q in\n%s", want, cut)
	}
	for name, text := range map[string]string{"short": short, "whole": whole} {
		if !strings.Contains(text, "perhaps not") {
			t.Errorf("%s leaves out a finding that is not certain:\n%s", name, text)
		}
	}
	if !strings.Contains(whole, "since so it is printed") || !strings.Contains(whole, "remove the statement") || strings.Contains(whole, "-v shows") {
		t.Errorf("--verbose does not show the finding whole:\n%s", whole)
	}
}

func TestVerdict(t *testing.T) {
	finding := func(s checks.Severity, o checks.Outcome) *checks.Report {
		r := cleanReport()
		r.Findings = []checks.Finding{{Check: "c", Severity: s, Outcome: o, Message: "m"}}
		return r
	}
	aside := finding(checks.Critical, checks.Fail)
	aside.Findings[0].Suppressed = &checks.Suppressed{Reason: "r"}
	unread := cleanReport()
	unread.Gaps = []checks.Gap{{Operation: "iam:GetRole", InChain: true}, {Operation: "iam:GetUser"}}
	open := cleanReport()
	open.Requirements[0].Status = checks.Conditional
	tests := []struct {
		name string
		r    *checks.Report
		o    Options
		want string
	}{
		{"clean", cleanReport(), Options{FailOn: checks.High}, "clean: all that is needed is granted; exit code 0"},
		{"below", finding(checks.Medium, checks.Fail), Options{FailOn: checks.High}, "clean: no finding at or above high; exit code 0"},
		{"at", finding(checks.High, checks.Fail), Options{FailOn: checks.High, ExitCode: 1}, "1 finding at or above high; exit code 1"},
		{"never", finding(checks.Critical, checks.Fail), Options{FailOn: FailOnNever}, "findings do not count (--fail-on none); exit code 0"},
		{"suppressed", aside, Options{FailOn: checks.High}, "clean: no finding at or above high; exit code 0"},
		{"not certain", finding(checks.Critical, checks.Unknown), Options{ExitCode: 3}, "incomplete: some findings are not certain; exit code 3"},
		{"not read", unread, Options{ExitCode: 3}, "incomplete: 1 read did not succeed; exit code 3"},
		{"not decided", open, Options{ExitCode: 3}, "incomplete: 1 requirement could not be decided; exit code 3"},
		{"allowed", open, Options{AllowIncomplete: true}, "incomplete: 1 requirement could not be decided (allowed by --allow-incomplete); exit code 0"},
		{"nothing", &checks.Report{}, Options{ExitCode: 2}, "nothing was checked: no requirement applies; exit code 2"},
	}
	for _, tt := range tests {
		lines := strings.Split(strings.TrimSpace(string(written(t, "table", tt.r, tt.o))), "\n")
		if got := lines[len(lines)-1]; got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}
