package policy

import "strings"

// plainlyContained reports whether one left pattern is contained in one right
// pattern for a reason that shows in their text. Most containments are of this
// kind, and it is found without a search.
func plainlyContained(left, right []Pattern, budget *Budget) bool {
	for _, p := range left {
		spelled := p.spelled()
		for _, q := range right {
			if !strings.HasPrefix(p.prefix, q.prefix) || !strings.Contains(spelled, q.core) {
				continue
			}
			if !budget.take(len(p.tokens)*(1+q.block)/4, 0) {
				return false
			}
			if p.plainlyIn(q) {
				return true
			}
		}
	}
	return false
}

// spelled is the literal text of a pattern, with a byte that no pattern spells in
// place of its wildcards.
func (p Pattern) spelled() string {
	text := make([]byte, 0, len(p.tokens))
	for _, t := range p.tokens {
		if t.kind == literalRune {
			text = appendRune(text, t.r)
		} else {
			text = append(text, 0)
		}
	}
	return string(text)
}

// plainlyIn matches p's tokens, instead of characters, with q. It goes about it
// as matchGreedily does, so that it may overlook something where a run of q
// stops at a colon.
func (p Pattern) plainlyIn(q Pattern) bool {
	i, resume, from := 0, 0, 0
	for at := 0; at < len(p.tokens); {
		if i < len(q.tokens) && q.tokens[i].run() {
			i++
			resume, from = i, at
		}
		switch {
		case i < len(q.tokens) && !q.tokens[i].run() && q.tokens[i].covers(p.tokens[at]):
			i++
			at++
		case resume > 0 && q.tokens[resume-1].covers(p.tokens[from]):
			from++
			i, at = resume, from
		default:
			return false
		}
	}
	return i == len(q.tokens) || i == len(q.tokens)-1 && q.tokens[i].run()
}

// covers reports whether t matches all that u may match.
func (t token) covers(u token) bool {
	switch t.kind {
	case anyRun:
		return true
	case fieldRun:
		return u.kind == fieldOne || u.kind == fieldRun || u.kind == literalRune && u.r != ':'
	case anyOne:
		return !u.run()
	case fieldOne:
		return u.kind == fieldOne || u.kind == literalRune && u.r != ':'
	default:
		return u == t
	}
}
