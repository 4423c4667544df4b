package policy

import (
	"math/big"
	"strings"
	"testing"
)

func TestNumericOperators(t *testing.T) {
	runConditionCases(t, []conditionCase{
		{name: "equal", page: pageOperators, operator: "NumericEquals", values: []string{"10"}, context: team("10"), want: True},
		{name: "equal decimals", page: pageOperators, operator: "NumericEquals", values: []string{"1.50"}, context: team("1.5"), want: True},
		{name: "leading zeros", page: pageOperators, operator: "NumericEquals", values: []string{"007"}, context: team("7.0"), want: True},
		{name: "exact beyond floating point", page: pageOperators, operator: "NumericEquals", values: []string{"9007199254740993"}, context: team("9007199254740992"), want: False},
		{name: "not equal", page: pageOperators, operator: "NumericNotEquals", values: []string{"10"}, context: team("11"), want: True},
		{name: "less", page: pageOperators, operator: "NumericLessThan", values: []string{"10"}, context: team("9.99"), want: True},
		{name: "not less", page: pageOperators, operator: "NumericLessThan", values: []string{"10"}, context: team("10"), want: False},
		{name: "less or equal", page: pageOperators, operator: "NumericLessThanEquals", values: []string{"10"}, context: team("10"), want: True},
		{name: "greater", page: pageOperators, operator: "NumericGreaterThan", values: []string{"-3"}, context: team("-2"), want: True},
		{name: "greater by length", page: pageOperators, operator: "NumericGreaterThan", values: []string{"9"}, context: team("10"), want: True},
		{name: "greater or equal", page: pageOperators, operator: "NumericGreaterThanEquals", values: []string{"0"}, context: team("-0"), want: True},
		{name: "no number in the request", page: pageOperators, operator: "NumericLessThan", values: []string{"10"}, context: team("abc"), want: False},
		{name: "no number in the request, negated", operator: "NumericNotEquals", values: []string{"10"}, context: team("abc"), ambiguity: ambiguityNegated},
		{name: "no number in the policy", page: pageOperators, operator: "NumericEquals", values: []string{"abc"}, context: team("1"), want: False},
		{name: "no number in the policy, negated", operator: "NumericNotEquals", values: []string{"abc"}, context: team("1"), ambiguity: ambiguityNegated},
		{name: "beside one that is none", page: pageLogic, operator: "NumericEquals", values: []string{"abc", "1"}, context: team("1"), want: True},
		{name: "exponent", operator: "NumericEquals", values: []string{"1e3"}, context: team("1000"), ambiguity: ambiguityNumber},
		{name: "negative exponent", operator: "NumericEquals", values: []string{"5e-2"}, context: team("0.05"), ambiguity: ambiguityNumber},
		{name: "exponent that does not match", page: pageOperators, operator: "NumericEquals", values: []string{"1e3"}, context: team("999"), want: False},
		{name: "blanks", operator: "NumericEquals", values: []string{" 5"}, context: team("5"), ambiguity: ambiguityNumber},
		{name: "no variables", page: pageVariables, operator: "NumericEquals", values: []string{"${s:n}"}, context: map[string]any{testKey: "1", "s:n": "1"}, want: False},
	})
}

func TestParseDecimalForm(t *testing.T) {
	for s, want := range map[string]form{
		"0": formDocumented, "-1": formDocumented, "1.25": formDocumented, "00.10": formDocumented,
		"+1": formSilent, ".5": formSilent, "5.": formSilent, "1E-3": formSilent, "\t1": formSilent,
		"": formInvalid, "-": formInvalid, ".": formInvalid, "1.2.3": formInvalid, "1e": formInvalid, "e5": formInvalid,
		"1 0": formInvalid, "0x10": formInvalid, "NaN": formInvalid, "Infinity": formInvalid, "--1": formInvalid,
		"1e100001": formInvalid, "١": formInvalid, strings.Repeat("9", maxNumberLength+1): formInvalid,
	} {
		if _, got := parseDecimal(s); got != want {
			t.Errorf("parseDecimal(%q) has form %d, want %d", s, got, want)
		}
	}
}

// FuzzNumeric compares with exact fractions.
func FuzzNumeric(f *testing.F) {
	for _, s := range []string{"0", "-0.0", "10", "9.99", "1e3", "1000", ".5", "0.50", "-3", "-30e-1", "00120", "1e-400", "x"} {
		f.Add(s, "10")
		f.Add("0.1", s)
		f.Add("100e-3", s)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		x, xf := parseDecimal(a)
		y, yf := parseDecimal(b)
		if xf == formInvalid || yf == formInvalid || max(x.exponent, -x.exponent, y.exponent, -y.exponent) > 1000 {
			return
		}
		r, ok1 := new(big.Rat).SetString(strings.Trim(a, " \t\r\n"))
		s, ok2 := new(big.Rat).SetString(strings.Trim(b, " \t\r\n"))
		if !ok1 || !ok2 {
			t.Fatalf("%q or %q is read as a number and is none", a, b)
		}
		if got, want := x.compare(y), r.Cmp(s); got != want {
			t.Errorf("%q compared with %q is %d, want %d", a, b, got, want)
		}
		if x.compare(y) != -y.compare(x) {
			t.Errorf("comparing %q with %q is not antisymmetric", a, b)
		}
	})
}
