package policy

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// eachRandomCase runs a property on many random cases; seed tells properties
// apart.
func eachRandomCase(t *testing.T, seed uint64, f func(t *testing.T, r *randomCase, c caseFields)) {
	t.Helper()
	for n := range instances(700, 60_000) {
		r, c := newRandomCase(rand.New(rand.NewPCG(seed, uint64(n))))
		f(t, r, c)
		if t.Failed() {
			t.Fatalf("case %d: %s", n, c.text(t))
		}
	}
}

// TestPatternsAgree: an answer about a pattern is that about all it matches, and
// the witness is a resource that shows why it is not Allowed.
func TestPatternsAgree(t *testing.T) {
	names := shortNames()
	answers := map[string]int{}
	eachRandomCase(t, 1, func(t *testing.T, _ *randomCase, c caseFields) {
		req, pol := c.question(t)
		v := Decide(req, pol)
		if !HasWildcard(req.Resource) || req.Literal {
			return
		}
		answers[fmt.Sprint(v.Decision, v.Coverage, v.MayCover)]++
		asked := RequestPattern(req.Resource)
		for _, name := range names {
			if asked.Match(name) {
				checkMember(t, req, pol, &v, name)
			}
		}
		checkWitness(t, req, pol, &v)
		checkLayers(t, &v)
	})
	for _, want := range []string{
		"Allowed 3 3", "Unknown 1 3", "Unknown 2 3", "ImplicitlyDenied 1 1", "ImplicitlyDenied 1 2", "ImplicitlyDenied 2 2",
		"ExplicitlyDenied 1 1", "ExplicitlyDenied 1 2", "ExplicitlyDenied 2 2",
	} {
		if answers[want] < 5 {
			t.Errorf("got decision, coverage and what may be covered %s %d times, want more: %v", want, answers[want], answers)
		}
	}
}

func decideOne(req *Request, pol *Policies, resource string) Decision {
	one := *req
	one.Resource = resource
	return Decide(&one, pol).Decision
}

func denied(d Decision) bool { return d == ImplicitlyDenied || d == ExplicitlyDenied }

// checkMember holds a resource that the pattern matches to the answer about it.
func checkMember(t *testing.T, req *Request, pol *Policies, v *Verdict, name string) {
	t.Helper()
	d := decideOne(req, pol, name)
	for what, wrong := range map[string]bool{
		"Allowed":            v.Decision == Allowed && d != Allowed,
		"coverage all":       v.Coverage == CoverageAll && d != Allowed,
		"coverage none":      v.Coverage == CoverageNone && d == Allowed,
		"may cover none":     v.MayCover == CoverageNone && !denied(d),
		"undecided":          v.Decision == Undecided && denied(d),
		"no explicit denial": v.Decision == ImplicitlyDenied && d == ExplicitlyDenied,
	} {
		if wrong {
			t.Errorf("got %s of %s, but %s is %s", what, req.Resource, name, d)
		}
	}
}

// checkWitness: what is not allowed has a witness, which is asked for and gets
// the same answer.
func checkWitness(t *testing.T, req *Request, pol *Policies, v *Verdict) {
	t.Helper()
	if v.Decision == Allowed {
		if v.Witness != "" {
			t.Errorf("got witness %q of what is allowed", v.Witness)
		}
		return
	}
	if !RequestPattern(req.Resource).Match(v.Witness) {
		t.Errorf("got witness %q, which %s does not match", v.Witness, req.Resource)
	}
	if d := decideOne(req, pol, v.Witness); d != v.Decision && v.Witness != "" && !HasWildcard(v.Witness) {
		t.Errorf("got witness %q, which is %s, for %s", v.Witness, d, v.Decision)
	}
}

// checkLayers: the layers make the decision.
func checkLayers(t *testing.T, v *Verdict) {
	t.Helper()
	var worst [ExplicitlyDenied + 1]bool
	for _, l := range v.Layers {
		worst[l.Decision] = true
	}
	want := Allowed
	for _, d := range []Decision{ExplicitlyDenied, ImplicitlyDenied, Undecided} {
		if worst[d] {
			want = d
			break
		}
	}
	if v.Decision != want {
		t.Errorf("got %s from layers that make %s: %+v", v.Decision, want, v.Layers)
	}
	if v.Decision == Undecided && len(v.Conditions)+len(v.Ambiguities)+len(v.Unread) == 0 {
		t.Errorf("got no reason for an undecided answer: %+v", v)
	}
}

// better orders decisions by how much they grant; an explicit denial stands
// apart from an implicit one only where it must not come or go.
func better(a, b Decision) bool {
	return slices.Index(grantOrder, a) > slices.Index(grantOrder, b)
}

var grantOrder = []Decision{ExplicitlyDenied, ImplicitlyDenied, Undecided, Allowed}

// TestMonotony: an Allow more never takes away, a Deny more never grants.
func TestMonotony(t *testing.T) {
	changed := map[string]int{}
	eachRandomCase(t, 2, func(t *testing.T, r *randomCase, c caseFields) {
		req, pol := c.question(t)
		before := Decide(req, pol).Decision
		for _, effect := range []string{"Allow", "Deny"} {
			more := c.clone(t)
			more.documents(func(kind Kind, d map[string]any) {
				if r.rng.IntN(4) > 0 && (kind != KindRCP || effect == "Deny") {
					d["Statement"] = append(d["Statement"].([]any), r.statement(kind, effect))
				}
			})
			req, pol := more.question(t)
			after := Decide(req, pol).Decision
			if after != before {
				changed[effect]++
			}
			if effect == "Allow" && better(before, after) || effect == "Deny" && better(after, before) {
				t.Errorf("got %s, and %s with %s statements added: %s", before, after, effect, more.text(t))
			}
		}
	})
	if changed["Allow"] < 10 || changed["Deny"] < 50 {
		t.Errorf("the statements hardly changed any answer: %v", changed)
	}
}

// gist is what does not depend on the order of things.
func gist(v *Verdict) string {
	return fmt.Sprintf("%s in %s, coverage %d to %d, conditions %q, ambiguities %q, %d statements",
		v.Decision, v.Layer, v.Coverage, v.MayCover, v.Conditions, v.Ambiguities, len(v.Because))
}

// TestOrderDoesNotCount: not of policies, statements, or values; nor does it
// count whether documents were printed and parsed again.
func TestOrderDoesNotCount(t *testing.T) {
	eachRandomCase(t, 3, func(t *testing.T, r *randomCase, c caseFields) {
		req, pol := c.question(t)
		v := Decide(req, pol)
		// Of two statements that each allow all, either may be cited.
		want := gist(&v)
		other := c.clone(t)
		for field, value := range other {
			if field != "scps" && field != "rcps" && field != "request" {
				shuffle(r.rng, value)
			}
		}
		shuffledReq, shuffled := other.question(t)
		again := Decide(shuffledReq, shuffled)
		if v.Decision == Allowed || v.Decision == ImplicitlyDenied {
			again.Because = v.Because
		}
		if got := gist(&again); got != want {
			t.Errorf("got %s, want %s as before: %s", got, want, other.text(t))
		}
		printed := reparsed(t, pol)
		again = Decide(req, printed)
		if got := gist(&again); got != want {
			t.Errorf("got %s, want %s as before printing", got, want)
		}
	})
}

// shuffle changes the order of all lists in a JSON value.
func shuffle(rng *rand.Rand, v any) {
	switch v := v.(type) {
	case []any:
		rng.Shuffle(len(v), func(i, j int) { v[i], v[j] = v[j], v[i] })
		for _, item := range v {
			shuffle(rng, item)
		}
	case map[string]any:
		for _, item := range v {
			shuffle(rng, item)
		}
	}
}

// reparsed prints and parses the documents of policies.
func reparsed(t *testing.T, pol *Policies) *Policies {
	t.Helper()
	sources := func(list []Source) []Source {
		list = slices.Clone(list)
		for i := range list {
			d, err := Parse(list[i].Document.Kind, list[i].Document.Print())
			if err != nil {
				t.Fatal(err)
			}
			list[i].Document = d
		}
		return list
	}
	levels := func(list [][]Source) [][]Source {
		list = slices.Clone(list)
		for i := range list {
			list[i] = sources(list[i])
		}
		return list
	}
	again := *pol
	again.Identity, again.Boundary, again.Session = sources(pol.Identity), sources(pol.Boundary), sources(pol.Session)
	again.SCPs, again.RCPs = levels(pol.SCPs), levels(pol.RCPs)
	if pol.Resource != nil {
		again.Resource = &sources([]Source{*pol.Resource})[0]
	}
	return &again
}
