package policy

import "math"

// NewBudgetFor returns the steps of n questions, for many that belong together.
// Its memory has no bound, since each question that it lends to has one.
func NewBudgetFor(n int) *Budget {
	return &Budget{work: n * budgetWork, bytes: math.MaxInt / 2}
}

// Lend takes one nth of the budget of a question out of b; what is left of it
// goes back with Return. It is spent where b is.
func (b *Budget) Lend(n int) *Budget {
	return b.lend(min(max(b.work, 0), budgetWork/n))
}

// LendShare takes one nth of what is left out of b, no more than the budget of
// one question, and no less than leastWork, which suffices for whatever AWS would
// store as an identity's policies where their patterns are plain. That is lent
// even where it is not there.
func (b *Budget) LendShare(n int) *Budget {
	return b.lend(max(min(max(b.work, 0)/max(n, 1), budgetWork), leastWork))
}

// Portion returns a budget for many questions of one of n that b is divided
// among: one nth of it, and no less than half the budget of one question. What it
// leaves does not go back.
func (b *Budget) Portion(n int) *Budget {
	return &Budget{work: max(b.work/max(n, 1), budgetWork/2), bytes: b.bytes}
}

// leastWork is about a millisecond.
const leastWork = budgetWork / 64

func (b *Budget) lend(steps int) *Budget {
	b.work -= steps
	return &Budget{work: steps, bytes: budgetBytes}
}

// Return gives back the steps that are left of a budget that Lend or LendShare
// gave out.
func (b *Budget) Return(lent *Budget) {
	b.work += max(lent.work, 0)
}

// Charge uses up steps for work that is done outside of this package, and
// reports whether there were enough.
func (b *Budget) Charge(steps int) bool { return b.take(steps, 0) }
