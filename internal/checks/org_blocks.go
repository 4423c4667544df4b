package checks

import (
	"fmt"

	"github.com/iamcheck/iamcheck/internal/policy"
)

func orgBlocks() *Check {
	return &Check{
		ID:       "org-blocks",
		Title:    "an organization policy does not allow a required permission",
		Severity: High,
		Specific: true,
		Doc: Doc{
			What: "At some level between the organization's root and the account, no service control policy allows a required permission. " +
				"Medium where only metadata is blocked, low where all of it is recommended.",
			Why:      "Every level must allow; nothing in the account can make up for a level that does not.",
			Mend:     "Ask those who keep the organization's policies to allow the actions at the level that the finding names.",
			Suppress: "When the organization means to keep the service out of this account.",
			Sources:  []string{"orgs_manage_policies_scps_evaluation"},
		},
		Run: runOrgBlocks,
	}
}

// level is one level of an organization's policies, as it meets a principal.
type level struct {
	principal string
	layer     policy.Layer
	at        int
}

func runOrgBlocks(p *Pass) {
	var findings gather[level]
	verdicts := p.Verdicts()
	for i := range verdicts {
		v := &verdicts[i]
		for _, l := range v.Blocks {
			organization := l.Layer == policy.LayerSCP || l.Layer == policy.LayerRCP
			if !organization || l.Decision != policy.ImplicitlyDenied || !p.Claim(i, l.Layer) {
				continue
			}
			f := findings.of(level{v.Principal, l.Layer, l.Level}, v)
			f.Layer = l.Layer
			f.grade(v)
		}
	}
	findings.each(func(l level, f *Finding) {
		f.Message = fmt.Sprintf("no %s at level %d (0 is the organization's root) allows %s, which the configured databases need", l.layer, l.at, list(f.Actions, 4))
		f.Fix = p.addStatement(f)
		f.Fix.Note = "the statement belongs in an organization policy at that level"
		p.Report(*f)
	})
}
