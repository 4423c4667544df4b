package policy

import (
	"cmp"
	"slices"
)

const ambiguityMalformed = "whether AWS honours a statement that its policy grammar does not allow"

// layerKey tells layers apart.
type layerKey struct {
	layer Layer
	level int
}

// layers asks every layer on its own. A layer that only denies (RCPs, or a
// resource policy that need not allow) is listed where it has something to say.
func (e *Evaluator) layers() []LayerVerdict {
	x := explanation{e: e, at: make(map[layerKey]int, len(e.clauses))}
	for i := range e.clauses {
		c := &e.clauses[i]
		x.judgeClause(c, x.layer(c.layer, c.level))
	}
	for i := range e.denials {
		if d := &e.denials[i]; e.take(1, 0) && e.touches(d) != False {
			x.judgeDenial(x.layer(d.layer, d.level), d)
		}
	}
	out := make([]LayerVerdict, len(x.layers))
	for i, l := range x.layers {
		l.verdict.Because, l.verdict.Unread = l.because.list, l.unread.list
		l.verdict.Conditions, l.verdict.Ambiguities = sorted(l.verdict.Conditions), sorted(l.verdict.Ambiguities)
		out[i] = l.verdict
	}
	slices.SortStableFunc(out, func(a, b LayerVerdict) int {
		return cmp.Or(cmp.Compare(a.Layer, b.Layer), cmp.Compare(a.Level, b.Level))
	})
	return out
}

// explanation is what is said of the layers so far.
type explanation struct {
	e      *Evaluator
	layers []*layerExplanation
	at     map[layerKey]int
}

type layerExplanation struct {
	verdict         LayerVerdict
	because, unread citations
}

// layer is what is said of a layer, which is new where it was not mentioned: a
// layer without clause allows.
func (x *explanation) layer(layer Layer, level int) *layerExplanation {
	key := layerKey{layer, level}
	at, ok := x.at[key]
	if !ok {
		at = len(x.layers)
		x.at[key] = at
		x.layers = append(x.layers, &layerExplanation{
			verdict: LayerVerdict{Layer: layer, Level: level, Decision: Allowed, Coverage: CoverageAll},
		})
	}
	return x.layers[at]
}

func (x *explanation) judgeClause(c *clause, l *layerExplanation) {
	e, v := x.e, &l.verdict
	terms := e.terms[c.from:c.to]
	truth := e.covers(c)
	switch {
	case truth == True && c.exempt == True:
	case truth == True:
		l.because.add(e.granting(terms)...)
	case truth == False:
		v.Decision, v.Coverage = ImplicitlyDenied, CoverageNone
		if e.symbolic() {
			v.Witness = c.witness
			v.Coverage = e.layerCoverage(terms)
			l.because.add(e.granting(terms)...)
		}
	default:
		v.Decision, v.Coverage, v.Witness = Undecided, CoverageUnknown, c.witness
		if c.exempt == Unknown {
			v.Ambiguities = append(v.Ambiguities, ambiguityServiceLinked)
		}
		if c.large {
			v.Ambiguities = append(v.Ambiguities, ambiguityTooLarge)
		}
		for i := range terms {
			if t := &terms[i]; e.relevant(t) {
				x.explainTerm(l, t)
			}
		}
	}
}

// layerCoverage tells whether a layer certainly allows any of a pattern.
func (e *Evaluator) layerCoverage(terms []term) Coverage {
	u := e.unionOf(terms, under)
	switch e.meets(&u).Result {
	case True:
		return CoveragePart
	case False:
		return CoverageNone
	default:
		return CoverageUnknown
	}
}

// judgeDenial folds a Deny into its layer's verdict: certain denials displace
// all else, possible ones make an Allowed layer undecided.
func (x *explanation) judgeDenial(l *layerExplanation, d *denial) {
	v := &l.verdict
	switch {
	case d.truth == True && v.Decision == ExplicitlyDenied:
		l.because.add(x.e.cite(&d.term))
	case d.truth == True:
		coverage := CoverageNone
		if x.e.symbolic() {
			coverage = v.Coverage
		}
		*l = layerExplanation{verdict: LayerVerdict{
			Layer: v.Layer, Level: v.Level, Decision: ExplicitlyDenied, Coverage: coverage, Witness: d.witness,
		}}
		l.because.add(x.e.cite(&d.term))
	case v.Decision == Allowed || v.Decision == Undecided:
		if v.Decision == Allowed {
			*l = layerExplanation{verdict: LayerVerdict{Layer: v.Layer, Level: v.Level, Witness: d.witness}}
		}
		if d.large {
			v.Ambiguities = append(v.Ambiguities, ambiguityTooLarge)
		}
		x.explainTerm(l, &d.term)
	}
}

// What a statement that is named costs, in steps and bytes. Where there are more
// than the budget is for, the rest is not named.
const (
	citationWork = 500
	citationSize = 1 << 10
)

// granting cites the terms that allow: the one that allows all on its own, or
// else all that allow some.
func (e *Evaluator) granting(terms []term) []Citation {
	var all []Citation
	for i := range terms {
		t := &terms[i]
		if !e.take(citationWork, citationSize) {
			return all
		}
		switch {
		case t.applies != True:
		case !e.symbolic():
			if e.allows(t) == True {
				all = append(all, e.cite(t))
			}
		case e.layerCoverage(terms[i:i+1]) == CoveragePart:
			all = append(all, e.cite(t))
			alone := e.unionOf(terms[i:i+1], under)
			if e.within([]Pattern{e.asked}, &alone).Result == True {
				return all[len(all)-1:]
			}
		}
	}
	return all
}

// relevant tells whether an uncertain term could change the answer: its
// resources meet the question.
func (e *Evaluator) relevant(t *term) bool {
	if t.statement == nil {
		return true
	}
	if e.symbolic() {
		var u union
		u.add(e, t, over)
		return e.meets(&u).Result != False
	}
	return e.allows(t) == Unknown
}

// explainTerm says what an uncertain term turns on.
func (x *explanation) explainTerm(l *layerExplanation, t *term) {
	e, v := x.e, &l.verdict
	if !e.take(citationWork, citationSize) {
		return
	}
	if t.statement == nil || t.perhaps {
		l.unread.add(e.cite(t))
		return
	}
	l.because.add(e.cite(t))
	if t.unclear.ambiguity != "" {
		v.Ambiguities = append(v.Ambiguities, t.unclear.ambiguity)
	}
	if t.unclear.key != "" {
		v.Conditions = append(v.Conditions, t.unclear.key)
	}
	for i := range t.statement.Conditions {
		c := &t.statement.Conditions[i]
		if !e.take(c.cost(e.req.Context)) {
			return
		}
		if r := c.Test(e.req.Context); r.Truth == Unknown {
			v.Conditions = append(v.Conditions, r.Keys...)
			if r.Ambiguity != "" {
				v.Ambiguities = append(v.Ambiguities, r.Ambiguity)
			}
		}
	}
	for i := range t.statement.Resources.Patterns {
		p := &t.statement.Resources.Patterns[i]
		if !e.take(p.buildCost(e.req.Context)) {
			return
		}
		r := p.reading(e.req.Context)
		v.Conditions = append(v.Conditions, r.keys...)
		if r.ambiguity != "" && r.hasWide {
			v.Ambiguities = append(v.Ambiguities, r.ambiguity)
		}
	}
	if t.statement.Malformed {
		v.Ambiguities = append(v.Ambiguities, ambiguityMalformed)
	}
}

// cite points at a term's statement, or at the policy that could not be read.
func (e *Evaluator) cite(t *term) Citation {
	c := Citation{Policy: t.source.Name, Kind: t.source.Kind, Version: t.source.Version, Statement: -1}
	if t.statement != nil && !t.perhaps {
		c.Statement, c.SID = t.statement.Index, t.statement.SID
		c.Pointer, c.Line = t.statement.Pointer, t.statement.Start.Line
	}
	return c
}
