package checks

import "github.com/iamcheck/iamcheck/internal/policy"

func trustNotPrincipal() *Check {
	return &Check{
		ID:       "trust-not-principal",
		Title:    "the trust policy trusts everybody but those it names",
		Severity: High,
		Doc: Doc{
			What:     "A statement of a trust policy has Allow with NotPrincipal.",
			Why:      "It means everybody in AWS but a few. AWS does not support it in trust policies and refuses the document, so that a change with it fails, or the role cannot be assumed.",
			Mend:     "Name who is trusted in Principal; deny the others with a condition on aws:PrincipalArn.",
			Suppress: "Never.",
			Sources:  []string{"reference_policies_elements_notprincipal", "access-analyzer-reference-policy-checks, Allow with NotPrincipal"},
		},
		Run: runTrustNotPrincipal,
	}
}

func runTrustNotPrincipal(p *Pass) {
	for _, d := range p.papers(policy.LayerTrust) {
		for i := range d.source.Document.Statements {
			st := &d.source.Document.Statements[i]
			if st.Effect != policy.Allow || st.Principals == nil || !st.Principals.Not {
				continue
			}
			f := p.finding(d, st)
			f.Message = "NotPrincipal with Allow trusts everybody in AWS but those it names; AWS does not support it in a trust policy"
			f.Fix = p.narrowTrust(opening{d, st})
			p.Report(f)
		}
	}
}
