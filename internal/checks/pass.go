package checks

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// Pass is what a check is given: the verdicts, the account, and the way to
// report. It stamps the check's name and severity on what is reported, so that a
// check cannot mislabel itself.
type Pass struct {
	audit *audit
	check *Check
}

// claim is one layer's say about one verdict. The first check that speaks about
// it keeps the more general ones silent (design 5.2).
type claim struct {
	verdict int
	layer   policy.Layer
}

// runChecks runs the specific checks first, then the general ones; each group in
// the order of the documentation.
func (a *audit) runChecks(all []*Check) {
	a.claimed = map[claim]bool{}
	if a.in.Target.Part {
		a.notes = append(a.notes, config.Note{Message: "a part of the configuration was selected: what is wider than needed was not judged, since the rest may need it"})
	}
	for _, specific := range []bool{true, false} {
		for _, c := range all {
			if c.Specific == specific && (!c.Whole || !a.in.Target.Part) {
				c.Run(&Pass{audit: a, check: c})
			}
		}
	}
}

// Accounts are the accounts that were read.
func (p *Pass) Accounts() account.Accounts { return p.audit.in.Accounts }

// Target is what was asked for.
func (p *Pass) Target() *config.Target { return p.audit.in.Target }

// Identities are the agents, assumed roles and database roles that the
// configuration names.
func (p *Pass) Identities() []expected.Identity { return p.audit.in.Identities }

// Verdicts are the requirements with their verdicts.
func (p *Pass) Verdicts() []RequirementVerdict { return p.audit.verdicts }

// Claim takes a layer's say about the verdict with index i, and tells whether it
// was still free.
func (p *Pass) Claim(i int, layer policy.Layer) bool {
	c := claim{i, layer}
	if p.audit.claimed[c] {
		return false
	}
	p.audit.claimed[c] = true
	return true
}

// Free tells whether no check spoke about a layer of the verdict with index i.
func (p *Pass) Free(i int, layer policy.Layer) bool { return !p.audit.claimed[claim{i, layer}] }

// Report takes a finding. Check is stamped; Severity is the check's own unless
// the finding is Graded.
func (p *Pass) Report(f Finding) {
	f.Check = p.check.ID
	if !f.Graded {
		f.Severity = p.check.Severity
	}
	f.Outcome = cmp.Or(f.Outcome, Fail)
	f.Databases = sortedSet(f.Databases)
	f.Requirements = sortedSet(f.Requirements)
	f.Actions = sortedSet(f.Actions)
	f.Resources = sortedSet(f.Resources)
	f.Fingerprint = f.fingerprint()
	p.audit.findings = append(p.audit.findings, f)
}

func sortedSet(s []string) []string {
	s = slices.Clone(s)
	slices.Sort(s)
	return slices.Compact(s)
}

// fingerprint names the finding by its cause, so that it stays the same from run
// to run: no line numbers, counts, times or wording.
func (f *Finding) fingerprint() string {
	statement := f.SID
	if statement == "" && f.Policy != "" {
		statement = f.Pointer
	}
	parts := []string{
		f.Check, f.Principal, cmp.Or(f.Policy, f.Layer.String()), statement,
		strings.Join(f.Actions, ","), strings.Join(f.Resources, ","),
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:8])
}

// gather puts requirements with one cause into one finding.
type gather[K comparable] struct {
	order []K
	by    map[K]*Finding
}

// of returns the finding of a cause, with the requirement added to it.
func (g *gather[K]) of(cause K, v *RequirementVerdict) *Finding {
	f, ok := g.by[cause]
	if !ok {
		if g.by == nil {
			g.by = map[K]*Finding{}
		}
		f = &Finding{Principal: v.Principal, Position: v.Position, Layer: v.Layer}
		g.by[cause] = f
		g.order = append(g.order, cause)
	}
	f.add(v)
	return f
}

// each calls f with every finding, in the order in which the causes were met.
func (g *gather[K]) each(f func(K, *Finding)) {
	for _, cause := range g.order {
		f(cause, g.by[cause])
	}
}

// add lists a requirement inside a finding.
func (f *Finding) add(v *RequirementVerdict) {
	f.Databases = append(f.Databases, v.Database)
	f.Requirements = append(f.Requirements, v.ID)
	f.Actions = append(f.Actions, v.Action)
	f.Resources = append(f.Resources, v.Resource)
	f.Witness = cmp.Or(f.Witness, v.Witness)
}

// grade raises a finding to what the requirement weighs: what is only
// recommended, or only fills in metadata, matters no more because a boundary or
// an organization stands in its way than because nothing grants it.
func (f *Finding) grade(v *RequirementVerdict) {
	f.Severity, f.Graded = max(f.Severity, v.severity()), true
}

// list shows a few of many, for messages.
func list(items []string, most int) string {
	items = sortedSet(items)
	if len(items) <= most {
		return strings.Join(items, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(items[:most], ", "), len(items)-most)
}
