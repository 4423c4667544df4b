package config

import (
	"regexp"
	"slices"
	"strings"
)

// labelSet is a label selector of Teleport's: each key with the values that
// match. The zero value matches nothing.
type labelSet struct {
	keys   []string // in the order of the file
	values map[string][]string
	traits bool // some value is a {{trait}}, which only Teleport can resolve
}

func (r *reader) labelSet(m *mapping) labelSet {
	var l labelSet
	if m == nil {
		return l
	}
	l.values = map[string][]string{}
	for _, key := range m.keys {
		l.keys = append(l.keys, key.Value)
		for _, v := range m.texts(key.Value) {
			l.values[key.Value] = append(l.values[key.Value], v.text)
			l.traits = l.traits || strings.Contains(v.text, "{{")
		}
	}
	return l
}

// match says whether a database with these labels is selected: {"*": "*"}
// selects all, else each key must be there with one of its values, which may
// hold "*" or be a regular expression (^…$).
func (l labelSet) match(labels map[string]string) bool {
	if len(l.keys) == 0 {
		return false
	}
	for _, key := range l.keys {
		if key == "*" && slices.Contains(l.values[key], "*") {
			continue
		}
		value, ok := labels[key]
		if !ok || !slices.ContainsFunc(l.values[key], func(pattern string) bool { return matchLabel(pattern, value) }) {
			return false
		}
	}
	return true
}

// maxLabelPattern bounds a pattern that is compiled; Go's regular expressions
// take linear time, but not for any size of pattern.
const maxLabelPattern = 1000

func matchLabel(pattern, value string) bool {
	if pattern == "*" || pattern == value || strings.Contains(pattern, "{{") {
		return true
	}
	if len(pattern) > maxLabelPattern {
		return false
	}
	expression := pattern
	if !strings.HasPrefix(pattern, "^") || !strings.HasSuffix(pattern, "$") {
		expression = "^" + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, "(.*)") + "$"
	}
	compiled, err := regexp.Compile(expression)
	return err == nil && compiled.MatchString(value)
}
