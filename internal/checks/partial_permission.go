package checks

import (
	"fmt"

	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/policy"
)

func partialPermission() *Check {
	return &Check{
		ID:       "partial-permission",
		Title:    "only a part of the required resources is allowed",
		Severity: High,
		Doc: Doc{
			What:     "Policies of the holder allow some of the resources that a requirement needs, and not all; the witness is one that is not allowed.",
			Why:      "Connections work for some databases or logins and fail for others, which is harder to find than a permission that is wholly missing.",
			Mend:     "Widen the statement, or add the one that the finding carries. Where the configuration asks for more than people use, name the logins in db_users.",
			Suppress: "When the part that is not allowed is left out on purpose; better, narrow db_users so that the configuration says so.",
			Sources:  []string{"reference_policies_elements_resource"},
		},
		Run: runPartialPermission,
	}
}

func runPartialPermission(p *Pass) {
	var findings gather[missing]
	verdicts := p.Verdicts()
	for i := range verdicts {
		v := &verdicts[i]
		if v.Status != Partial || v.Side == expected.TrustSide || !v.lacks(policy.LayerIdentity) || !p.Claim(i, policy.LayerIdentity) {
			continue
		}
		f := findings.of(missing{principal: v.Principal, requirement: v.ID, layer: policy.LayerIdentity, severity: v.severity()}, v)
		f.Message = v.Purpose
		f.Layer = policy.LayerIdentity
		if len(v.Because) > 0 && f.Policy == "" {
			f.Citation = v.Because[0]
		}
	}
	findings.each(func(m missing, f *Finding) {
		f.Severity, f.Graded = m.severity, true
		f.Message = fmt.Sprintf("%s is allowed on a part of %s only, not on %s; needed %s", list(f.Actions, 3), list(f.Resources, 2), f.Witness, f.Message)
		f.Quote = p.Quote(f.Principal, f.Citation)
		f.Fix = p.addStatement(f)
		p.Report(*f)
	})
}
