package policy

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The pages of the IAM User Guide that the cases cite.
const (
	pageCondition = "reference_policies_elements_condition"
	pageOperators = "reference_policies_elements_condition_operators"
	pageLogic     = "reference_policies_condition-logic-multiple-context-keys-or-values"
	pageSets      = "reference_policies_condition-single-vs-multi-valued-context-keys"
	pageVariables = "reference_policies_variables"
	pageGrammar   = "reference_policies_grammar"
	pageVersion   = "reference_policies_elements_version"
	silent        = "" // no page says
)

// testKey is the key of the condition in every case that names no other.
const testKey = "aws:PrincipalTag/team"

// conditionCase is one condition under one context.
type conditionCase struct {
	name     string
	page     string // that says so, or silent
	operator string
	key      string // "" is testKey
	values   []string
	// context holds a string for a single-valued key, a []string for a
	// multivalued one, a KeyState for one that is unknown. Other keys are
	// absent.
	context   map[string]any
	want      Truth
	keys      []string
	ambiguity string
	version08 bool // no variables
}

// team is a context that holds testKey alone.
func team(value any) map[string]any { return map[string]any{testKey: value} }

func testContext(t *testing.T, keys map[string]any) *Context {
	t.Helper()
	ctx := NewContext(KeyAbsent)
	for key, value := range keys {
		switch v := value.(type) {
		case string:
			ctx.Set(key, v)
		case []string:
			ctx.SetMulti(key, v)
		case KeyState:
			ctx.SetState(key, v)
		default:
			t.Fatalf("context key %s has a %T", key, value)
		}
	}
	return ctx
}

func testCondition(t testing.TB, operator, key string, values []string, variables bool) Condition {
	t.Helper()
	list := make([]ConditionValue, len(values))
	for i, v := range values {
		list[i].Raw = v
	}
	c, problems := compileCondition(operator, key, list, variables, "/Statement/Condition", Position{})
	if _, ok := c.Operator.Fact(); ok && len(problems) > 0 {
		t.Fatalf("compileCondition(%q) has problems %q", operator, problems)
	}
	return c
}

func runConditionCases(t *testing.T, cases []conditionCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if c.key == "" {
				c.key = testKey
			}
			condition := testCondition(t, c.operator, c.key, c.values, !c.version08)
			got := condition.Test(testContext(t, c.context))
			want := ConditionResult{Truth: c.want, Keys: c.keys, Ambiguity: c.ambiguity}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s %s %q under %v (-want +got):\n%s", c.operator, c.key, c.values, c.context, diff)
			}
			if c.page == silent && c.want != Unknown {
				t.Errorf("no page says what the case expects")
			}
		})
	}
}

func TestConditionMissingKey(t *testing.T) {
	values := map[Family]string{
		FamilyString: "a", FamilyNumeric: "1", FamilyDate: "2026-01-01", FamilyBool: "false",
		FamilyBinary: "QQ==", FamilyIP: "10.0.0.0/8", FamilyARN: "arn:aws:s3:::b",
	}
	for _, f := range OperatorFacts() {
		if f.Family == FamilyNull {
			continue // its own table
		}
		v := []string{values[f.Family]}
		runConditionCases(t, []conditionCase{
			{name: f.Name, page: pageOperators, operator: f.Name, values: v, want: TruthOf(f.Negated)},
			{name: f.Name + "IfExists", page: pageOperators, operator: f.Name + "IfExists", values: v, want: True},
			{name: "ForAllValues:" + f.Name, page: pageSets, operator: "ForAllValues:" + f.Name, values: v, want: True},
			{name: "ForAllValues:" + f.Name + "IfExists", page: pageSets, operator: "ForAllValues:" + f.Name + "IfExists", values: v, want: True},
			{name: "ForAnyValue:" + f.Name, page: pageSets, operator: "ForAnyValue:" + f.Name, values: v, want: False},
			{name: "ForAnyValue:" + f.Name + "IfExists", operator: "ForAnyValue:" + f.Name + "IfExists", values: v, want: Unknown, ambiguity: ambiguityAnyIfExists},
		})
	}
}

func TestConditionValues(t *testing.T) {
	runConditionCases(t, []conditionCase{
		{name: "values are ORed", page: pageLogic, operator: "StringEquals", values: []string{"a", "b"}, context: team("b"), want: True},
		{name: "no value matches", page: pageLogic, operator: "StringEquals", values: []string{"a", "b"}, context: team("c"), want: False},
		{name: "values of a negated operator are NORed", page: pageLogic, operator: "StringNotEquals", values: []string{"a", "b"}, context: team("b"), want: False},
		{name: "neither value", page: pageLogic, operator: "StringNotEquals", values: []string{"a", "b"}, context: team("c"), want: True},
		{name: "keys are not case-sensitive", page: pageCondition, operator: "StringEquals", key: "AWS:principaltag/TEAM", values: []string{"a"}, context: team("a"), want: True},
		{name: "IfExists tests a key that is there", page: pageOperators, operator: "StringEqualsIfExists", values: []string{"a"}, context: team("b"), want: False},
		{name: "negated IfExists tests a key that is there", page: pageOperators, operator: "StringNotEqualsIfExists", values: []string{"a"}, context: team("a"), want: False},
		{name: "numbers and booleans need no quotes", page: pageGrammar, operator: "NumericLessThan", values: []string{"3600"}, context: team("10"), want: True},
		{name: "an empty list matches nothing", page: pageLogic, operator: "StringEquals", context: team("a"), want: False},
		{name: "an empty list of a negated operator", operator: "StringNotEquals", context: team("a"), want: Unknown, ambiguity: ambiguityEmptyList},
	})
}

func TestConditionSetOperators(t *testing.T) {
	set := func(values ...string) map[string]any { return team(values) }
	empty := []string{}
	allowed := []string{"environment", "cost-center"}
	runConditionCases(t, []conditionCase{
		{name: "all: one of the values", page: pageSets, operator: "ForAllValues:StringEquals", values: allowed, context: set("environment"), want: True},
		{name: "all: both", page: pageSets, operator: "ForAllValues:StringEquals", values: allowed, context: set("environment", "cost-center"), want: True},
		{name: "all: one too many", page: pageSets, operator: "ForAllValues:StringEquals", values: allowed, context: set("environment", "dept"), want: False},
		{name: "all: no values", page: pageSets, operator: "ForAllValues:StringEquals", values: allowed, context: team(empty), want: True},
		{name: "any: one of the values", page: pageSets, operator: "ForAnyValue:StringEquals", values: allowed, context: set("environment", "dept"), want: True},
		{name: "any: none", page: pageSets, operator: "ForAnyValue:StringEquals", values: allowed, context: set("dept"), want: False},
		{name: "any: no values", page: pageSets, operator: "ForAnyValue:StringEquals", values: allowed, context: team(empty), want: False},
		{name: "all negated: none is listed", page: pageLogic, operator: "ForAllValues:StringNotEquals", values: allowed, context: set("x", "y"), want: True},
		{name: "all negated: one is listed", page: pageLogic, operator: "ForAllValues:StringNotEquals", values: allowed, context: set("x", "environment"), want: False},
		{name: "any negated: one is not listed", page: pageLogic, operator: "ForAnyValue:StringNotEquals", values: allowed, context: set("x", "environment"), want: True},
		{name: "any negated: all are listed", page: pageLogic, operator: "ForAnyValue:StringNotEquals", values: allowed, context: set("environment"), want: False},
		{name: "all of a single-valued key", page: pageSets, operator: "ForAllValues:StringLike", values: []string{"a*"}, context: team("ab"), want: True},
		{name: "any of a single-valued key", page: pageSets, operator: "ForAnyValue:StringLike", values: []string{"a*"}, context: team("b"), want: False},
		{name: "all of an empty string", operator: "ForAllValues:StringEquals", values: allowed, context: team(""), want: Unknown, ambiguity: ambiguityEmptyString},
		{name: "any of an empty string", operator: "ForAnyValue:StringLike", values: []string{"*"}, context: team(""), want: Unknown, ambiguity: ambiguityEmptyString},
		{name: "any of an empty string that is not listed", page: pageSets, operator: "ForAnyValue:StringEquals", values: allowed, context: team(""), want: False},
		{name: "an empty string among others", page: pageSets, operator: "ForAllValues:StringLike", values: []string{"*"}, context: set("", "a"), want: True},
	})
}

// Without set operator a multivalued key is undefined: only what holds of any
// and of all values is certain.
func TestConditionMultivaluedWithoutSetOperator(t *testing.T) {
	runConditionCases(t, []conditionCase{
		{name: "all match", page: pageSets, operator: "StringLike", values: []string{"a*"}, context: team([]string{"ab", "ac"}), want: True},
		{name: "none matches", page: pageSets, operator: "StringLike", values: []string{"a*"}, context: team([]string{"b", "c"}), want: False},
		{name: "some match", operator: "StringLike", values: []string{"a*"}, context: team([]string{"ab", "c"}), want: Unknown, ambiguity: ambiguityNoSetOperator},
		{name: "some match, negated", operator: "StringNotLike", values: []string{"a*"}, context: team([]string{"ab", "c"}), want: Unknown, ambiguity: ambiguityNoSetOperator},
		{name: "one value", page: pageSets, operator: "StringEquals", values: []string{"a"}, context: team([]string{"a"}), want: True},
		{name: "no value is a missing key", page: pageSets, operator: "StringEquals", values: []string{"a"}, context: team([]string{}), want: False},
		{name: "no value is a missing key, negated", page: pageSets, operator: "StringNotEquals", values: []string{"a"}, context: team([]string{}), want: True},
	})
}

func TestConditionUnknownKey(t *testing.T) {
	unknown, keys := team(KeyUnknown), []string{testKey}
	twoKeys := map[string]any{testKey: KeyUnknown, "aws:username": KeyUnknown}
	runConditionCases(t, []conditionCase{
		{name: "may match", operator: "StringEquals", values: []string{"a"}, context: unknown, keys: keys},
		{name: "a pattern for everything still needs the key", operator: "StringLike", values: []string{"*"}, context: unknown, keys: keys},
		{name: "a pattern for everything or no key", page: pageOperators, operator: "StringLikeIfExists", values: []string{"a", "*"}, context: unknown, want: True},
		{name: "all of everything", page: pageSets, operator: "ForAllValues:StringLike", values: []string{"*"}, context: unknown, want: True},
		{name: "all of something", operator: "ForAllValues:StringLike", values: []string{"a*"}, context: unknown, keys: keys},
		{name: "any of everything needs the key", operator: "ForAnyValue:StringLike", values: []string{"*"}, context: unknown, keys: keys},
		{name: "nothing is like none of everything, but for no key", operator: "StringNotLike", values: []string{"*"}, context: unknown, keys: keys},
		{name: "any that is not like everything", page: pageSets, operator: "ForAnyValue:StringNotLike", values: []string{"*"}, context: unknown, want: False},
		{name: "no number matches what is none", page: pageOperators, operator: "NumericEquals", values: []string{"x"}, context: unknown, want: False},
		{name: "no number matches what is none, or no key", operator: "NumericEqualsIfExists", values: []string{"x"}, context: unknown, keys: keys},
		{name: "an absent variable matches nothing", page: pageVariables, operator: "StringEquals", values: []string{"${aws:username}"}, context: unknown, want: False},
		{name: "an absent variable negated", page: pageVariables, operator: "StringNotEquals", values: []string{"${aws:username}"}, context: unknown, want: True},
		{name: "variables count among the keys", operator: "StringEquals", values: []string{"${aws:username}"}, context: twoKeys, keys: []string{testKey, "aws:username"}},
		{name: "no list, no match", page: pageLogic, operator: "StringEquals", context: unknown, want: False},
	})
}

func TestConditionNull(t *testing.T) {
	runConditionCases(t, []conditionCase{
		{name: "true, absent", page: pageOperators, operator: "Null", values: []string{"true"}, want: True},
		{name: "true, present", page: pageOperators, operator: "Null", values: []string{"true"}, context: team("a"), want: False},
		{name: "false, absent", page: pageOperators, operator: "Null", values: []string{"false"}, want: False},
		{name: "false, present", page: pageOperators, operator: "Null", values: []string{"false"}, context: team("a"), want: True},
		{name: "multivalued", page: pageSets, operator: "Null", values: []string{"false"}, context: team([]string{"a", "b"}), want: True},
		{name: "empty set", page: pageSets, operator: "Null", values: []string{"false"}, context: team([]string{}), want: False},
		{name: "unknown", operator: "Null", values: []string{"true"}, context: team(KeyUnknown), keys: []string{testKey}},
		{name: "either way", page: pageLogic, operator: "Null", values: []string{"true", "false"}, context: team(KeyUnknown), want: True},
		{name: "either way, empty string", page: pageLogic, operator: "Null", values: []string{"true", "false"}, context: team(""), want: True},
		{name: "neither way", page: pageOperators, operator: "Null", values: []string{"maybe"}, context: team(KeyUnknown), want: False},
		{name: "empty string", operator: "Null", values: []string{"false"}, context: team(""), ambiguity: ambiguityNullEmpty},
		{name: "set operator", operator: "ForAllValues:Null", values: []string{"true"}, ambiguity: ambiguitySetNull},
	})
}

func TestConditionUndecidableOperator(t *testing.T) {
	for _, operator := range []string{"", "StringMatches", "NullIfExists", "ForAnyValues:StringEquals", "IfExists", "ForAllValues:"} {
		c, problems := compileCondition(operator, testKey, []ConditionValue{{Raw: "a"}}, true, "", Position{})
		if len(problems) != 1 {
			t.Errorf("compileCondition(%q) has problems %q, want one", operator, problems)
		}
		for _, ctx := range []*Context{nil, NewContext(KeyAbsent), testContext(t, team("a"))} {
			if got := c.Test(ctx); got.Truth != Unknown || got.Ambiguity == "" {
				t.Errorf("%q tests to %+v, want unknown and why", operator, got)
			}
		}
	}
	runConditionCases(t, []conditionCase{
		{name: "letter case", operator: "stringequals", values: []string{"a"}, context: team("a"), ambiguity: ambiguityOperatorCase},
		{name: "letter case of the set operator", operator: "forAnyValue:StringEquals", values: []string{"a"}, context: team("a"), ambiguity: ambiguityOperatorCase},
		{name: "letter case of IfExists", operator: "BoolIfexists", values: []string{"true"}, ambiguity: ambiguityOperatorCase},
	})
	if got := new(Condition).Test(NewContext(KeyAbsent)); got.Truth != Unknown {
		t.Errorf("the zero condition tests to %v, want unknown", got.Truth)
	}
}

func TestConditionKeys(t *testing.T) {
	c := testCondition(t, "StringLike", "aws:ResourceTag/Team",
		[]string{"${aws:PrincipalTag/Team, 'x'}-*", "${AWS:username}${*}", "${aws:username}"}, true)
	want := []string{"aws:principaltag/team", "aws:resourcetag/team", "aws:username"}
	if diff := cmp.Diff(want, c.Keys()); diff != "" {
		t.Errorf("Keys (-want +got):\n%s", diff)
	}
	if c.FoldedKey() != "aws:resourcetag/team" {
		t.Errorf("FoldedKey is %q", c.FoldedKey())
	}
}

func TestConditionHoldsForEveryValue(t *testing.T) {
	for _, c := range []struct {
		operator string
		values   []string
		want     bool
	}{
		{"StringLike", []string{"a", "*"}, true},
		{"StringLike", []string{"?*"}, false},
		{"ForAnyValue:StringLike", []string{"**"}, true},
		{"StringNotLike", []string{"*"}, false},
		{"StringNotEquals", []string{"a"}, false},
		{"StringLike", []string{"${aws:username}*"}, false},
		{"ArnLike", []string{"*"}, false},
		{"Bool", []string{"true", "false"}, false},
		{"Null", []string{"false"}, true},
		{"Null", []string{"true"}, false},
		{"stringlike", []string{"*"}, false},
		{"StringMatches", []string{"*"}, false},
	} {
		condition := testCondition(t, c.operator, testKey, c.values, true)
		if got := condition.HoldsForEveryValue(); got != c.want {
			t.Errorf("%s %q holds for every value: %v, want %v", c.operator, c.values, got, c.want)
		}
	}
}

func TestConditionMistypedValues(t *testing.T) {
	for _, c := range []struct {
		operator     string
		values, want []string
	}{
		{"NumericLessThan", []string{"1", "x", "1e3"}, []string{"x"}},
		{"DateLessThan", []string{"2026-01-01", "tomorrow"}, []string{"tomorrow"}},
		{"NotIpAddress", []string{"10.0.0.0/33", "10.0.0.1"}, []string{"10.0.0.0/33"}},
		{"BinaryEquals", []string{"QUI=", "?"}, []string{"?"}},
		{"Bool", []string{"True", "1", "${aws:SecureTransport}"}, []string{"1"}},
		{"Null", []string{"false", "no"}, []string{"no"}},
		{"StringEquals", []string{"", "x"}, nil},
		{"ArnLike", []string{"x"}, nil},
		{"StringMatches", []string{"x"}, nil},
	} {
		condition := testCondition(t, c.operator, testKey, c.values, true)
		var got []string
		for _, v := range condition.MistypedValues() {
			got = append(got, v.Raw)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s %q (-want +got):\n%s", c.operator, c.values, diff)
		}
	}
}

// Under a nil context a certain answer is one for every request.
func TestConditionUnderNoContext(t *testing.T) {
	for _, c := range []struct {
		operator string
		values   []string
		want     Truth
	}{
		{"StringEquals", []string{"a"}, Unknown},
		{"NumericEquals", []string{"a"}, False},
		{"IpAddress", []string{"10.0.0.0/33"}, False},
		{"StringLikeIfExists", []string{"*"}, True},
		{"ForAllValues:StringLike", []string{"*"}, True},
		{"Null", []string{"true", "false"}, True},
	} {
		condition := testCondition(t, c.operator, testKey, c.values, true)
		if got := condition.Test(nil); got.Truth != c.want {
			t.Errorf("%s %q under no context is %+v, want %v", c.operator, c.values, got, c.want)
		}
	}
}
