package policy

import "strings"

// Intersects reports whether some string matches both patterns. Its time is at
// most proportional to the product of their lengths.
func (p Pattern) Intersects(q Pattern) bool {
	if p.apart(q) {
		return false
	}
	switch {
	case p.literal:
		return q.Match(p.prefix)
	case q.literal:
		return p.Match(q.prefix)
	default:
		return meet(p.tokens, q.tokens)
	}
}

// apart reports whether the literal ends alone keep the patterns apart.
func (p Pattern) apart(q Pattern) bool {
	n := min(len(p.prefix), len(q.prefix))
	if p.prefix[:n] != q.prefix[:n] {
		return true
	}
	if p.literal || q.literal {
		return false // its text is all in prefix: suffix says nothing
	}
	return !strings.HasSuffix(p.suffix, q.suffix) && !strings.HasSuffix(q.suffix, p.suffix)
}

// meet looks for a string that both token lists match. row[j] is: some string
// leads to p[:i] and to q[:j].
func meet(p, q []token) bool {
	row := make([]bool, len(q)+1)
	next := make([]bool, len(q)+1)
	row[0] = true
	for _, t := range p {
		if t.run() {
			meetRun(t, q, row)
			continue
		}
		enterRuns(q, row, 0, len(q))
		clear(next)
		for j, u := range q {
			if row[j] && t.meets(u) {
				next[j+1] = next[j+1] || !u.run()
				next[j] = next[j] || u.run()
			}
		}
		row, next = next, row
	}
	enterRuns(q, row, 0, len(q))
	return row[len(q)]
}

// meetRun extends row by all that q may match while p's run t goes on.
func meetRun(t token, q []token, row []bool) {
	for j, u := range q {
		if row[j] && (u.run() || t.meets(u)) {
			row[j+1] = true
		}
	}
}

// meets reports whether some character is admitted by both tokens.
func (t token) meets(u token) bool {
	switch {
	case t.kind == literalRune:
		return u.admits(t.r)
	case u.kind == literalRune:
		return t.admits(u.r)
	default:
		return true
	}
}
