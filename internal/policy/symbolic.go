package policy

// Questions about patterns. The resources that a request asks for are a set R;
// a statement's resources are a union of patterns, or the complement of one
// (NotResource). A complement on the right of a containment is an intersection
// on its left: R ⊆ P ∪ (Σ*∖N) ⟺ R ∩ N ⊆ P. So every question becomes a few calls
// of [Contains] with patterns alone.

// maxSplits bounds how many combinations of NotResource patterns one question is
// split into; beyond it the answer is Unknown.
const maxSplits = 256

// side picks a reading of a statement: under gives what it certainly takes in,
// over what it may.
type side uint8

const (
	under side = iota
	over
)

// union is a set of resources: patterns, and complements of unions of patterns.
type union struct {
	patterns    []Pattern
	complements [][]Pattern
	everything  bool
}

// add adds the resources that a term takes in.
func (u *union) add(e *Evaluator, t *term, s side) {
	if s == under && t.truth != True {
		return
	}
	if t.statement == nil || !t.statement.Resources.Present {
		u.everything = true
		return
	}
	r := &t.statement.Resources
	if !r.Not {
		u.patterns = appendReadings(u.patterns, r, e.req.Context, s)
		return
	}
	opposite := over
	if s == over {
		opposite = under
	}
	excluded := appendReadings(nil, r, e.req.Context, opposite)
	if len(excluded) == 0 {
		u.everything = true
		return
	}
	u.complements = append(u.complements, excluded)
}

func appendReadings(to []Pattern, r *Resources, ctx *Context, s side) []Pattern {
	for i := range r.Patterns {
		reading := r.Patterns[i].read(ctx)
		switch {
		case s == under && reading.hasNarrow:
			to = append(to, reading.narrow)
		case s == over && reading.hasWide:
			to = append(to, reading.wide)
		}
	}
	return to
}

// question is the requested resources as the left side of a containment.
func (e *Evaluator) question() []Pattern {
	if e.budget == nil {
		e.budget = NewBudget()
	}
	return []Pattern{RequestPattern(e.req.Resource)}
}

// within tells whether the intersection of left lies in the union.
func (e *Evaluator) within(left []Pattern, u *union) Containment {
	if u.everything {
		return Containment{Result: True}
	}
	answer := Containment{Result: True}
	whole := eachChoice(u.complements, func(chosen []Pattern) bool {
		c := Contains(append(left[:len(left):len(left)], chosen...), u.patterns, e.budget)
		if c.Result != True {
			answer = c
		}
		return c.Result != False
	})
	if !whole && answer.Result == True {
		answer.Result = Unknown
	}
	return answer
}

// eachChoice calls f with one pattern of each set, for every combination, until
// f returns false. It returns false where there are too many.
func eachChoice(sets [][]Pattern, f func([]Pattern) bool) bool {
	total := 1
	for _, set := range sets {
		if total *= len(set); total > maxSplits {
			return false
		}
	}
	chosen := make([]Pattern, len(sets))
	for n := range total {
		for i, set := range sets {
			chosen[i], n = set[n%len(set)], n/len(set)
		}
		if !f(chosen) {
			return true
		}
	}
	return true
}

// contained tells whether the terms allow all that is asked for: True where
// those that certainly apply do, False with a witness where not even those that
// may apply do.
func (e *Evaluator) contained(terms []term) (Truth, string) {
	left := e.question()
	var certain, possible union
	for i := range terms {
		certain.add(e, &terms[i], under)
		possible.add(e, &terms[i], over)
	}
	if e.within(left, &certain).Result == True {
		return True, ""
	}
	answer := e.within(left, &possible)
	if answer.Result == False {
		return False, answer.Witness
	}
	return Unknown, ""
}

// overlap tells whether a Deny takes any of what is asked for, with a witness.
func (e *Evaluator) overlap(t *term) (Truth, string) {
	for _, s := range []side{under, over} {
		var u union
		u.add(e, t, s)
		c := e.meets(&u)
		switch {
		case c.Result == Unknown, c.Result == True && s == over:
			return Unknown, c.Witness
		case c.Result == True:
			return True, c.Witness
		}
	}
	return False, ""
}

// meets tells whether the question and a union have a resource in common; the
// witness is one.
func (e *Evaluator) meets(u *union) Containment {
	left := e.question()
	if u.everything {
		return exists(Contains(left, nil, e.budget))
	}
	answer := Containment{Result: False}
	for _, p := range u.patterns {
		c := exists(Contains([]Pattern{left[0], p}, nil, e.budget))
		if c.Result == True {
			return c
		}
		answer.Result = answer.Result.Or(c.Result)
	}
	for _, excluded := range u.complements {
		c := exists(Contains(left, excluded, e.budget))
		if c.Result == True {
			return c
		}
		answer.Result = answer.Result.Or(c.Result)
	}
	return answer
}

// exists turns "is it within?" into "is there one outside?": a witness against
// a containment is a member.
func exists(c Containment) Containment {
	return Containment{Result: c.Result.Not(), Witness: c.Witness}
}

// coverage tells how much of what is asked for is allowed, given that not all
// is: for certain (under) or perhaps (over). It looks for one resource that every
// clause allows and no Deny takes: a choice of one allowed set per clause, with
// the rest on the right.
func (e *Evaluator) coverage(s side) Coverage {
	opposite := over
	if s == over {
		opposite = under
	}
	var choices [][]allowed
	for i := range e.clauses {
		c := &e.clauses[i]
		if c.exempt {
			continue
		}
		sets := e.allowedSets(e.terms[c.from:c.to], s)
		if len(sets) == 0 {
			return CoverageNone
		}
		choices = append(choices, sets)
	}
	var taken union
	for i := range e.denies {
		taken.add(e, &e.denies[i], opposite)
	}
	if taken.everything {
		return CoverageNone
	}
	return e.anyAllowed(choices, &taken)
}

// allowed is one way in which a statement allows: a pattern, or everything but
// some patterns. Both nil: everything.
type allowed struct {
	pattern *Pattern
	except  []Pattern
}

func (e *Evaluator) allowedSets(terms []term, s side) []allowed {
	var u union
	for i := range terms {
		u.add(e, &terms[i], s)
	}
	if u.everything {
		return []allowed{{}}
	}
	sets := make([]allowed, 0, len(u.patterns)+len(u.complements))
	for i := range u.patterns {
		if e.question()[0].Intersects(u.patterns[i]) {
			sets = append(sets, allowed{pattern: &u.patterns[i]})
		}
	}
	for _, excluded := range u.complements {
		sets = append(sets, allowed{except: excluded})
	}
	return sets
}

func (e *Evaluator) anyAllowed(choices [][]allowed, taken *union) Coverage {
	total := 1
	for _, sets := range choices {
		if total *= len(sets); total > maxSplits {
			return CoverageUnknown
		}
	}
	result := CoverageNone
	for n := range total {
		left, right := e.question(), append([]Pattern(nil), taken.patterns...)
		for _, sets := range choices {
			set := sets[n%len(sets)]
			n /= len(sets)
			if set.pattern != nil {
				left = append(left, *set.pattern)
			}
			right = append(right, set.except...)
		}
		// A Deny with NotResource leaves only what all of it names.
		outside := e.within(left, &union{patterns: right, complements: taken.complements})
		switch outside.Result {
		case False:
			return CoveragePart
		case Unknown:
			result = CoverageUnknown
		}
	}
	return result
}
