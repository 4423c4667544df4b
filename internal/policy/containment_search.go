package policy

import "slices"

// containmentSearch looks for a string that all left patterns match and no
// right one. It goes, breadth first, through the pairs of a place in each left
// pattern and the set of places that the same text leads to on the right. Four
// things keep the pairs few:
//   - a pair whose set is complete leads to no witness;
//   - nor does a pair to one that another, with the same places on the left and
//     a part of the set on the right, does not lead to;
//   - of all the characters that no left pattern spells, one that no right
//     pattern spells either leads to the smallest sets, so that it alone is
//     tried (and the colon, where wildcards stop at it);
//   - a place in a left pattern before a run that can be entered adds nothing.
//
// Inclusion of such automata takes exponential time in the worst case
// whatever the method, so that a Budget bounds it.
type containmentSearch struct {
	left   places
	right  *cover
	budget *Budget

	seen       map[uint64]*searchPair
	last       *searchPair
	room       []searchPair // not yet used
	sets       []int32      // not yet used
	at         []int        // places of the pair at hand
	set        []int32      // set of the next pair
	used, free []rune       // characters spelled after the pair at hand, and to try
}

// searchPair is one pair. The pairs form a queue by after, lists of those with
// the same place by same, and paths back to the start by from.
type searchPair struct {
	place             uint64
	set               []int32
	from, after, same *searchPair
	read              rune // the character that led here
	redundant         bool
}

// What a pair costs: in bytes, with a member of its set and with its entry in
// seen, and in steps, to be taken up and to be entered.
const (
	searchPairSize  = 96
	searchSetSize   = 4
	searchEntrySize = 72
	searchPairWork  = 70
	searchEntryWork = 200
	searchWork      = 1000 // and a search as such
	searchSize      = 8 << 10
)

// newContainmentSearch is false where the budget does not suffice.
func newContainmentSearch(left, right []Pattern, budget *Budget) (*containmentSearch, bool) {
	if !budget.take(searchWork, searchSize) {
		return nil, false
	}
	s := &containmentSearch{budget: budget, seen: make(map[uint64]*searchPair)}
	var ok bool
	if s.left, ok = newPlaces(left); !ok {
		return nil, false
	}
	if s.right = newCover(right, budget); s.right == nil {
		return nil, false
	}
	s.at = make([]int, len(left))
	return s, true
}

// run searches. Without a witness, finished tells that there is none.
func (s *containmentSearch) run() (witness string, found, finished bool) {
	var place uint64
	for i, tokens := range s.left.patterns {
		place += uint64(enter(tokens, 0)) * s.left.radix[i]
	}
	s.set = s.right.start(s.set[:0])
	if s.right.complete(s.set) {
		return "", false, true
	}
	first := s.push(nil, place, 0, false)
	for pair := first; pair != nil; pair = pair.after {
		if !s.budget.take(searchPairWork+len(pair.set), 0) {
			return "", false, false
		}
		if pair.redundant {
			continue
		}
		s.left.split(pair.place, s.at)
		if s.ended() && !s.right.accepts(pair.set) {
			return pair.path(), true, true
		}
		s.advance(pair)
	}
	return "", false, !s.budget.Spent()
}

// ended reports whether all left patterns match the text read so far.
func (s *containmentSearch) ended() bool {
	for i, tokens := range s.left.patterns {
		if s.at[i] != len(tokens) {
			return false
		}
	}
	return true
}

// advance pushes the pairs that one more character leads to.
func (s *containmentSearch) advance(pair *searchPair) {
	runes, forced := s.characters(pair.set)
	for _, r := range runes {
		var steps int
		s.set, steps = s.right.step(pair.set, r, s.set[:0])
		if !s.budget.take(steps, 0) {
			return
		}
		if !s.right.complete(s.set) {
			s.follow(pair, r, 0, 0, forced)
		}
	}
}

// characters returns those worth reading next, or the only one that is
// possible (forced). The slice is valid until the next call.
func (s *containmentSearch) characters(set []int32) (runes []rune, forced bool) {
	s.free = s.free[:0]
	only, count := rune(0), 0
	for i, tokens := range s.left.patterns {
		_, inRun := within(tokens, s.at[i])
		if s.at[i] == len(tokens) {
			if !inRun {
				return nil, true
			}
			continue
		}
		if next := tokens[s.at[i]]; next.kind == literalRune {
			s.free = append(s.free, next.r)
			if !inRun {
				only = next.r
				count++
			}
		}
	}
	if count > 0 {
		s.free = append(s.free[:0], only)
		return s.free, true
	}
	if s.right.stopsAtColon(set) {
		s.free = append(s.free, ':')
	}
	slices.Sort(s.free)
	s.free = slices.Compact(s.free)
	s.used = s.right.spelled(set, append(s.used[:0], s.free...))
	s.free = slices.Insert(s.free, 0, unused(s.used))
	return s.free, false
}

// unused returns a character that is neither a colon nor among used, a readable
// one if it can.
func unused(used []rune) rune {
	for _, r := range "xyzabcdefghijklmnopqrstuvw0123456789" {
		if !slices.Contains(used, r) {
			return r
		}
	}
	slices.Sort(used)
	r := 'A'
	for _, u := range used {
		if u == r {
			r++
		}
	}
	return r
}

// follow pushes the pairs of s.set with each combination of places that r
// leads to in the left patterns from the ith on.
func (s *containmentSearch) follow(pair *searchPair, r rune, i int, place uint64, forced bool) {
	if i == len(s.left.patterns) {
		s.push(pair, place, r, forced)
		return
	}
	if s.budget.Spent() {
		return
	}
	tokens, at, radix := s.left.patterns[i], s.at[i], s.left.radix[i]
	run, inRun := within(tokens, at)
	if at < len(tokens) && tokens[at].admits(r) {
		next := enter(tokens, at+1)
		s.follow(pair, r, i+1, place+uint64(next)*radix, forced)
		if run, ok := within(tokens, next); ok && run.kind == anyRun {
			return // the run takes whatever the one before it would
		}
	}
	if inRun && run.admits(r) {
		s.follow(pair, r, i+1, place+uint64(at)*radix, forced)
	}
}

// push queues the pair of place and s.set unless a pair that leads to at least
// the same witnesses has been queued. Pairs in the middle of text that left
// spells are not compared: they cannot branch, and need not be remembered.
func (s *containmentSearch) push(from *searchPair, place uint64, r rune, forced bool) *searchPair {
	if !forced {
		for p := s.seen[place]; p != nil; p = p.same {
			if !s.budget.take(1+len(p.set)+len(s.set), 0) || includes(s.set, p.set) {
				return nil
			}
			p.redundant = p.redundant || includes(p.set, s.set)
		}
	}
	if !s.budget.take(len(s.set), searchPairSize+searchSetSize*len(s.set)) {
		return nil
	}
	pair := s.pair()
	*pair = searchPair{place: place, set: s.keep(), from: from, read: r}
	if !forced {
		s.budget.take(searchEntryWork, searchEntrySize)
		pair.same = s.seen[place]
		s.seen[place] = pair
	}
	if s.last != nil {
		s.last.after = pair
	}
	s.last = pair
	return pair
}

// pair hands out pairs, and keep copies of s.set, from blocks: there are many.
func (s *containmentSearch) pair() *searchPair {
	if len(s.room) == 0 {
		s.room = make([]searchPair, 64)
	}
	pair := &s.room[0]
	s.room = s.room[1:]
	return pair
}

func (s *containmentSearch) keep() []int32 {
	n := len(s.set)
	if len(s.sets) < n {
		s.sets = make([]int32, max(256, n))
	}
	kept := s.sets[:n:n]
	s.sets = s.sets[n:]
	copy(kept, s.set)
	return kept
}

// includes reports whether all of part is in whole; both are sorted.
func includes(whole, part []int32) bool {
	if len(part) > len(whole) {
		return false
	}
	for _, x := range part {
		for len(whole) > 0 && whole[0] < x {
			whole = whole[1:]
		}
		if len(whole) == 0 || whole[0] != x {
			return false
		}
		whole = whole[1:]
	}
	return true
}

// path is the text read from the start.
func (p *searchPair) path() string {
	var read []rune
	for ; p.from != nil; p = p.from {
		read = append(read, p.read)
	}
	var text []byte
	for _, r := range slices.Backward(read) {
		text = appendRune(text, r)
	}
	return string(text)
}
