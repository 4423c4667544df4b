package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/iamdata"
	"github.com/iamcheck/iamcheck/internal/policy"
)

func unsupportedConditionKey() *Check {
	return &Check{
		ID:       "unsupported-condition-key",
		Title:    "a condition key that the action does not supply",
		Severity: Medium,
		Doc: Doc{
			What: "A condition is on a key that requests of the action never hold, by the Service Authorization Reference: none of the statement's actions supplies it, " +
				"or, in an Allow, some that are named in full do not and nothing else allows those. Conditions that hold without the key (`IfExists`, `Null`, negated operators) " +
				"are reported only where no action supplies it and nothing is left of the condition.",
			Why:      "In a request without the key the condition is false, so that the statement grants (or denies) nothing, or it is true, so that it narrows nothing.",
			Mend:     "Take the actions without the key into a statement of their own, or use a key that they supply.",
			Suppress: "When the key is newer than the reference data, whose date `iamcheck version` prints.",
			Sources:  []string{"Service Authorization Reference", "reference_policies_condition-keys", "access-analyzer-reference-policy-checks, Invalid service condition key"},
		},
		Run: runUnsupportedConditionKey,
	}
}

// unlistedKeys are global keys that are not in the reference data and that AWS's
// own managed policies use (AWSSSOServiceRolePolicy).
var unlistedKeys = []string{"aws:PrincipalOrgMasterAccountId"}

func runUnsupportedConditionKey(p *Pass) {
	for _, d := range p.papers(policy.LayerIdentity, policy.LayerTrust) {
		for _, st := range d.statements() {
			if !st.Actions.Not {
				p.unsupportedKeys(d, st)
			}
		}
	}
}

func (p *Pass) unsupportedKeys(d paper, st *policy.Statement) {
	named, all := p.actionsOf(st)
	if len(all) == 0 {
		return
	}
	for i := range st.Conditions[:min(len(st.Conditions), maxConditions)] {
		c := &st.Conditions[i]
		fact, ok := c.Operator.Fact()
		if !ok || fact.Family == policy.FamilyNull || providerKey(c.Key) || slices.ContainsFunc(unlistedKeys, func(k string) bool { return strings.EqualFold(k, c.Key) }) {
			continue
		}
		lacking, asked := p.audit.lookups.without(all, c.Key)
		if !asked {
			return
		}
		if len(lacking) == len(all) {
			p.reportUnsupported(d, st, c, lacking, true)
			continue
		}
		if st.Effect != policy.Allow || d.layer != policy.LayerIdentity || holdsWithout(c) {
			continue
		}
		lacking, _ = p.audit.lookups.without(named, c.Key)
		lacking = slices.DeleteFunc(lacking, func(a iamdata.Action) bool { return p.allowedBeside(d.party.arn, st, a.String()) })
		if len(lacking) > 0 {
			p.reportUnsupported(d, st, c, lacking, false)
		}
	}
}

func (p *Pass) reportUnsupported(d paper, st *policy.Statement, c *policy.Condition, lacking []iamdata.Action, none bool) {
	f := p.finding(d, st)
	for _, a := range lacking {
		f.Actions = append(f.Actions, a.String())
	}
	f.Resources = []string{c.Key} // tells findings of one statement apart
	consequence := "narrows nothing"
	switch {
	case holdsWithout(c):
	case st.Effect == policy.Deny:
		consequence = "denies nothing"
	case none:
		consequence = "grants nothing"
	default:
		consequence = "does not grant " + itThem(f.Actions)
	}
	if st.Effect == policy.Allow {
		p.spoils(&f, d, st)
	}
	what := "is not in requests of " + list(f.Actions, 3)
	if _, documented := conditionKey(c.Key); !documented {
		what = "is no key that AWS documents, nor in requests of " + list(f.Actions, 3)
	}
	f.Message = fmt.Sprintf("%s %s, so that the statement %s", shorten(c.Key), what, consequence)
	f.Fix = &Fix{Kind: fixKind(d), Note: "take the condition off these actions, or use a key that they supply"}
	p.Report(f)
}

// actionsOf are the actions of a statement that the reference data knows: those
// that are named in full, and all with those that its patterns take in. A
// statement about every action has none, since a key that no action at all
// supplies is rare, and the search long.
func (p *Pass) actionsOf(st *policy.Statement) (named, all []iamdata.Action) {
	for i := range st.Actions.Patterns[:min(len(st.Actions.Patterns), maxActions)] {
		raw := st.Actions.Patterns[i].Raw
		if raw == "*" {
			return nil, nil
		}
		if !policy.HasWildcard(raw) {
			if a, ok := iamdata.Lookup(raw); ok {
				named, all = append(named, a), append(all, a)
			}
			continue
		}
		expanded, _ := p.audit.lookups.expand(raw)
		for _, name := range expanded {
			if a, ok := iamdata.Lookup(name); ok {
				all = append(all, a)
			}
		}
	}
	return named, all
}

// allowedBeside tells whether another statement of a principal allows an action.
func (p *Pass) allowedBeside(principal string, st *policy.Statement, action string) bool {
	return slices.ContainsFunc(p.grants(principal), func(g grant) bool {
		return g.statement != st && g.statement.Actions.Match(action)
	})
}
