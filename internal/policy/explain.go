package policy

import (
	"cmp"
	"slices"
)

// Decide answers a request, and says what made the answer in every layer.
func (e *Evaluator) Decide(req *Request, pol *Policies) Verdict {
	return e.decide(req, pol, freshBudget())
}

// DecideWithin is Decide with a budget of the caller's, which it uses up. Where
// that does not suffice, the decision is Undecided and says so.
func (e *Evaluator) DecideWithin(req *Request, pol *Policies, budget *Budget) Verdict {
	v := e.decide(req, pol, *budget)
	*budget = e.budget
	return v
}

func (e *Evaluator) decide(req *Request, pol *Policies, budget Budget) Verdict {
	e.gather(req, pol, budget)
	if d := e.facts.always; d != Undecided {
		return Verdict{Decision: d, Coverage: coverageOf(d), MayCover: coverageOf(d)}
	}
	v := Verdict{Decision: e.settle()}
	large := e.large
	v.Layers = e.layers()
	v.Coverage = coverageOf(v.Decision)
	v.MayCover = v.Coverage
	switch v.Decision {
	case Allowed:
		e.explainAllowed(&v)
	case ImplicitlyDenied, ExplicitlyDenied:
		v.take(v.first(v.Decision))
	default:
		e.explainUndecided(&v, large)
	}
	if e.symbolic() && v.Decision != Allowed {
		e.cover(&v, large)
	}
	return v
}

// cover says how much of a pattern is allowed that is not allowed wholly.
func (e *Evaluator) cover(v *Verdict, large bool) {
	e.large = false
	if v.Decision != Undecided {
		v.Coverage = e.coverage(under)
		if v.MayCover = v.Coverage; v.Coverage != CoveragePart {
			v.MayCover = e.coverage(over)
		}
		return
	}
	if large {
		v.Coverage, v.MayCover = CoverageUnknown, CoverageUnknown
		return
	}
	v.Coverage = e.coverage(under)
}

func coverageOf(d Decision) Coverage {
	switch d {
	case Allowed:
		return CoverageAll
	case ImplicitlyDenied, ExplicitlyDenied:
		return CoverageNone
	default:
		return CoverageUnknown
	}
}

// first is the first layer, in the order of evaluation, with a decision.
func (v *Verdict) first(d Decision) *LayerVerdict {
	for i := range v.Layers {
		if v.Layers[i].Decision == d {
			return &v.Layers[i]
		}
	}
	return &LayerVerdict{}
}

func (v *Verdict) take(l *LayerVerdict) {
	v.Layer, v.Because, v.Witness = l.Layer, l.Because, l.Witness
}

// explainAllowed names the granting layer first: identity, or trust where the
// resource's policy makes an identity policy unnecessary.
func (e *Evaluator) explainAllowed(v *Verdict) {
	v.Layer = LayerTrust
	for i := range v.Layers {
		l := &v.Layers[i]
		own := slices.ContainsFunc(l.Because, func(c Citation) bool { return !ofResource(c.Kind) })
		// The root user needs no identity policy.
		if l.Layer == LayerIdentity && (own || len(l.Because) == 0) {
			v.Layer = LayerIdentity
		}
	}
	var all citations
	for _, own := range []bool{true, false} {
		for i := range v.Layers {
			if (v.Layers[i].Layer == v.Layer) == own {
				all.add(v.Layers[i].Because...)
			}
		}
	}
	v.Because = all.list
}

func ofResource(kind string) bool { return kind == "trust" || kind == "resource" }

// explainUndecided gathers what every undecided layer turns on.
func (e *Evaluator) explainUndecided(v *Verdict, large bool) {
	v.MayCover = CoverageAll
	var because, unread citations
	for i := range v.Layers {
		l := &v.Layers[i]
		if l.Decision != Undecided {
			continue
		}
		if v.Layer == LayerNone {
			v.Layer = l.Layer
		}
		because.add(l.Because...)
		unread.add(l.Unread...)
		v.Conditions = append(v.Conditions, l.Conditions...)
		v.Ambiguities = append(v.Ambiguities, l.Ambiguities...)
		v.Witness = cmp.Or(v.Witness, l.Witness)
	}
	v.Because, v.Unread = because.list, unread.list
	if large {
		v.MayCover = CoverageUnknown
		v.Ambiguities = append(v.Ambiguities, ambiguityTooLarge)
	}
	v.Conditions, v.Ambiguities = sorted(v.Conditions), sorted(v.Ambiguities)
}

func sorted(s []string) []string {
	slices.Sort(s)
	return slices.Compact(s)
}

// citations are citations without duplicates, in the order in which they came.
type citations struct {
	list []Citation
	seen map[Citation]struct{} // where there are many
}

// manyCitations is from how many on a map is worth it.
const manyCitations = 32

func (c *citations) add(more ...Citation) {
	for _, x := range more {
		if c.has(x) {
			continue
		}
		c.list = append(c.list, x)
		if c.seen != nil {
			c.seen[x] = struct{}{}
		}
	}
}

func (c *citations) has(x Citation) bool {
	if len(c.list) < manyCitations {
		return slices.Contains(c.list, x)
	}
	if c.seen == nil {
		c.seen = make(map[Citation]struct{}, 2*manyCitations)
		for _, y := range c.list {
			c.seen[y] = struct{}{}
		}
	}
	_, ok := c.seen[x]
	return ok
}
