package iamdata

import (
	"slices"
	"sort"
	"strings"
)

// Version names the data and its date: "iam-data 2026-09-26".
func Version() string { return "iam-data " + table().date }

// PackageVersion is the version of the npm package that the data was made from.
func PackageVersion() string { return table().version }

// Standing says how much the data knows of an action.
type Standing uint8

// The standings. An unknown one that Nearest has suggestions for is probably
// misspelt; with none it may be newer than the data.
const (
	Malformed      Standing = iota // not of the form service:Name, or with wildcards
	UnknownService                 // no service has this prefix
	UnknownAction                  // the service is known, and has no such action
	Known
)

// StandingOf tells an unknown service from an unknown action.
func StandingOf(action string) Standing {
	prefix, name, ok := strings.Cut(action, ":")
	if !ok || prefix == "" || name == "" || strings.ContainsAny(action, "*?") {
		return Malformed
	}
	s, ok := find(prefix)
	if !ok {
		return UnknownService
	}
	if _, ok := s.find(name); !ok {
		return UnknownAction
	}
	return Known
}

// Lookup returns the action "service:Name", whatever its case. It reports false
// where the data does not have it; StandingOf says why.
func Lookup(action string) (Action, bool) {
	prefix, name, _ := strings.Cut(action, ":")
	s, ok := find(prefix)
	if !ok {
		return Action{}, false
	}
	return s.find(name)
}

// WildcardOnly reports whether the action has no resource types: it is
// authorised against "*", so that a statement which names ARNs does not apply to
// it (Service Authorization Reference). Known is false, and yes too, where the
// data does not have the action.
func WildcardOnly(action string) (yes, known bool) {
	a, known := Lookup(action)
	return known && len(a.Resources) == 0, known
}

// ServiceOf returns the service with the prefix, whatever its case.
func ServiceOf(prefix string) (*Service, bool) {
	return find(prefix)
}

// Services returns the prefixes of all services, sorted.
func Services() []string {
	services := table().services
	prefixes := make([]string, len(services))
	for i, s := range services {
		prefixes[i] = s.prefix
	}
	return prefixes
}

// Expand returns the actions that an action pattern matches, as AWS writes
// them, sorted by service and name without regard to case; nil where there are
// none. * and ? are wildcards, also before the colon; case is ignored
// (reference_policies_elements_action).
func Expand(pattern string) []string {
	var actions []string
	for _, l := range table().services {
		if !mayMatch(pattern, l.prefix) {
			continue
		}
		for _, a := range l.parse().Actions {
			if full := a.String(); match(pattern, full) {
				actions = append(actions, full)
			}
		}
	}
	return actions
}

// mayMatch reports whether a pattern can match an action of the service, going
// by what stands before its first wildcard.
func mayMatch(pattern, prefix string) bool {
	literal := pattern
	if i := strings.IndexAny(pattern, "*?"); i >= 0 {
		literal = pattern[:i]
	}
	if before, _, ok := strings.Cut(literal, ":"); ok {
		return compareFold(before, prefix) == 0
	}
	return len(literal) <= len(prefix) && compareFold(literal, prefix[:len(literal)]) == 0
}

// RCPServices returns the prefixes of the services that resource control
// policies reach on the date of the data, sorted. AWS adds to them.
func RCPServices() []string { return slices.Clone(table().rcp) }

// RCPReaches reports whether resource control policies reach the actions of a
// service, whatever the case of its prefix.
func RCPReaches(prefix string) bool {
	return slices.ContainsFunc(table().rcp, func(p string) bool { return compareFold(p, prefix) == 0 })
}

// GlobalKeys returns the condition keys that AWS defines for all services, in
// the order of their names.
func GlobalKeys() []ConditionKey { return slices.Clone(table().global) }

// IsGlobalKey reports whether key is a global condition key that AWS itself puts
// into requests. The keys about tags are global by name only: a request has them
// where the action supports them (reference_policies_condition-keys), so an
// action lists them.
func IsGlobalKey(key string) bool {
	for _, k := range table().global {
		if sameKey(k.Name, key) {
			return !tagKey(k.Name)
		}
	}
	return false
}

func tagKey(name string) bool {
	return name == "aws:TagKeys" || strings.HasPrefix(name, "aws:RequestTag/") || strings.HasPrefix(name, "aws:ResourceTag/")
}

func find(prefix string) (*Service, bool) {
	services := table().services
	i, ok := sort.Find(len(services), func(i int) int { return compareFold(prefix, services[i].prefix) })
	if !ok {
		return nil, false
	}
	return services[i].parse(), true
}

func (s *Service) find(name string) (Action, bool) {
	i, ok := sort.Find(len(s.Actions), func(i int) int { return compareFold(name, s.Actions[i].Name) })
	if !ok {
		return Action{}, false
	}
	return s.Actions[i], true
}
