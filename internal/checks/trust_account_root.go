package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/policy"
)

func trustAccountRoot() *Check {
	return &Check{
		ID:       "trust-account-root",
		Title:    "a whole account is trusted",
		Severity: Low,
		Doc: Doc{
			What: "The trust policy names an account (its id, or the ARN of its root) where the caller's ARN would do. " +
				"Where that account was read whole, the message says who else in it may assume the role.",
			Why: "Every role and user of the account may assume the role once its own policies allow sts:AssumeRole on it, as those of administrators do. " +
				"Teleport's guides print such a trust policy: it works, with sts:AssumeRole in the caller's policies.",
			Mend:     "Name the caller's ARN. In the same account, the caller then needs no policy of its own for the hop.",
			Suppress: "When the account's own policies are meant to decide who assumes the role.",
			Sources:  []string{"reference_policies_elements_principal", "STS API reference, AssumeRole", "checkov, CKV_AWS_61"},
		},
		Run: runTrustAccountRoot,
	}
}

func runTrustAccountRoot(p *Pass) {
	for _, o := range p.openings() {
		whole := slices.DeleteFunc(o.awsPrincipals(), func(principal string) bool {
			// Without an external ID, another account is the business of
			// trust-cross-account-no-external-id.
			return !wholeAccount(principal) || slices.Contains(o.foreign(), principal)
		})
		if len(whole) > 0 && o.statement.Actions.Match(assumeRole) && !o.pins("aws:PrincipalArn") {
			p.reportWholeAccount(o, whole)
		}
	}
}

func (p *Pass) reportWholeAccount(o opening, whole []string) {
	f := p.finding(o.paper, o.statement)
	f.Resources = whole
	f.Fix = p.narrowTrust(o)
	f.Message = fmt.Sprintf("all of account %s is trusted", accountsOf(whole))
	if len(o.party.callers) > 0 {
		f.Message += fmt.Sprintf(", where %s would do", list(o.party.callers, 2))
	}
	others, known := p.mayAssume(o, whole)
	switch {
	case len(others) > 0:
		f.Message += fmt.Sprintf("; %s may assume it too", list(others, 3))
	case known:
		f.Message += "; at present nobody else in it is allowed to assume the role"
	}
	p.Report(f)
}

// maxAsked bounds how many principals of an account are asked about.
const maxAsked = 5000

// mayAssume are the principals of whole accounts, besides those that the
// configuration names, that may assume the role by this statement. known is
// false where an account was not read whole.
func (p *Pass) mayAssume(o opening, whole []string) (others []string, known bool) {
	known = true
	for _, principal := range whole {
		s := p.Accounts().Account(accountOf(principal))
		if s == nil || s.Partial || len(s.Gaps) > 0 || len(s.Roles)+len(s.Users) > maxAsked {
			known = false
			continue
		}
		for _, arn := range principalsOf(s) {
			if !p.configured(arn) && p.lets(o, arn) {
				others = append(others, arn)
			}
		}
	}
	return others, known
}

// principalsOf are the roles and users of an account but for those that only
// AWS's services assume.
func principalsOf(s *account.Snapshot) []string {
	var out []string
	for i := range s.Roles {
		if !strings.HasPrefix(s.Roles[i].Path, "/aws-service-role/") {
			out = append(out, s.Roles[i].ARN)
		}
	}
	for i := range s.Users {
		out = append(out, s.Users[i].ARN)
	}
	return out
}

// lets tells whether a principal may get in: nothing that is certain stands in
// its way. The external ID is left open.
func (p *Pass) lets(o opening, arn string) bool {
	caller, err := policy.ParseCaller(arn)
	if err != nil {
		return false
	}
	layers, _ := p.Accounts().Policies(arn)
	layers.Resource = o.source
	layers.RCPs = p.audit.holder(o.party.arn).layers.RCPs
	ctx := policy.NewContext(policy.KeyUnknown)
	k := knowledge{accounts: p.Accounts(), at: p.audit.takenAt}
	k.setTime(ctx)
	k.setPrincipal(ctx, arn, nil)
	k.setRoleTags(ctx, o.party.arn)
	answer := p.audit.decide(&policy.Request{Principal: caller, Action: assumeRole, Resource: o.party.arn, Context: ctx}, &layers)
	return answer.Decision == policy.Allowed || answer.Decision == policy.Undecided
}

func accountsOf(principals []string) string {
	var ids []string
	for _, principal := range principals {
		ids = append(ids, accountOf(principal))
	}
	return list(ids, 3)
}
