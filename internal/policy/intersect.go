package policy

import "strings"

// Intersects reports whether some string matches both patterns. Its time is at
// most proportional to the product of their lengths.
//
// Between a [RequestPattern] and a resource of a policy it leaves out what only
// a far-fetched name makes possible. In `arn:aws:rds-db:*:444455556666:dbuser:*`
// the first `*` may pass colons (R3), so that it matches a login of another
// account that is called "x:444455556666:dbuser:y". Where the fields of the
// pattern are not those of the ARN, wildcards of the question therefore stand
// for names without a colon.
func (p Pattern) Intersects(q Pattern) bool {
	if p.apart(q) {
		return false
	}
	switch {
	case p.colonless != nil && q.aligned != nil:
		return meet(p.tokens, q.aligned) || meet(p.colonless, q.tokens)
	case q.colonless != nil && p.aligned != nil:
		return q.Intersects(p)
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
	a, b := p.ending(), q.ending()
	switch {
	case p.literal:
		return !strings.HasSuffix(a, b)
	case q.literal:
		return !strings.HasSuffix(b, a)
	default:
		return !strings.HasSuffix(a, b) && !strings.HasSuffix(b, a)
	}
}

// ending is the literal text that every match ends with.
func (p Pattern) ending() string {
	if p.literal {
		return p.prefix
	}
	return p.suffix
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

// aligned is tokens with wildcards that match no colon in the first five
// fields, or nil where there are none to change. A `*` that ends an ARN of
// fewer fields stays as it is.
func aligned(tokens []token) []token {
	end := len(tokens)
	for i, colons := 0, 0; i < len(tokens) && colons < arnResource; i++ {
		if tokens[i].r == ':' {
			colons++
		}
		if colons == arnResource {
			end = i
		}
	}
	if end == len(tokens) && end > 0 && tokens[end-1].kind == anyRun {
		end--
	}
	return withoutColons(tokens, end)
}

// withoutColons is tokens with wildcards that match no colon among the first
// n, or nil where there are none to change.
func withoutColons(tokens []token, n int) []token {
	var changed []token
	for i, t := range tokens[:n] {
		kind := t.kind
		switch kind {
		case anyOne:
			kind = fieldOne
		case anyRun:
			kind = fieldRun
		default:
			continue
		}
		if changed == nil {
			changed = append(changed, tokens...)
		}
		changed[i].kind = kind
	}
	return changed
}
