package checks

import (
	"fmt"
	"unicode"

	"github.com/iamcheck/iamcheck/internal/policy"
)

func policySize() *Check {
	return &Check{
		ID:       "policy-size",
		Title:    "a policy is near AWS's quota",
		Severity: Info,
		Doc: Doc{
			What: "An inline policy, the inline policies of an identity together, a managed policy or a trust policy has nine tenths of the characters that AWS allows, or an identity has as many managed policies as may be attached. " +
				"White space does not count. Medium where what the findings of this report propose to add would not fit.",
			Why:      "AWS refuses the change that would mend the other findings.",
			Mend:     "Merge statements and take out those that are not needed; or put statements into a managed policy of their own. AWS raises some of the quotas on request.",
			Suppress: "When nothing is to be added.",
			Sources:  []string{"reference_iam-quotas"},
		},
		Run: runPolicySize,
	}
}

// The quotas of reference_iam-quotas, in characters without white space.
const (
	quotaManaged      = 6144
	quotaTrust        = 2048 // by default; 4096 on request
	quotaRoleInline   = 10240
	quotaUserInline   = 2048
	quotaAttached     = 10 // by default; 20 on request
	newPolicyOverhead = 45 // of a document around its statements
)

func runPolicySize(p *Pass) {
	for _, w := range p.parties() {
		s := p.sizesOf(w)
		add, trust := p.proposed(w.arn)
		p.inlineSize(w, s, add)
		p.trustSize(w, s, trust)
		p.managedSizes(w)
	}
}

// sizes are how much of its quotas an identity uses.
type sizes struct {
	inline, quota, attached, trust int
}

func (p *Pass) sizesOf(w *party) sizes {
	h := p.audit.holder(w.arn)
	s := sizes{quota: quotaRoleInline}
	if caller, err := policy.ParseCaller(w.arn); err == nil && caller.Kind == policy.CallerUser {
		s.quota = quotaUserInline
	}
	for i := range h.layers.Identity {
		switch source := &h.layers.Identity[i]; {
		case source.Kind == "managed":
			s.attached++
		case source.Document != nil:
			s.inline += counted(source.Document.Text)
		}
	}
	if h.trust.Document != nil {
		s.trust = counted(h.trust.Document.Text)
	}
	return s
}

// counted is how many characters AWS counts of a document: all but white space.
func counted(text []byte) int {
	n := 0
	for _, r := range string(text) {
		if !unicode.IsSpace(r) {
			n++
		}
	}
	return n
}

// proposed is how many characters the findings so far propose to add to an
// identity's policies and to its trust policy.
func (p *Pass) proposed(principal string) (identity, trust int) {
	for i := range p.audit.findings {
		f := &p.audit.findings[i]
		if f.Principal != principal || f.Fix == nil {
			continue
		}
		switch f.Fix.Kind {
		case "add-statement":
			identity += counted(f.Fix.Document)
		case "edit-trust":
			trust = max(trust, counted(f.Fix.Document))
		}
	}
	return identity, trust
}

// inlineSize: what is proposed fits where the inline policies have room, or
// another managed policy may be attached.
func (p *Pass) inlineSize(w *party, s sizes, add int) {
	f := Finding{Principal: w.arn, Layer: policy.LayerIdentity, Databases: w.databases, Position: w.position}
	if full := s.attached >= quotaAttached; full {
		f.Message = fmt.Sprintf("%d managed policies are attached, and AWS allows %d unless it is asked for more", s.attached, quotaAttached)
	}
	needed := 0
	if add > 0 {
		needed = add + newPolicyOverhead
	}
	fits := s.inline+needed <= s.quota || s.attached < quotaAttached && needed <= quotaManaged
	if near(s.inline, s.quota) {
		f.Message = and(f.Message, fmt.Sprintf("the inline policies have %d of %d characters", s.inline, s.quota))
	}
	if !fits {
		f.graded(Medium)
		f.Message = and(f.Message, fmt.Sprintf("what this report proposes to add has %d more, which do not fit", needed))
	}
	if f.Message != "" {
		f.Fix = &Fix{Kind: "none", Note: "merge statements, or put them into a managed policy"}
		p.Report(f)
	}
}

func (p *Pass) trustSize(w *party, s sizes, add int) {
	if !near(s.trust, quotaTrust) && (add == 0 || s.trust+add <= quotaTrust) {
		return
	}
	f := Finding{Principal: w.arn, Layer: policy.LayerTrust, Databases: w.databases, Position: w.position}
	f.Citation = policy.Citation{Policy: trustPolicy, Kind: "trust", Statement: -1}
	f.Message = fmt.Sprintf("the trust policy has %d characters, and AWS allows %d unless it is asked for more", s.trust, quotaTrust)
	if add > 0 && s.trust+add > quotaTrust {
		f.graded(Medium)
		f.Message += fmt.Sprintf("; what this report proposes to add has %d", add)
	}
	f.Fix = &Fix{Kind: "none", Note: "merge statements, or ask AWS for a higher quota"}
	p.Report(f)
}

func (p *Pass) managedSizes(w *party) {
	h := p.audit.holder(w.arn)
	for _, layer := range []policy.Layer{policy.LayerIdentity, policy.LayerBoundary} {
		for _, source := range h.of(layer) {
			if source.Document == nil || source.Kind == "inline" || awsManaged(source.Name) {
				continue
			}
			if n := counted(source.Document.Text); near(n, quotaManaged) {
				f := p.finding(paper{w, source, layer}, nil)
				f.Message = fmt.Sprintf("the policy has %d of %d characters", n, quotaManaged)
				f.Fix = &Fix{Kind: "none", Note: "merge statements, or put some into another policy"}
				p.Report(f)
			}
		}
	}
}

// near tells that nine tenths of a quota are used.
func near(n, quota int) bool { return n*10 >= quota*9 }

func and(a, b string) string {
	if a == "" {
		return b
	}
	return a + "; " + b
}
