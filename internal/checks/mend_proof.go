package checks

import (
	"fmt"
	"slices"

	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// objection says why a step is not offered, by the audit of the picture with it:
// it does not mend what it is for, it takes something away that is needed, or it
// brings a new finding as grave as what it mends. "" is no objection.
func (m *mender) objection(s *mending, after *Report) string {
	if why := m.unmended(s, after); why != "" {
		return why
	}
	for i := range after.Requirements {
		was, is := &m.report.Requirements[i], &after.Requirements[i]
		if worth[is.Status] < worth[was.Status] {
			return fmt.Sprintf("%s on %s, which is %s, would be %s", is.Action, is.Resource, was.Status, is.Status)
		}
	}
	for _, f := range m.fresh(after) {
		if f.Severity >= s.Severity {
			return fmt.Sprintf("it would raise %s (%s): %s", f.Check, f.Severity, f.Message)
		}
	}
	return ""
}

// unmended says what a step leaves as it was that it is there to mend; "" for
// nothing.
func (m *mender) unmended(s *mending, after *Report) string {
	if s.fingerprint != "" && slices.ContainsFunc(after.Findings, func(f Finding) bool { return f.Fingerprint == s.fingerprint }) {
		return "the finding would stay"
	}
	for _, i := range s.verdicts {
		if v := &after.Requirements[i]; v.lacks(s.layer) {
			return fmt.Sprintf("%s on %s would still not be allowed by this layer", v.Action, v.Resource)
		}
	}
	return ""
}

// fresh are the findings of a report that the one so far does not have. A finding
// whose statement moved, or that lists less than before, is not new; neither is
// one about requirements that were not met before.
func (m *mender) fresh(after *Report) []*Finding {
	was := map[string]bool{}
	for i := range m.report.Findings {
		was[m.report.Findings[i].Fingerprint] = true
	}
	var out []*Finding
	for i := range after.Findings {
		f := &after.Findings[i]
		if was[f.Fingerprint] || f.Suppressed != nil || m.unmet(f) || slices.ContainsFunc(m.report.Findings, func(g Finding) bool { return f.within(&g) }) {
			continue
		}
		out = append(out, f)
	}
	return out
}

// within tells whether a finding is what is left of another one.
func (f *Finding) within(g *Finding) bool {
	if f.Check != g.Check || f.Principal != g.Principal || f.Severity > g.Severity || f.Policy != g.Policy {
		return false
	}
	same := f.SID == g.SID && f.SID != "" || f.Quote == g.Quote && f.Quote != "" || f.Pointer == g.Pointer
	return same && subset(f.Actions, g.Actions) && subset(f.Resources, g.Resources)
}

func subset(part, whole []string) bool {
	return !slices.ContainsFunc(part, func(s string) bool { return !slices.Contains(whole, s) })
}

// needChecks say that a requirement is not met, each by another cause.
var needChecks = []string{
	"missing-permission", "partial-permission", "denied-permission", "boundary-blocks", "org-blocks", "conditional-permission",
	"trust-missing", "trust-external-id", "trust-tag-session", "layer-unread",
}

// unmet tells of a finding that only says of requirements which were not met
// before what else stands in their way.
func (m *mender) unmet(f *Finding) bool {
	if !slices.Contains(needChecks, f.Check) || len(f.Requirements) == 0 {
		return false
	}
	for i := range m.report.Requirements {
		v := &m.report.Requirements[i]
		if slices.Contains(f.Requirements, v.ID) && slices.Contains(f.Databases, v.Database) && worth[v.Status] < worth[Granted] {
			return true
		}
	}
	return false
}

// left are the findings that the change does not mend, with what to do about
// them.
func (m *mender) left() []Unmended {
	var out []Unmended
	for i := range m.report.Findings {
		f := m.report.Findings[i]
		if f.Suppressed == nil {
			out = append(out, Unmended{f, m.tell(&f)})
		}
	}
	return out
}

// tell says what to do about a finding that no policy of the account can mend, or
// that is somebody's to decide.
func (m *mender) tell(f *Finding) string {
	switch {
	case f.Check == "trust-external-id" && m.sendsNone(f):
		return "write the external ID that the trust policy asks for into external_id of the configuration; the condition keeps strangers out, so that iamcheck does not take it away"
	case f.Check == "conditional-permission":
		return "tell the configuration what the message names; what turns on the request itself, only a connection shows"
	case f.Check == "layer-unread":
		return "read the layer: the gaps say which call was refused"
	case m.unnamed(f) != "":
		return "tell the configuration " + m.unnamed(f) + ", without which no statement can be written"
	case m.someOf(f):
		return "grant what users are to do with the data; that is not for iamcheck to choose"
	case f.Fix != nil && f.Fix.Note != "" && len(f.Fix.Document) == 0:
		return f.Fix.Note
	}
	if c := ByID(f.Check); c != nil {
		return c.Doc.Mend
	}
	return ""
}

// sendsNone tells whether the configuration has no external ID for the hops of a
// finding.
func (m *mender) sendsNone(f *Finding) bool {
	return slices.ContainsFunc(m.report.Requirements, func(v RequirementVerdict) bool {
		return v.ID == expected.HopExternalID && v.Resource == f.Principal && v.Status == Missing && (v.Hop == nil || v.Hop.ExternalID == "")
	})
}

// unnamed is the name that the configuration does not tell and that the statement
// which would mend a finding must hold; "" for none.
func (m *mender) unnamed(f *Finding) string {
	if f.Fix == nil || f.Fix.Kind != "add-statement" && f.Fix.Kind != "edit-boundary" {
		return ""
	}
	for i := range m.report.Requirements {
		v := &m.report.Requirements[i]
		if v.Principal != f.Principal || v.Side != expected.IdentitySide || !slices.Contains(f.Requirements, v.ID) || v.Status == Granted {
			continue
		}
		for _, p := range expected.Statements([]expected.Requirement{v.Requirement}) {
			for _, s := range p.Statements {
				if places := s.Placeholders(); len(places) > 0 {
					return places[0].Name
				}
			}
		}
	}
	return ""
}

// someOf tells whether a finding is about requirements of which any one will do.
func (m *mender) someOf(f *Finding) bool {
	return f.Layer == policy.LayerIdentity && slices.ContainsFunc(m.report.Requirements, func(v RequirementVerdict) bool {
		return v.AnyOf != "" && v.Principal == f.Principal && slices.Contains(f.Requirements, v.ID) && v.Status != Granted
	})
}
