package config

import (
	"slices"
	"strings"
)

// Select narrows a target to the agents and types that --role, --user and
// --types name (design 5.15); empty ones select all. A bare name selects an
// agent whatever its path. Nothing selected is an *Errors.
func Select(t *Target, role, user string, types []string) (*Target, error) {
	errs := &Errors{}
	parsed := parseTypes(errs, types)
	if err := errs.err(); err != nil {
		return nil, err
	}
	out := *t
	out.Agents = nil
	for _, a := range t.Agents {
		if role == "" && user == "" || role != "" && sameIdentity(a.Role, role) || user != "" && sameIdentity(a.User, user) {
			out.Agents = append(out.Agents, a)
		}
	}
	if len(out.Agents) == 0 {
		errs.add(Position{}, "%s selects no agent of the configuration, which has %s", selection(role, user), agentNames(t))
		return nil, errs.err()
	}
	if len(parsed) > 0 {
		if selectTypes(&out, parsed); len(out.Agents) == 0 {
			errs.add(Position{}, "--types %s selects no database of the configuration", joinTypes(parsed))
		}
	}
	out.Part = size(&out) < size(t)
	return &out, errs.err()
}

// size counts what a target asks for: agents, databases and discovered types.
func size(t *Target) int {
	n := len(t.Agents)
	for i := range t.Agents {
		n += len(t.Agents[i].Databases)
		if d := t.Agents[i].Discovery; d != nil {
			for _, m := range d.Matchers {
				n += len(m.Types)
			}
		}
	}
	return n
}

func selection(role, user string) string {
	var parts []string
	if role != "" {
		parts = append(parts, "--role "+quote(role))
	}
	if user != "" {
		parts = append(parts, "--user "+quote(user))
	}
	return strings.Join(parts, " ")
}

func agentNames(t *Target) string {
	var names []string
	for _, a := range t.Agents {
		if a.Role != "" {
			names = append(names, "role "+quote(a.Role))
		} else {
			names = append(names, "user "+quote(a.User))
		}
	}
	return strings.Join(names, ", ")
}

// sameIdentity compares two ways to name a role or user. What both tell must
// agree: an ARN against a bare name compares the names.
func sameIdentity(a, b string) bool {
	if a == "" || b == "" {
		return false
	}
	if a == b {
		return true
	}
	pathA, accountA := identityPath(a)
	pathB, accountB := identityPath(b)
	if accountA != "" && accountB != "" {
		return false // two ARNs, and they differ
	}
	if strings.Contains(pathA, "/") && strings.Contains(pathB, "/") {
		return pathA == pathB
	}
	return baseName(pathA) == baseName(pathB)
}

func identityPath(s string) (path, account string) {
	if a, ok := ParseARN(s); ok {
		_, path, _ = strings.Cut(a.Resource, "/")
		return path, a.Account
	}
	return strings.TrimPrefix(s, "/"), ""
}

func baseName(path string) string {
	return path[strings.LastIndexByte(path, '/')+1:]
}

// selectTypes keeps the databases and discovered types of a target that are
// among the given ones, and the agents that keep any.
func selectTypes(t *Target, types []Type) {
	var kept []Agent
	for _, a := range t.Agents {
		a.Databases = slices.DeleteFunc(slices.Clone(a.Databases), func(d Database) bool { return !slices.Contains(types, d.Type) })
		a.Discovery = selectDiscovery(a.Discovery, types)
		if len(a.Databases) > 0 || a.Discovery != nil {
			kept = append(kept, a)
		}
	}
	t.Agents = kept
}

func selectDiscovery(d *Discovery, types []Type) *Discovery {
	if d == nil {
		return nil
	}
	out := &Discovery{}
	for _, m := range d.Matchers {
		m.Types = slices.DeleteFunc(slices.Clone(m.Types), func(t Type) bool { return !slices.Contains(types, t) })
		if len(m.Types) > 0 {
			out.Matchers = append(out.Matchers, m)
		}
	}
	if len(out.Matchers) == 0 {
		return nil
	}
	return out
}
