package policy

import (
	"strings"
	"testing"
)

// checkConsistent checks what must hold whatever the case says: the evaluator's
// short way agrees, documents may be printed and parsed again, an answer about a
// pattern agrees with those about what it matches, and knowing less never
// changes an answer, but only takes it away.
func checkConsistent(t *testing.T, c *corpusCase, req *Request, pol *Policies, got Verdict) {
	t.Helper()
	var e Evaluator
	if d := e.Decision(req, pol); d != got.Decision {
		t.Errorf("got %s from Evaluator.Decision, want %s as from Decide", d, got.Decision)
	}
	_, printed := c.build(t, (*Document).Print)
	if again := Decide(req, printed); again.Decision != got.Decision {
		t.Errorf("got %s after printing and parsing the documents, want %s", again.Decision, got.Decision)
	}
	if HasWildcard(req.Resource) && !req.WildcardOnly && !req.Literal {
		checkInstances(t, req, pol, got)
	}
	blind := *req
	blind.Context = nil
	switch d := Decide(&blind, pol).Decision; d {
	case Undecided:
	case Allowed:
		if got.Decision != Allowed {
			t.Errorf("got Allowed knowing no context key, want no such answer: it is %s with them", got.Decision)
		}
	default:
		if got.Decision == Allowed || got.Decision == Undecided {
			t.Errorf("got %s knowing no context key, want no such answer: it is %s with them", d, got.Decision)
		}
	}
}

// checkInstances checks an answer about a pattern against answers about
// resources that the pattern matches.
func checkInstances(t *testing.T, req *Request, pol *Policies, got Verdict) {
	t.Helper()
	decide := func(resource string) Decision {
		one := *req
		one.Resource = resource
		return Decide(&one, pol).Decision
	}
	for _, resource := range samples(req.Resource) {
		d := decide(resource)
		if (got.Decision == Allowed || got.Coverage == CoverageAll) && d != Allowed {
			t.Errorf("got %s, coverage %d of %s; but %s is %s", got.Decision, got.Coverage, req.Resource, resource, d)
		}
		if got.Coverage == CoverageNone && d == Allowed {
			t.Errorf("got coverage none of %s; but %s is Allowed", req.Resource, resource)
		}
	}
	if got.Witness == "" {
		return
	}
	if !RequestPattern(req.Resource).Match(got.Witness) {
		t.Errorf("got witness %q, which %s does not match", got.Witness, req.Resource)
	}
	if d := decide(got.Witness); d == Allowed {
		t.Errorf("got witness %q, which is Allowed", got.Witness)
	}
}

// samples returns some resources that a pattern matches.
func samples(pattern string) []string {
	if pattern == "*" {
		return []string{"arn:aws:s3:::reports/x", "arn:aws:sqs:eu-west-1:111122223333:orders", "arn:aws:iam::111122223333:role/app"}
	}
	var out []string
	for _, fill := range []string{"", "a", "app", "db-ABCDEFGHIJKL/app", "x/y:z"} {
		fields := strings.SplitN(strings.ReplaceAll(pattern, "?", "q"), ":", 6)
		for i, field := range fields {
			with := fill
			if i < 5 { // real ARNs have no colons there
				with = strings.NewReplacer(":", "", "/", "").Replace(fill)
			}
			fields[i] = strings.ReplaceAll(field, "*", with)
		}
		out = append(out, strings.Join(fields, ":"))
	}
	return out
}
