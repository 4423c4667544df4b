package checks

import (
	"fmt"
	"strings"

	"github.com/iamcheck/iamcheck/internal/iamdata"
	"github.com/iamcheck/iamcheck/internal/policy"
)

func unrelatedAccess() *Check {
	return &Check{
		ID:       "unrelated-access",
		Title:    "the identity has access that has nothing to do with its databases",
		Severity: Info,
		Whole:    true,
		Doc: Doc{
			What: "Services that have nothing to do with the configured databases, with the access levels that are in effect, in one finding for each identity. " +
				"What is dangerous among them has findings of its own, unless --scope databases leaves it out.",
			Why:      "The role is shared, or was copied: everything that it may do, a stolen session of the agent may do.",
			Mend:     "Give the Teleport agent a role of its own.",
			Suppress: "When the role is shared on purpose.",
			Sources:  []string{"best-practices"},
		},
		Run: runUnrelatedAccess,
	}
}

func runUnrelatedAccess(p *Pass) {
	for _, s := range p.subjects() {
		weight := map[string]iamdata.Access{}
		count := 0
		for _, a := range s.grants {
			count += p.unrelated(s, a, weight)
		}
		if len(weight) == 0 {
			continue
		}
		f := s.finding()
		var services []string
		for _, service := range sortedKeys(weight) {
			word := strings.ToLower(weight[service].String())
			services = append(services, fmt.Sprintf("%s (up to %s)", service, word))
			f.Actions = append(f.Actions, service+":*")
		}
		f.Message = fmt.Sprintf("nothing to do with the configured databases: %s of %s: %s", plural(count, "action"), plural(len(services), "service"), list(services, 12))
		f.Fix = &Fix{Kind: "none", Note: "give the agent a role of its own"}
		p.Report(f)
	}
}

// unrelated notes the services of a statement's actions that nobody spoke about,
// and counts those actions.
func (p *Pass) unrelated(s *subject, a *allowance, weight map[string]iamdata.Access) int {
	count := 0
	if p.Silent(a, "") {
		return 0
	}
	for _, action := range a.actions() {
		if p.Silent(a, action) || len(s.needed(action)) > 0 || s.concerns(action) || s.isData(action) || serviceOf(action) == "sts" {
			continue
		}
		if a.effective(action).Found == policy.False {
			continue
		}
		count++
		service := serviceOf(action)
		weight[service] = max(weight[service], accessOf(action))
	}
	for i := range a.statement.Actions.Patterns {
		service, _, _ := strings.Cut(strings.ToLower(a.statement.Actions.Patterns[i].Raw), ":")
		if _, known := iamdata.ServiceOf(service); !known && !a.statement.Actions.Not && service != "" && !policy.HasWildcard(service) {
			count++
			weight[service] = max(weight[service], iamdata.AccessUnknown)
		}
	}
	return count
}
