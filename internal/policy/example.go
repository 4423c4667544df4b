package policy

import "slices"

// Example is one resource that is allowed, the answer to the question whether
// any is.
type Example struct {
	// Found is True where Witness is certainly allowed, Unknown where that turns
	// on context or on a policy that is not known, or where the budget was spent,
	// and False where nothing that was asked for is allowed.
	Found Truth
	// Witness is the resource; "" where there is none to show.
	Witness string
}

// Example looks for a resource among those requested that the caller's own side
// allows (identity policies, boundary, session policies, SCPs; every Deny of
// those and of RCPs) and that matches none of except. The resource's own policy
// is not asked: a role's trust policy, or what lets a caller of another account
// in. It is the converse of Decide, which asks whether all is allowed.
//
// The searches use up budget; nil stands for a fresh one.
func (e *Evaluator) Example(req *Request, pol *Policies, except []Pattern, budget *Budget) Example {
	if budget == nil {
		budget = NewBudget()
	}
	if budget.Spent() {
		return Example{}
	}
	e.gather(req, pol, *budget)
	defer func() { *budget = e.budget }()
	switch {
	case e.facts.always == ImplicitlyDenied:
		return Example{Found: False}
	case e.large:
		return Example{}
	}
	e.clauses = slices.DeleteFunc(e.clauses, func(c clause) bool { return c.layer == LayerTrust })
	e.denials = slices.DeleteFunc(e.denials, func(d denial) bool { return d.layer == LayerTrust })
	if !e.symbolic() {
		return e.exampleOne(except)
	}
	result := Example{Found: False}
	for _, s := range []side{under, over} {
		witness, found := e.example(s, except)
		switch {
		case found == True && s == under:
			return Example{Found: True, Witness: witness}
		case found != False:
			result = Example{Witness: witness}
		}
	}
	return result
}

// exampleOne answers for a single resource.
func (e *Evaluator) exampleOne(except []Pattern) Example {
	if e.inOne(e.req.Resource, except) {
		return Example{Found: False}
	}
	found := TruthOf(len(e.clauses) > 0 || e.facts.always == Allowed)
	for i := range e.clauses {
		found = found.And(e.covers(&e.clauses[i]))
	}
	for i := range e.denials {
		found = found.And(e.touches(&e.denials[i]).Not())
	}
	if found == False {
		return Example{Found: False}
	}
	return Example{Found: found, Witness: e.req.Resource}
}

// example looks for what every clause allows and no Deny takes, for certain
// (under) or perhaps (over).
func (e *Evaluator) example(s side, except []Pattern) (string, Truth) {
	taken := union{patterns: slices.Clone(except)}
	for i := range e.denials {
		taken.add(e, &e.denials[i].term, s.opposite())
	}
	if taken.everything || len(e.clauses) == 0 && e.facts.always != Allowed {
		return "", e.falseUnlessLarge()
	}
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
	// The clause with the fewest ways to allow narrows the most.
	slices.SortStableFunc(choices, func(a, b []allowed) int { return len(a) - len(b) })
	witness, found := e.anyExample([]Pattern{e.asked}, choices, &taken)
	if found == False {
		found = e.falseUnlessLarge()
	}
	return witness, found
}

func (e *Evaluator) falseUnlessLarge() Truth {
	if e.large {
		return Unknown
	}
	return False
}

// anyExample finds one of left that is allowed by a set of each of the choices
// and not taken.
func (e *Evaluator) anyExample(left []Pattern, choices [][]allowed, taken *union) (string, Truth) {
	rest := e.within(left, taken)
	switch {
	case rest.Result == True:
		return "", False
	case len(choices) == 0 && rest.Result == False:
		return rest.Witness, True
	case len(choices) == 0:
		return "", Unknown
	case rest.Result == False && e.allowedByEach(rest.Witness, choices):
		return rest.Witness, True
	}
	result := False
	for _, set := range choices[0] {
		deeper, without := left, taken
		if set.pattern != nil {
			deeper = slices.Concat(left, []Pattern{*set.pattern})
		} else {
			without = &union{patterns: slices.Concat(taken.patterns, set.except), complements: taken.complements}
		}
		if !e.take(1, patternSize*(len(deeper)+len(without.patterns))) {
			return "", Unknown
		}
		switch witness, found := e.anyExample(deeper, choices[1:], without); found {
		case True:
			return witness, True
		case Unknown:
			result = Unknown
		}
	}
	return "", result
}
