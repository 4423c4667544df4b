package checks

import (
	"fmt"

	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/policy"
)

func trustDeadPrincipal() *Check {
	return &Check{
		ID:       "trust-dead-principal",
		Title:    "the trust policy names a principal that was deleted",
		Severity: High,
		Specific: true,
		Doc: Doc{
			What: "The trust policy shows a unique id (AROA…, AIDA…) in place of an ARN: AWS does so once the role or user was deleted. " +
				"Low where every hop of the configuration works all the same.",
			Why:      "A role that was made again under the same name has another id: the entry never matches it, though everything looks right in Terraform or CloudFormation.",
			Mend:     "Write the principal's ARN into the trust policy again.",
			Suppress: "When the entry is left over and harms nobody; better, remove it.",
			Sources:  []string{"reference_policies_elements_principal"},
		},
		Run: runTrustDeadPrincipal,
	}
}

func runTrustDeadPrincipal(p *Pass) {
	seen := map[string]bool{}
	for _, id := range p.Identities() {
		if seen[id.ARN] {
			continue
		}
		seen[id.ARN] = true
		source := p.audit.trust(id.ARN)
		if source == nil || source.Document == nil {
			continue
		}
		for i := range source.Document.Statements {
			st := &source.Document.Statements[i]
			if dead := deadPrincipals(st); len(dead) > 0 {
				p.reportDead(id, citeStatement(source, st), dead)
			}
		}
	}
}

// deadPrincipals are the unique ids that an Allow statement names.
func deadPrincipals(st *policy.Statement) []string {
	var dead []string
	if st.Effect != policy.Allow || st.Principals == nil {
		return nil
	}
	for _, e := range st.Principals.Entries {
		if e.Type == policy.PrincipalAWS && policy.IsUniqueID(e.Value) {
			dead = append(dead, e.Value)
		}
	}
	return dead
}

func (p *Pass) reportDead(id expected.Identity, at policy.Citation, dead []string) {
	f := Finding{Principal: id.ARN, Layer: policy.LayerTrust, Citation: at, Severity: Low, Graded: true, Position: id.Position, Databases: id.Databases}
	f.Message = fmt.Sprintf("the trust policy names %s, the id of a principal that was deleted; it lets nobody in", list(dead, 3))
	f.Fix = &Fix{Kind: "remove-statement", Note: "remove the entry, or write the ARN of the principal that was made anew"}
	stopped := map[hopOf]bool{} // hops that do not work for it
	verdicts := p.Verdicts()
	for i := range verdicts {
		v := &verdicts[i]
		h := hopOf{v.Principal, v.Resource}
		spoiled := v.ID == expected.HopTrust || v.ID == expected.HopTagSession && stopped[h]
		if !spoiled || v.Resource != id.ARN || !v.lacks(policy.LayerTrust) || !p.Claim(i, policy.LayerTrust) {
			continue
		}
		stopped[h] = true
		f.add(v)
		f.Severity = High
		f.Fix = p.editTrust(h)
	}
	f.Quote = p.Quote(id.ARN, at)
	p.Report(f)
}
