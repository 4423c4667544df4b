package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/iamcheck/iamcheck/internal/checks"
)

// GitHub's limits (docs.github.com, "SARIF support for code scanning"): it
// refuses a file with more runs, and shows no more results of a run.
const (
	maxRuns    = 20
	maxResults = 5000
	// maxNotices is of our own: GitHub does not read notifications.
	maxNotices = 1000
)

func writeSARIF(w io.Writer, r *checks.Report, o Options) error {
	log := sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0"}
	all, index := rules(r)
	for i, g := range groups(r, o) {
		places := newPlaces(o)
		s := &results{index, places, map[string]int{}}
		run := sarifRun{
			Tool:               sarifTool{driver(all, o)},
			AutomationDetails:  sarifAutomation{"iamcheck/" + g.name + "/"},
			ColumnKind:         "utf16CodeUnits",
			OriginalURIBaseIDs: map[string]sarifBase{sourceRoot: {sarifText{Text: "The root of the repository."}}},
			Results:            []sarifResult{},
			Properties:         runScope(r),
		}
		for _, f := range g.findings[:min(len(g.findings), maxResults)] {
			run.Results = append(run.Results, s.result(f))
		}
		run.LogicalLocations = places.logical
		notices := leftOut(len(g.findings))
		if i == 0 {
			notices = append(notices, remarks(r)...)
		}
		run.Invocations = []sarifInvocation{invocation(o, notices)}
		log.Runs = append(log.Runs, run)
	}
	return writeIndented(w, log)
}

// group is the findings of one run.
type group struct {
	name     string
	findings []*checks.Finding
}

// groups are the runs: one for all findings, or, where they are more than a run
// may hold, one for each account. More accounts than runs are spread by a hash,
// so that one more account does not move the others to another category.
func groups(r *checks.Report, o Options) []group {
	whole := group{name: category(r.Scope.Accounts)}
	accounts := map[string]bool{}
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Suppressed == nil || o.SARIFSuppressed {
			whole.findings = append(whole.findings, f)
			accounts[accountOf(f.Principal)] = true
		}
	}
	if len(whole.findings) <= maxResults {
		return []group{whole}
	}
	var out []group
	index := map[string]int{}
	for _, f := range whole.findings {
		name := accountOf(f.Principal)
		if len(accounts) > maxRuns {
			h := fnv.New32a()
			h.Write([]byte(name))
			name = fmt.Sprintf("group-%02d", h.Sum32()%maxRuns)
		} else if name == "" {
			name = "no-account"
		}
		i, ok := index[name]
		if !ok {
			i = len(out)
			index[name] = i
			out = append(out, group{name: name})
		}
		out[i].findings = append(out[i].findings, f)
	}
	slices.SortFunc(out, func(a, b group) int { return strings.Compare(a.name, b.name) })
	return out
}

// category keeps audits of different accounts apart in one repository.
func category(accounts []string) string {
	switch len(accounts) {
	case 0:
		return "no-account"
	case 1:
		if accountOf("arn:aws:iam::"+accounts[0]+":root") != "" {
			return accounts[0]
		}
	}
	sum := sha256.Sum256([]byte(strings.Join(accounts, ",")))
	return "accounts-" + hex.EncodeToString(sum[:4])
}

func driver(all []sarifRule, o Options) sarifDriver {
	version := clean(o.Version, maxName, false)
	d := sarifDriver{
		Name: "iamcheck", Organization: "iamcheck", Version: version, InformationURI: homeURI,
		Rules: all, Notifications: notifications(),
	}
	if s := strings.TrimPrefix(version, "v"); isSemantic(s) {
		d.SemanticVersion = s
	}
	return d
}

// isSemantic tells whether a version begins as semver.org wants.
func isSemantic(s string) bool {
	s, _, _ = strings.Cut(s, "+")
	s, _, _ = strings.Cut(s, "-")
	parts := strings.Split(s, ".")
	for _, p := range parts {
		if p == "" || strings.Trim(p, "0123456789") != "" {
			return false
		}
	}
	return len(parts) == 3
}

func runScope(r *checks.Report) *sarifRunScope {
	name := func(s string) string { return clean(s, maxName, false) }
	names := func(list []string) []string {
		out := []string{}
		for _, s := range list {
			out = append(out, name(s))
		}
		return out
	}
	return &sarifRunScope{names(r.Scope.Accounts), names(r.Scope.Layers), names(r.Scope.NotEvaluated), name(r.Scope.Data)}
}

func invocation(o Options, notices []sarifNotification) sarifInvocation {
	out := sarifInvocation{
		// Findings, and things that could not be read, are results of a run that
		// did its work.
		ExecutionSuccessful: o.ExitCode == 0 || o.ExitCode == 1 || o.ExitCode == 3,
		ExitCode:            o.ExitCode,
		CommandLine:         clean(o.CommandLine, maxText, false),
		Notifications:       notices,
	}
	if !o.Reproducible {
		out.StartTimeUTC, out.EndTimeUTC = timestamp(o.Start), timestamp(o.End)
	}
	return out
}

func timestamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func notice(kind int, level, text string) sarifNotification {
	return sarifNotification{level, sarifDescriptor{notifications()[kind].ID, kind}, sarifMessage{Text: noLinks(text)}}
}

// leftOut says how many of n findings a run has no room for.
func leftOut(n int) []sarifNotification {
	if n <= maxResults {
		return nil
	}
	return []sarifNotification{notice(noticeLeftOut, "warning", fmt.Sprintf("'%d' results are left out.", n-maxResults))}
}

// remarks are the notifications of the whole audit; they go with its first run.
func remarks(r *checks.Report) []sarifNotification {
	var out []sarifNotification
	for _, g := range r.Gaps {
		level := "note"
		if g.InChain {
			level = "warning"
		}
		out = append(out, notice(noticeNotRead, level, fmt.Sprintf("'%s' of '%s' did not succeed: '%s'.",
			clean(g.Operation, maxName, false), clean(g.Subject, maxARN, false), clean(g.Error, maxText, false))))
	}
	for _, n := range r.Notes {
		out = append(out, notice(noticeConfiguration, "note", fmt.Sprintf("'%s', line %d: %s.",
			clean(n.Position.File, maxARN, false), n.Position.Line, clean(n.Message, maxText, false))))
	}
	return out[:min(len(out), maxNotices)]
}
