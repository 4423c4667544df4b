package policy

import "testing"

func TestBinaryEquals(t *testing.T) {
	runConditionCases(t, []conditionCase{
		{name: "equal", page: pageOperators, operator: "BinaryEquals", values: []string{"QmluYXJ5VmFsdWVJbkJhc2U2NA=="}, context: team("QmluYXJ5VmFsdWVJbkJhc2U2NA=="), want: True},
		{name: "other", page: pageOperators, operator: "BinaryEquals", values: []string{"QUI="}, context: team("QUM="), want: False},
		{name: "case counts", page: pageOperators, operator: "BinaryEquals", values: []string{"QUI="}, context: team("qui="), want: False},
		{name: "no padding", operator: "BinaryEquals", values: []string{"QUI"}, context: team("QUI="), ambiguity: ambiguityBase64},
		{name: "bits that are left over", operator: "BinaryEquals", values: []string{"QUJ="}, context: team("QUI="), ambiguity: ambiguityBase64},
		{name: "broken into lines", operator: "BinaryEquals", values: []string{"QU\nI="}, context: team("QUI="), ambiguity: ambiguityBase64},
		{name: "URL alphabet", operator: "BinaryEquals", values: []string{"-_-_"}, context: team("+/+/"), ambiguity: ambiguityBase64},
		{name: "no base64 in the policy", page: pageOperators, operator: "BinaryEquals", values: []string{"*"}, context: team("*"), want: False},
		{name: "no base64 in the request", page: pageOperators, operator: "BinaryEquals", values: []string{"QUI="}, context: team("AB!"), want: False},
		{name: "no variables", page: pageOperators, operator: "BinaryEquals", values: []string{"${s:b}"}, context: map[string]any{testKey: "QUI=", "s:b": "QUI="}, want: False},
	})
}
