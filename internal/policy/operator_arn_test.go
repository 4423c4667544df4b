package policy

import "testing"

func TestARNOperators(t *testing.T) {
	source := func(arn string) map[string]any { return team(arn) }
	const finance = "arn:aws:someservice:*:111122223333:finance/*"
	runConditionCases(t, []conditionCase{
		{name: "wildcard in the resource", page: pageOperators, operator: "ArnEquals", values: []string{"arn:aws:s3:::b*"}, context: source("arn:aws:s3:::bucket"), want: True},
		{name: "equals and like are the same", page: pageOperators, operator: "ArnLike", values: []string{"arn:aws:s3:::b*"}, context: source("arn:aws:s3:::bucket"), want: True},
		{name: "case counts", page: pageOperators, operator: "ArnLike", values: []string{"arn:aws:s3:::B*"}, context: source("arn:aws:s3:::bucket"), want: False},
		{name: "type and name", page: pageOperators, operator: "ArnLike", values: []string{"arn:aws:iam::111122223333:*"}, context: source("arn:aws:iam::111122223333:role/app"), want: True},
		{name: "the resource keeps its colons", page: pageOperators, operator: "ArnLike", values: []string{"arn:aws:lambda:*:*:function:f:*"}, context: source("arn:aws:lambda:eu-west-1:111122223333:function:f:prod"), want: True},
		{name: "a star ends with its field", page: pageOperators, operator: "ArnLike", values: []string{finance}, context: source("arn:aws:someservice:eu-west-1:444455556666:x:111122223333:finance/a"), want: False},
		{name: "StringLike crosses fields", page: pageOperators, operator: "StringLike", values: []string{finance}, context: source("arn:aws:someservice:eu-west-1:444455556666:x:111122223333:finance/a"), want: True},
		{name: "one character per field", page: pageOperators, operator: "ArnLike", values: []string{"arn:aws:s3:?::b"}, context: source("arn:aws:s3:::b"), want: False},
		{name: "not like", page: pageOperators, operator: "ArnNotLike", values: []string{"arn:aws:s3:::a", "arn:aws:s3:::b"}, context: source("arn:aws:s3:::b"), want: False},
		{name: "not equals", page: pageOperators, operator: "ArnNotEquals", values: []string{"arn:aws:s3:::a"}, context: source("arn:aws:s3:::b"), want: True},
		{name: "no ARN in the request", page: pageOperators, operator: "ArnLike", values: []string{"arn:aws:s3:::b*"}, context: source("ec2.amazonaws.com"), want: False},
		{name: "no ARN in the request, negated", page: pageOperators, operator: "ArnNotLike", values: []string{"arn:aws:s3:::b*"}, context: source("ec2.amazonaws.com"), want: True},
		{name: "a star alone", page: pageOperators, operator: "ArnLike", values: []string{"*"}, context: source("arn:aws:s3:::b"), want: True},
		{name: "a star alone and no ARN", operator: "ArnLike", values: []string{"*"}, context: source("b"), ambiguity: ambiguityShortARNLike},
		{name: "short", operator: "ArnNotLike", values: []string{"arn:aws:s3:*"}, context: source("arn:aws:s3:::b"), ambiguity: ambiguityShortARNLike},
		{name: "short, of another service", page: pageOperators, operator: "ArnLike", values: []string{"arn:aws:sqs:*"}, context: source("arn:aws:s3:::b"), want: False},
		{name: "the same text, no ARN", operator: "ArnEquals", values: []string{"x"}, context: source("x"), ambiguity: ambiguityShortARNLike},
	})
}

func TestARNVariables(t *testing.T) {
	with := func(arn string, value any) map[string]any {
		return map[string]any{testKey: arn, "aws:username": value}
	}
	const user = "arn:aws:iam::111122223333:user/${aws:username}"
	runConditionCases(t, []conditionCase{
		{name: "in the resource", page: pageVariables, operator: "ArnLike", values: []string{user}, context: with("arn:aws:iam::111122223333:user/kim", "kim"), want: True},
		{name: "another", page: pageVariables, operator: "ArnEquals", values: []string{user}, context: with("arn:aws:iam::111122223333:user/kim", "lee"), want: False},
		{name: "absent", page: pageVariables, operator: "ArnLike", values: []string{user}, context: team("arn:aws:iam::111122223333:user/kim"), want: False},
		{name: "absent, negated", page: pageVariables, operator: "ArnNotLike", values: []string{user}, context: team("arn:aws:iam::111122223333:user/kim"), want: True},
		{name: "a colon in the resource", page: pageVariables, operator: "ArnLike", values: []string{user}, context: with("arn:aws:iam::111122223333:user/a:b", "a:b"), want: True},
		{name: "a whole ARN", page: pageVariables, operator: "ArnEquals", values: []string{"${aws:username}"}, context: with("arn:aws:s3:::b", "arn:aws:s3:::b"), want: True},
		{name: "a colon in another field", operator: "ArnLike", values: []string{"arn:aws:sns:eu-west-1:${aws:username}:t"}, context: with("arn:aws:sns:eu-west-1:1:x:t", "1:x"), ambiguity: ambiguityVariableColon},
		{name: "a wildcard in the value", operator: "ArnLike", values: []string{user}, context: with("arn:aws:iam::111122223333:user/kim", "*"), ambiguity: ambiguityValueWildcard},
		{name: "unknown", operator: "ArnLike", values: []string{user}, context: with("arn:aws:iam::111122223333:user/kim", KeyUnknown), keys: []string{"aws:username"}},
		{name: "unknown, of another account", page: pageVariables, operator: "ArnLike", values: []string{user}, context: with("arn:aws:iam::444455556666:user/kim", KeyUnknown), want: False},
		{name: "unknown, and a star that would have to cross", page: pageVariables, operator: "ArnLike", values: []string{"arn:*:iam::1:user/${aws:username}"}, context: with("arn:aws:x:iam::1:user/kim", KeyUnknown), want: False},
		{name: "unknown, of several fields", operator: "ArnLike", values: []string{"arn:aws:sns:${aws:username}:1:t:x"}, context: with("arn:aws:sns:r:y:1:t:x", KeyUnknown), keys: []string{"aws:username"}},
		{name: "unknown before the resource", operator: "ArnLike", values: []string{"arn:aws:sns:${aws:username}:t"}, context: with("arn:aws:sns:eu-west-1:1:t", KeyUnknown), keys: []string{"aws:username"}},
	})
}
