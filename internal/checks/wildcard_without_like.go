package checks

import (
	"fmt"
	"strings"

	"github.com/iamcheck/iamcheck/internal/policy"
)

func wildcardWithoutLike() *Check {
	return &Check{
		ID:       "wildcard-without-like",
		Title:    "a wildcard stands where none counts",
		Severity: Medium,
		Doc: Doc{
			What:     "A condition value holds `*` under an operator that takes it for an ordinary character: StringEquals and its like.",
			Why:      "The condition holds only for a value that has the asterisk in it, which is hardly ever meant: an Allow grants nothing, a Deny with StringNotEquals denies everything.",
			Mend:     "Use StringLike, or ArnLike for ARNs; write `${*}` where the asterisk itself is meant.",
			Suppress: "When the value really has an asterisk.",
			Sources:  []string{"reference_policies_elements_condition_operators", "access-analyzer-reference-policy-checks, Wildcard without like operator"},
		},
		Run: runWildcardWithoutLike,
	}
}

func runWildcardWithoutLike(p *Pass) {
	for _, d := range p.papers(policy.LayerIdentity, policy.LayerBoundary, policy.LayerTrust) {
		for _, st := range d.statements() {
			for i := range st.Conditions[:min(len(st.Conditions), maxConditions)] {
				if wild := idleWildcards(&st.Conditions[i]); len(wild) > 0 {
					p.reportIdle(d, st, &st.Conditions[i], wild)
				}
			}
		}
	}
}

// idleWildcards are the values of a condition with an asterisk that its operator
// does not read as a wildcard. ${*} is meant to be the character.
func idleWildcards(c *policy.Condition) []string {
	fact, ok := c.Operator.Fact()
	if !ok || fact.Family != policy.FamilyString || fact.Wildcards {
		return nil
	}
	var wild []string
	for _, v := range c.Values {
		if strings.Contains(strings.ReplaceAll(v.Raw, "${*}", ""), "*") {
			wild = append(wild, v.Raw)
		}
	}
	return sortedSet(wild)
}

func (p *Pass) reportIdle(d paper, st *policy.Statement, c *policy.Condition, wild []string) {
	f := p.finding(d, st)
	f.Resources = append([]string{c.Key}, wild...)
	if d.layer == policy.LayerIdentity {
		p.spoils(&f, d, st)
	}
	f.Message = fmt.Sprintf("%s takes the * of %s for an ordinary character; %s reads it as a wildcard", shownCondition(c), quoted(wild, 2), likeFor(c))
	f.Fix = &Fix{Kind: fixKind(d), Note: "use " + likeFor(c)}
	p.Report(f)
}

// likeFor is the operator that does what was meant.
func likeFor(c *policy.Condition) string {
	name := "StringLike"
	if fact, _ := c.Operator.Fact(); fact.Negated {
		name = "StringNotLike"
	}
	if c.Operator.Set != policy.SetNone {
		name = c.Operator.Set.String() + ":" + name
	}
	if c.Operator.IfExists {
		name += "IfExists"
	}
	return name
}
