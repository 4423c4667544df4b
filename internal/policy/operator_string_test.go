package policy

import (
	"testing"
	"unicode"
)

func TestStringOperators(t *testing.T) {
	runConditionCases(t, []conditionCase{
		{name: "equal", page: pageOperators, operator: "StringEquals", values: []string{"a"}, context: team("a"), want: True},
		{name: "equal counts case", page: pageOperators, operator: "StringEquals", values: []string{"A"}, context: team("a"), want: False},
		{name: "equal has no wildcards", page: pageOperators, operator: "StringEquals", values: []string{"a*"}, context: team("abc"), want: False},
		{name: "equal to a star", page: pageOperators, operator: "StringEquals", values: []string{"a*"}, context: team("a*"), want: True},
		{name: "not equal", page: pageOperators, operator: "StringNotEquals", values: []string{"a"}, context: team("A"), want: True},
		{name: "empty strings are equal", page: pageOperators, operator: "StringEquals", values: []string{""}, context: team(""), want: True},
		{name: "ignoring case", page: pageOperators, operator: "StringEqualsIgnoreCase", values: []string{"RED"}, context: team("rEd"), want: True},
		{name: "ignoring case, other", page: pageOperators, operator: "StringEqualsIgnoreCase", values: []string{"RED"}, context: team("rod"), want: False},
		{name: "ignoring case, negated", page: pageOperators, operator: "StringNotEqualsIgnoreCase", values: []string{"RED"}, context: team("red"), want: False},
		{name: "ignoring case, same letters beyond ASCII", page: pageOperators, operator: "StringEqualsIgnoreCase", values: []string{"Größe"}, context: team("gröSSe"), want: False},
		{name: "ignoring case, the same umlaut", page: pageOperators, operator: "StringEqualsIgnoreCase", values: []string{"GRöN"}, context: team("grön"), want: True},
		{name: "ignoring case, case of an umlaut", operator: "StringEqualsIgnoreCase", values: []string{"GRÖN"}, context: team("grön"), ambiguity: ambiguityFold},
		{name: "ignoring case, Kelvin sign", operator: "StringEqualsIgnoreCase", values: []string{"k"}, context: team("\u212a"), ambiguity: ambiguityFold},
		{name: "like", page: pageOperators, operator: "StringLike", values: []string{"a*c"}, context: team("abc"), want: True},
		{name: "like crosses colons and slashes", page: pageOperators, operator: "StringLike", values: []string{"arn:*:f"}, context: team("arn:aws:s3:::x/y:f"), want: True},
		{name: "like counts case", page: pageOperators, operator: "StringLike", values: []string{"A*"}, context: team("abc"), want: False},
		{name: "like one character", page: pageOperators, operator: "StringLike", values: []string{"a?c"}, context: team("aöc"), want: True},
		{name: "like exactly one character", page: pageOperators, operator: "StringLike", values: []string{"a?c"}, context: team("ac"), want: False},
		{name: "not like", page: pageOperators, operator: "StringNotLike", values: []string{"a*"}, context: team("b"), want: True},
		{name: "like everything, empty", page: pageOperators, operator: "StringLike", values: []string{"*"}, context: team(""), want: True},
	})
}

func TestStringVariables(t *testing.T) {
	with := func(user any) map[string]any { return map[string]any{testKey: "red", "aws:username": user} }
	variable := []string{"${aws:username}"}
	runConditionCases(t, []conditionCase{
		{name: "equal", page: pageVariables, operator: "StringEquals", values: variable, context: with("red"), want: True},
		{name: "other", page: pageVariables, operator: "StringEquals", values: variable, context: with("blue"), want: False},
		{name: "key names are not case-sensitive", page: pageVariables, operator: "StringEquals", values: []string{"${AWS:UserName}"}, context: with("red"), want: True},
		{name: "literal under 2008-10-17", page: pageVersion, operator: "StringEquals", values: variable, context: with("red"), want: False, version08: true},
		{name: "literal under 2008-10-17, wildcard", page: pageVersion, operator: "StringLike", values: []string{"r${*}"}, context: team("r${x}"), want: True, version08: true},
		{name: "ignoring case", page: pageVariables, operator: "StringEqualsIgnoreCase", values: variable, context: with("RED"), want: True},
		{name: "no value, equal", page: pageVariables, operator: "StringEquals", values: variable, context: team("red"), want: False},
		{name: "no value, like", page: pageVariables, operator: "StringLike", values: []string{"${aws:username}*"}, context: team("red"), want: False},
		{name: "no value, not equal", page: pageVariables, operator: "StringNotEquals", values: variable, context: team("red"), want: True},
		{name: "no value, not like", page: pageVariables, operator: "StringNotLike", values: []string{"${aws:username}*"}, context: team("red"), want: True},
		{name: "default used", page: pageVariables, operator: "StringEquals", values: []string{"${aws:username, 'red'}"}, context: team("red"), want: True},
		{name: "default not used", page: pageVariables, operator: "StringEquals", values: []string{"${aws:username, 'red'}"}, context: with("blue"), want: False},
		{name: "a star is a star", page: pageVariables, operator: "StringLike", values: []string{"r${*}"}, context: team("red"), want: False},
		{name: "a star matches a star", page: pageVariables, operator: "StringLike", values: []string{"r${*}"}, context: team("r*"), want: True},
		{name: "a dollar", page: pageVariables, operator: "StringEquals", values: []string{"${$}5"}, context: team("$5"), want: True},
		{name: "wildcards beside a variable", page: pageVariables, operator: "StringLike", values: []string{"${aws:username}*"}, context: with("re"), want: True},
		{name: "value with a wildcard", operator: "StringLike", values: variable, context: with("r*"), ambiguity: ambiguityValueWildcard},
		{name: "value with a wildcard, to the letter", page: pageVariables, operator: "StringEquals", values: variable, context: with("r*"), want: False},
		{name: "value with a wildcard that matches neither way", page: pageVariables, operator: "StringLike", values: variable, context: with("b*"), want: False},
		{name: "unknown", operator: "StringEquals", values: variable, context: with(KeyUnknown), keys: []string{"aws:username"}},
		{name: "unknown, negated", operator: "StringNotLike", values: variable, context: with(KeyUnknown), keys: []string{"aws:username"}},
		{name: "unknown, but cannot match", page: pageVariables, operator: "StringEquals", values: []string{"x-${aws:username}"}, context: with(KeyUnknown), want: False},
		{name: "unknown, but cannot match, ignoring case", page: pageVariables, operator: "StringNotEqualsIgnoreCase", values: []string{"X${aws:username}"}, context: with(KeyUnknown), want: True},
		{name: "unknown, ignoring case", operator: "StringEqualsIgnoreCase", values: []string{"R${aws:username}D"}, context: with(KeyUnknown), keys: []string{"aws:username"}},
		{name: "unknown, ignoring the case of the request", operator: "StringEqualsIgnoreCase", values: []string{"r${aws:username}d"}, context: map[string]any{testKey: "RED", "aws:username": KeyUnknown}, keys: []string{"aws:username"}},
		{name: "unknown beside a value that matches", page: pageLogic, operator: "StringEquals", values: []string{"${aws:username}", "red"}, context: with(KeyUnknown), want: True},
		{name: "several unknown", operator: "StringEquals", values: []string{"${s:b}${s:a}"}, context: map[string]any{testKey: "x", "s:a": KeyUnknown, "s:b": KeyUnknown}, keys: []string{"s:a", "s:b"}},
		{name: "unknown and absent", page: pageVariables, operator: "StringEquals", values: []string{"${s:b}${s:a}"}, context: map[string]any{testKey: "x", "s:a": KeyUnknown}, want: False},
		{name: "multivalued", operator: "StringEquals", values: variable, context: with([]string{"red"}), ambiguity: ambiguityMultivalued},
		{name: "multivalued, but cannot match", page: pageVariables, operator: "StringEquals", values: []string{"x${aws:username}"}, context: with([]string{"red"}), want: False},
	})
}

// Letters that StringEqualsIgnoreCase may find equal must be so where a value
// is not known as well.
func TestFoldLetters(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if next := unicode.SimpleFold(r); next != r && foldLetters(string(r)) != foldLetters(string(next)) {
			t.Errorf("%q and %q fold to %q and %q", r, next, foldLetters(string(r)), foldLetters(string(next)))
		}
	}
}
