package policy

import "slices"

// coverage tells how much of what is asked for is allowed, given that not all
// is: for certain (under) or perhaps (over).
func (e *Evaluator) coverage(s side) Coverage {
	switch _, found := e.example(s, nil); found {
	case True:
		return CoveragePart
	case False:
		return CoverageNone
	default:
		return CoverageUnknown
	}
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

func (e *Evaluator) allowedByEach(resource string, choices [][]allowed) bool {
	return !slices.ContainsFunc(choices, func(sets []allowed) bool {
		return !slices.ContainsFunc(sets, func(a allowed) bool { return a.has(e, resource) })
	})
}
