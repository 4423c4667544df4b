package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/checks"
)

const (
	homeURI = "https://github.com/iamcheck/iamcheck"
	docsURI = homeURI + "/blob/main/docs/checks.md#"

	// maxDescription is what GitHub takes of a description.
	maxDescription = 1024
	// messageID is the one message that every rule has.
	messageID = "default"
)

// weight is how SARIF and GitHub say a severity. GitHub shows a
// security-severity over 9.0 as critical, from 7.0 as high, from 4.0 as medium
// and below as low; without one, the level counts.
type weight struct{ level, security, problem string }

func weightOf(s checks.Severity) weight {
	switch s {
	case checks.Critical:
		return weight{"error", "9.5", "error"}
	case checks.High:
		return weight{"error", "8.0", "error"}
	case checks.Medium:
		return weight{"warning", "5.5", "warning"}
	case checks.Low:
		return weight{"note", "2.0", "recommendation"}
	default:
		return weight{"note", "", "recommendation"}
	}
}

// rules are all checks, since all ran, sorted by id, with the index of each.
func rules(r *checks.Report) (all []sarifRule, index map[string]int) {
	index = map[string]int{}
	run := checks.All()
	for _, c := range run {
		index[c.ID] = 0
	}
	for i := range r.Findings {
		// A finding of a check that is not in the list still has its rule.
		id := r.Findings[i].Check
		if _, known := index[id]; !known {
			index[id] = 0
			run = append(run, &checks.Check{ID: id, Title: id, Severity: r.Findings[i].Severity})
		}
	}
	slices.SortFunc(run, func(a, b *checks.Check) int { return cmp.Compare(a.ID, b.ID) })
	for i, c := range run {
		index[c.ID] = i
		all = append(all, rule(c))
	}
	return all, index
}

func rule(c *checks.Check) sarifRule {
	w := weightOf(c.Severity)
	return sarifRule{
		ID:                   c.ID,
		Name:                 pascal(c.ID),
		ShortDescription:     sarifText{Text: clean(sentence(c.Title), maxDescription-20, false)},
		FullDescription:      sarifText{Text: clean(sentence(cmp.Or(c.Doc.What, c.Title)), maxDescription-20, false)},
		HelpURI:              docsURI + c.ID,
		Help:                 help(c),
		MessageStrings:       map[string]sarifText{messageID: {Text: "'{0}': {1}."}},
		DefaultConfiguration: &sarifConfiguration{w.level},
		Properties: &sarifRuleProperties{
			Tags: []string{"aws", "iam", "security", "teleport"}, Precision: "very-high",
			SecuritySeverity: w.security, ProblemSeverity: w.problem,
		},
	}
}

func help(c *checks.Check) sarifText {
	var text, markdown strings.Builder
	for _, part := range []struct{ title, text string }{
		{"What", c.Doc.What},
		{"Why it matters", c.Doc.Why},
		{"How to mend it", c.Doc.Mend},
		{"When to set it aside", c.Doc.Suppress},
		{"Sources", strings.Join(c.Doc.Sources, ", ")},
	} {
		if part.text == "" {
			continue
		}
		if text.Len() > 0 {
			text.WriteString("\n\n")
			markdown.WriteString("\n\n")
		}
		text.WriteString(part.title + ": " + part.text)
		markdown.WriteString("**" + part.title + ".** " + part.text)
	}
	if text.Len() == 0 {
		return sarifText{Text: sentence(c.Title)}
	}
	return sarifText{text.String(), markdown.String()}
}

// sentence makes a title a sentence.
func sentence(s string) string {
	if s == "" {
		return s
	}
	s = strings.ToUpper(s[:1]) + s[1:]
	if !strings.HasSuffix(s, ".") {
		s += "."
	}
	return s
}

// pascal turns "trust-external-id" into "TrustExternalId".
func pascal(id string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(id, "-") {
		if word != "" {
			b.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return b.String()
}

// The notifications, by their index in notifications.
const (
	noticeNotRead = iota
	noticeLeftOut
	noticeConfiguration
)

// notifications describe what a run says of itself.
func notifications() []sarifRule {
	describe := func(id, title, text, mend string) sarifRule {
		return sarifRule{
			ID: id, Name: pascal(id), ShortDescription: sarifText{Text: title}, FullDescription: sarifText{Text: text},
			HelpURI: homeURI + "#readme", Help: sarifText{mend, mend},
		}
	}
	return []sarifRule{
		noticeNotRead: describe("not-read", "Something could not be read.",
			"A read was refused or failed, so what hangs on it is not known.",
			"Give iamcheck the permission that the message names; `iamcheck self-policy` prints all that it needs."),
		noticeLeftOut: describe("results-left-out", "There are more results than a run may have.",
			"The gravest results are here; the JSON report has all.",
			"Read the JSON report, or audit fewer identities at a time."),
		noticeConfiguration: describe("configuration-note", "A remark on the configuration.",
			"The configuration was understood in a way that its author should know.",
			"Say in the configuration what is meant."),
	}
}
