package policy

import (
	"math/bits"
	"slices"
)

// Containment is the answer to a question of containment.
type Containment struct {
	// Result is True, False with a Witness, or Unknown where the budget was
	// spent before an answer was found.
	Result Truth
	// Witness, set where Result is False, matches every left pattern and no
	// right one; both have been verified by matching it. It may be "".
	Witness string
}

// Contains reports whether every string that matches all of left matches at
// least one of right: (∩ left) ⊆ (∪ right). No left patterns stand for every
// string, no right ones for none, so that Contains(left, nil, b) asks whether
// left is contradictory. The complement of a list (NotResource) is asked for by
// moving its patterns to the other side. Two left patterns that do not intersect
// as [Pattern.Intersects] has it are contradictory.
//
// The answer is exact as long as budget lasts; nil stands for a fresh budget.
func Contains(left, right []Pattern, budget *Budget) Containment {
	if budget == nil {
		budget = NewBudget()
	}
	for _, p := range left {
		if s, ok := p.Literal(); ok {
			return containsString(s, left, right, budget)
		}
	}
	all := len(left) + len(right)
	if !budget.take(containsWork+all*(1+len(left)), patternSize*all) {
		return Containment{}
	}
	left = simplify(left)
	if contradict(left, budget) {
		return Containment{Result: True}
	}
	if plainlyContained(left, right, budget) {
		return Containment{Result: True}
	}
	held := budget.hold(2)
	probe := containsString(left[0].sample(), left, right, budget)
	budget.give(held)
	if probe.Result == False {
		return probe
	}
	right = slices.DeleteFunc(slices.Clone(right), func(q Pattern) bool {
		return slices.ContainsFunc(left, q.apart)
	})
	return search(left, right, budget)
}

// containsWork is what the shortest answer costs, in steps.
const containsWork = 100

// patternSize is what a copy of a Pattern costs.
const patternSize = 176

// containsString answers for a left side that is one string, or none.
func containsString(s string, left, right []Pattern, budget *Budget) Containment {
	for _, p := range left {
		if !budget.take(p.cost(s), 0) {
			return Containment{}
		}
		if !p.Match(s) {
			return Containment{Result: True}
		}
	}
	for _, q := range right {
		if !budget.take(q.cost(s), 0) {
			return Containment{}
		}
		if q.Match(s) {
			return Containment{Result: True}
		}
	}
	return Containment{Result: False, Witness: s}
}

// cost is how many steps Match takes at most, in units of a Budget.
func (p Pattern) cost(s string) int {
	if !p.possible(s) {
		return 1 + len(s)/16
	}
	if p.fields {
		return 1 + (p.to-p.from)*len(s)
	}
	return 1 + min(p.block, len(s))*len(s)/4
}

// contradict reports whether two patterns do not intersect.
func contradict(left []Pattern, budget *Budget) bool {
	for i, p := range left {
		for _, q := range left[:i] {
			if budget.take(len(p.tokens)*len(q.tokens), 0) && !p.Intersects(q) {
				return true
			}
		}
	}
	return false
}

// sample is a string that the pattern matches. Tried first, it often answers,
// with a witness that reads better than the shortest one.
func (p Pattern) sample() string {
	var text []byte
	for i, t := range p.tokens {
		switch {
		case t.kind == literalRune:
			text = appendRune(text, t.r)
		case t.run() && p.divides(i-1) && p.divides(i+1):
			text = append(text, "other"...)
		default:
			text = append(text, 'x')
		}
	}
	return string(text)
}

// divides reports whether a field of an ARN, or a part of a path, may begin
// after token i and end before it.
func (p Pattern) divides(i int) bool {
	return i < 0 || i >= len(p.tokens) || p.tokens[i].r == ':' || p.tokens[i].r == '/'
}

// simplify drops patterns that add nothing to an intersection.
func simplify(left []Pattern) []Pattern {
	var kept []Pattern
	for _, p := range left {
		if !p.All() && !slices.ContainsFunc(kept, p.Equal) {
			kept = append(kept, p)
		}
	}
	if len(kept) == 0 {
		return []Pattern{CompilePattern("*")}
	}
	return kept
}

// search runs the exact search with most of the budget. Where that is not
// enough, one right pattern may still contain all of left alone, which is
// cheaper to find.
func search(left, right []Pattern, budget *Budget) Containment {
	held := budget.hold(4)
	answer := searchUnion(left, right, budget)
	budget.give(held)
	if answer.Result != Unknown || len(right) < 2 {
		return answer
	}
	for i, q := range right {
		rest := budget.hold(len(right) - i)
		alone := searchUnion(left, []Pattern{q}, &rest)
		budget.give(rest)
		if alone.Result == True {
			return alone
		}
	}
	return answer
}

func searchUnion(left, right []Pattern, budget *Budget) Containment {
	s, ok := newContainmentSearch(left, right, budget)
	if !ok {
		return Containment{}
	}
	witness, found, finished := s.run()
	switch {
	case found && separates(witness, left, right):
		return Containment{Result: False, Witness: witness}
	case finished && !found:
		return Containment{Result: True}
	default:
		return Containment{}
	}
}

// separates verifies a witness by plain matching.
func separates(s string, left, right []Pattern) bool {
	for _, p := range left {
		if !p.Match(s) {
			return false
		}
	}
	return !slices.ContainsFunc(right, func(q Pattern) bool { return q.Match(s) })
}

// places numbers the combinations of places in the left patterns.
type places struct {
	patterns [][]token
	radix    []uint64
}

// newPlaces is false where the combinations cannot be numbered: they could not
// be searched either.
func newPlaces(left []Pattern) (places, bool) {
	p := places{}
	count := uint64(1)
	for _, pattern := range left {
		p.patterns = append(p.patterns, pattern.tokens)
		p.radix = append(p.radix, count)
		over, product := bits.Mul64(count, uint64(len(pattern.tokens)+1))
		if over != 0 {
			return p, false
		}
		count = product
	}
	return p, true
}

// split writes the place in each pattern into at.
func (p *places) split(number uint64, at []int) {
	for i := len(p.radix) - 1; i >= 0; i-- {
		at[i] = int(number / p.radix[i])
		number %= p.radix[i]
	}
}

// enter is the place that at stands for: a run is entered at once, since it
// may be empty and what it leads to includes all that was possible before.
func enter(tokens []token, at int) int {
	if at < len(tokens) && tokens[at].run() {
		return at + 1
	}
	return at
}

// within is the run that the place at lies in.
func within(tokens []token, at int) (token, bool) {
	if at > 0 && tokens[at-1].run() {
		return tokens[at-1], true
	}
	return token{}, false
}
