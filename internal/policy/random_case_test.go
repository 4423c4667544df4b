package policy

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// randomCase is a question with policies of several layers, small enough that
// what it says can be tried out on all short names.
type randomCase struct {
	rng *rand.Rand
	// principal and foreign: the resource belongs to another account.
	principal string
	foreign   bool
}

// The parts of random cases. The keys are one whose value is known, one that is
// absent and one that is not known.
var (
	randomActions    = []string{"s3:GetObject", "s3:PutObject"}
	randomPrincipals = []string{
		"arn:aws:iam::111122223333:role/app", "arn:aws:sts::111122223333:assumed-role/app/one", "arn:aws:iam::111122223333:user/bob",
		"arn:aws:iam::111122223333:root", "arn:aws:sts::111122223333:federated-user/bob", "lambda.amazonaws.com",
	}
	randomKeys = []string{"aws:PrincipalTag/known", "aws:PrincipalTag/absent", "aws:PrincipalTag/unknown"}
	randomTags = []string{"a", "b", "ab"}
)

func oneOf[T any](rng *rand.Rand, from []T) T { return from[rng.IntN(len(from))] }

// document makes a policy document of a kind.
func (r *randomCase) document(kind Kind) map[string]any {
	statements := make([]any, 0, 3)
	for range 1 + r.rng.IntN(3) {
		statements = append(statements, r.statement(kind, ""))
	}
	version := "2012-10-17"
	if r.rng.IntN(12) == 0 {
		version = "2008-10-17"
	}
	return map[string]any{"Version": version, "Statement": statements}
}

// statement makes a statement; effect may be "" for any.
func (r *randomCase) statement(kind Kind, effect string) map[string]any {
	if effect == "" {
		effect = "Allow"
		if r.rng.IntN(4) == 0 {
			effect = "Deny"
		}
	}
	if kind == KindRCP {
		effect = "Deny"
	}
	st := map[string]any{"Effect": effect}
	element := func(name string, values []any) {
		if r.rng.IntN(5) == 0 && (name != "Action" || kind != KindRCP) {
			name = "Not" + name
		}
		st[name] = values
	}
	element("Action", r.some(2, func() any { return oneOf(r.rng, []string{"*", "s3:*", "s3:GetObject", "S3:Put*", "sqs:*"}) }))
	element("Resource", r.some(3, func() any { return r.resource() }))
	switch kind {
	case KindResource:
		st["Principal"] = r.principals()
	case KindRCP:
		st["Principal"] = "*"
	}
	if r.rng.IntN(3) == 0 {
		st["Condition"] = r.condition()
	}
	return st
}

func (r *randomCase) some(most int, one func() any) []any {
	var list []any
	for range 1 + r.rng.IntN(most) {
		list = append(list, one())
	}
	return list
}

// resource makes a pattern: mostly a bucket's name over a, b, * and ?.
func (r *randomCase) resource() string {
	switch r.rng.IntN(14) {
	case 12:
		return "arn:aws:s3:" + oneOf(r.rng, []string{"eu-*", "eu-west-1", "*", ""}) + ":111122223333:" + r.glob()
	case 13:
		return "arn:aws:s3:*:*" + oneOf(r.rng, []string{"", "a", ":a*"})
	case 0:
		return "*"
	case 1:
		return "arn:aws:s3:::${aws:PrincipalTag/known}*"
	case 2:
		return "arn:aws:s3:::*${" + oneOf(r.rng, randomKeys) + "}"
	case 3:
		return "arn:aws:s3:*:*:" + r.glob()
	case 4:
		return "arn:aws:s3*"
	default:
		return "arn:aws:s3:::" + r.glob()
	}
}

func (r *randomCase) glob() string {
	var b strings.Builder
	for range 1 + r.rng.IntN(3) {
		b.WriteString(oneOf(r.rng, []string{"a", "b", "*", "?", "*", "a"}))
	}
	return b.String()
}

func (r *randomCase) principals() any {
	if r.rng.IntN(4) == 0 {
		return "*"
	}
	own := "arn:aws:iam::111122223333:root"
	list := r.some(2, func() any { return oneOf(r.rng, append(randomPrincipals[:5:5], own, "111122223333", r.principal)) })
	list = slices.DeleteFunc(list, func(v any) bool { return !strings.HasPrefix(v.(string), "arn:") && v != "111122223333" })
	return map[string]any{"AWS": append(list, own), "Service": "lambda.amazonaws.com"}
}

func (r *randomCase) condition() map[string]any {
	operator := oneOf(r.rng, []string{
		"StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIfExists", "StringNotEqualsIfExists",
		"ForAllValues:StringEquals", "ForAnyValue:StringLike", "ForAnyValue:StringNotEquals", "Null",
	})
	if operator == "Null" {
		return map[string]any{operator: map[string]any{oneOf(r.rng, randomKeys): r.rng.IntN(2) == 0}}
	}
	return map[string]any{operator: map[string]any{
		oneOf(r.rng, randomKeys): r.some(2, func() any { return oneOf(r.rng, []string{"a", "b", "*", "a*", "${" + oneOf(r.rng, randomKeys) + "}"}) }),
	}}
}

// caseFields is a case before it is JSON.
type caseFields map[string]any

// newRandomCase makes a case about the resources of a pattern.
func newRandomCase(rng *rand.Rand) (*randomCase, caseFields) {
	r := &randomCase{rng: rng, principal: oneOf(rng, randomPrincipals), foreign: rng.IntN(5) == 0}
	account := "111122223333"
	if r.foreign {
		account = "444455556666"
	}
	c := caseFields{
		"request": map[string]any{
			"principal": r.principal, "action": oneOf(rng, randomActions), "resourceAccount": account,
			"resource": oneOf(rng, []string{"*", "arn:aws:s3:::*", "arn:aws:s3:*:*:" + r.glob(), "arn:aws:s3:::" + r.glob(), "arn:aws:s3:::" + r.glob(), "arn:aws:s3:::" + r.glob() + "*"}),
			"context":  map[string]any{randomKeys[0]: oneOf(rng, randomTags)}, "unknownContext": randomKeys[2:],
		},
	}
	c.add("identityPolicies", r.some(2, func() any { return r.document(KindIdentity) }))
	if rng.IntN(3) == 0 {
		c.add("boundary", r.document(KindBoundary))
	}
	if rng.IntN(3) == 0 || strings.Contains(r.principal, "federated") {
		c.add("sessionPolicies", r.some(2, func() any { return r.document(KindSession) }))
	}
	if rng.IntN(3) == 0 {
		c.add("scps", r.some(2, func() any { return r.some(2, func() any { return r.document(KindSCP) }) }))
	}
	if rng.IntN(4) == 0 {
		c.add("rcps", r.some(1, func() any { return r.some(1, func() any { return r.document(KindRCP) }) }))
	}
	if rng.IntN(2) == 0 {
		c.add("resourcePolicy", r.document(KindResource))
	}
	return r, c
}

func (c caseFields) add(field string, value any) { c[field] = value }

// clone copies a case, so that it can be changed.
func (c caseFields) clone(t *testing.T) caseFields {
	t.Helper()
	var d caseFields
	if err := json.Unmarshal(c.text(t), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func (c caseFields) text(t *testing.T) []byte {
	t.Helper()
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// question compiles a case as `iamcheck eval` does.
func (c caseFields) question(t *testing.T) (*Request, *Policies) {
	t.Helper()
	var parsed Case
	if err := json.Unmarshal(c.text(t), &parsed); err != nil {
		t.Fatal(err)
	}
	req, pol, err := parsed.Question(Parse)
	if err != nil {
		t.Fatal(err)
	}
	return req, pol
}

// documents calls f for each document of a clone of a case, with its kind.
func (c caseFields) documents(f func(kind Kind, document map[string]any)) {
	kinds := map[string]Kind{
		"identityPolicies": KindIdentity, "boundary": KindBoundary, "sessionPolicies": KindSession,
		"scps": KindSCP, "rcps": KindRCP, "resourcePolicy": KindResource,
	}
	var visit func(kind Kind, v any)
	visit = func(kind Kind, v any) {
		switch v := v.(type) {
		case []any:
			for _, item := range v {
				visit(kind, item)
			}
		case map[string]any:
			f(kind, v)
		}
	}
	for _, field := range []string{"identityPolicies", "boundary", "sessionPolicies", "scps", "rcps", "resourcePolicy"} {
		visit(kinds[field], c[field])
	}
}

// shortNames are all resources whose names are words of up to three letters,
// and a few others.
func shortNames() []string {
	words := []string{""}
	for first := 0; len(words[first]) < 3; first++ {
		for _, letter := range []string{"a", "b", "x"} {
			words = append(words, words[first]+letter)
		}
	}
	names := []string{"arn:aws:sqs:eu-west-1:111122223333:a", "arn:aws:s3:eu-west-1:111122223333:accesspoint/a"}
	for i, word := range words[1:] {
		names = append(names, "arn:aws:s3:::"+word)
		if i%4 == 0 {
			names = append(names, "arn:aws:s3:eu-west-1:111122223333:"+word, "arn:aws:s3:us-east-1::"+word)
		}
	}
	return names
}
