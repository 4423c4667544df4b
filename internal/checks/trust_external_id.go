package checks

import (
	"fmt"

	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/policy"
)

func trustExternalID() *Check {
	return &Check{
		ID:       "trust-external-id",
		Title:    "the external ID that is configured is not the one that the trust policy asks for",
		Severity: High,
		Specific: true,
		Doc: Doc{
			What:     "The trust policy asks for an sts:ExternalId other than the one that Teleport sends, or asks for one where Teleport sends none.",
			Why:      "sts:AssumeRole is refused.",
			Mend:     "Make external_id of the configuration and the condition of the trust policy the same.",
			Suppress: "Never: the hop cannot work.",
			Sources:  []string{"id_roles_common-scenarios_third-party", "STS API reference, AssumeRole"},
		},
		Run: runTrustExternalID,
	}
}

func runTrustExternalID(p *Pass) {
	var findings gather[hopOf]
	verdicts := p.Verdicts()
	for i := range verdicts {
		v := &verdicts[i]
		if v.ID != expected.HopExternalID || v.Status != Missing && v.Status != Denied || len(v.Because) == 0 {
			continue
		}
		h := hopOf{v.Principal, v.Resource}
		f := findings.of(h, v)
		f.Principal, f.Layer, f.Citation = h.target, policy.LayerTrust, v.Because[0]
		f.Message = p.externalIDMessage(v)
		f.Fix = p.editTrust(h)
		if v.Status == Denied {
			f.Fix = &Fix{Kind: "none", Note: "this is a Deny: write the external ID of the configuration into its condition, or the trust policy's into the configuration"}
		}
		p.claimHop(h, f)
	}
	findings.each(func(_ hopOf, f *Finding) {
		f.Quote = p.Quote(f.Principal, f.Citation)
		p.Report(*f)
	})
}

func (p *Pass) externalIDMessage(v *RequirementVerdict) string {
	sent, asked := "no external ID", "one"
	if v.Hop != nil && v.Hop.ExternalID != "" {
		sent, asked = fmt.Sprintf("the external ID %q", v.Hop.ExternalID), "another"
	}
	return fmt.Sprintf("Teleport sends %s when %s assumes this role, and the trust policy asks for %s", sent, v.Principal, asked)
}

// claimHop takes the trust side of a hop, where nothing but the external ID
// stands in its way.
func (p *Pass) claimHop(h hopOf, f *Finding) {
	verdicts := p.Verdicts()
	for i := range verdicts {
		v := &verdicts[i]
		if v.Side != expected.TrustSide || v.Principal != h.caller || v.Resource != h.target || v.ID == expected.HopExternalID {
			continue
		}
		if (v.Status == Missing || v.Status == Denied) && p.worksBut(v, "sts:ExternalId") && p.Claim(i, policy.LayerTrust) {
			f.add(v)
		}
	}
}

// worksBut tells whether a hop's trust side could work if one context key had
// the right value.
func (p *Pass) worksBut(v *RequirementVerdict, key string) bool {
	ctx := p.audit.requestContext(&v.Requirement)
	ctx.SetState(key, policy.KeyUnknown)
	answer := p.audit.askTrust(&v.Requirement, ctx)
	for _, l := range answer.Layers {
		if l.Decision == policy.ImplicitlyDenied || l.Decision == policy.ExplicitlyDenied {
			return false
		}
	}
	return true
}
