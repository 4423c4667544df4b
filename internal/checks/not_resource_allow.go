package checks

import (
	"fmt"

	"github.com/iamcheck/iamcheck/internal/policy"
)

func notResourceAllow() *Check {
	return &Check{
		ID:       "not-resource-allow",
		Title:    "NotResource with Allow grants all resources but a few",
		Severity: High,
		Doc: Doc{
			What:     "A statement that allows has NotResource, and something that it grants is not needed. Lower where all of that only reads.",
			Why:      "It grants its actions on everything that it does not list, in every account and Region, and on what is made tomorrow.",
			Mend:     "Write the statement that the finding carries, with Resource.",
			Suppress: "In a boundary or an SCP NotResource is a ceiling, and never reported.",
			Sources:  []string{"reference_policies_elements_notresource"},
		},
		Run: runNotResourceAllow,
	}
}

func runNotResourceAllow(p *Pass) {
	for _, s := range p.subjects() {
		for _, a := range s.grants {
			if s.breadth != BreadthAll || !a.statement.Resources.Not || p.Silent(a, "") {
				continue
			}
			p.reportNotResource(s, a)
		}
	}
}

func (p *Pass) reportNotResource(s *subject, a *allowance) {
	f := a.finding()
	severity, found := Info, policy.Unknown
	for _, action := range a.actions() {
		e := a.beyond(action)
		if e.Found == policy.False || s.isData(action) {
			continue
		}
		f.Actions = append(f.Actions, action)
		if w := max(weigh(action), Low); w > severity || f.Witness == "" {
			severity, found, f.Witness = max(w, severity), e.Found, e.Witness
		}
	}
	if len(f.Actions) == 0 {
		return
	}
	p.Speak(a)
	f.Resources = a.resources()
	f.Fix = a.smallest(nil)
	f.Message = fmt.Sprintf("%s is allowed on %s, for example on %s, which nothing needs", list(f.Actions, 3), a.onWhat(), f.Witness)
	if severity < High {
		f.Message += fmt.Sprintf("; %s, since nothing of it changes more than that", severity)
	}
	a.temper(&f, severity, found)
	p.Report(f)
}
