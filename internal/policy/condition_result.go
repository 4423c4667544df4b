package policy

import (
	"cmp"
	"slices"
)

// ConditionResult is the outcome of one condition under a context. The zero
// value is Unknown for no stated reason.
type ConditionResult struct {
	Truth Truth
	// Keys are the unknown context keys that the outcome turns on, as written,
	// sorted; nil unless Truth is Unknown. The slice must not be changed.
	Keys []string
	// Ambiguity is what AWS's documentation leaves open or contradicts itself
	// about, where the outcome turns on that; "" otherwise. Like Keys it is set
	// only where Truth is Unknown.
	Ambiguity string
}

// decided is an outcome that turns on nothing.
func decided(b bool) ConditionResult { return ConditionResult{Truth: TruthOf(b)} }

// open is an outcome that AWS's documentation leaves open.
func open(ambiguity string) ConditionResult { return ConditionResult{Ambiguity: ambiguity} }

func (r ConditionResult) not() ConditionResult {
	r.Truth = r.Truth.Not()
	return r
}

func (r ConditionResult) notIf(negated bool) ConditionResult {
	if negated {
		return r.not()
	}
	return r
}

func (r ConditionResult) and(s ConditionResult) ConditionResult {
	return r.join(s, r.Truth.And(s.Truth))
}

func (r ConditionResult) or(s ConditionResult) ConditionResult {
	return r.join(s, r.Truth.Or(s.Truth))
}

// either is for two readings of the same thing, both possible: they must agree,
// or the outcome is Unknown and ambiguity says why.
func (r ConditionResult) either(s ConditionResult, ambiguity string) ConditionResult {
	if r.Truth == s.Truth && r.Truth != Unknown {
		return r
	}
	if r.Truth != s.Truth && r.Truth != Unknown && s.Truth != Unknown {
		return open(ambiguity)
	}
	return r.join(s, Unknown)
}

// join gives two outcomes together the truth t, and their reasons where that is
// Unknown. An outcome that is certain has none.
func (r ConditionResult) join(s ConditionResult, t Truth) ConditionResult {
	if t != Unknown {
		return ConditionResult{Truth: t}
	}
	return ConditionResult{Keys: mergeKeys(r.Keys, s.Keys), Ambiguity: cmp.Or(r.Ambiguity, s.Ambiguity)}
}

// mergeKeys unites two sorted lists without changing either. It allocates only
// where both hold something.
func mergeKeys(a, b []string) []string {
	switch {
	case len(b) == 0 || slices.Equal(a, b):
		return a
	case len(a) == 0:
		return b
	}
	m := slices.Concat(a, b)
	slices.Sort(m)
	return slices.Compact(m)
}
