package checks

import (
	"fmt"

	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/iamdata"
	"github.com/iamcheck/iamcheck/internal/policy"
)

func actionNeedsStar() *Check {
	return &Check{
		ID:       "action-needs-star",
		Title:    "an action that can only be allowed on * is allowed on ARNs",
		Severity: Medium,
		Doc: Doc{
			What: "A statement allows an action that has no resource types, and names ARNs only. " +
				"Info where another statement of the identity allows the action on `*`.",
			Why:      "AWS authorizes such an action against `*`, which no ARN matches: the statement grants nothing.",
			Mend:     "Allow the action on `\"Resource\": \"*\"`, in a statement of its own.",
			Suppress: "When the action is not needed; better, take it out of the statement.",
			Sources:  []string{"reference_policies_elements_resource", "Service Authorization Reference"},
		},
		Run: runActionNeedsStar,
	}
}

func runActionNeedsStar(p *Pass) {
	for _, d := range p.papers(policy.LayerIdentity) {
		for _, st := range d.statements() {
			if st.Effect == policy.Allow && !st.Actions.Not && !reachesStar(st) {
				p.needsStar(d, st)
			}
		}
	}
}

func (p *Pass) needsStar(d paper, st *policy.Statement) {
	var actions []string
	elsewhere := true
	for i := range st.Actions.Patterns[:min(len(st.Actions.Patterns), maxActions)] {
		for _, action := range p.starOnly(st.Actions.Patterns[i].Raw) {
			actions = append(actions, action)
			elsewhere = elsewhere && p.grantedOnStar(d.party.arn, action)
		}
	}
	if len(actions) == 0 {
		return
	}
	f := p.finding(d, st)
	f.Actions = actions
	p.spoils(&f, d, st)
	f.Message = fmt.Sprintf("%s %s no resource types: only \"Resource\": \"*\" allows %s, not an ARN",
		list(actions, 3), hasHave(actions), itThem(actions))
	f.Fix = &Fix{Kind: "add-statement", Document: expected.PolicyStatement{Actions: sortedSet(actions), Resources: []string{"*"}}.JSON()}
	if elsewhere {
		f.graded(Info)
		f.Message += "; another statement does, so that nothing is missing"
		f.Fix = &Fix{Kind: "replace-statement", Note: "take the actions out of this statement"}
	}
	p.Report(f)
}

// starOnly are the actions that a pattern stands for, if none of them has
// resource types: of a wildcard it is expected that it takes in some of each.
func (p *Pass) starOnly(raw string) []string {
	actions := []string{raw}
	if policy.HasWildcard(raw) {
		actions, _ = p.audit.lookups.expand(raw)
	}
	for _, action := range actions {
		if only, _ := iamdata.WildcardOnly(action); !only {
			return nil
		}
	}
	return actions
}

// reachesStar tells whether a statement's resources take in "*" itself.
func reachesStar(st *policy.Statement) bool {
	if st.Resources.Not {
		return true
	}
	for i := range st.Resources.Patterns {
		if policy.CompilePattern(withoutVariables(st.Resources.Patterns[i].Raw)).Match("*") {
			return true
		}
	}
	return false
}

// grantedOnStar tells whether a statement of a principal allows an action on
// "*", without conditions.
func (p *Pass) grantedOnStar(principal, action string) bool {
	for _, g := range p.grants(principal) {
		if g.statement.Actions.Match(action) && reachesStar(g.statement) && len(g.statement.Conditions) == 0 {
			return true
		}
	}
	return false
}

func hasHave(of []string) string {
	if len(of) == 1 {
		return "has"
	}
	return "have"
}

func itThem(of []string) string {
	if len(of) == 1 {
		return "it"
	}
	return "them"
}
