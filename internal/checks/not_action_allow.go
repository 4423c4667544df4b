package checks

import "fmt"

func notActionAllow() *Check {
	return &Check{
		ID:       "not-action-allow",
		Title:    "NotAction with Allow grants all actions but a few",
		Severity: High,
		Doc: Doc{
			What:     "A statement that allows has NotAction. Critical where IAM is among what it grants, low where the boundary, Denies, SCPs or its own resources leave only reading.",
			Why:      "It grants every action that it does not list, of every service, and those that AWS adds tomorrow.",
			Mend:     "Write the statement that the finding carries, with Action.",
			Suppress: "In a boundary or an SCP NotAction is a ceiling, and never reported.",
			Sources:  []string{"reference_policies_elements_notaction"},
		},
		Run: runNotActionAllow,
	}
}

func runNotActionAllow(p *Pass) {
	for _, s := range p.subjects() {
		for _, a := range s.grants {
			if s.breadth != BreadthAll || !a.statement.Actions.Not || p.Silent(a, "") {
				continue
			}
			p.Speak(a)
			f := a.finding()
			for i := range a.statement.Actions.Patterns {
				f.Actions = append(f.Actions, a.statement.Actions.Patterns[i].Raw)
			}
			f.Resources = a.resources()
			f.Fix = a.smallest(nil)
			f.Message = fmt.Sprintf("every action but %s is allowed on %s; the configured databases need %s", list(f.Actions, 3), a.onWhat(), s.needsWhat())
			severity, found, why := a.power()
			f.Message += why
			a.temper(&f, severity, found)
			p.Report(f)
		}
	}
}
