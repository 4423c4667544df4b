package checks

import (
	"fmt"
	"strings"

	"github.com/iamcheck/iamcheck/internal/policy"
)

func layerUnread() *Check {
	return &Check{
		ID:       "layer-unread",
		Title:    "something that could decide was not read",
		Severity: Medium,
		Specific: true,
		Doc: Doc{
			What:     "An identity, a policy, a boundary or a trust policy that takes part in a configured chain could not be read, so that requirements are left unknown.",
			Why:      "What was not seen may allow or deny: iamcheck does not call it fine.",
			Mend:     "Give iamcheck the permission that the gap names, add the snapshot of the account, or allow the incomplete run with --allow-incomplete.",
			Suppress: "When the layer is known from elsewhere.",
			Sources:  []string{"reference_policies_evaluation-logic"},
		},
		Run: runLayerUnread,
	}
}

// unreadPart is what was not read, and of whom.
type unreadPart struct {
	principal, policy string
}

func runLayerUnread(p *Pass) {
	var findings gather[unreadPart]
	verdicts := p.Verdicts()
	for i := range verdicts {
		v := &verdicts[i]
		if v.Status != Undecided || v.cutShort() {
			continue
		}
		p.Claim(i, v.Layer)
		subject := p.faulty(v, v.Layer)
		for _, u := range v.Unread {
			f := findings.of(unreadPart{subject, u.Policy}, v)
			f.Principal, f.Layer, f.Outcome = subject, v.Layer, Unknown
			if u.Kind != "" {
				f.Citation = u
			}
		}
	}
	findings.each(func(u unreadPart, f *Finding) {
		verb := "was"
		if strings.HasPrefix(u.policy, "policies of ") {
			verb = "were"
		}
		f.Message = fmt.Sprintf("%s %s not read; %s cannot be judged", u.policy, verb, list(f.Requirements, 4))
		if f.Layer == policy.LayerTrust && u.policy == trustPolicy {
			f.Message = fmt.Sprintf("the trust policy of %s was not read; %s cannot be judged", u.principal, list(f.Requirements, 4))
		}
		p.Report(*f)
	})
}
