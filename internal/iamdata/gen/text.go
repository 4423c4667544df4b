package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// accessLetters maps every access level that the package writes. PassRole is
// "Write", as AWS has it.
var accessLetters = map[string]string{
	"List":                          "L",
	"Read":                          "R",
	"Write":                         "W",
	"Tagging":                       "T",
	"Tagging, Write":                "T",
	"Permissions management":        "P",
	"Permissions management, Write": "P",
}

var keyLetters = map[string]string{
	"String": "S", "ARN": "A", "Bool": "B", "Date": "D", "IPAddress": "I", "Numeric": "N", "Binary": "Y",
}

// text writes the source in the form that internal/iamdata's parse.go describes.
func text(s *source) (string, error) {
	date, err := time.Parse(time.RFC3339, s.pkg.UpdatedAt)
	if err != nil {
		return "", fmt.Errorf("updatedAt: %w", err)
	}
	w := &writer{}
	w.line("iam-data", s.pkg.Version, date.Format(time.DateOnly))
	for _, k := range sortedKeys(s.globalKeys) {
		w.line("!", k.Key, w.keyLetter(k.Type))
	}
	w.line("^", strings.Join(slices.Sorted(slices.Values(s.rcp)), " "))
	for _, prefix := range slices.Sorted(slices.Values(s.prefixes)) {
		if s.names[prefix] == "" || prefix != strings.ToLower(prefix) {
			return "", fmt.Errorf("service %q: name %q", prefix, s.names[prefix])
		}
		w.line("@", prefix, s.names[prefix])
		w.service(s.services[prefix])
		if w.err != nil {
			return "", fmt.Errorf("service %s: %w", prefix, w.err)
		}
	}
	return w.b.String(), w.err
}

func sortedKeys(keys []sourceKey) []sourceKey {
	return slices.SortedFunc(slices.Values(keys), func(a, b sourceKey) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.Key), strings.ToLower(b.Key)), strings.Compare(a.Key, b.Key))
	})
}

// writer gathers lines and keeps the first error.
type writer struct {
	b   strings.Builder
	err error
}

func (w *writer) fail(format string, args ...any) string {
	w.err = cmp.Or(w.err, fmt.Errorf(format, args...))
	return ""
}

func (w *writer) line(fields ...string) {
	for _, f := range fields {
		if strings.ContainsAny(f, "\t\n") {
			w.fail("field %q", f)
		}
	}
	w.b.WriteString(strings.Join(fields, "\t"))
	w.b.WriteByte('\n')
}

func (w *writer) keyLetter(keyType string) string {
	one, many := strings.CutPrefix(keyType, "ArrayOf")
	letter, ok := keyLetters[one]
	switch {
	case !ok:
		return w.fail("key type %q", keyType)
	case many:
		return strings.ToLower(letter)
	default:
		return letter
	}
}

func (w *writer) service(s sourceService) {
	keys := allKeys(s)
	keyNumbers := map[string]int{}
	for i, k := range keys {
		keyNumbers[strings.ToLower(k.Key)] = i
		w.line("+", k.Key, w.keyLetter(k.Type))
	}
	resourceNumbers := map[string]int{}
	for i, name := range slices.Sorted(maps.Keys(s.resources)) {
		r := s.resources[name]
		resourceNumbers[name] = i
		fields := []string{"=", r.Key, numbers(r.ConditionKeys, keyNumbers)}
		w.line(append(fields, w.arns(r)...)...)
	}
	for _, name := range slices.Sorted(maps.Keys(s.actions)) {
		a := s.actions[name]
		letter, ok := accessLetters[a.AccessLevel]
		if !ok || strings.ToLower(a.Name) != name {
			w.fail("action %q: name %q, access level %q", name, a.Name, a.AccessLevel)
		}
		w.line("-", a.Name, letter, w.targets(a, resourceNumbers, keyNumbers), numbers(a.ConditionKeys, keyNumbers))
	}
}

// allKeys are the service's condition keys and those that its actions and
// resource types name besides, which are taken for strings.
func allKeys(s sourceService) []sourceKey {
	all := maps.Clone(s.keys)
	if all == nil {
		all = map[string]sourceKey{}
	}
	add := func(names []string) {
		for _, name := range names {
			if lower := strings.ToLower(name); all[lower].Key == "" {
				all[lower] = sourceKey{Key: name, Type: "String"}
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.resources)) {
		add(s.resources[name].ConditionKeys)
	}
	for _, name := range slices.Sorted(maps.Keys(s.actions)) {
		add(s.actions[name].ConditionKeys)
		for _, t := range s.actions[name].ResourceTypes {
			add(t.ConditionKeys)
		}
	}
	return sortedKeys(slices.Collect(maps.Values(all)))
}

func (w *writer) arns(r sourceResource) []string {
	arns := strings.Split(r.ARN, ", ")
	for _, arn := range arns {
		if !strings.HasPrefix(arn, "arn:") {
			w.fail("resource type %q: ARN %q", r.Key, arn)
		}
	}
	return arns
}

func (w *writer) targets(a sourceAction, resources, keys map[string]int) string {
	var items []string
	for _, t := range a.ResourceTypes {
		n, ok := resources[strings.ToLower(t.Name)]
		if !ok {
			w.fail("action %s: resource type %q is not described", a.Name, t.Name)
		}
		item := strconv.Itoa(n)
		if t.Required {
			item += "!"
		}
		if list := numbers(t.ConditionKeys, keys); list != "" {
			item += ":" + list
		}
		items = append(items, item)
	}
	return strings.Join(items, " ")
}

// numbers writes names as their numbers, ascending, so that like lists are
// written alike.
func numbers(names []string, of map[string]int) string {
	var list []int
	for _, name := range names {
		list = append(list, of[strings.ToLower(name)])
	}
	slices.Sort(list)
	var words []string
	for _, n := range slices.Compact(list) {
		words = append(words, strconv.Itoa(n))
	}
	return strings.Join(words, ",")
}
