package checks

import (
	"cmp"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/iamdata"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// Simulation is a question about one resource that AWS's policy simulator can
// answer too, with iamcheck's own answer to that very question.
type Simulation struct {
	Principal string
	Action    string
	Resource  string // ARN without wildcards, or "*"
	// Context are the keys that the principal's policies ask for and that are
	// known, by name.
	Context []SimulationKey
	// Decision is that of identity policies, boundary and, where they were read,
	// SCPs together, which is what the simulator looks at
	// (API_SimulatePrincipalPolicy). It is never Undecided.
	Decision policy.Decision
}

// SimulationKey is a context key with its values.
type SimulationKey struct {
	Name   string
	Values []string
	Multi  bool
}

// Simulations are the questions that a run's requirements put and that the
// simulator can answer, each once, in the requirements' order. It can't answer
// for trust policies ("not supported for IAM roles"), for resources of another
// account, whose side it does not see, and for what turns on unknown context. Of
// a pattern it is asked about a resource that is allowed in part (the witness),
// or about one that stands for all.
func Simulations(in Input, r *Report) []Simulation {
	a := &audit{in: in, takenAt: in.Source.TakenAt, held: map[string]*held{}}
	if a.takenAt.IsZero() {
		a.takenAt = in.Now
	}
	type question struct{ principal, action, resource, region string }
	seen := map[question]bool{}
	var out []Simulation
	for i := range r.Requirements {
		v := &r.Requirements[i]
		if v.Status == NotNeeded || v.Side == expected.TrustSide || v.Principal == "" || v.OtherPartition || a.holder(v.Principal).presence != present {
			continue
		}
		for _, resource := range v.samples() {
			q := question{v.Principal, v.Action, resource, v.Region}
			if seen[q] {
				continue
			}
			seen[q] = true
			if s, ok := a.simulation(v, resource); ok {
				out = append(out, s)
			}
		}
	}
	return out
}

// simulation asks iamcheck; false where the answer would not be comparable.
func (a *audit) simulation(v *RequirementVerdict, resource string) (Simulation, bool) {
	caller, err := policy.ParseCaller(v.Principal)
	if fields, _ := splitARN(resource); err != nil || len(fields) > 4 && fields[4] != "" && fields[4] != caller.Account {
		return Simulation{}, false
	}
	holder := a.holder(v.Principal).layers
	layers := &policy.Policies{Identity: holder.Identity, Boundary: holder.Boundary, SCPs: holder.SCPs, ManagementAccount: holder.ManagementAccount}
	ctx := a.requestContext(&v.Requirement)
	// For the simulator "*" is the resource that a statement must name or match.
	req := &policy.Request{Principal: caller, Action: v.Action, Resource: resource, Context: ctx, WildcardOnly: resource == "*"}
	s := Simulation{Principal: v.Principal, Action: v.Action, Resource: resource, Decision: policy.Allowed}
	for _, l := range policy.Decide(req, layers).Layers {
		if l.Layer != policy.LayerIdentity && l.Layer != policy.LayerBoundary && l.Layer != policy.LayerSCP {
			continue
		}
		if rank(l.Decision) > rank(s.Decision) {
			s.Decision = l.Decision
		}
	}
	s.Context = knownKeys(ctx, layers)
	return s, s.Decision != policy.Undecided
}

// samples are resources without wildcards that stand for a requirement's.
func (v *RequirementVerdict) samples() []string {
	if v.Witness != "" && !policy.HasWildcard(v.Witness) {
		return []string{v.Witness}
	}
	if wildcard, known := iamdata.WildcardOnly(v.Action); v.Resource == "*" || wildcard && known {
		return []string{"*"}
	}
	var out []string
	for _, resource := range refined(&v.Requirement) {
		out = append(out, sample(resource, v.Principal, v.Region))
	}
	return out
}

// sample puts something in the place of each wildcard: the principal's account,
// the database's region or any other, and a name.
func sample(resource, principal, region string) string {
	fields, rest := splitARN(resource)
	if fields == nil {
		return strings.NewReplacer("*", "sample", "?", "x").Replace(resource)
	}
	if strings.Contains(region, "*") {
		region = ""
	}
	if fields[3] == "*" {
		fields[3] = cmp.Or(region, "us-east-1")
	}
	if own, _ := splitARN(principal); fields[4] == "*" && own != nil {
		fields[4] = own[4]
	}
	return strings.NewReplacer("*", "sample", "?", "x").Replace(strings.Join(append(fields, rest), ":"))
}

// knownKeys are the context keys that documents ask for, in conditions and
// variables, and whose values are known.
func knownKeys(ctx *policy.Context, layers *policy.Policies) []SimulationKey {
	var names []string
	for _, sources := range slices.Concat([][]policy.Source{layers.Identity, layers.Boundary}, layers.SCPs) {
		for _, source := range sources {
			if source.Document != nil {
				names = append(names, keysOf(source.Document)...)
			}
		}
	}
	slices.Sort(names)
	var out []SimulationKey
	for _, name := range slices.Compact(names) {
		if values, multi, state := ctx.Lookup(name); state == policy.KeyPresent {
			out = append(out, SimulationKey{name, values, multi})
		}
	}
	return out
}

// keysOf are the context keys that a document mentions, folded.
func keysOf(d *policy.Document) []string {
	var names []string
	for i := range d.Statements {
		for j := range d.Statements[i].Conditions {
			names = append(names, d.Statements[i].Conditions[j].Keys()...)
		}
	}
	for _, after := range strings.Split(string(d.Text), "${")[1:] {
		if end := strings.IndexAny(after, "},"); end >= 0 {
			names = append(names, strings.ToLower(strings.TrimSpace(after[:end])))
		}
	}
	return names
}

// AddGaps adds what else could not be settled, in the report's order.
func (r *Report) AddGaps(gaps ...Gap) {
	r.Gaps = append(r.Gaps, gaps...)
	slices.SortStableFunc(r.Gaps, func(a, b Gap) int {
		return cmp.Or(cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Operation, b.Operation), cmp.Compare(a.Error, b.Error))
	})
}
