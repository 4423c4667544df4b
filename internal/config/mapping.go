package config

import (
	"strings"

	"go.yaml.in/yaml/v4"
)

// mapping is a YAML mapping whose keys are read one by one; done then reports
// the keys that nobody asked for. The methods of a nil mapping find nothing, so
// that an absent section reads like an empty one.
type mapping struct {
	r      *reader
	node   *yaml.Node
	keys   []*yaml.Node
	values map[string]*yaml.Node
	asked  []string
}

// mapping returns n as a mapping; nil where it is empty, or something else,
// which is an error.
func (r *reader) mapping(n *yaml.Node, what string) *mapping {
	if n = r.resolve(n); isNull(n) {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		r.errorf(n, "%s: found %s, expected a mapping of keys to values", what, describe(n))
		return nil
	}
	m := &mapping{r: r, node: n, values: map[string]*yaml.Node{}}
	m.fill(n, false)
	return m
}

// fill takes in the keys of n. Those of a merge (<<) never replace one that is
// there; a key that stands twice in one mapping is an error, since YAML readers
// differ on which counts.
func (m *mapping) fill(n *yaml.Node, merged bool) {
	var merges []*yaml.Node
	own := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := m.r.resolve(n.Content[i]), n.Content[i+1]
		switch {
		case key.Kind != yaml.ScalarNode:
			m.r.errorf(key, "found %s as a key, expected text", describe(key))
		case key.Value == "<<" && key.ShortTag() == "!!merge":
			merges = append(merges, value)
		case own[key.Value]:
			m.r.errorf(key, "key %s stands twice", quote(key.Value))
		default:
			own[key.Value] = true
			if _, there := m.values[key.Value]; !there {
				m.keys = append(m.keys, key)
				m.values[key.Value] = value
			}
		}
	}
	for _, merge := range merges {
		m.merge(merge, merged)
	}
}

func (m *mapping) merge(n *yaml.Node, nested bool) {
	at := n
	n = m.r.resolve(n)
	sources := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		sources = n.Content
	}
	for _, s := range sources {
		s = m.r.resolve(s)
		if s.Kind != yaml.MappingNode || nested {
			m.r.errorf(at, "<<: found %s, expected an alias of a mapping without << of its own", describe(s))
			return
		}
		m.fill(s, true)
	}
}

// value returns the node of a key, nil where it is absent or null.
func (m *mapping) value(key string) *yaml.Node {
	if m == nil {
		return nil
	}
	m.asked = append(m.asked, key)
	n, ok := m.values[key]
	if !ok {
		return nil
	}
	if n = m.r.resolve(n); isNull(n) {
		return nil
	}
	return n
}

// ignore marks keys as known and of no interest.
func (m *mapping) ignore(keys ...string) {
	if m != nil {
		m.asked = append(m.asked, keys...)
	}
}

// position is where the key's value stands; where the mapping stands if the key
// is absent.
func (m *mapping) position(key string) Position {
	if m == nil {
		return Position{}
	}
	if n, ok := m.values[key]; ok {
		return m.r.at(n)
	}
	return m.r.at(m.node)
}

// text returns a scalar as it is written: 012345678901 stays what it is, though
// YAML would take it for a number.
func (m *mapping) text(key string) string {
	n := m.value(key)
	if n == nil {
		return ""
	}
	return m.r.text(n, key)
}

func (r *reader) text(n *yaml.Node, what string) string {
	if n.Kind != yaml.ScalarNode || r.strict && n.ShortTag() == "!!bool" {
		r.errorf(n, "%s: found %s, expected text", what, describe(n))
		return ""
	}
	if r.strict && strings.TrimSpace(n.Value) != n.Value {
		r.errorf(n, "%s: %s begins or ends with a space", what, quote(n.Value))
		return ""
	}
	return n.Value
}

// flag returns a boolean; nil where the key is absent. Teleport's files hold
// true as well as "yes".
func (m *mapping) flag(key string) *bool {
	n := m.value(key)
	if n == nil {
		return nil
	}
	if n.Kind == yaml.ScalarNode {
		yes := false
		switch strings.ToLower(n.Value) {
		case "true", "yes", "on", "1", "y":
			yes = true
			return &yes
		case "false", "no", "off", "0", "n":
			return &yes
		}
	}
	m.r.errorf(n, "%s: found %s, expected true or false", key, describe(n))
	return nil
}

// list returns the items of a list, each resolved; nil where the key is absent.
func (m *mapping) list(key string) []*yaml.Node {
	n := m.value(key)
	if n == nil {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		m.r.errorf(n, "%s: found %s, expected a list", key, describe(n))
		return nil
	}
	return m.r.items(n)
}

func (r *reader) items(n *yaml.Node) []*yaml.Node {
	items := make([]*yaml.Node, 0, len(n.Content))
	for _, item := range n.Content {
		items = append(items, r.resolve(item))
	}
	return items
}

// item is a text of a list and where it stands.
type item struct {
	text string
	at   Position
}

// texts returns the texts of a list (or the one text that stands in its place);
// nil where the key is absent, empty where the list is empty.
func (m *mapping) texts(key string) []item {
	n := m.value(key)
	if n == nil {
		return nil
	}
	nodes := []*yaml.Node{n}
	switch {
	case n.Kind == yaml.SequenceNode:
		nodes = m.r.items(n)
	case n.Kind != yaml.ScalarNode:
		m.r.errorf(n, "%s: found %s, expected a list of texts", key, describe(n))
		return nil
	}
	texts := make([]item, 0, len(nodes))
	for _, one := range nodes {
		if s := m.r.text(one, key); s != "" {
			texts = append(texts, item{text: s, at: m.r.at(one)})
		} else if m.r.strict && one.Value == "" && one.Kind == yaml.ScalarNode {
			m.r.errorf(one, "%s: an item is empty", key)
		}
	}
	return texts
}

// section returns a mapping under a key.
func (m *mapping) section(key string) *mapping {
	n := m.value(key)
	if n == nil {
		return nil
	}
	return m.r.mapping(n, key)
}

// textMap returns a mapping of texts to texts; nil where the key is absent or
// empty.
func (m *mapping) textMap(key string) map[string]string {
	s := m.section(key)
	if s == nil || len(s.keys) == 0 {
		return nil
	}
	out := make(map[string]string, len(s.keys))
	for _, k := range s.keys {
		out[k.Value] = s.text(k.Value)
	}
	return out
}

// done reports the keys that nobody asked for, in iamcheck's own file.
func (m *mapping) done(what string) {
	if m == nil || !m.r.strict {
		return
	}
	known := map[string]bool{}
	for _, key := range m.asked {
		known[key] = true
	}
	names := sortedKeys(known)
	for _, key := range m.keys {
		if known[key.Value] {
			continue
		}
		if hint := nearest(strings.ToLower(key.Value), names); hint != "" {
			m.r.errorf(key, "unknown key %s in %s, did you mean %q?", quote(key.Value), what, hint)
			continue
		}
		m.r.errorf(key, "unknown key %s in %s, expected one of %s", quote(key.Value), what, strings.Join(names, ", "))
	}
}
