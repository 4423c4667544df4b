package checks

import (
	"fmt"

	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/policy"
)

func trustWildcardPrincipal() *Check {
	return &Check{
		ID:       "trust-wildcard-principal",
		Title:    "a principal of the trust policy has a wildcard",
		Severity: High,
		Specific: true,
		Doc: Doc{
			What:     "A principal of the trust policy holds `*` or `?` beside other text, such as `arn:aws:iam::111122223333:role/teleport-*`, or a service or identity provider has a wildcard.",
			Why:      "A principal is compared as it is written: such a one matches nobody, and AWS refuses to store it.",
			Mend:     "Name the principals in full; or trust the account and narrow it by a condition `ArnLike` on aws:PrincipalArn, where wildcards count.",
			Suppress: "Never: the entry lets nobody in.",
			Sources:  []string{"reference_policies_elements_principal", "access-analyzer-reference-policy-checks, Role trust policy unsupported wildcard in principal"},
		},
		Run: runTrustWildcardPrincipal,
	}
}

func runTrustWildcardPrincipal(p *Pass) {
	for _, d := range p.papers(policy.LayerTrust) {
		for _, st := range d.statements() {
			if wild := wildcardPrincipals(st); len(wild) > 0 {
				p.reportWildcards(d, st, wild)
			}
		}
	}
}

// wildcardPrincipals are the principals of a statement that hold a wildcard
// beside other text; for a service "*" alone is one too.
func wildcardPrincipals(st *policy.Statement) []string {
	var wild []string
	if st.Principals == nil || st.Principals.Not {
		return nil
	}
	for _, e := range st.Principals.Entries {
		if policy.HasWildcard(e.Value) && (e.Value != "*" || e.Type == policy.PrincipalService) {
			wild = append(wild, e.Value)
		}
	}
	return sortedSet(wild)
}

func (p *Pass) reportWildcards(d paper, st *policy.Statement, wild []string) {
	f := p.finding(d, st)
	verdicts := p.Verdicts()
	for i := range verdicts {
		v := &verdicts[i]
		if v.ID != expected.HopTrust || v.Resource != d.party.arn || !v.lacks(policy.LayerTrust) || st.Effect != policy.Allow || !meantBy(wild, v.Principal) {
			continue
		}
		if p.Claim(i, policy.LayerTrust) {
			f.Requirements = append(f.Requirements, v.ID)
			f.Position = v.Position
			f.Fix = p.editTrust(hopOf{v.Principal, v.Resource})
		}
	}
	f.Resources = wild
	f.Message = fmt.Sprintf("%s %s nobody: wildcards do not count in principals, and AWS refuses to store them", quoted(wild, 3), matchMatches(wild))
	if f.Fix == nil {
		f.Fix = &Fix{Kind: "edit-trust", Note: "name the principals in full, or trust the account and narrow it by ArnLike on aws:PrincipalArn"}
	}
	p.Report(f)
}

// meantBy tells whether somebody is whom principals with wildcards were meant
// for.
func meantBy(wild []string, arn string) bool {
	for _, w := range wild {
		if policy.CompilePattern(w).Match(arn) {
			return true
		}
	}
	return false
}

func matchMatches(of []string) string {
	if len(of) == 1 {
		return "matches"
	}
	return "match"
}
