package checks

import (
	"fmt"
	"slices"

	"github.com/iamcheck/iamcheck/internal/policy"
)

func passRoleAny() *Check {
	return &Check{
		ID:       "pass-role-any",
		Title:    "iam:PassRole is allowed on many roles, to any service",
		Severity: High,
		Specific: true,
		Doc: Doc{
			What:     "iam:PassRole is allowed on a pattern of roles without a condition on iam:PassedToService. Medium for a pattern of names, high for all roles of the account.",
			Why:      "With any action that starts compute, the identity acts as the most powerful of these roles. Teleport's Database Service passes no role.",
			Mend:     "Take the action out, or name the role and add a condition on iam:PassedToService.",
			Suppress: "When something else that runs with this identity starts compute; narrow it all the same.",
			Sources:  []string{"id_roles_use_passrole", "access-analyzer-reference-policy-checks"},
		},
		Run: runPassRoleAny,
	}
}

// manyRoles tells whether a pattern takes in more than one role of an account: a
// wildcard elsewhere in the ARN is of no account, since roles are passed within
// their own (id_roles_use_passrole).
func (a *allowance) manyRoles() bool {
	return a.statement.Resources.Not || slices.ContainsFunc(a.resources(), func(raw string) bool {
		fields, resource := splitARN(withoutVariables(raw))
		return fields == nil || policy.HasWildcard(resource)
	})
}

const passRole = "iam:PassRole"

func runPassRoleAny(p *Pass) {
	for _, s := range p.subjects() {
		for _, a := range s.grants {
			if s.breadth != BreadthAll || a.general() || a.wholeService("iam") || a.allActions() || !a.manyRoles() || !a.statement.Actions.Match(passRole) {
				continue
			}
			if slices.Contains(a.narrowing(), "iam:PassedToService") {
				continue
			}
			e := a.effective(passRole)
			if e.Found == policy.False {
				continue
			}
			p.Speak(a, passRole)
			f := a.finding()
			f.Actions, f.Resources, f.Witness = []string{passRole}, a.resources(), e.Witness
			f.Fix = a.smallest(a.withoutIAM())
			severity := High
			f.Message = fmt.Sprintf("iam:PassRole is allowed on %s, to any service; Teleport's Database Service passes no role", a.onWhat())
			if !a.anyName() {
				severity = Medium
				f.Message += "; medium, since the pattern of names takes in a part of the roles"
			}
			a.temper(&f, severity, e.Found)
			p.Report(f)
		}
	}
}
