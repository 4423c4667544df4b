package checks

import (
	"fmt"

	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/policy"
)

func neverTrueCondition() *Check {
	return &Check{
		ID:       "never-true-condition",
		Title:    "a condition can never hold",
		Severity: Medium,
		Doc: Doc{
			What: "A condition holds in no request: its values are not what its operator compares (a date that is none, an IP address with a letter), " +
				"or its key is never in a request that this identity makes (aws:username of a role, aws:SourceArn in an identity-based policy) and the operator needs it. " +
				"Low where only some of the values are of the wrong kind.",
			Why:      "The statement does nothing: an Allow grants nothing, a Deny protects nothing.",
			Mend:     "Correct the value or the key, or take the condition out.",
			Suppress: "When the statement is switched off on purpose.",
			Sources:  []string{"reference_policies_elements_condition_operators", "reference_policies_condition-keys", "access-analyzer-reference-policy-checks, Type mismatch"},
		},
		Run: runNeverTrueCondition,
	}
}

// neverInIdentity are keys that AWS services send when they call on their own,
// which no identity-based policy is asked about (reference_policies_condition-keys).
var neverInIdentity = []string{"aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID", "aws:SourceOrgPaths", "aws:PrincipalServiceName", "aws:PrincipalServiceNamesList"}

func runNeverTrueCondition(p *Pass) {
	for _, d := range p.papers(policy.LayerIdentity, policy.LayerTrust) {
		var ctx *policy.Context // of a trust policy nothing is known: anybody may call
		if d.layer == policy.LayerIdentity {
			ctx = neverContext(d.party.arn)
		}
		for _, st := range d.statements() {
			for i := range st.Conditions[:min(len(st.Conditions), maxConditions)] {
				p.neverTrue(d, st, &st.Conditions[i], ctx)
			}
		}
	}
}

// neverContext is what can be said of every request that a role or user makes.
func neverContext(principal string) *policy.Context {
	c := policy.NewContext(policy.KeyUnknown)
	for _, key := range neverInIdentity {
		c.SetState(key, policy.KeyAbsent)
	}
	if caller, err := policy.ParseCaller(principal); err == nil && caller.Kind == policy.CallerRole {
		c.SetState("aws:username", policy.KeyAbsent) // V7: only users have it
	}
	return c
}

func (p *Pass) neverTrue(d paper, st *policy.Statement, c *policy.Condition, ctx *policy.Context) {
	mistyped := c.MistypedValues()
	never := c.Test(ctx).Truth == policy.False
	if !never && len(mistyped) == 0 {
		return
	}
	f := p.finding(d, st)
	f.Resources = []string{c.Key}
	fact, _ := c.Operator.Fact()
	switch {
	case len(mistyped) > 0:
		f.Message = fmt.Sprintf("%s has the value %s, which is no %s: %s", shownCondition(c), shownValues(mistyped), kindOfValue(fact.Family), mistypedEffect(st, fact, never))
		if !never && len(mistyped) < len(c.Values) {
			f.graded(Low)
		}
	case c.Test(nil).Truth == policy.False:
		f.Message = fmt.Sprintf("%s holds in no request: %s", shownCondition(c), doesNothing(st))
	default:
		f.Message = fmt.Sprintf("%s never holds, since %s is never in a request that %s makes: %s", shownCondition(c), shorten(c.Key), partOf(d), doesNothing(st))
	}
	if never && st.Effect == policy.Allow {
		p.spoils(&f, d, st)
	}
	f.Fix = &Fix{Kind: fixKind(d), Note: "correct the condition, or take it out"}
	p.Report(f)
}

// mistypedEffect says what follows from values that match nothing.
func mistypedEffect(st *policy.Statement, fact policy.OperatorFact, never bool) string {
	switch {
	case never:
		return doesNothing(st)
	case fact.Negated:
		return "the condition holds whatever the request has"
	default:
		return "only the other values count"
	}
}

func doesNothing(st *policy.Statement) string {
	if st.Effect == policy.Deny {
		return "the statement denies nothing"
	}
	return "the statement grants nothing"
}

// partOf names what a document's identity is.
func partOf(d paper) string {
	caller, _ := policy.ParseCaller(d.party.arn)
	if caller.Kind == policy.CallerUser {
		return "this user"
	}
	if d.party.is(expected.Agent) {
		return "this agent's role"
	}
	return "this role"
}

func shownValues(values []policy.ConditionValue) string {
	var raw []string
	for _, v := range values {
		raw = append(raw, fmt.Sprintf("%q", shorten(v.Raw)))
	}
	return list(raw, 2)
}

// kindOfValue is what the operators of a family compare.
func kindOfValue(f policy.Family) string {
	switch f {
	case policy.FamilyNumeric:
		return "number"
	case policy.FamilyDate:
		return "date"
	case policy.FamilyBool, policy.FamilyNull:
		return "true or false"
	case policy.FamilyBinary:
		return "base64 text"
	case policy.FamilyIP:
		return "IP address"
	default:
		return "value"
	}
}
