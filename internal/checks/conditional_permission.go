package checks

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/policy"
)

func conditionalPermission() *Check {
	return &Check{
		ID:       "conditional-permission",
		Title:    "a required permission turns on something that is not known",
		Severity: Medium,
		Doc: Doc{
			What: "Whether a requirement is met turns on context that IAM data does not tell (a source address, MFA, a tag of a database), " +
				"on a name that the configuration leaves out, or on a point on which AWS's documentation contradicts itself.",
			Why:      "The connection may work or fail; saying either would be a guess.",
			Mend:     "Add the name that the message asks for to the configuration, or take the condition off a statement that Teleport needs.",
			Suppress: "When the condition is known to hold where the agent runs.",
			Sources:  []string{"reference_policies_elements_condition", "reference_policies_condition-keys"},
		},
		Run: runConditionalPermission,
	}
}

// doubt is what a verdict turns on: a statement and the keys that it tests, or
// names that the configuration of a database leaves out.
type doubt struct {
	principal, requirement, conditions string
	at                                 policy.Citation
	database                           string // of a name that is left out
}

func doubtOf(v *RequirementVerdict, principal string) doubt {
	d := doubt{principal: principal, requirement: v.ID, conditions: strings.Join(v.Conditions, ", ")}
	if v.nameLeftOut() {
		return doubt{conditions: d.conditions, database: v.Database}
	}
	if len(v.Because) > 0 {
		d.at = v.Because[0]
	}
	if v.onTrust() {
		d.principal, d.requirement = v.Resource, expected.HopTrust
	}
	return d
}

// onTrust tells whether a hop turns on a condition of the target's trust policy.
// Where that alone grants, both sides of the hop do, for one cause.
func (v *RequirementVerdict) onTrust() bool {
	return v.Hop != nil && len(v.Conditions) > 0 && len(v.Because) > 0 && v.Because[0].Kind == "trust"
}

// nameLeftOut tells whether only names that the configuration does not tell
// stand in the way of a verdict.
func (v *RequirementVerdict) nameLeftOut() bool {
	return len(v.Open) > 0 && equal(v.Conditions, v.Open)
}

func runConditionalPermission(p *Pass) {
	var findings gather[doubt]
	verdicts := p.Verdicts()
	for i := range verdicts {
		v := &verdicts[i]
		if v.Status != Conditional && !v.cutShort() || !p.Claim(i, v.Layer) {
			continue
		}
		d := doubtOf(v, p.faulty(v, v.Layer))
		f := findings.of(d, v)
		if f.Message != "" && !f.Graded && v.Need != expected.Required {
			continue // what is required has spoken
		}
		f.Graded = v.Need != expected.Required // then low: it is only recommended
		f.Severity = Low
		f.Principal, f.Layer, f.Citation, f.Outcome = cmp.Or(p.faulty(v, v.Layer), f.Principal), v.Layer, d.at, Unknown
		if v.onTrust() {
			f.Principal, f.Layer = v.Resource, policy.LayerTrust
		}
		f.Message = p.doubtMessage(v, f)
	}
	findings.each(func(_ doubt, f *Finding) {
		f.Quote = p.Quote(f.Principal, f.Citation)
		p.Report(*f)
	})
}

// cutShort tells whether nothing but the size of the policies stands in the way of
// a verdict.
func (v *RequirementVerdict) cutShort() bool {
	return v.Status == Undecided && len(v.Unread) == 0 && v.Explanation == tooMuch
}

func (p *Pass) doubtMessage(v *RequirementVerdict, f *Finding) string {
	what := fmt.Sprintf("%s on %s", list(f.Actions, 3), list(f.Resources, 2))
	switch {
	case v.cutShort():
		return fmt.Sprintf("%s cannot be decided: %s; needed %s", what, tooMuch, v.Purpose)
	case v.nameLeftOut():
		return fmt.Sprintf("%s cannot be judged: the configuration does not tell %s; add it%s", what, strings.Join(v.Open, ", "), p.candidates(v))
	case len(v.Conditions) > 0:
		return fmt.Sprintf("%s depends on %s; needed %s", what, strings.Join(v.Conditions, ", "), v.Purpose)
	case len(v.Ambiguities) > 0:
		return fmt.Sprintf("%s cannot be decided: AWS's documentation leaves open %s; needed %s", what, strings.Join(v.Ambiguities, "; and "), v.Purpose)
	default:
		return fmt.Sprintf("%s cannot be decided; needed %s", what, v.Purpose)
	}
}

func equal(a, b []string) bool {
	return strings.Join(sortedSet(a), "\x00") == strings.Join(sortedSet(b), "\x00")
}

// candidates lists the roles that trust the holder, where a type's users are
// roles and none is named (design 5.9).
func (p *Pass) candidates(v *RequirementVerdict) string {
	if !strings.HasSuffix(v.ID, "/connect-iam-role") {
		return ""
	}
	roles := p.audit.rolesTrusting(v.Principal)
	if len(roles) == 0 {
		return "; no role that was read trusts " + v.Principal
	}
	return "; roles that trust " + v.Principal + ": " + list(roles, 5)
}

// rolesTrusting are the ARNs of the roles whose trust policy lets a principal
// assume them, as far as they were read.
func (a *audit) rolesTrusting(principal string) []string {
	caller, err := policy.ParseCaller(principal)
	if err != nil {
		return nil
	}
	var out []string
	for _, s := range a.in.Accounts {
		for i := range s.Roles {
			role := &s.Roles[i]
			source, _ := a.in.Accounts.Trust(role)
			if role.ARN == principal || source.Document == nil {
				continue
			}
			for j := range source.Document.Statements {
				st := &source.Document.Statements[j]
				if st.Effect == policy.Allow && !st.Malformed && st.Principals != nil && st.Actions.Match("sts:AssumeRole") && st.Principals.Names(&caller) == policy.True {
					out = append(out, role.ARN)
					break
				}
			}
		}
	}
	return out
}
