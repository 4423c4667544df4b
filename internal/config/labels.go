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
	values map[string][]labelValue
}

// labelValue is a value as it is written, with the expression that it stands
// for where it is no literal.
type labelValue struct {
	text       string
	expression *regexp.Regexp // nil for a literal
}

func (r *reader) labelSet(m *mapping) labelSet {
	var l labelSet
	if m == nil {
		return l
	}
	l.values = map[string][]labelValue{}
	for _, key := range m.keys {
		l.keys = append(l.keys, key.Value)
		for _, v := range m.texts(key.Value) {
			l.values[key.Value] = append(l.values[key.Value], newLabelValue(v.text))
		}
	}
	return l
}

// maxLabelPattern bounds a pattern that is compiled; Go's regular expressions
// take linear time, but not for any size of pattern.
const maxLabelPattern = 1000

// newLabelValue reads a value: a regular expression where it stands between ^
// and $, else a text in which "*" stands for anything.
func newLabelValue(text string) labelValue {
	v := labelValue{text: text}
	if text == "*" || len(text) > maxLabelPattern {
		return v
	}
	switch {
	case strings.HasPrefix(text, "^") && strings.HasSuffix(text, "$"):
		// One that is no expression matches as it is written.
		v.expression, _ = regexp.Compile(text)
	case strings.Contains(text, "*"):
		v.expression, _ = regexp.Compile("^" + strings.ReplaceAll(regexp.QuoteMeta(text), `\*`, ".*") + "$")
	}
	return v
}

// matches says whether a label's value is selected. A {{trait}} may be any
// value, since only Teleport can resolve it.
func (v labelValue) matches(value string) bool {
	if v.text == "*" || v.text == value || strings.Contains(v.text, "{{") {
		return true
	}
	return v.expression != nil && v.expression.MatchString(value)
}

// match says whether a database with these labels is selected: {"*": "*"}
// selects all, else each key must be there with one of its values.
func (l labelSet) match(labels map[string]string) bool {
	if len(l.keys) == 0 {
		return false
	}
	for _, key := range l.keys {
		if key == "*" && slices.ContainsFunc(l.values[key], func(v labelValue) bool { return v.text == "*" }) {
			continue
		}
		value, ok := labels[key]
		if !ok || !slices.ContainsFunc(l.values[key], func(v labelValue) bool { return v.matches(value) }) {
			return false
		}
	}
	return true
}
