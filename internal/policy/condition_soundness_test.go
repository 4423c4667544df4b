package policy

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// What Test says of a context in which something is unknown must be what it
// says of every context that fills in the unknown. These tests fill it in.

const variableKey = "aws:username"

// valuePool holds values of conditions and of requests, for every family.
var valuePool = []string{
	"", "a", "A", "abc", "a*", "*", "?", "**", "a?c", "${*}", "a${?}", "${$}", "${", "$", "ö", "Ö",
	"${aws:username}", "x${aws:username}*", "${aws:username, 'abc'}", "${aws:username}${other:key}", "${aws:PrincipalTag/team}", "${}",
	"0", "-0", "1", "1.0", "1e0", "10", "abc1", "2026", "2026-01-01", "2026-01-01T00:00:00Z", "2026-01-01T12:00:00", "1767268800",
	"true", "False", "maybe", "QUI=", "QUI", "10.0.0.1", "10.0.0.0/8", "10.1.0.0/8", "0.0.0.0/0", "::/0", "2001:db8::1", "::ffff:10.0.0.1",
	"arn:aws:s3:::b", "arn:aws:s3:::*", "arn:*:s3:::b*", "arn:aws:sns:r:1:t", "arn:aws:sns:r:${aws:username}:t", "arn:aws:iam::1:user/${aws:username}", "arn:aws:*", "1:t",
}

func pick(r *rand.Rand) string { return valuePool[r.IntN(len(valuePool))] }

// randomState is a key's state: nil for absent, or as in conditionCase.
func randomState(r *rand.Rand) any {
	switch r.IntN(6) {
	case 0:
		return nil
	case 1, 2:
		values := make([]string, r.IntN(4))
		for i := range values {
			values[i] = pick(r)
		}
		return values
	default:
		return pick(r)
	}
}

func randomCondition(t testing.TB, r *rand.Rand) Condition {
	f := operatorFacts[r.IntN(len(operatorFacts))]
	operator := []string{"", "", "ForAllValues:", "ForAnyValue:"}[r.IntN(4)] + f.Name
	if f.IfExists && r.IntN(3) == 0 {
		operator += "IfExists"
	}
	values := make([]string, r.IntN(4))
	for i := range values {
		values[i] = pick(r)
	}
	return testCondition(t, operator, testKey, values, r.IntN(8) > 0)
}

// fill returns the context that says of the keys what states says; nil is
// absent.
func fill(t *testing.T, states map[string]any) *Context {
	present := make(map[string]any)
	for k, s := range states {
		if s != nil {
			present[k] = s
		}
	}
	return testContext(t, present)
}

func TestConditionSoundness(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	certain := map[Truth]int{}
	for range 4000 {
		c := randomCondition(t, r)
		states := map[string]any{testKey: randomState(r), variableKey: randomState(r), "other:key": randomState(r)}
		var unknown []string
		for _, k := range []string{testKey, variableKey, "other:key"} {
			if r.IntN(2) == 0 {
				unknown = append(unknown, k)
				states[k] = KeyUnknown
			}
		}
		got := c.Test(fill(t, states))
		checkConditionResult(t, &c, states, got, unknown)
		if len(unknown) == 0 || got.Truth == Unknown {
			continue
		}
		certain[got.Truth]++
		for range 60 {
			for _, k := range unknown {
				states[k] = randomState(r)
			}
			if filled := c.Test(fill(t, states)); filled.Truth != got.Truth {
				t.Fatalf("%s %+v is %v with %q unknown, and %+v under %v", c.Operator, c.Values, got.Truth, unknown, filled, states)
			}
		}
	}
	if certain[True] < 100 || certain[False] < 100 {
		t.Errorf("too few certain answers to mean anything: %v", certain)
	}
}

// checkConditionResult checks what holds of every result: reasons where it is
// Unknown, and no others.
func checkConditionResult(t *testing.T, c *Condition, states map[string]any, got ConditionResult, unknown []string) {
	t.Helper()
	switch {
	case got.Truth != Unknown && (got.Keys != nil || got.Ambiguity != ""):
		t.Fatalf("%s %+v under %v is certain and has reasons: %+v", c.Operator, c.Values, states, got)
	case got.Truth == Unknown && len(got.Keys) == 0 && got.Ambiguity == "":
		t.Fatalf("%s %+v under %v is unknown for no reason", c.Operator, c.Values, states)
	case !slices.IsSorted(got.Keys):
		t.Fatalf("%s %+v under %v has keys %q, not sorted", c.Operator, c.Values, states, got.Keys)
	}
	for _, k := range got.Keys {
		if !slices.Contains(unknown, k) {
			t.Fatalf("%s %+v under %v turns on %q, which is known", c.Operator, c.Values, states, k)
		}
	}
}

// Where nothing is unknown, a negated operator without IfExists is the
// opposite of the positive one, for keys with one value.
func TestConditionNegation(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	negations := map[string]string{
		"StringEquals": "StringNotEquals", "StringLike": "StringNotLike", "StringEqualsIgnoreCase": "StringNotEqualsIgnoreCase",
		"NumericEquals": "NumericNotEquals", "DateEquals": "DateNotEquals", "IpAddress": "NotIpAddress", "ArnLike": "ArnNotLike", "ArnEquals": "ArnNotEquals",
	}
	compared := 0
	for range 3000 {
		values, state := []string{pick(r), pick(r)}, pick(r)
		ctx := fill(t, map[string]any{testKey: state, variableKey: randomState(r)})
		for positive, negative := range negations {
			p, n := testCondition(t, positive, testKey, values, true), testCondition(t, negative, testKey, values, true)
			a, b := p.Test(ctx).Truth, n.Test(ctx).Truth
			if a == Unknown || b == Unknown {
				continue
			}
			compared++
			if a == b {
				t.Fatalf("%s and %s of %q for %q are both %v", positive, negative, values, state, a)
			}
		}
	}
	if compared < 1000 {
		t.Errorf("only %d comparisons were certain", compared)
	}
}

// FuzzCondition is TestConditionSoundness over any text.
func FuzzCondition(f *testing.F) {
	for i, v := range valuePool {
		fact := operatorFacts[i%len(operatorFacts)]
		f.Add(fact.Name, v, "a", valuePool[(i*7+3)%len(valuePool)], "abc", uint8(i), i%5 > 0)
		f.Add("ForAnyValue:"+fact.Name+"IfExists", "a", v, v, v, uint8(i*3), true)
	}
	f.Fuzz(func(t *testing.T, operator, value1, value2, request, variable string, unknowns uint8, variables bool) {
		c, _ := compileCondition(operator, testKey, []ConditionValue{{Raw: value1}, {Raw: value2}}, variables, "", Position{})
		samples := []any{nil, request, variable, []string{}, []string{request}, []string{request, variable}}
		states := map[string]any{testKey: request, variableKey: variable}
		for i, k := range []string{testKey, variableKey} {
			if unknowns&(1<<i) != 0 {
				states[k] = KeyUnknown
			}
		}
		got := c.Test(fill(t, states))
		if got.Truth == Unknown {
			return
		}
		for _, s := range samples {
			for _, v := range samples {
				filled := map[string]any{testKey: s, variableKey: v}
				if unknowns&1 == 0 {
					filled[testKey] = request
				}
				if unknowns&2 == 0 {
					filled[variableKey] = variable
				}
				if r := c.Test(fill(t, filled)); r.Truth != got.Truth {
					t.Fatalf("%q %q %q is %v under %v, and %+v under %v", operator, value1, value2, got.Truth, states, r, filled)
				}
			}
		}
	})
}
