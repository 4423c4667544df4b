package checks

import (
	"fmt"

	"github.com/iamcheck/iamcheck/internal/policy"
)

func deniedPermission() *Check {
	return &Check{
		ID:       "denied-permission",
		Title:    "an explicit Deny takes a required permission",
		Severity: High,
		Doc: Doc{
			What: "A Deny statement of an identity policy, the permissions boundary, a trust policy, an SCP or an RCP takes a required permission, wholly or in part. " +
				"Medium where only metadata is denied, low where all of it is recommended.",
			Why:      "An explicit Deny overrides every Allow: no added statement can mend it.",
			Mend:     "Narrow the Deny, or exempt the identity in its condition.",
			Suppress: "When the denial is meant to hold and the database is not to be reached from here.",
			Sources:  []string{"reference_policies_evaluation-logic_policy-eval-denyallow"},
		},
		Run: runDeniedPermission,
	}
}

// denial is one Deny statement and the principal that it stops.
type denial struct {
	principal string
	by        policy.Citation
}

func runDeniedPermission(p *Pass) {
	var findings gather[denial]
	stopped := map[denial][]string{} // the identities whose calls are denied
	verdicts := p.Verdicts()
	for i := range verdicts {
		v := &verdicts[i]
		for _, l := range v.Blocks {
			if l.Decision != policy.ExplicitlyDenied || !p.Claim(i, l.Layer) {
				continue
			}
			for _, by := range l.Because {
				d := denial{p.faulty(v, l.Layer), by}
				stopped[d] = append(stopped[d], v.Principal)
				f := findings.of(d, v)
				f.Principal, f.Layer, f.Citation = d.principal, l.Layer, by
				if f.Message == "" || v.severity() > f.Severity {
					f.Message = v.Purpose // of what weighs most
				}
				f.grade(v)
			}
		}
	}
	findings.each(func(d denial, f *Finding) {
		f.Message = fmt.Sprintf("%s on %s is denied by %s; needed %s", list(f.Actions, 3), list(f.Resources, 2), describe(d.by), f.Message)
		f.Quote = p.Quote(f.Principal, d.by)
		f.Fix = &Fix{Kind: "none", Note: "an explicit Deny cannot be mended by allowing: narrow this statement, or exempt " + list(stopped[d], 3) + " in its condition"}
		p.Report(*f)
	})
}

// faulty is the identity whose document a finding is about: for a trust policy
// or an RCP the role that is assumed, else the holder (design 5.18).
func (p *Pass) faulty(v *RequirementVerdict, layer policy.Layer) string {
	if v.Hop != nil && (layer == policy.LayerTrust || layer == policy.LayerRCP) {
		return v.Resource
	}
	return v.Principal
}
