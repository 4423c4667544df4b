package checks

import (
	"fmt"
	"strings"

	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/policy"
)

func trustMissing() *Check {
	return &Check{
		ID:       "trust-missing",
		Title:    "the role's trust policy does not let the caller assume it",
		Severity: High,
		Doc: Doc{
			What:     "No statement of the target role's trust policy lets the previous identity of the chain assume the role.",
			Why:      "sts:AssumeRole is refused, whatever the caller's own policies allow: AccessDenied on the role.",
			Mend:     "Add the statement that the finding carries to the trust policy. With an assume_role_arn, the database role must trust that role and not the agent.",
			Suppress: "When this login is not meant to work; better, take the role off db_users.",
			Sources:  []string{"STS API reference, AssumeRole", "reference_policies_elements_principal"},
		},
		Run: runTrustMissing,
	}
}

// hopOf is one hop: who calls, and which role is assumed.
type hopOf struct{ caller, target string }

func runTrustMissing(p *Pass) {
	var findings gather[hopOf]
	verdicts := p.Verdicts()
	for i := range verdicts {
		v := &verdicts[i]
		if v.ID != expected.HopTrust && v.ID != expected.HopTagSession || !v.lacks(policy.LayerTrust) || !p.Claim(i, policy.LayerTrust) {
			continue
		}
		h := hopOf{v.Principal, v.Resource}
		f := findings.of(h, v)
		if f.Message != "" {
			continue
		}
		f.Principal, f.Layer = h.target, policy.LayerTrust
		f.Citation = policy.Citation{Policy: trustPolicy, Kind: "trust", Statement: -1}
		f.Fix = p.editTrust(h)
		what := "assume this role"
		if v.ID == expected.HopTagSession {
			what = "tag sessions of this role"
		}
		f.Message = fmt.Sprintf("the trust policy does not let %s %s; %s", h.caller, what, p.trusts(v, f))
	}
	findings.each(func(h hopOf, f *Finding) {
		f.Quote = p.Quote(h.target, f.Citation)
		p.Report(*f)
	})
}

// keptOut tells whether a trust policy does not let the caller of a hop in at
// all, and no check has said so yet: that it does not let it tag sessions either
// is then no cause of its own.
func (p *Pass) keptOut(h hopOf) bool {
	verdicts := p.Verdicts()
	for i := range verdicts {
		v := &verdicts[i]
		if v.ID == expected.HopTrust && v.Principal == h.caller && v.Resource == h.target && v.lacks(policy.LayerTrust) && p.Free(i, policy.LayerTrust) {
			return true
		}
	}
	return false
}

// trusts says whom a role does trust. Where a statement names the caller and
// still does not let it in, that is said of the statement, and it is to blame.
func (p *Pass) trusts(v *RequirementVerdict, f *Finding) string {
	source := p.audit.trust(v.Resource)
	if source == nil || source.Document == nil {
		return "it could not be read"
	}
	caller, err := policy.ParseCaller(v.Principal)
	var named []string
	for i := range source.Document.Statements {
		st := &source.Document.Statements[i]
		if st.Effect != policy.Allow || st.Principals == nil {
			continue
		}
		if err == nil && !st.Malformed && st.Principals.Names(&caller) == policy.True {
			at, why := citeStatement(source, st), ""
			if keys := p.failing(st, v); len(keys) > 0 {
				why = fmt.Sprintf("its condition on %s does not hold", strings.Join(keys, ", "))
			}
			if !st.Actions.Match(v.Action) {
				why = "does not allow " + v.Action
			}
			if why != "" {
				f.Citation = at
				return fmt.Sprintf("%s names it, but %s", describe(at), why)
			}
		}
		for _, e := range st.Principals.Entries {
			named = append(named, e.Value)
		}
	}
	if len(named) == 0 {
		return "it trusts nobody"
	}
	return "it trusts " + strings.TrimSpace(list(named, 3))
}
