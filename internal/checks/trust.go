package checks

import (
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/policy"
)

// The calls by which a role is assumed. sts:TagSession and sts:SetSourceIdentity
// only come with one of them, so that a statement without any lets nobody in.
const (
	assumeRole  = "sts:AssumeRole"
	assumeWeb   = "sts:AssumeRoleWithWebIdentity"
	assumeSAML  = "sts:AssumeRoleWithSAML"
	externalKey = "sts:ExternalId"
)

// opening is an Allow statement of a trust policy that lets somebody in.
type opening struct {
	paper
	statement *policy.Statement
}

// openings are the statements by which the roles of the configuration can be
// assumed. Those with a condition that can never hold let nobody in.
func (p *Pass) openings() []opening {
	var out []opening
	for _, d := range p.papers(policy.LayerTrust) {
		for _, st := range d.statements() {
			if st.Effect == policy.Allow && st.Principals != nil && assumes(st) && !neverHolds(st) {
				out = append(out, opening{d, st})
			}
		}
	}
	return out
}

// assumes tells whether a statement is about one of the calls that assume a role.
func assumes(st *policy.Statement) bool {
	return st.Actions.Match(assumeRole) || st.Actions.Match(assumeWeb) || st.Actions.Match(assumeSAML)
}

func neverHolds(st *policy.Statement) bool {
	return slices.ContainsFunc(st.Conditions, func(c policy.Condition) bool { return c.Test(nil).Truth == policy.False })
}

// pins tells whether the trust policy asks for a value of a condition key before
// the statement lets anybody in: by a condition of the statement, or by a Deny
// without it.
func (o opening) pins(key string) bool {
	for i := range o.statement.Conditions {
		if pinnedBy(&o.statement.Conditions[i], key) {
			return true
		}
	}
	for _, st := range o.statements() {
		if st.Effect == policy.Deny && assumes(st) && st.Principals != nil && public(st.Principals) && len(st.Conditions) == 1 && deniesWithout(&st.Conditions[0], key) {
			return true
		}
	}
	return false
}

// pinnedBy tells whether a condition of an Allow holds for some values of the key
// only, and not without it.
func pinnedBy(c *policy.Condition, key string) bool {
	fact, ok := c.Operator.Fact()
	return ok && strings.EqualFold(c.Key, key) && !fact.Negated && fact.Family != policy.FamilyNull && !holdsWithout(c) && !c.HoldsForEveryValue()
}

// deniesWithout tells the one condition of a Deny that spares only some values of
// the key.
func deniesWithout(c *policy.Condition, key string) bool {
	fact, ok := c.Operator.Fact()
	return ok && strings.EqualFold(c.Key, key) && fact.Negated && !c.Operator.IfExists && c.Operator.Set == policy.SetNone
}

// accountOf is the account that an AWS principal is of: its ARN's, or itself;
// "" where it tells none, such as "*" and unique ids.
func accountOf(principal string) string {
	if len(principal) == 12 && strings.Trim(principal, "0123456789") == "" {
		return principal
	}
	arn, ok := policy.ParseARN(principal)
	if !ok || policy.HasWildcard(arn.Account) {
		return ""
	}
	return arn.Account
}

// wholeAccount tells a principal that stands for all of its account: the ARN of
// its root, or its id (reference_policies_elements_principal).
func wholeAccount(principal string) bool {
	arn, ok := policy.ParseARN(principal)
	return accountOf(principal) != "" && (!ok || arn.Service == "iam" && arn.Resource == "root")
}

// names tells whether a principal is an identity, or a session of it.
func names(principal, identity string) bool {
	if principal == identity {
		return true
	}
	session, err := policy.ParseCaller(principal)
	who, failed := policy.ParseCaller(identity)
	return err == nil && failed == nil && session.Kind == policy.CallerSession && who.Kind == policy.CallerRole &&
		session.Account == who.Account && session.Name == who.Name
}

// awsPrincipals are the AWS principals of a statement that name somebody: not
// everyone, no deleted principal, none with a partial wildcard.
func (o opening) awsPrincipals() []string {
	var out []string
	if o.statement.Principals.Not {
		return nil
	}
	for _, e := range o.statement.Principals.Entries {
		if e.Type == policy.PrincipalAWS && accountOf(e.Value) != "" && !policy.HasWildcard(e.Value) {
			out = append(out, e.Value)
		}
	}
	return sortedSet(out)
}

// account is the account of the role whose trust policy it is.
func (o opening) account() string { return accountOf(o.party.arn) }

// hops are the hops of the configuration to the role, from each of the callers
// that it names.
func (o opening) hops() []hopOf {
	var out []hopOf
	for _, caller := range o.party.callers {
		out = append(out, hopOf{caller, o.party.arn})
	}
	return out
}

// narrowTrust is the trust policy that names the callers of the configuration.
func (p *Pass) narrowTrust(o opening) *Fix {
	hops := o.hops()
	if len(hops) != 1 {
		return &Fix{Kind: "edit-trust", Note: "name the identities that are meant by their ARNs"}
	}
	if fix := p.editTrust(hops[0]); fix != nil {
		return fix
	}
	return &Fix{Kind: "edit-trust", Note: "name " + hops[0].caller + " as the principal"}
}
