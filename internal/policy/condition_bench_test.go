package policy

import "testing"

// benchmarkConditions are the operators that nearly every policy uses, with
// and without a match.
var benchmarkConditions = []struct {
	name, operator, key string
	values              []string
}{
	{"StringEquals", "StringEquals", "aws:PrincipalTag/team", []string{"blue", "red"}},
	{"StringNotEquals", "StringNotEquals", "aws:PrincipalTag/team", []string{"blue", "green"}},
	{"StringEqualsIgnoreCase", "StringEqualsIgnoreCase", "aws:PrincipalTag/team", []string{"RED"}},
	{"StringLike", "StringLike", "aws:PrincipalTag/team", []string{"b*e", "r?d"}},
	{"ArnLike", "ArnLike", "aws:PrincipalArn", []string{"arn:aws:iam::*:user/*", "arn:aws:iam::111122223333:role/app-*"}},
	{"ArnNotEquals", "ArnNotEquals", "aws:PrincipalArn", []string{"arn:aws:iam::111122223333:role/other"}},
	{"Bool", "Bool", "aws:SecureTransport", []string{"true"}},
	{"NumericLessThan", "NumericLessThan", "aws:MultiFactorAuthAge", []string{"3600"}},
	{"DateLessThan", "DateLessThan", "aws:CurrentTime", []string{"2027-01-01T00:00:00Z"}},
	{"IpAddress", "IpAddress", "aws:SourceIp", []string{"198.51.100.0/24", "203.0.113.0/24"}},
	{"Null", "Null", "aws:TokenIssueTime", []string{"true"}},
	{"ForAnyValue", "ForAnyValue:StringLike", "aws:TagKeys", []string{"x", "b*"}},
	{"IfExists", "StringEqualsIfExists", "aws:SourceVpce", []string{"vpce-1"}},
	{"Unknown", "StringEquals", "aws:UserAgent", []string{"x"}},
}

func benchmarkContext() *Context {
	ctx := NewContext(KeyAbsent)
	ctx.Set("aws:PrincipalTag/team", "red")
	ctx.Set("aws:PrincipalArn", "arn:aws:iam::111122223333:role/app-orders")
	ctx.Set("aws:SecureTransport", "true")
	ctx.Set("aws:MultiFactorAuthAge", "120")
	ctx.Set("aws:CurrentTime", "2026-11-22T07:00:00Z")
	ctx.Set("aws:SourceIp", "203.0.113.9")
	ctx.SetMulti("aws:TagKeys", []string{"a", "blue"})
	ctx.SetState("aws:UserAgent", KeyUnknown)
	return ctx
}

func BenchmarkCondition(b *testing.B) {
	ctx := benchmarkContext()
	for _, c := range benchmarkConditions {
		condition := testCondition(b, c.operator, c.key, c.values, true)
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				condition.Test(ctx)
			}
		})
	}
}

// Deciding a condition allocates nothing unless it holds variables.
func TestConditionAllocatesNothing(t *testing.T) {
	ctx := benchmarkContext()
	for _, c := range benchmarkConditions {
		condition := testCondition(t, c.operator, c.key, c.values, true)
		if n := testing.AllocsPerRun(100, func() { condition.Test(ctx) }); n != 0 {
			t.Errorf("%s allocates %v times", c.name, n)
		}
	}
}
