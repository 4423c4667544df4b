package checks

import (
	"fmt"

	"github.com/iamcheck/iamcheck/internal/policy"
)

func boundaryBlocks() *Check {
	return &Check{
		ID:       "boundary-blocks",
		Title:    "the permissions boundary does not allow a required permission",
		Severity: High,
		Specific: true,
		Doc: Doc{
			What: "The identity has a permissions boundary, and the boundary does not allow a required permission. " +
				"That holds for sts:AssumeRole too where a trust policy names the role's ARN. Medium where only metadata is blocked, low where all of it is recommended.",
			Why:      "A boundary is a ceiling: what it does not allow is not allowed, whatever the policies grant.",
			Mend:     "Add the statement that the finding carries to the boundary policy.",
			Suppress: "When the boundary is there to keep the identity from this database.",
			Sources:  []string{"access_policies_boundaries", "reference_policies_evaluation-logic_policy-eval-denyallow"},
		},
		Run: runBoundaryBlocks,
	}
}

func runBoundaryBlocks(p *Pass) {
	var findings gather[string]
	verdicts := p.Verdicts()
	for i := range verdicts {
		v := &verdicts[i]
		if !v.lacks(policy.LayerBoundary) || !p.Claim(i, policy.LayerBoundary) {
			continue
		}
		f := findings.of(v.Principal, v)
		f.grade(v)
		f.Layer = policy.LayerBoundary
		f.Citation = policy.Citation{Policy: p.boundary(v.Principal), Kind: "boundary", Statement: -1}
	}
	findings.each(func(_ string, f *Finding) {
		f.Message = fmt.Sprintf("the permissions boundary %s does not allow %s, which the configured databases need", f.Policy, list(f.Actions, 4))
		if f.Witness != "" {
			f.Message = fmt.Sprintf("the permissions boundary %s allows %s on only a part of what the configured databases need, not on %s", f.Policy, list(f.Actions, 4), f.Witness)
		}
		f.Fix = p.addStatement(f)
		f.Fix.Kind = "edit-boundary"
		p.Report(*f)
	})
}

// boundary is the ARN of a principal's permissions boundary.
func (p *Pass) boundary(principal string) string {
	sources := p.audit.holder(principal).layers.Boundary
	if len(sources) == 0 {
		return ""
	}
	return sources[0].Name
}
