package policy

import (
	"cmp"
	"slices"
)

// Decide answers a request, and says what made the answer in every layer.
func (e *Evaluator) Decide(req *Request, pol *Policies) Verdict {
	e.gather(req, pol)
	if e.facts.always != Undecided {
		return Verdict{Decision: e.facts.always, Coverage: coverageOf(e.facts.always)}
	}
	v := Verdict{Decision: e.settle(), Layers: e.layers()}
	v.Coverage = coverageOf(v.Decision)
	v.MayCover = v.Coverage
	switch v.Decision {
	case Allowed:
		e.explainAllowed(&v)
	case ImplicitlyDenied, ExplicitlyDenied:
		v.take(v.first(v.Decision))
	default:
		e.explainUndecided(&v)
	}
	if e.facts.pattern && !req.WildcardOnly && v.Decision != Allowed {
		v.Coverage, v.MayCover = e.coverage(under), CoverageAll
		if v.Decision != Undecided {
			v.MayCover = e.coverage(over)
		}
	}
	return v
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
		if l.Layer == LayerIdentity && slices.ContainsFunc(l.Because, func(c Citation) bool { return !ofResource(c.Kind) }) {
			v.Layer = LayerIdentity
		}
	}
	for _, own := range []bool{true, false} {
		for i := range v.Layers {
			if (v.Layers[i].Layer == v.Layer) == own {
				v.Because = appendNew(v.Because, v.Layers[i].Because...)
			}
		}
	}
}

func ofResource(kind string) bool { return kind == "trust" || kind == "resource" }

// explainUndecided gathers what every undecided layer turns on.
func (e *Evaluator) explainUndecided(v *Verdict) {
	for i := range v.Layers {
		l := &v.Layers[i]
		if l.Decision != Undecided {
			continue
		}
		if v.Layer == LayerNone {
			v.Layer = l.Layer
		}
		v.Because = appendNew(v.Because, l.Because...)
		v.Conditions = append(v.Conditions, l.Conditions...)
		v.Ambiguities = append(v.Ambiguities, l.Ambiguities...)
		v.Unread = appendNew(v.Unread, l.Unread...)
		v.Witness = cmp.Or(v.Witness, l.Witness)
	}
	v.Conditions, v.Ambiguities = sorted(v.Conditions), sorted(v.Ambiguities)
}

func sorted(s []string) []string {
	slices.Sort(s)
	return slices.Compact(s)
}

func appendNew[T comparable](to []T, more ...T) []T {
	for _, x := range more {
		if !slices.Contains(to, x) {
			to = append(to, x)
		}
	}
	return to
}

// layers asks every layer on its own. A layer that only denies (RCPs, or a
// resource policy that need not allow) is listed where it has something to say.
func (e *Evaluator) layers() []LayerVerdict {
	var out []LayerVerdict
	for i := range e.clauses {
		c := &e.clauses[i]
		l := LayerVerdict{Layer: c.layer, Level: c.level}
		e.judgeClause(c, &l)
		out = append(out, l)
	}
	for i := range e.denies {
		t := &e.denies[i]
		at := slices.IndexFunc(out, func(l LayerVerdict) bool { return l.Layer == t.layer && l.Level == t.level })
		if touch, witness := e.touch(t); touch != False {
			if at < 0 {
				out = append(out, LayerVerdict{Layer: t.layer, Level: t.level, Decision: Allowed, Coverage: CoverageAll})
				at = len(out) - 1
			}
			e.judgeDeny(&out[at], t, touch, witness)
		}
	}
	slices.SortStableFunc(out, func(a, b LayerVerdict) int {
		return cmp.Or(cmp.Compare(a.Layer, b.Layer), cmp.Compare(a.Level, b.Level))
	})
	return out
}

func (e *Evaluator) judgeClause(c *clause, l *LayerVerdict) {
	terms := e.terms[c.from:c.to]
	truth := e.covers(c)
	switch truth {
	case True:
		l.Decision, l.Coverage = Allowed, CoverageAll
		l.Because = e.granting(terms)
	case False:
		l.Decision, l.Coverage = ImplicitlyDenied, CoverageNone
		if e.facts.pattern && !e.req.WildcardOnly {
			_, l.Witness = e.contained(terms)
			l.Coverage = e.layerCoverage(terms)
			l.Because = e.granting(terms)
		}
	default:
		l.Decision = Undecided
		for i := range terms {
			if t := &terms[i]; e.relevant(t) {
				e.explainTerm(l, t)
			}
		}
	}
}

// layerCoverage tells whether a layer certainly allows any of a pattern.
func (e *Evaluator) layerCoverage(terms []term) Coverage {
	var u union
	for i := range terms {
		u.add(e, &terms[i], under)
	}
	switch e.meets(&u).Result {
	case True:
		return CoveragePart
	case False:
		return CoverageNone
	default:
		return CoverageUnknown
	}
}

// judgeDeny folds a Deny into its layer's verdict: certain denials displace all
// else, possible ones make an Allowed layer undecided.
func (e *Evaluator) judgeDeny(l *LayerVerdict, t *term, touch Truth, witness string) {
	switch {
	case touch == True && l.Decision == ExplicitlyDenied:
		l.Because = appendNew(l.Because, e.cite(t))
	case touch == True:
		*l = LayerVerdict{Layer: l.Layer, Level: l.Level, Decision: ExplicitlyDenied, Coverage: l.Coverage, Because: []Citation{e.cite(t)}, Witness: witness}
		if !e.facts.pattern {
			l.Coverage, l.Witness = CoverageNone, ""
		}
	case l.Decision == Allowed || l.Decision == Undecided:
		if l.Decision == Allowed {
			*l = LayerVerdict{Layer: l.Layer, Level: l.Level, Witness: witness}
		}
		e.explainTerm(l, t)
	}
}

func (e *Evaluator) touch(t *term) (Truth, string) {
	if t.statement != nil && e.facts.pattern && !e.req.WildcardOnly {
		return e.overlap(t)
	}
	return e.touches(t), ""
}

// granting cites the terms that allow: the one that allows all on its own, or
// else all that allow some.
func (e *Evaluator) granting(terms []term) []Citation {
	var all []Citation
	for i := range terms {
		t := &terms[i]
		if t.truth != True {
			continue
		}
		if e.facts.pattern && !e.req.WildcardOnly {
			if alone, _ := e.contained(terms[i : i+1]); alone == True {
				return []Citation{e.cite(t)}
			}
			if e.layerCoverage(terms[i:i+1]) != CoveragePart {
				continue
			}
		} else if t.truthFor(e) != True {
			continue
		}
		all = appendNew(all, e.cite(t))
	}
	return all
}

// relevant tells whether an uncertain term could change the answer: its
// resources meet the question.
func (e *Evaluator) relevant(t *term) bool {
	if t.statement == nil {
		return true
	}
	if e.facts.pattern && !e.req.WildcardOnly {
		var u union
		u.add(e, t, over)
		return e.meets(&u).Result != False
	}
	return t.truthFor(e) == Unknown
}

// explainTerm says what an uncertain term turns on.
func (e *Evaluator) explainTerm(l *LayerVerdict, t *term) {
	if t.statement == nil {
		l.Unread = appendNew(l.Unread, e.cite(t))
		return
	}
	l.Because = appendNew(l.Because, e.cite(t))
	if t.ambiguity != "" {
		l.Ambiguities = append(l.Ambiguities, t.ambiguity)
	}
	for i := range t.statement.Conditions {
		if r := t.statement.Conditions[i].Test(e.req.Context); r.Truth == Unknown {
			l.Conditions = append(l.Conditions, r.Keys...)
			if r.Ambiguity != "" {
				l.Ambiguities = append(l.Ambiguities, r.Ambiguity)
			}
		}
	}
	for i := range t.statement.Resources.Patterns {
		r := t.statement.Resources.Patterns[i].read(e.req.Context)
		l.Conditions = append(l.Conditions, r.keys...)
		if r.ambiguity != "" && r.hasWide {
			l.Ambiguities = append(l.Ambiguities, r.ambiguity)
		}
	}
	if t.statement.Malformed {
		l.Ambiguities = append(l.Ambiguities, "whether AWS honours a statement that its policy grammar does not allow")
	}
	l.Conditions, l.Ambiguities = sorted(l.Conditions), sorted(l.Ambiguities)
}

// cite points at a term's statement, or at the policy that could not be read.
func (e *Evaluator) cite(t *term) Citation {
	c := Citation{Policy: t.source.Name, Kind: t.source.Kind, Version: t.source.Version, Statement: -1}
	if t.statement != nil {
		c.Statement, c.SID = t.statement.Index, t.statement.SID
		c.Pointer, c.Line = t.statement.Pointer, t.statement.Start.Line
	}
	return c
}
