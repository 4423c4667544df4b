package policy

// NewBudgetFor returns the budget of many questions that belong together: that
// of n single ones.
func NewBudgetFor(n int) *Budget {
	return &Budget{work: n * budgetWork, bytes: n * budgetBytes}
}

// Lend takes the budget of one question out of b; what is left of it goes back
// with Return. It is spent where b is.
func (b *Budget) Lend() *Budget {
	lent := Budget{work: max(min(b.work, budgetWork), 0), bytes: max(min(b.bytes, budgetBytes), 0)}
	b.work -= lent.work
	b.bytes -= lent.bytes
	return &lent
}

// Return gives back what a question left of a budget that Lend gave out.
func (b *Budget) Return(lent *Budget) {
	b.give(Budget{work: max(lent.work, 0), bytes: max(lent.bytes, 0)})
}
