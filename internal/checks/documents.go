package checks

import (
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// party is an identity that the configuration names and that was read, with all
// the parts that it plays.
type party struct {
	arn       string
	kinds     []expected.IdentityKind
	callers   []string // whom the configuration lets assume it, sorted
	databases []string
	position  config.Position // where the configuration first names it
}

// is tells whether the identity plays a part.
func (w *party) is(kind expected.IdentityKind) bool { return slices.Contains(w.kinds, kind) }

// parties are the identities that the configuration names and that were read,
// each once, in their order.
func (p *Pass) parties() []*party {
	var out []*party
	known := map[string]*party{}
	for _, id := range p.Identities() {
		if p.audit.holder(id.ARN).presence != present {
			continue
		}
		w := known[id.ARN]
		if w == nil {
			w = &party{arn: id.ARN, position: id.Position}
			known[id.ARN] = w
			out = append(out, w)
		}
		w.kinds = append(w.kinds, id.Kind)
		w.callers = union(w.callers, id.Callers)
		w.databases = union(w.databases, id.Databases)
	}
	return out
}

// configured tells whether the configuration names an identity, in any part.
func (p *Pass) configured(arn string) bool {
	return slices.ContainsFunc(p.Identities(), func(id expected.Identity) bool { return id.ARN == arn })
}

// paper is one policy document of a party, in the layer in which it speaks.
type paper struct {
	party  *party
	source *policy.Source
	layer  policy.Layer
}

// papers are the documents of all parties that were read, of the given layers:
// identity, boundary and trust. What AWS itself keeps is left out, since nobody
// but AWS can mend it.
func (p *Pass) papers(layers ...policy.Layer) []paper {
	var out []paper
	for _, w := range p.parties() {
		h := p.audit.holder(w.arn)
		for _, layer := range layers {
			for _, s := range h.of(layer) {
				if s.Document != nil && !awsManaged(s.Name) {
					out = append(out, paper{w, s, layer})
				}
			}
		}
	}
	return out
}

// of are the sources of one layer.
func (h *held) of(layer policy.Layer) []*policy.Source {
	var out []*policy.Source
	add := func(sources []policy.Source) {
		for i := range sources {
			out = append(out, &sources[i])
		}
	}
	switch layer {
	case policy.LayerIdentity:
		add(h.layers.Identity)
	case policy.LayerBoundary:
		add(h.layers.Boundary)
	case policy.LayerTrust:
		if h.trust.Name != "" {
			out = append(out, &h.trust)
		}
	}
	return out
}

// awsManaged tells a policy that AWS keeps: its ARN has "aws" for an account
// (access_policies_managed-vs-inline).
func awsManaged(name string) bool {
	arn, ok := policy.ParseARN(name)
	return ok && arn.Account == "aws"
}

// statements are the statements of a document that AWS honours.
func (d paper) statements() []*policy.Statement {
	var out []*policy.Statement
	for i := range d.source.Document.Statements {
		if st := &d.source.Document.Statements[i]; !st.Malformed {
			out = append(out, st)
		}
	}
	return out
}

// finding begins a finding about a statement; nil means the whole document.
func (p *Pass) finding(d paper, st *policy.Statement) Finding {
	f := Finding{Principal: d.party.arn, Layer: d.layer, Databases: slices.Clone(d.party.databases), Position: d.party.position}
	if st == nil {
		f.Citation = policy.Citation{Policy: d.source.Name, Kind: d.source.Kind, Version: d.source.Version, Statement: -1}
		return f
	}
	f.Citation = citeStatement(d.source, st)
	f.Quote = d.source.Document.Quote(st.Index)
	return f
}

// maxConditions bounds how many conditions of a statement are looked at: more
// than any policy that AWS stores has (reference_iam-quotas). Each may be a
// finding that quotes the statement.
const maxConditions = 100

// graded sets a severity away from the check's own.
func (f *Finding) graded(s Severity) { f.Severity, f.Graded = s, true }

// standing are the indexes of the verdicts that an Allow statement was meant
// for: it takes in the requirement's action, by meant's say, and something of
// its resource, and the identity policies do not allow it.
func (p *Pass) standing(d paper, st *policy.Statement, meant func(action string) bool) []int {
	var out []int
	if d.layer != policy.LayerIdentity || st.Effect != policy.Allow {
		return nil
	}
	verdicts := p.Verdicts()
	for i := range verdicts {
		v := &verdicts[i]
		if v.Principal == d.party.arn && v.Side == expected.IdentitySide && v.lacks(policy.LayerIdentity) &&
			meant(v.Action) && touches(st, v) {
			out = append(out, i)
		}
	}
	return out
}

// touches tells whether a statement's resources are those of a requirement, or
// of no form that the requirement's action has.
func touches(st *policy.Statement, v *RequirementVerdict) bool {
	if st.Resources.Not || v.Resource == "*" {
		return true
	}
	shapes, known := shapesOf(v.Action)
	need := policy.RequestPattern(v.Resource)
	for i := range st.Resources.Patterns {
		raw := st.Resources.Patterns[i].Raw
		if policy.CompilePattern(withoutVariables(raw)).Intersects(need) || known && !mayMatch(raw, v.Action, shapes) {
			return true
		}
	}
	return false
}

// spoils lists in a finding the requirements that a statement was meant for and
// does not meet. It leaves them to the checks that say what is missing.
func (p *Pass) spoils(f *Finding, d paper, st *policy.Statement) {
	for _, i := range p.standing(d, st, st.Actions.Match) {
		v := &p.Verdicts()[i]
		f.Requirements = append(f.Requirements, v.ID)
		f.Position = v.Position
	}
}

// quoted shows values of a document in a message: few, and none too long.
func quoted(values []string, most int) string {
	short := make([]string, len(values))
	for i, v := range values {
		short[i] = shorten(v)
	}
	return list(short, most)
}

// shorten cuts a text that somebody else wrote to what a message can bear.
func shorten(s string) string {
	const most = 160
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
