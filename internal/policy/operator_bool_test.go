package policy

import "testing"

func TestBool(t *testing.T) {
	with := func(value any) map[string]any { return map[string]any{testKey: "true", "s:flag": value} }
	variable := []string{"${s:flag}"}
	runConditionCases(t, []conditionCase{
		{name: "true", page: pageOperators, operator: "Bool", values: []string{"true"}, context: team("true"), want: True},
		{name: "false", page: pageOperators, operator: "Bool", values: []string{"false"}, context: team("true"), want: False},
		{name: "case does not count", page: pageOperators, operator: "Bool", values: []string{"True"}, context: team("TRUE"), want: True},
		{name: "missing is not false", page: pageOperators, operator: "Bool", values: []string{"false"}, want: False},
		{name: "no boolean in the request", page: pageOperators, operator: "Bool", values: []string{"true"}, context: team("1"), want: False},
		{name: "no boolean in the policy", page: pageOperators, operator: "Bool", values: []string{"yes"}, context: team("yes"), want: False},
		{name: "both", page: pageLogic, operator: "Bool", values: []string{"true", "false"}, context: team("false"), want: True},
		{name: "variable that would match", operator: "Bool", values: variable, context: with("true"), ambiguity: ambiguityBoolVariable},
		{name: "variable that would not match", page: pageVariables, operator: "Bool", values: variable, context: with("false"), want: False},
		{name: "variable without value", page: pageVariables, operator: "Bool", values: variable, context: team("true"), want: False},
		{name: "variable that is unknown", operator: "Bool", values: variable, context: with(KeyUnknown), keys: []string{"s:flag"}},
		{name: "literal under 2008-10-17", page: pageVersion, operator: "Bool", values: variable, context: with("true"), want: False, version08: true},
	})
}
