package policy

import "slices"

// Budget bounds what the searches of one question may cost in all, since
// containment of patterns has inputs on which every known method takes
// exponential time. It is used up by [Contains]; a question that asks several
// times passes the same Budget. It must not be used by two goroutines at once.
//
// A search without budget left answers Unknown. The zero value is spent.
type Budget struct {
	work  int // elementary steps left
	bytes int // memory left, of all that is allocated, freed or not
}

// The bounds of a question: on a common core about 50 ms, of the 100 ms that a
// question may cost, and 48 MB of the 64 MB.
const (
	budgetWork  = 16_000_000
	budgetBytes = 48 << 20
)

// NewBudget returns the budget of one question.
func NewBudget() *Budget {
	b := freshBudget()
	return &b
}

func freshBudget() Budget { return Budget{work: budgetWork, bytes: budgetBytes} }

// Spent reports whether nothing is left.
func (b *Budget) Spent() bool { return b.work <= 0 || b.bytes <= 0 }

// take uses up steps and bytes, and reports whether there was enough.
func (b *Budget) take(steps, bytes int) bool {
	b.work -= steps
	b.bytes -= bytes
	return !b.Spent()
}

// hold takes a share, one nth, out of the budget, to be given back later.
func (b *Budget) hold(n int) Budget {
	held := Budget{work: max(b.work, 0) / n, bytes: max(b.bytes, 0) / n}
	b.work -= held.work
	b.bytes -= held.bytes
	return held
}

// give puts back what hold took out.
func (b *Budget) give(held Budget) {
	b.work = max(b.work, 0) + held.work
	b.bytes = max(b.bytes, 0) + held.bytes
}

// double makes room for one more, for as many as there are if there is none: so
// that a list takes at most doubling times its size in all, while append alone
// may take more.
func double[T any](s []T) []T {
	if len(s) < cap(s) {
		return s
	}
	return slices.Grow(s, max(4, len(s)))
}

const doubling = 4
