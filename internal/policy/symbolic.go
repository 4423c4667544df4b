package policy

import "slices"

// Questions about patterns. The resources that a request asks for are a set R;
// a statement's resources are a union of patterns, or the complement of one
// (NotResource). A complement on the right of a containment is an intersection
// on its left: R ⊆ P ∪ (Σ*∖N) ⟺ R ∩ N ⊆ P. So every question becomes a few calls
// of [Contains] with patterns alone.

// side picks a reading of a statement: under gives what it certainly takes in,
// over what it may.
type side uint8

const (
	under side = iota
	over
)

func (s side) opposite() side { return over - s }

// union is a set of resources: patterns, and complements of unions of patterns.
type union struct {
	patterns    []Pattern
	complements [][]Pattern
	everything  bool
	open        bool // the other side may differ
}

// unionOf puts together what terms take in.
func (e *Evaluator) unionOf(terms []term, s side) union {
	var u union
	for i := range terms {
		u.add(e, &terms[i], s)
	}
	return u
}

// add adds the resources that a term takes in. Where the budget does not
// suffice, a part is left out (under), or everything put in (over).
func (u *union) add(e *Evaluator, t *term, s side) {
	u.open = u.open || t.applies != True
	if s == under && t.applies != True {
		return
	}
	if t.statement == nil || t.statement.doubled || !t.statement.Resources.Present {
		u.everything = true
		return
	}
	r := &t.statement.Resources
	if !r.Not {
		var ok bool
		u.patterns, ok = e.appendReadings(u, u.patterns, r, s)
		u.everything = u.everything || !ok && s == over
		return
	}
	excluded, ok := e.appendReadings(u, nil, r, s.opposite())
	switch {
	case !ok && s == under:
	case !ok || len(excluded) == 0:
		u.everything = true
	default:
		u.complements = append(u.complements, excluded)
	}
}

// appendReadings leaves out patterns that have nothing in common with what is
// asked for. It is false where the budget does not suffice.
func (e *Evaluator) appendReadings(u *union, to []Pattern, r *Resources, s side) ([]Pattern, bool) {
	for i := range r.Patterns {
		if !e.take(r.Patterns[i].buildCost(e.req.Context)) {
			return to, false
		}
		reading := r.Patterns[i].reading(e.req.Context)
		u.open = u.open || !reading.hasNarrow || reading.ambiguity != ""
		pattern, has := &reading.narrow, reading.hasNarrow
		if s == over {
			pattern, has = &reading.wide, reading.hasWide
		}
		if !has || pattern.apart(e.asked) {
			continue
		}
		if !e.take(4, doubling*patternSize) {
			return to, false
		}
		to = append(double(to), *pattern)
	}
	return to, true
}

// ask is [Contains] on the question's budget.
func (e *Evaluator) ask(left, right []Pattern) Containment {
	c := Contains(left, right, &e.budget)
	e.large = e.large || c.Result == Unknown
	return c
}

// within tells whether the intersection of left lies in the union: whether for
// each choice of one pattern of every complement, left and what is chosen lie in
// the patterns. What lies there already need not be narrowed by more choices;
// and what does not, but is in all the complements that are left, is a witness.
func (e *Evaluator) within(left []Pattern, u *union) Containment {
	if u.everything {
		return Containment{Result: True}
	}
	return e.outside(left, u.complements, u.patterns)
}

func (e *Evaluator) outside(left []Pattern, complements [][]Pattern, right []Pattern) Containment {
	answer := e.ask(left, right)
	if len(complements) == 0 || answer.Result == True {
		return answer
	}
	if answer.Result == False && e.inEach(answer.Witness, complements) {
		return answer
	}
	answer = Containment{Result: True}
	for _, p := range complements[0] {
		if slices.ContainsFunc(left, p.apart) {
			continue
		}
		c := e.outside(append(left[:len(left):len(left)], p), complements[1:], right)
		if c.Result == False {
			return c
		}
		answer.Result = answer.Result.And(c.Result)
		if e.budget.Spent() {
			e.large = true
			return Containment{}
		}
	}
	return answer
}

// inEach tells whether a resource is in every set.
func (e *Evaluator) inEach(resource string, sets [][]Pattern) bool {
	return !slices.ContainsFunc(sets, func(set []Pattern) bool { return !e.inOne(resource, set) })
}

// inOne is false, too, where the budget does not suffice.
func (e *Evaluator) inOne(resource string, set []Pattern) bool {
	return slices.ContainsFunc(set, func(p Pattern) bool {
		return e.take(p.cost(resource), 0) && p.Match(resource)
	})
}

// contained tells whether the terms allow all that is asked for: True where
// those that certainly apply do, False where not even those that may apply do.
// The witness is a resource that is not allowed, or not for certain.
func (e *Evaluator) contained(terms []term) (Truth, string) {
	left := []Pattern{e.asked}
	certain := e.unionOf(terms, under)
	inner := e.within(left, &certain)
	if inner.Result == True {
		return True, ""
	}
	outer := inner
	if certain.open {
		possible := e.unionOf(terms, over)
		outer = e.within(left, &possible)
	}
	if outer.Result == False {
		return False, outer.Witness
	}
	return Unknown, inner.Witness
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
	if u.everything {
		return exists(e.ask([]Pattern{e.asked}, nil))
	}
	answer := Containment{Result: False}
	for _, p := range u.patterns {
		c := exists(e.ask([]Pattern{e.asked, p}, nil))
		if c.Result == True {
			return c
		}
		answer.Result = answer.Result.Or(c.Result)
	}
	for _, excluded := range u.complements {
		c := exists(e.ask([]Pattern{e.asked}, excluded))
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
