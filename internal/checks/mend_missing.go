package checks

import (
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// missing are the statements that are not there, for the requirements that no
// other step is for.
func (m *mender) missing(others []*mending) []*mending {
	var identity, boundary, trust []int
	for i := range m.report.Requirements {
		v := &m.report.Requirements[i]
		if !m.mendable(v) || slices.ContainsFunc(others, func(s *mending) bool { return m.standsIn(s, v) }) {
			continue
		}
		if v.Side == expected.TrustSide {
			if v.lacks(policy.LayerTrust) && (v.ID == expected.HopTrust || v.ID == expected.HopTagSession) && !m.asksAnother(v) {
				trust = append(trust, i)
			}
			continue
		}
		if v.lacks(policy.LayerIdentity) {
			identity = append(identity, i)
		}
		if v.lacks(policy.LayerBoundary) {
			boundary = append(boundary, i)
		}
	}
	return slices.Concat(
		m.additions(identity, expected.IdentityPolicy, policy.LayerIdentity),
		m.additions(boundary, expected.BoundaryPolicy, policy.LayerBoundary),
		m.additions(trust, expected.TrustPolicy, policy.LayerTrust),
	)
}

// standsIn tells whether a step already edits the statement that was meant for a
// requirement.
func (m *mender) standsIn(s *mending, v *RequirementVerdict) bool {
	return !m.tried[s.key] && slices.Contains(s.Requirements, v.ID) && (s.Principal == v.Principal || v.Side == expected.TrustSide && s.Principal == v.Resource)
}

// mendable tells whether a policy of the account can mend a requirement, and
// whether somebody wants it mended.
func (m *mender) mendable(v *RequirementVerdict) bool {
	switch {
	case v.Need == expected.NotNeeded || v.Status == Granted || v.Principal == "":
		return false
	case m.options.RequiredOnly && v.Need == expected.Recommended:
		return false
	case v.AnyOf != "":
		return false // what users may do with data is not for a tool to choose
	case v.OtherPartition || v.Hop == nil && v.lacks(policy.LayerTrust):
		return false
	case m.accounts.RoleByARN(v.Principal) == nil && m.accounts.UserByARN(v.Principal) == nil && v.Side == expected.IdentitySide:
		return false
	case v.Side == expected.TrustSide && m.accounts.RoleByARN(v.Resource) == nil:
		return false
	}
	return slices.ContainsFunc(m.report.Findings, func(f Finding) bool {
		return f.Suppressed == nil && slices.Contains(f.Requirements, v.ID) && slices.Contains(f.Databases, v.Database)
	})
}

// asksAnother tells of a hop whose trust policy asks for an external ID while
// Teleport sends none: the condition is somebody's safeguard, so that the
// configuration is what to mend.
func (m *mender) asksAnother(v *RequirementVerdict) bool {
	return slices.ContainsFunc(m.report.Requirements, func(w RequirementVerdict) bool {
		return w.ID == expected.HopExternalID && w.Principal == v.Principal && w.Resource == v.Resource && w.Status == Missing &&
			(w.Hop == nil || w.Hop.ExternalID == "")
	})
}

// additions are the statements of one kind for what lacks them, one step each.
func (m *mender) additions(lacking []int, kind expected.PolicyKind, layer policy.Layer) []*mending {
	requirements := make([]expected.Requirement, len(lacking))
	for i, at := range lacking {
		requirements[i] = m.report.Requirements[at].Requirement
	}
	var out []*mending
	for _, p := range expected.Statements(requirements) {
		for _, s := range p.Statements {
			if p.Kind != kind || p.Principal == "" || len(s.Placeholders()) > 0 {
				continue
			}
			out = append(out, m.addition(p, s, lacking, layer))
		}
	}
	return out
}

func (m *mender) addition(p expected.Policy, s expected.PolicyStatement, lacking []int, layer policy.Layer) *mending {
	a := &mending{
		MendStep: MendStep{Principal: p.Principal, Requirements: s.Requirements},
		key:      strings.Join([]string{layer.String(), p.Principal, s.SID, strings.Join(s.Resources, ","), strings.Join(s.Principals, ",")}, "\x00"),
		layer:    layer,
	}
	for _, i := range lacking {
		v := &m.report.Requirements[i]
		holder := v.Principal
		if layer == policy.LayerTrust {
			holder = v.Resource
		}
		if holder == p.Principal && slices.Contains(s.Requirements, v.ID) && slices.Contains(s.Actions, v.Action) {
			a.verdicts = append(a.verdicts, i)
			a.Severity = max(a.Severity, v.severity())
		}
	}
	switch layer {
	case policy.LayerTrust:
		a.What = "trust " + list(s.Principals, 2) + " with " + strings.Join(s.Actions, ", ") + ", " + s.Purpose
		a.apply = func(e *editor) error { return e.trust(p.Principal, s, m.sent(p.Principal)) }
		a.apart = func(e *editor) error { return e.trustApart(p.Principal, s) }
	case policy.LayerBoundary:
		a.What = "let the permissions boundary allow " + list(s.Actions, 3) + ", " + s.Purpose
		a.apply = func(e *editor) error { return e.ceiling(boundaryOf(m.accounts, p.Principal), s) }
	default:
		a.What = "allow " + list(s.Actions, 3) + ", " + s.Purpose
		a.apply = func(e *editor) error { return e.grant(p.Principal, s, m.report, false) }
		a.apart = func(e *editor) error { return e.grant(p.Principal, s, m.report, true) }
	}
	return a
}

// sent are the external IDs that the configuration sends to a role.
func (m *mender) sent(role string) []string {
	var out []string
	for i := range m.in.Requirements {
		if r := &m.in.Requirements[i]; r.Hop != nil && r.Hop.Target == role && r.Hop.ExternalID != "" {
			out = append(out, r.Hop.ExternalID)
		}
	}
	return out
}

func boundaryOf(accounts account.Accounts, entity string) string {
	if r := accounts.RoleByARN(entity); r != nil {
		return r.Boundary
	}
	if u := accounts.UserByARN(entity); u != nil {
		return u.Boundary
	}
	return ""
}
