package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/policy"
)

func assumeAnyRole() *Check {
	return &Check{
		ID:       "assume-any-role",
		Title:    "sts:AssumeRole is allowed on more roles than the configuration names",
		Severity: High,
		Whole:    true,
		Specific: true,
		Doc: Doc{
			What: "sts:AssumeRole is allowed on `*` or on a pattern that takes in roles that the configuration does not name. Critical where the ARN's account is a wildcard, medium for a pattern of names within the account, " +
				"info where such a pattern takes in no other role that trusts the identity. A condition narrows it, such as the tag on roles that Teleport's DocumentDB guide prints.",
			Why:      "Every role that trusts the account can be taken over from the agent, those of administrators too.",
			Mend:     "Name the roles that Teleport users log in as, or the condition on their tag.",
			Suppress: "When roles are made all the time and a condition on their tags is no choice.",
			Sources:  []string{"id_roles_use_permissions-to-switch", "Teleport Database Access AWS IAM Reference"},
		},
		Run: runAssumeAnyRole,
	}
}

func runAssumeAnyRole(p *Pass) {
	for _, s := range p.subjects() {
		for _, a := range s.grants {
			if a.general() || a.wholeService("sts") || a.allActions() || a.named() || a.statement.Resources.Not || !a.statement.Actions.Match(assumeRole) {
				continue
			}
			p.reportAssume(s, a)
		}
	}
}

func (p *Pass) reportAssume(s *subject, a *allowance) {
	here, abroad := a.beyond(assumeRole), a.abroad(assumeRole)
	if here.Found == policy.False && abroad.Found == policy.False {
		return
	}
	f := a.finding()
	f.Actions, f.Resources, f.Witness = []string{assumeRole}, a.resources(), here.Witness
	if f.Witness == "" {
		f.Witness = abroad.Witness
	}
	p.Speak(a, slices.DeleteFunc(slices.Clone(a.actions()), func(action string) bool {
		return !strings.HasPrefix(action, assumeRole) || len(s.needed(action)) > 0 && action != assumeRole
	})...)
	f.Fix = a.smallest(a.without(s, []string{assumeRole}))
	others, whole := p.otherRoles(s, a)
	severity, found, why := a.weighAssume(here, abroad, others, whole)
	f.Message = fmt.Sprintf("sts:AssumeRole is allowed on %s; the configuration names %s", a.onWhat(), s.rolesNamed())
	if len(others) > 0 {
		f.Witness = others[0]
		f.Message += fmt.Sprintf("; so also on %s, which trusts this identity", list(others, 3))
	}
	f.Message += why
	if keys := a.narrowing(); len(keys) > 0 {
		f.Message += "; allowed under conditions on " + list(keys, 3) + " only"
		f.graded(severity)
		p.Report(f)
		return
	}
	a.temper(&f, severity, found)
	p.Report(f)
}

// weighAssume grades the grant by what it reaches.
func (a *allowance) weighAssume(here, abroad policy.Example, others []string, whole bool) (Severity, policy.Truth, string) {
	narrowed := len(a.narrowing()) > 0
	switch {
	case narrowed && len(others) > 0:
		return Medium, here.Found, ""
	case narrowed && whole:
		return Info, policy.True, "; info, since no other role that it takes in trusts this identity"
	case narrowed:
		return Low, policy.True, ""
	case a.anyAccount() && abroad.Found != policy.False:
		return Critical, abroad.Found, "; roles of any account that lets this one in"
	case a.anyName() && here.Found != policy.False:
		return High, here.Found, ""
	case a.anyName():
		return Medium, abroad.Found, "; medium, since the configuration does not tell which roles of the account users log in as (db_users)"
	case len(others) == 0 && whole:
		return Info, policy.True, "; info, since no other role that it takes in trusts this identity"
	default:
		return Medium, here.Found, "; medium, since the pattern of names stays within the account"
	}
}

// anyAccount tells whether an ARN of the statement has a wildcard for its account.
func (a *allowance) anyAccount() bool {
	return slices.ContainsFunc(a.resources(), func(raw string) bool {
		fields, _ := splitARN(raw)
		return len(fields) > 4 && strings.ContainsAny(fields[4], "*?")
	})
}

// anyName tells whether the statement takes in every role of the account.
func (a *allowance) anyName() bool {
	c := &a.subject.caller
	improbable := "arn:" + c.Partition + ":iam::" + c.Account + ":role/" + noAction
	return slices.ContainsFunc(a.resources(), func(raw string) bool { return policy.CompilePattern(raw).Match(improbable) })
}

// otherRoles are the roles of the accounts that were read, not named by the
// configuration, that the statement takes in and that trust the subject. whole
// tells whether all roles of its account were read.
func (p *Pass) otherRoles(s *subject, a *allowance) (others []string, whole bool) {
	for _, snapshot := range p.Accounts() {
		if snapshot.Account == s.caller.Account {
			whole = !snapshot.Partial
		}
		for i := range snapshot.Roles {
			role := &snapshot.Roles[i]
			if role.ARN == s.arn || s.needsRole(role.ARN) {
				continue
			}
			if a.onRole(p.audit, assumeRole, role).Found != policy.False && p.trustsSubject(role, s) {
				others = append(others, role.ARN)
			}
		}
	}
	return others, whole
}

// onRole asks about one role, whose tags are known.
func (a *allowance) onRole(au *audit, action string, role *account.Role) policy.Example {
	if !slices.ContainsFunc(a.resources(), func(raw string) bool { return policy.CompilePattern(withoutVariables(raw)).Match(role.ARN) }) && !a.statement.Resources.Not {
		return policy.Example{Found: policy.False}
	}
	ctx := a.subject.context.Clone()
	knowledge{accounts: au.in.Accounts, at: au.takenAt}.setRoleTags(ctx, role.ARN)
	return a.ask(action, role.ARN, ctx, &a.policies, nil)
}

func (s *subject) needsRole(arn string) bool {
	for _, r := range s.needed(assumeRole) {
		if policy.CompilePattern(r.Resource).Match(arn) {
			return true
		}
	}
	return false
}

// trustsSubject tells whether a role's trust policy names the subject or its
// account.
func (p *Pass) trustsSubject(role *account.Role, s *subject) bool {
	source, _ := p.Accounts().Trust(role)
	if source.Document == nil {
		return true
	}
	for i := range source.Document.Statements {
		st := &source.Document.Statements[i]
		if st.Effect == policy.Allow && !st.Malformed && st.Principals != nil && st.Actions.Match(assumeRole) && st.Principals.Names(&s.caller) != policy.False {
			return true
		}
	}
	return false
}

// rolesNamed says which roles the configuration lets the subject assume.
func (s *subject) rolesNamed() string {
	var named []string
	for _, r := range s.needed(assumeRole) {
		if !policy.HasWildcard(r.Resource) {
			named = append(named, r.Resource)
		}
	}
	if len(named) == 0 {
		return "no role"
	}
	return list(named, 3)
}
