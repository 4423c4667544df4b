package policy

import "slices"

// cover is the right side of a containment as one automaton: a tree of the
// patterns' tokens, so that a thousand patterns with the same beginning are one
// place there. A node is the place after the token that leads to it; where that
// token is a run, the node is also within it.
type cover struct {
	nodes  []coverNode
	stamps []uint32 // stamps[n] == stamp: n is in the set being built
	stamp  uint32
	fields bool // some token stops at a colon
}

type coverNode struct {
	token          token
	child, sibling int32 // 0: none
	// beyond is the nearest node below, at the end of an any-run, through which
	// all patterns that pass here go: whatever matches from here, matches from
	// there. 0: none.
	beyond int32
	accept bool // a pattern ends here
}

// coverNodeSize is what a node costs in bytes, with its stamp.
const coverNodeSize = 32

// newCover is nil where the budget is spent.
func newCover(patterns []Pattern, budget *Budget) *cover {
	c := &cover{}
	size := 1
	for i, p := range patterns {
		c.fields = c.fields || p.fields
		size += len(p.tokens)
		if i > 0 {
			size -= shared(p.tokens, patterns[i-1].tokens)
		}
	}
	if !budget.take(size, size*coverNodeSize) {
		return nil
	}
	c.nodes = make([]coverNode, 1, size)
	for _, p := range patterns {
		if !budget.take(c.insert(p.tokens), 0) {
			return nil
		}
	}
	c.link()
	c.stamps = make([]uint32, len(c.nodes))
	return c
}

// shared is how many tokens a and b begin with in common.
func shared(a, b []token) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// insert adds a pattern and tells how many nodes it looked at.
func (c *cover) insert(tokens []token) (steps int) {
	at := int32(0)
	for _, t := range tokens {
		next := c.nodes[at].child
		for next != 0 && c.nodes[next].token != t {
			next = c.nodes[next].sibling
			steps++
		}
		if next == 0 {
			next = int32(len(c.nodes))
			c.nodes = append(c.nodes, coverNode{token: t, sibling: c.nodes[at].child})
			c.nodes[at].child = next
		}
		at = next
		steps++
	}
	c.nodes[at].accept = true
	return steps
}

// link sets beyond, from the leaves up: children have higher numbers.
func (c *cover) link() {
	for i := len(c.nodes) - 1; i >= 0; i-- {
		n := &c.nodes[i]
		if n.accept || n.child == 0 || c.nodes[n.child].sibling != 0 {
			continue
		}
		if n.beyond = n.child; c.nodes[n.child].token.kind != anyRun {
			n.beyond = c.nodes[n.child].beyond
		}
	}
}

// start is the set of places before the first character.
func (c *cover) start(set []int32) []int32 {
	c.stamp++
	return c.reduce(c.add(set, 0))
}

// step appends to set the places that the character r leads to from those in
// from, in ascending order, and tells how many edges it looked at.
func (c *cover) step(from []int32, r rune, set []int32) (to []int32, steps int) {
	c.stamp++
	for _, at := range from {
		n := &c.nodes[at]
		if n.token.run() && at != 0 && n.token.admits(r) {
			set = c.add(set, at)
		}
		for child := n.child; child != 0; child = c.nodes[child].sibling {
			if t := c.nodes[child].token; !t.run() && t.admits(r) {
				set = c.add(set, child)
			}
			steps++
		}
	}
	return c.reduce(set), steps + len(set)
}

// add adds a place, and those after the runs that begin there.
func (c *cover) add(set []int32, at int32) []int32 {
	if c.stamps[at] == c.stamp {
		return set
	}
	c.stamps[at] = c.stamp
	set = append(set, at)
	for child := c.nodes[at].child; child != 0; child = c.nodes[child].sibling {
		if c.nodes[child].token.run() {
			set = c.add(set, child)
		}
	}
	return set
}

// reduce drops places that add nothing, and sorts.
func (c *cover) reduce(set []int32) []int32 {
	kept := set[:0]
	for _, at := range set {
		beyond := c.nodes[at].beyond
		for beyond != 0 && c.stamps[beyond] != c.stamp {
			beyond = c.nodes[beyond].beyond
		}
		if beyond == 0 {
			kept = append(kept, at)
		}
	}
	slices.Sort(kept)
	return kept
}

// accepts reports whether the text read so far matches a pattern.
func (c *cover) accepts(set []int32) bool {
	return slices.ContainsFunc(set, func(at int32) bool { return c.nodes[at].accept })
}

// complete reports whether all continuations match.
func (c *cover) complete(set []int32) bool {
	return slices.ContainsFunc(set, func(at int32) bool {
		return c.nodes[at].accept && c.nodes[at].token.kind == anyRun
	})
}

// stopsAtColon reports whether a colon, which no pattern spells here, may lead
// to less than another character.
func (c *cover) stopsAtColon(set []int32) bool {
	if !c.fields {
		return false
	}
	for _, at := range set {
		if c.nodes[at].token.kind == fieldRun {
			return true
		}
		for child := c.nodes[at].child; child != 0; child = c.nodes[child].sibling {
			if kind := c.nodes[child].token.kind; kind == fieldOne {
				return true
			}
		}
	}
	return false
}

// spelled appends the characters that the patterns spell after set.
func (c *cover) spelled(set []int32, runes []rune) []rune {
	for _, at := range set {
		for child := c.nodes[at].child; child != 0; child = c.nodes[child].sibling {
			if t := c.nodes[child].token; t.kind == literalRune {
				runes = append(runes, t.r)
			}
		}
	}
	return runes
}
