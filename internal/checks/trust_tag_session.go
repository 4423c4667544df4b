package checks

import (
	"fmt"

	"github.com/iamcheck/iamcheck/internal/policy"
)

func trustTagSession() *Check {
	return &Check{
		ID:       "trust-tag-session",
		Title:    "session tags are configured and the trust policy does not allow sts:TagSession",
		Severity: High,
		Specific: true,
		Doc: Doc{
			What:     "aws.session_tags is set, so that Teleport tags the session of the database role, and the role's trust policy does not allow sts:TagSession for the caller.",
			Why:      "AWS refuses the whole sts:AssumeRole call.",
			Mend:     "Allow sts:TagSession beside sts:AssumeRole in the trust policy.",
			Suppress: "Never: the hop cannot work.",
			Sources:  []string{"id_session-tags", "Teleport documentation, DynamoDB"},
		},
		Run: runTrustTagSession,
	}
}

func runTrustTagSession(p *Pass) {
	var findings gather[hopOf]
	verdicts := p.Verdicts()
	for i := range verdicts {
		v := &verdicts[i]
		if v.ID != "hop/tag-session" || !v.lacks(policy.LayerTrust) || p.keptOut(hopOf{v.Principal, v.Resource}) || !p.Claim(i, policy.LayerTrust) {
			continue
		}
		h := hopOf{v.Principal, v.Resource}
		f := findings.of(h, v)
		f.Principal, f.Layer = h.target, policy.LayerTrust
		f.Citation = policy.Citation{Policy: trustPolicy, Kind: "trust", Statement: -1}
		f.Fix = p.editTrust(h)
		f.Message = fmt.Sprintf("session tags are configured, and the trust policy does not allow sts:TagSession for %s", h.caller)
	}
	findings.each(func(_ hopOf, f *Finding) { p.Report(*f) })
}
