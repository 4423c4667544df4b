package iamdata

import (
	"cmp"
	"slices"
	"strings"
)

// maxName bounds what Nearest looks at. The longest action name that AWS has is
// about half of it.
const maxName = 160

// Nearest returns at most n actions that somebody may have meant by an action
// that does not exist, likeliest first: those of the same service with a name
// nearly the same, then those of the same name in other services, beginning with
// services of a like prefix ("rds:connect": "rds-db:connect"). It returns nil
// where nothing is near, and for what is not of the form service:Name.
func Nearest(action string, n int) []string {
	prefix, name, ok := strings.Cut(action, ":")
	if !ok || prefix == "" || name == "" || len(action) > maxName || n <= 0 {
		return nil
	}
	var near []candidate
	for _, l := range table().services {
		near = append(near, nearestIn(l, prefix, name)...)
	}
	slices.SortFunc(near, compareCandidates)
	var names []string
	for _, c := range near[:min(n, len(near))] {
		names = append(names, c.action)
	}
	return names
}

// candidate is an action with the ways in which it differs from what was asked.
type candidate struct {
	action          string
	service, name   int  // edits between the prefixes and the names
	apart           bool // neither prefix holds the other
	serviceDistance int
}

func compareCandidates(a, b candidate) int {
	return cmp.Or(
		cmp.Compare(a.service, b.service),
		cmp.Compare(a.name, b.name),
		compareBool(a.apart, b.apart),
		cmp.Compare(a.serviceDistance, b.serviceDistance),
		strings.Compare(a.action, b.action),
	)
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	default:
		return 1
	}
}

// nearestIn lists the candidates of one service: in the service itself, and in
// one whose prefix is an edit away, names that are near; elsewhere the same name.
func nearestIn(l lazyService, prefix, name string) []candidate {
	limit := 0
	kin := distance(prefix, l.prefix, edits(prefix))
	if kin <= edits(prefix) {
		limit = edits(name)
	}
	s := l.parse()
	if limit == 0 {
		a, ok := s.find(name)
		if !ok {
			return nil
		}
		return []candidate{{
			action: a.String(), service: maxName, apart: !related(prefix, l.prefix),
			serviceDistance: distance(prefix, l.prefix, maxName),
		}}
	}
	var near []candidate
	for _, a := range s.Actions {
		if d := distance(name, a.Name, limit); d <= limit {
			near = append(near, candidate{action: a.String(), service: kin, name: d})
		}
	}
	return near
}

// related reports whether one prefix holds the other, as "rds-db" does "rds".
func related(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	return match("*"+strings.ReplaceAll(a, "*", "?")+"*", b)
}

// edits is how many slips of the pen are taken for a misspelling of a word.
func edits(word string) int {
	switch n := len(word); {
	case n < 4:
		return 0
	case n < 8:
		return 1
	case n < 16:
		return 2
	default:
		return 3
	}
}

// distance counts the insertions, deletions, replacements and swaps of
// neighbours that turn a into b, case ignored (optimal string alignment). It
// gives up at limit and returns limit+1.
func distance(a, b string, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if lower(a[i-1]) == lower(b[j-1]) {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && lower(a[i-1]) == lower(b[j-2]) && lower(a[i-2]) == lower(b[j-1]) {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least > limit {
			return limit + 1
		}
		before, last, row = last, row, before
	}
	return min(last[len(b)], limit+1)
}
