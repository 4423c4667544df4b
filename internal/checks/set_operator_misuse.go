package checks

import (
	"fmt"
	"strings"

	"github.com/iamcheck/iamcheck/internal/policy"
)

func setOperatorMisuse() *Check {
	return &Check{
		ID:       "set-operator-misuse",
		Title:    "a set operator does not do what it seems to",
		Severity: Medium,
		Doc: Doc{
			What: "An Allow has ForAllValues and no Null condition on the same key; or a set operator is on a key that has one value; or a key with several values has none. " +
				"Low for ForAnyValue on a key with one value, which changes nothing; info for ForAllValues on dynamodb:LeadingKeys and dynamodb:Attributes, as AWS's own examples have it.",
			Why:      "ForAllValues is true of a request without the key: the Allow holds for everybody who leaves it out. Without a set operator, AWS's documentation does not say how several values are compared.",
			Mend:     "Add `\"Null\": {\"KEY\": \"false\"}` beside ForAllValues; use the plain operator for keys with one value, and a set operator for those with several.",
			Suppress: "When the action always sends the key.",
			Sources: []string{
				"reference_policies_condition-single-vs-multi-valued-context-keys", "reference_policies_multi-value-conditions",
				"access-analyzer-reference-policy-checks, ForAllValues with single valued key",
			},
		},
		Run: runSetOperatorMisuse,
	}
}

func runSetOperatorMisuse(p *Pass) {
	for _, d := range p.papers(policy.LayerIdentity, policy.LayerBoundary, policy.LayerTrust) {
		for _, st := range d.statements() {
			p.misuses(d, st)
		}
	}
}

// misuses reports the conditions of a statement with one and the same misuse in
// one finding.
func (p *Pass) misuses(d paper, st *policy.Statement) {
	var order []misuse
	found := map[misuse][]*policy.Condition{}
	for i := range st.Conditions[:min(len(st.Conditions), maxConditions)] {
		c := &st.Conditions[i]
		m := misuseOf(st, c)
		if m.what == "" {
			continue
		}
		if found[m] == nil {
			order = append(order, m)
		}
		found[m] = append(found[m], c)
	}
	for _, m := range order {
		p.reportMisuse(d, st, found[m], m)
	}
}

// misuse is what is wrong with a set operator, or with its absence.
type misuse struct {
	what, mend string // what "" is nothing
	severity   Severity
}

// dataKeys are keys that AWS's own examples use with ForAllValues alone (Amazon
// DynamoDB developer guide, specifying-conditions).
var dataKeys = []string{"dynamodb:LeadingKeys", "dynamodb:Attributes"}

func misuseOf(st *policy.Statement, c *policy.Condition) misuse {
	key, documented := conditionKey(c.Key)
	fact, ok := c.Operator.Fact()
	if !ok || fact.Family == policy.FamilyNull {
		return misuse{}
	}
	several := documented && key.Many
	switch {
	case c.Operator.Set == policy.ForAllValues && st.Effect == policy.Allow && !guarded(st, c) && documented && !several:
		return misuse{"is true of a request without the key, which has one value: everybody gets by who leaves it out", "use the plain operator", Medium}
	case c.Operator.Set == policy.ForAllValues && st.Effect == policy.Allow && !guarded(st, c):
		m := misuse{"is true of a request without the key: everybody gets by who leaves it out", `add a Null condition with the value "false" on the key`, Medium}
		for _, k := range dataKeys {
			if strings.EqualFold(k, c.Key) {
				m.severity, m.what = Info, "is true of a request without the key, such as a Scan; AWS's own examples have it"
			}
		}
		return m
	case c.Operator.Set != policy.SetNone && documented && !several:
		return misuse{"is a set operator on a key that has one value", "use the plain operator", lowUnless(c.Operator.Set == policy.ForAllValues)}
	case c.Operator.Set == policy.SetNone && several:
		return misuse{"compares a key that may have several values without a set operator, which AWS's documentation leaves open", "use ForAnyValue or ForAllValues", Medium}
	}
	return misuse{}
}

func lowUnless(worse bool) Severity {
	if worse {
		return Medium
	}
	return Low
}

// guarded tells whether a statement asks for the key to be there.
func guarded(st *policy.Statement, c *policy.Condition) bool {
	for i := range st.Conditions {
		other := &st.Conditions[i]
		// A request with one of the tags has the list of their keys.
		tagged := c.FoldedKey() == "aws:tagkeys" && strings.HasPrefix(other.FoldedKey(), "aws:requesttag/")
		if other.FoldedKey() != c.FoldedKey() && !tagged || other == c {
			continue
		}
		fact, ok := other.Operator.Fact()
		if ok && (fact.Family == policy.FamilyNull && other.HoldsForEveryValue() || other.Operator.Set != policy.ForAllValues && !holdsWithout(other)) {
			return true
		}
	}
	return false
}

func (p *Pass) reportMisuse(d paper, st *policy.Statement, conditions []*policy.Condition, m misuse) {
	f := p.finding(d, st)
	f.graded(m.severity)
	var shown []string
	for _, c := range conditions {
		f.Resources = append(f.Resources, c.Key, c.Operator.String())
		shown = append(shown, shownCondition(c))
	}
	f.Message = fmt.Sprintf("%s %s", list(shown, 2), m.what)
	f.Fix = &Fix{Kind: fixKind(d), Note: m.mend}
	p.Report(f)
}

// fixKind is the kind of a fix to a document.
func fixKind(d paper) string {
	switch d.layer {
	case policy.LayerTrust:
		return "edit-trust"
	case policy.LayerBoundary:
		return "edit-boundary"
	default:
		return "replace-statement"
	}
}
