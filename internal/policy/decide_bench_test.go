package policy

import (
	"encoding/json"
	"fmt"
	"testing"
)

// rdsRole is what an agent's role is allowed as a rule: a statement for each of
// some services, with a boundary and the organization's FullAWSAccess.
func rdsRole(tb testing.TB, resource string) (*Request, *Policies) {
	tb.Helper()
	parse := func(kind Kind, text string) []Source {
		d, err := Parse(kind, []byte(text))
		if err != nil {
			tb.Fatal(err)
		}
		return []Source{{Name: "policy", Document: d}}
	}
	caller, err := ParseCaller("arn:aws:iam::111122223333:role/teleport")
	if err != nil {
		tb.Fatal(err)
	}
	ctx := NewContext(KeyUnknown)
	ctx.Set("aws:PrincipalAccount", "111122223333")
	ctx.Set("aws:ResourceAccount", "111122223333")
	full := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
	return &Request{Principal: caller, Action: "rds-db:connect", Resource: resource, Context: ctx}, &Policies{
		Identity: parse(KindIdentity, `{"Version":"2012-10-17","Statement":[
			{"Sid":"Metadata","Effect":"Allow","Action":["rds:DescribeDBInstances","rds:DescribeDBClusters"],"Resource":"*"},
			{"Sid":"Connect","Effect":"Allow","Action":"rds-db:connect","Resource":"arn:aws:rds-db:*:111122223333:dbuser:*",
				"Condition":{"StringEquals":{"aws:ResourceAccount":"${aws:PrincipalAccount}"}}},
			{"Sid":"Secrets","Effect":"Allow","Action":["secretsmanager:GetSecretValue"],"Resource":"arn:aws:secretsmanager:*:111122223333:secret:teleport/*"},
			{"Sid":"Never","Effect":"Deny","Action":"iam:*","Resource":"*"}]}`),
		Boundary: parse(KindBoundary, `{"Version":"2012-10-17","Statement":[
			{"Effect":"Allow","Action":["rds:*","rds-db:*","secretsmanager:*"],"Resource":"*"},
			{"Effect":"Deny","NotAction":["rds:*","rds-db:*","secretsmanager:*","sts:*"],"Resource":"*"}]}`),
		SCPs: [][]Source{parse(KindSCP, full), parse(KindSCP, full)},
	}
}

const (
	oneLogin  = "arn:aws:rds-db:us-east-1:111122223333:dbuser:db-ABCDEFGHIJKL/app"
	allLogins = "arn:aws:rds-db:us-east-1:111122223333:dbuser:*/*"
)

func perSecond(b *testing.B) { b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "decisions/s") }

// BenchmarkDecision is the compiled common path, and the same about a pattern.
func BenchmarkDecision(b *testing.B) {
	for name, resource := range map[string]string{"one": oneLogin, "pattern": allLogins} {
		b.Run(name, func(b *testing.B) {
			req, pol := rdsRole(b, resource)
			var e Evaluator
			if d := e.Decision(req, pol); d != Allowed {
				b.Fatalf("got %s, want Allowed", d)
			}
			b.ReportAllocs()
			for b.Loop() {
				e.Decision(req, pol)
			}
			perSecond(b)
		})
	}
}

// BenchmarkDecide is the same with everything that made the answer.
func BenchmarkDecide(b *testing.B) {
	for name, resource := range map[string]string{"one": oneLogin, "pattern": allLogins} {
		b.Run(name, func(b *testing.B) {
			req, pol := rdsRole(b, resource)
			b.ReportAllocs()
			for b.Loop() {
				Decide(req, pol)
			}
			perSecond(b)
		})
	}
}

// BenchmarkDecisionStatements shows how the cost grows with the statements of a
// policy: those of other services, and those of the same that do not match.
func BenchmarkDecisionStatements(b *testing.B) {
	for _, service := range []string{"s3", "rds-db"} {
		for _, n := range []int{1, 10, 100, 1000, 10_000} {
			b.Run(fmt.Sprintf("%s/%d", service, n), func(b *testing.B) {
				req, pol := rdsRole(b, oneLogin)
				text := statements(n, func(i int) string {
					return fmt.Sprintf(`{"Effect":"Allow","Action":"%s:%s","Resource":"arn:aws:%s:::x%d/*"}`, service, "connect", service, i)
				})
				d, err := Parse(KindIdentity, []byte(text))
				if err != nil {
					b.Fatal(err)
				}
				pol.Identity = append(pol.Identity, Source{Document: d})
				var e Evaluator
				b.ReportAllocs()
				for b.Loop() {
					e.Decision(req, pol)
				}
			})
		}
	}
}

// BenchmarkDecideGrants asks about a pattern that a thousand granted ones cover
// in part.
func BenchmarkDecideGrants(b *testing.B) {
	req, pol := rdsRole(b, allLogins)
	text := statements(1, func(int) string {
		patterns, err := json.Marshal(many(1000, func(i int) string {
			return fmt.Sprintf("arn:aws:rds-db:us-east-1:111122223333:dbuser:db-%04d/*", i)
		}))
		if err != nil {
			b.Fatal(err)
		}
		return `{"Effect":"Allow","Action":"rds-db:connect","Resource":` + string(patterns) + `}`
	})
	d, err := Parse(KindIdentity, []byte(text))
	if err != nil {
		b.Fatal(err)
	}
	pol.Identity = []Source{{Document: d}}
	b.ReportAllocs()
	for b.Loop() {
		if v := Decide(req, pol); v.Decision != ImplicitlyDenied || v.Coverage != CoveragePart {
			b.Fatalf("got %s, coverage %d", v.Decision, v.Coverage)
		}
	}
}

// BenchmarkDecisionJSON is a case from its JSON form to its decision, as in
// `iamcheck eval` where no document comes again.
func BenchmarkDecisionJSON(b *testing.B) {
	text := []byte(`{"id":"x","request":{"principal":"arn:aws:iam::111122223333:role/app","action":"rds-db:connect","resource":"` + oneLogin + `",
		"context":{"aws:PrincipalTag/team":"blue","aws:TagKeys":["a","b"]}},
		"identityPolicies":[{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"rds-db:connect","Resource":"arn:aws:rds-db:*:111122223333:dbuser:*/*",
		"Condition":{"StringEquals":{"aws:PrincipalTag/team":["blue","red"]}}}]}],"scps":[[{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}]]}`)
	var e Evaluator
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		var c Case
		if err := json.Unmarshal(text, &c); err != nil {
			b.Fatal(err)
		}
		req, pol, err := c.Question(Parse)
		if err != nil {
			b.Fatal(err)
		}
		if d := e.Decision(req, pol); d != Allowed {
			b.Fatalf("got %s, want Allowed", d)
		}
	}
	perSecond(b)
}

// BenchmarkParseAccount is the documents of a large account: 10,000 roles with
// a trust policy and an inline policy each. Many of them repeat.
func BenchmarkParseAccount(b *testing.B) {
	trust := []byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`)
	inline := many(10_000, func(i int) string {
		return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Sid":"Objects%d","Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":["arn:aws:s3:::bucket-%d","arn:aws:s3:::bucket-%d/*"]},`+
			`{"Effect":"Allow","Action":["logs:CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents"],"Resource":"arn:aws:logs:*:*:*"}]}`, i, i, i)
	})
	b.ReportAllocs()
	for b.Loop() {
		for _, text := range inline {
			if _, err := Parse(KindTrust, trust); err != nil {
				b.Fatal(err)
			}
			if _, err := Parse(KindIdentity, []byte(text)); err != nil {
				b.Fatal(err)
			}
		}
	}
}
