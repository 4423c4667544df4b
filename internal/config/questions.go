package config

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Question is one test of a file of questions: a question as `iamcheck can` puts
// it, and the answer that is expected. Empty fields were not told.
type Question struct {
	Name            string
	Principal       string
	Action          string
	Resource        string
	ResourceAccount string
	Session         string
	Tags            map[string]string
	SessionPolicy   string // path, as written
	ResourcePolicy  string // path, as written
	Context         []ContextKey
	Unknown         []string
	Absent          []string
	Expect          string   // "allowed", "denied" or "unknown"
	Coverage        string   // "all", "part", "none"; "" where any will do
	Position        Position // of the test
}

// ContextKey is a condition key with its values, at least one.
type ContextKey struct {
	Key    string
	Values []string
}

// LoadQuestions reads a file of questions (docs/how-iamcheck-decides.md): a
// mapping with tests, a list. Everything that is wrong is reported at once, as
// an *Errors.
func LoadQuestions(name string, text []byte) ([]Question, error) {
	r := &reader{file: name, strict: true, errs: &Errors{}}
	roots := r.documents(text)
	var questions []Question
	switch {
	case len(r.errs.List) > 0:
	case len(roots) == 0:
		r.errs.add(Position{File: name, Line: 1, Column: 1}, "the file is empty, expected tests")
	default:
		for _, more := range roots[1:] {
			r.errorf(more, "a second document, expected one")
		}
		questions = r.questions(r.mapping(roots[0], "the file of questions"))
	}
	if err := r.errs.err(); err != nil {
		return nil, err
	}
	return questions, nil
}

func (r *reader) questions(m *mapping) []Question {
	if m == nil {
		return nil
	}
	if n := m.value("version"); n != nil && n.Value != "1" {
		r.errorf(n, "version: found %s, expected 1", describe(n))
	}
	var questions []Question
	names := map[string]bool{}
	nodes := m.list("tests")
	if len(nodes) == 0 {
		r.errs.add(m.position("tests"), "no tests, expected a list with name, principal, action, resource and expect")
	}
	for _, n := range nodes {
		one := r.mapping(n, "tests")
		if one == nil {
			if isNull(n) {
				r.errorf(n, "a test is empty, expected name, principal, action, resource and expect")
			}
			continue
		}
		q := r.question(one)
		if names[q.Name] && q.Name != "" {
			r.errs.add(one.position("name"), "name: %s stands twice", quote(q.Name))
		}
		names[q.Name] = true
		questions = append(questions, q)
	}
	m.done("the file of questions")
	return questions
}

func (r *reader) question(m *mapping) Question {
	q := Question{
		Name: r.must(m, "name"), Principal: r.must(m, "principal"), Action: r.must(m, "action"), Resource: r.must(m, "resource"),
		ResourceAccount: m.text("resource_account"), Session: m.text("session"), Tags: m.textMap("tags"),
		SessionPolicy: m.text("session_policy"), ResourcePolicy: m.text("resource_policy"),
		Context: r.context(m.section("context")), Unknown: textsOf(m.texts("unknown")), Absent: textsOf(m.texts("absent")),
		Position: r.at(m.node),
	}
	if m.value("expect") == nil {
		r.errs.add(m.position("expect"), "expect: missing, expected allowed, denied or unknown")
	}
	q.Expect = r.oneOf(m, "expect", "allowed", "denied", "unknown")
	q.Coverage = r.oneOf(m, "coverage", "all", "part", "none")
	if q.ResourceAccount != "" && !IsAccountID(q.ResourceAccount) {
		r.errs.add(m.position("resource_account"), "resource_account: %s is not an AWS account ID, expected 12 digits", quote(q.ResourceAccount))
	}
	if prefix, name, ok := strings.Cut(q.Action, ":"); q.Action != "" && (!ok || prefix == "" || name == "" || strings.ContainsAny(q.Action, "*? ")) {
		r.errs.add(m.position("action"), "action: %s is not one action, expected service:Name", quote(q.Action))
	}
	r.toldOnce(m, &q)
	m.done("a test")
	return q
}

// must is the text of a key that has to be there.
func (r *reader) must(m *mapping, key string) string {
	n := m.value(key)
	if n == nil || n.Kind == yaml.ScalarNode && n.Value == "" {
		r.errs.add(m.position(key), "%s: missing", key)
		return ""
	}
	return r.text(n, key)
}

func (r *reader) oneOf(m *mapping, key string, words ...string) string {
	n := m.value(key)
	if n == nil || n.Kind == yaml.ScalarNode && slices.Contains(words, n.Value) {
		if n == nil {
			return ""
		}
		return n.Value
	}
	r.errorf(n, "%s: found %s, expected %s", key, describe(n), strings.Join(words, ", "))
	return ""
}

// context reads condition keys with a value or a list of values each, in the
// order of the file. Booleans and numbers stand for their text.
func (r *reader) context(m *mapping) []ContextKey {
	if m == nil {
		return nil
	}
	var keys []ContextKey
	for _, k := range m.keys {
		n := r.resolve(m.values[k.Value])
		one := ContextKey{Key: k.Value}
		nodes := []*yaml.Node{n}
		if n.Kind == yaml.SequenceNode {
			nodes = r.items(n)
		}
		for _, v := range nodes {
			if v.Kind != yaml.ScalarNode || v.ShortTag() == "!!null" {
				r.errorf(v, "context: found %s for %s, expected a value or a list of values", describe(v), quote(k.Value))
				continue
			}
			one.Values = append(one.Values, v.Value)
		}
		if len(nodes) == 0 {
			r.errorf(n, "context: %s has no value; a key that the request does not hold stands under absent", quote(k.Value))
		}
		keys = append(keys, one)
	}
	return keys
}

func textsOf(items []item) []string {
	var texts []string
	for _, i := range items {
		texts = append(texts, i.text)
	}
	return texts
}

// toldOnce refuses a key of which two things are said.
func (r *reader) toldOnce(m *mapping, q *Question) {
	told := map[string]string{}
	tell := func(section, key string) {
		folded := strings.ToLower(key)
		if before, ok := told[folded]; ok {
			r.errs.add(m.position(section), "%s: %s stands in %s already", section, quote(key), before)
			return
		}
		told[folded] = section
	}
	for _, k := range q.Context {
		tell("context", k.Key)
	}
	for _, k := range q.Unknown {
		tell("unknown", k)
	}
	for _, k := range q.Absent {
		tell("absent", k)
	}
}

// ParsePair takes KEY=VALUE apart, as flags have it; the key is not empty.
func ParsePair(s string) (key, value string, err error) {
	key, value, ok := strings.Cut(s, "=")
	if !ok || key == "" {
		return "", "", fmt.Errorf("%s is not of the form KEY=VALUE", quote(s))
	}
	return key, value, nil
}
