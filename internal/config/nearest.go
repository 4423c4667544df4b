package config

import (
	"cmp"
	"maps"
	"slices"
)

// nearest returns the candidate that s was probably meant to be, or "".
// Candidates further away than a third of their length are no suggestion.
func nearest(s string, candidates []string) string {
	best, bestDistance := "", len(s)+1
	for _, c := range candidates {
		limit := max(1, min(len(s), len(c))/3)
		if d := distance(s, c, limit); d <= limit && d < bestDistance {
			best, bestDistance = c, d
		}
	}
	return best
}

// distance is the number of edits (insert, delete, change, swap of neighbours)
// between a and b; anything above limit once it is known to be above.
func distance(a, b string, limit int) int {
	if d := len(a) - len(b); d > limit || -d > limit {
		return limit + 1
	}
	var before []int
	last := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	return slices.Sorted(maps.Keys(m))
}
