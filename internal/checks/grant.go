package checks

import (
	"slices"

	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// grant is an Allow statement of an identity's own policies.
type grant struct {
	source    *policy.Source
	statement *policy.Statement
}

// grants are the Allow statements of a principal's identity policies that AWS
// honours, in their order.
func (p *Pass) grants(principal string) []grant {
	var out []grant
	layers := p.audit.holder(principal).layers
	for i := range layers.Identity {
		s := &layers.Identity[i]
		if s.Document == nil {
			continue
		}
		for j := range s.Document.Statements {
			if st := &s.Document.Statements[j]; st.Effect == policy.Allow && !st.Malformed {
				out = append(out, grant{s, st})
			}
		}
	}
	return out
}

// cite points at the grant.
func (g grant) cite() policy.Citation { return citeStatement(g.source, g.statement) }

// holders are the principals of the requirements on the identity side that are
// judged, each once, in their order.
func (p *Pass) holders() []string {
	var out []string
	verdicts := p.Verdicts()
	for i := range verdicts {
		v := &verdicts[i]
		if v.Side == expected.IdentitySide && v.Principal != "" && v.Status != NotNeeded && !slices.Contains(out, v.Principal) {
			out = append(out, v.Principal)
		}
	}
	return out
}

// standsFor are the indexes of the verdicts that a grant was meant for: its
// actions take in the requirement's, which the identity policies do not allow.
func (p *Pass) standsFor(principal string, g grant, meant func(*RequirementVerdict) bool) []int {
	var out []int
	verdicts := p.Verdicts()
	for i := range verdicts {
		v := &verdicts[i]
		if v.Principal != principal || v.Side != expected.IdentitySide || !v.lacks(policy.LayerIdentity) {
			continue
		}
		if g.statement.Actions.Match(v.Action) && meant(v) && p.Free(i, policy.LayerIdentity) {
			out = append(out, i)
		}
	}
	return out
}
