package policy

import "slices"

// coverage tells how much of what is asked for is allowed, given that not all
// is: for certain (under) or perhaps (over). It looks for one resource that every
// clause allows and no Deny takes: a choice of one allowed set per clause, with
// the rest on the right.
func (e *Evaluator) coverage(s side) Coverage {
	var choices [][]allowed
	for i := range e.clauses {
		c := &e.clauses[i]
		if c.exempt == True || s == over && c.exempt == Unknown {
			continue
		}
		if sets := e.allowedSets(e.terms[c.from:c.to], s); sets != nil {
			choices = append(choices, sets)
		}
	}
	var taken union
	for i := range e.denials {
		taken.add(e, &e.denials[i].term, s.opposite())
	}
	if taken.everything {
		return e.noneUnlessLarge(CoverageNone)
	}
	// The clause with the fewest ways to allow narrows the most.
	slices.SortStableFunc(choices, func(a, b []allowed) int { return len(a) - len(b) })
	return e.noneUnlessLarge(e.anyAllowed([]Pattern{e.asked}, choices, &taken))
}

// noneUnlessLarge takes back the answer that nothing is allowed where some of
// what may allow was left out.
func (e *Evaluator) noneUnlessLarge(c Coverage) Coverage {
	if c == CoverageNone && e.large {
		return CoverageUnknown
	}
	return c
}

// allowed is one way in which a statement allows: a pattern, or everything but
// some patterns.
type allowed struct {
	pattern *Pattern
	except  []Pattern
}

func (a *allowed) has(e *Evaluator, resource string) bool {
	if a.pattern == nil {
		return !e.inOne(resource, a.except) && !e.budget.Spent()
	}
	return e.take(a.pattern.cost(resource), 0) && a.pattern.Match(resource)
}

// allowedSets are the ways in which terms allow what is asked for; nil where
// they allow everything.
func (e *Evaluator) allowedSets(terms []term, s side) []allowed {
	u := e.unionOf(terms, s)
	if u.everything || slices.ContainsFunc(u.patterns, Pattern.All) {
		return nil
	}
	sets := make([]allowed, 0, len(u.patterns)+len(u.complements))
	for i := range u.patterns {
		sets = append(sets, allowed{pattern: &u.patterns[i]})
	}
	for _, excluded := range u.complements {
		sets = append(sets, allowed{except: excluded})
	}
	return sets
}

// anyAllowed tells whether some of left is allowed by a set of each of the
// choices and not taken.
func (e *Evaluator) anyAllowed(left []Pattern, choices [][]allowed, taken *union) Coverage {
	// A Deny with NotResource leaves only what all of it names.
	rest := e.within(left, taken)
	switch {
	case rest.Result == True:
		return CoverageNone
	case len(choices) == 0 && rest.Result == False:
		return CoveragePart
	case len(choices) == 0:
		return CoverageUnknown
	case rest.Result == False && e.allowedByEach(rest.Witness, choices):
		return CoveragePart
	}
	result := CoverageNone
	for _, set := range choices[0] {
		deeper, without := left, taken
		if set.pattern != nil {
			deeper = slices.Concat(left, []Pattern{*set.pattern})
		} else {
			without = &union{patterns: slices.Concat(taken.patterns, set.except), complements: taken.complements}
		}
		if !e.take(1, patternSize*(len(deeper)+len(without.patterns))) {
			return CoverageUnknown
		}
		switch e.anyAllowed(deeper, choices[1:], without) {
		case CoveragePart:
			return CoveragePart
		case CoverageUnknown:
			result = CoverageUnknown
		}
	}
	return result
}

func (e *Evaluator) allowedByEach(resource string, choices [][]allowed) bool {
	return !slices.ContainsFunc(choices, func(sets []allowed) bool {
		return !slices.ContainsFunc(sets, func(a allowed) bool { return a.has(e, resource) })
	})
}
