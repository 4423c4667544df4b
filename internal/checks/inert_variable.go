package checks

import (
	"fmt"
	"strings"

	"github.com/iamcheck/iamcheck/internal/policy"
)

func inertVariable() *Check {
	return &Check{
		ID:       "inert-variable",
		Title:    "a policy variable is not substituted",
		Severity: Medium,
		Doc: Doc{
			What:     "A statement holds `${…}`, and the document's Version is 2008-10-17 or missing.",
			Why:      "Only Version 2012-10-17 has policy variables; elsewhere `${…}` is ordinary text, which no resource and no value is.",
			Mend:     "Write `\"Version\": \"2012-10-17\"` at the head of the document.",
			Suppress: "Never: the statement does not do what it says.",
			Sources:  []string{"reference_policies_elements_version", "reference_policies_variables", "access-analyzer-reference-policy-checks, Variable unsupported in version"},
		},
		Run: runInertVariable,
	}
}

func runInertVariable(p *Pass) {
	for _, d := range p.papers(policy.LayerIdentity, policy.LayerBoundary, policy.LayerTrust) {
		for _, st := range d.statements() {
			inert := inertVariables(st)
			if len(inert) == 0 {
				continue
			}
			f := p.finding(d, st)
			p.spoils(&f, d, st)
			f.Resources = inert
			f.Message = fmt.Sprintf("%s %s not substituted under %s; only Version 2012-10-17 has policy variables",
				quoted(inert, 3), isAre(inert), shownVersion(d.source.Document))
			f.Fix = &Fix{Kind: fixKind(d), Note: `write "Version": "2012-10-17" at the head of the document`}
			p.Report(f)
		}
	}
}

// inertVariables are the texts of a statement that hold a variable which is not
// substituted.
func inertVariables(st *policy.Statement) []string {
	var inert []string
	if st.Variables {
		return nil
	}
	for i := range st.Resources.Patterns {
		if raw := st.Resources.Patterns[i].Raw; holdsVariable(raw) {
			inert = append(inert, raw)
		}
	}
	for i := range st.Conditions {
		for _, v := range st.Conditions[i].Values {
			if holdsVariable(v.Raw) {
				inert = append(inert, v.Raw)
			}
		}
	}
	return sortedSet(inert)
}

func holdsVariable(s string) bool {
	_, rest, found := strings.Cut(s, "${")
	return found && strings.Contains(rest, "}")
}

func shownVersion(d *policy.Document) string {
	if d.Version == "" {
		return "a document without Version"
	}
	return "Version " + d.Version
}
