package checks

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/policy"
)

// part is one statement of what is left of a statement once it allows no more
// than is needed. Its conditions are those that it had.
type part struct {
	SID       string          `json:"Sid,omitempty"`
	Effect    string          `json:"Effect"`
	Action    any             `json:"Action"`
	Resource  any             `json:"Resource"`
	Condition json.RawMessage `json:"Condition,omitempty"`
}

// smallest is the fix that leaves of a statement what requirements need of it,
// and of the actions in keep, which stay as they are.
func (a *allowance) smallest(keep []string) *Fix {
	parts := a.parts(keep)
	switch len(parts) {
	case 0:
		return &Fix{Kind: "remove-statement", Note: "nothing needs the statement"}
	case 1:
		return &Fix{Kind: "replace-statement", Document: indented(parts[0])}
	}
	for i := range parts[1:] {
		parts[i+1].SID = "" // a Sid must be unique in its policy
	}
	return &Fix{Kind: "replace-statement", Note: "these statements in place of the one", Document: indented(struct {
		Version   string `json:"Version"`
		Statement []part `json:"Statement"`
	}{"2012-10-17", parts})}
}

// parts are the statements that are left: actions with the same resources are
// together.
func (a *allowance) parts(keep []string) []part {
	var order []string
	byResources := map[string]*part{}
	actionsOf := map[string][]string{}
	add := func(action string, resources []string) {
		key := strings.Join(resources, "\x00")
		if byResources[key] == nil {
			order = append(order, key)
			byResources[key] = &part{SID: a.statement.SID, Effect: "Allow", Resource: oneOrAll(resources), Condition: a.condition()}
		}
		actionsOf[key] = append(actionsOf[key], action)
	}
	for _, action := range a.neededActions() {
		if resources := a.neededResources(action); len(resources) > 0 {
			add(action, resources)
		}
	}
	for _, action := range keep {
		if !a.statement.Resources.Not {
			add(action, a.resources())
		}
	}
	var out []part
	for _, key := range order {
		p := byResources[key]
		p.Action = oneOrAll(sortedSet(actionsOf[key]))
		out = append(out, *p)
	}
	return out
}

// neededActions are the actions of requirements that the statement takes in, as
// the catalogue writes them, but for those on data, which are not judged.
func (a *allowance) neededActions() []string {
	var out []string
	for _, key := range sortedKeys(a.subject.needs) {
		if a.statement.Actions.Match(key) && !a.subject.isData(key) {
			out = append(out, a.subject.needs[key][0].Action)
		}
	}
	return out
}

// neededResources are the resources of an action's requirements as far as the
// statement grants them: a replacement never widens.
func (a *allowance) neededResources(action string) []string {
	var out []string
	had := make([]policy.Pattern, len(a.statement.Resources.Patterns))
	for i := range had {
		had[i] = policy.CompilePattern(withoutVariables(a.statement.Resources.Patterns[i].Raw))
	}
	for _, r := range a.subject.needed(action) {
		need := policy.RequestPattern(r.Resource)
		if a.statement.Resources.Not {
			out = append(out, r.Resource)
			continue
		}
		for i := range a.statement.Resources.Patterns {
			raw := a.statement.Resources.Patterns[i].Raw
			if !a.charge(overlapWork(raw, r.Resource)) {
				return sortedSet(a.resources()) // as they were
			}
			switch {
			case a.contains(need, had[i:i+1]):
				out = append(out, r.Resource)
			case had[i].Intersects(need):
				out = append(out, raw)
			}
		}
	}
	return sortedSet(withoutCovered(out))
}

// overlapWork is what it costs to tell whether a pattern has something in common
// with a resource.
func overlapWork(pattern, resource string) int {
	if policy.HasWildcard(resource) {
		return 1 + len(pattern)*len(resource)/8
	}
	return 4
}

// withoutCovered drops resources that are another one's text match.
func withoutCovered(resources []string) []string {
	resources = sortedSet(resources)
	var wide []policy.Pattern // others match themselves alone
	for _, t := range resources {
		if policy.HasWildcard(t) {
			wide = append(wide, policy.CompilePattern(t))
		}
	}
	return slices.DeleteFunc(slices.Clone(resources), func(s string) bool {
		return slices.ContainsFunc(wide, func(t policy.Pattern) bool { return s != t.String() && t.Match(s) })
	})
}

// condition is the statement's Condition block as it is written.
func (a *allowance) condition() json.RawMessage {
	var written struct{ Condition json.RawMessage }
	if len(a.statement.Conditions) == 0 || json.Unmarshal([]byte(a.source.Document.Quote(a.statement.Index)), &written) != nil {
		return nil
	}
	return written.Condition
}

func oneOrAll(values []string) any {
	if len(values) == 1 {
		return values[0]
	}
	return values
}

// indented marshals what cannot fail to marshal.
func indented(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if e.Encode(v) != nil {
		return nil
	}
	return bytes.TrimSpace(b.Bytes())
}
