package checks

import (
	"fmt"
	"slices"

	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/policy"
)

func trustExtraPrincipal() *Check {
	return &Check{
		ID:       "trust-extra-principal",
		Title:    "the role trusts somebody whom the configuration does not name",
		Severity: Medium,
		Whole:    true,
		Doc: Doc{
			What: "The trust policy of a database role lets in principals, services or identity providers that are nobody of the configuration. " +
				"Low for a role of `assume_role_arn`, which may serve others too. What has a check of its own (`*`, whole accounts, other accounts without external ID) is left to it, " +
				"and trust-missing says whom a role trusts that does not trust its caller.",
			Why:      "They reach the database's data past Teleport: without its access requests, session recording and audit log.",
			Mend:     "Remove the principals, or give those who need the data another way a role of their own.",
			Suppress: "When the role is meant to be shared, for example with an application or for break-glass access.",
			Sources:  []string{"reference_policies_elements_principal", "Teleport, database access"},
		},
		Run: runTrustExtraPrincipal,
	}
}

func runTrustExtraPrincipal(p *Pass) {
	for _, o := range p.openings() {
		if o.party.is(expected.Agent) || o.statement.Principals.Not || p.shutOut(o.party.arn) {
			continue
		}
		if extra := p.extraPrincipals(o); len(extra) > 0 {
			f := p.finding(o.paper, o.statement)
			f.Resources = extra
			f.Message = fmt.Sprintf("the role trusts %s, which the configuration does not name", quoted(extra, 3))
			if !o.party.is(expected.DatabaseRole) {
				f.graded(Low)
				f.Message += "; as a role of assume_role_arn it may serve others too"
			}
			f.Fix = p.narrowTrust(o)
			p.Report(f)
		}
	}
}

// shutOut tells whether a role does not trust a caller that the configuration
// gives it: whom it trusts instead is then probably whom somebody took for that
// caller.
func (p *Pass) shutOut(role string) bool {
	return slices.ContainsFunc(p.Verdicts(), func(v RequirementVerdict) bool {
		return v.ID == expected.HopTrust && v.Resource == role && v.lacks(policy.LayerTrust)
	})
}

func (p *Pass) extraPrincipals(o opening) []string {
	foreign := o.foreign()
	var extra []string
	for _, e := range o.statement.Principals.Entries {
		switch {
		case policy.HasWildcard(e.Value) || e.Type == policy.PrincipalAWS && (wholeAccount(e.Value) || accountOf(e.Value) == ""):
		case e.Type == policy.PrincipalAWS && slices.Contains(foreign, e.Value):
		case slices.ContainsFunc(p.Identities(), func(id expected.Identity) bool { return names(e.Value, id.ARN) }):
		default:
			extra = append(extra, e.Value)
		}
	}
	return sortedSet(extra)
}
