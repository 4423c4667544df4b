package checks

import (
	"github.com/iamcheck/iamcheck/internal/iamdata"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// lookups remembers what action patterns stand for, and bounds what asking the
// reference data may cost in one audit: a document may hold thousands of patterns
// that each match thousands of actions, though none that AWS stores does
// (reference_iam-quotas).
type lookups struct {
	expanded map[string][]string
	keys     int // how often an action was asked for a key
}

const (
	maxExpanded = 2000
	maxKeys     = 10_000_000
)

// expand returns the actions that a pattern matches; known is false where too
// much was asked already.
func (l *lookups) expand(pattern string) (actions []string, known bool) {
	if actions, known = l.expanded[pattern]; known {
		return actions, true
	}
	if len(l.expanded) >= maxExpanded {
		return nil, false
	}
	if l.expanded == nil {
		l.expanded = map[string][]string{}
	}
	actions = iamdata.Expand(pattern)
	l.expanded[pattern] = actions
	return actions, true
}

// exists tells whether an action pattern matches any action that is known.
func (l *lookups) exists(raw string) bool {
	if !policy.HasWildcard(raw) {
		return iamdata.StandingOf(raw) == iamdata.Known
	}
	if raw == "*" {
		return true
	}
	actions, known := l.expand(raw)
	return !known || len(actions) > 0
}

// without are those of some actions that do not supply a key; ok is false where
// too much was asked already.
func (l *lookups) without(actions []iamdata.Action, key string) (lacking []iamdata.Action, ok bool) {
	if l.keys += len(actions); l.keys > maxKeys {
		return nil, false
	}
	for _, a := range actions {
		if !a.Supplies(key) {
			lacking = append(lacking, a)
		}
	}
	return lacking, true
}
