package checks

import (
	"fmt"
	"slices"

	"github.com/iamcheck/iamcheck/internal/policy"
)

func trustCrossAccountNoExternalID() *Check {
	return &Check{
		ID:       "trust-cross-account-no-external-id",
		Title:    "another account is trusted without an external ID",
		Severity: High,
		Doc: Doc{
			What: "The trust policy of a configured role names a principal of another account, and asks for no sts:ExternalId. " +
				"Medium in the same organization, and for an identity that the configuration itself names as the caller.",
			Why: "Whoever gets the other account to assume a role on his behalf gets this one too: the confused deputy. " +
				"Teleport assumes whatever role a database resource names.",
			Mend:     "Ask for an sts:ExternalId that nobody can guess, and set the same external_id in Teleport. Remove accounts that need no access.",
			Suppress: "When the other account is yours, and nothing in it assumes roles that others name.",
			Sources:  []string{"confused-deputy", "id_roles_common-scenarios_third-party", "Teleport, external_id"},
		},
		Run: runTrustCrossAccountNoExternalID,
	}
}

func runTrustCrossAccountNoExternalID(p *Pass) {
	for _, o := range p.openings() {
		if foreign := o.foreign(); len(foreign) > 0 {
			p.reportCrossAccount(o, foreign)
		}
	}
}

// foreign are the principals of other accounts that a statement lets in without
// an external ID. Other partitions cannot be trusted at all.
func (o opening) foreign() []string {
	if !o.statement.Actions.Match(assumeRole) || o.pins(externalKey) {
		return nil
	}
	own, _ := policy.ParseARN(o.party.arn)
	return slices.DeleteFunc(o.awsPrincipals(), func(principal string) bool {
		arn, ok := policy.ParseARN(principal)
		return accountOf(principal) == own.Account || ok && arn.Partition != own.Partition
	})
}

func (p *Pass) reportCrossAccount(o opening, foreign []string) {
	f := p.finding(o.paper, o.statement)
	f.Resources = foreign
	f.graded(Medium)
	mitigated := ""
	for _, principal := range foreign {
		why := p.closeTo(o, principal)
		if why == "" {
			f.Severity = High
		}
		mitigated = why
	}
	f.Message = fmt.Sprintf("%s %s trusted, of another account than the role's, and no sts:ExternalId is asked for", quoted(foreign, 3), isAre(foreign))
	if f.Severity == Medium {
		f.Message += "; " + mitigated
	}
	f.Fix = &Fix{Kind: "edit-trust", Note: `add the condition {"StringEquals": {"sts:ExternalId": "…"}} to the statement, and the same value as external_id to the configuration`}
	p.Report(f)
}

// closeTo says what makes a principal of another account less of a stranger; ""
// for nothing.
func (p *Pass) closeTo(o opening, principal string) string {
	switch {
	case p.configured(principal):
		return "the configuration names it"
	case o.pins("aws:PrincipalOrgID") || o.pins("aws:PrincipalOrgPaths"):
		return "the statement asks for an organization"
	case p.sameOrganization(o.account(), accountOf(principal)):
		return "both accounts are of one organization"
	default:
		return ""
	}
}

// sameOrganization tells whether two accounts are known to be of one
// organization.
func (p *Pass) sameOrganization(a, b string) bool {
	organization := func(id string) (org, management string) {
		if s := p.Accounts().Account(id); s != nil && s.Organization != nil {
			return s.Organization.ID, s.Organization.ManagementAccount
		}
		return "", ""
	}
	orgA, managementA := organization(a)
	orgB, managementB := organization(b)
	return orgA != "" && orgA == orgB || managementA != "" && managementA == b || managementB != "" && managementB == a
}
