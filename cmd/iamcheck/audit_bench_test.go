package main

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/awsfake"
)

// largeDemo is the demonstration's account among as many roles as make n in all:
// each with a trust policy, two inline policies of five statements and a managed
// one. A tenth trusts the agent, and a tenth the whole account.
func largeDemo(tb testing.TB, n int) *account.Snapshot {
	tb.Helper()
	snapshots, err := account.Read("account.json", strings.NewReader(demoText(tb, "account.json")))
	if err != nil {
		tb.Fatal(err)
	}
	s := snapshots[0]
	for i := range 200 {
		arn := fmt.Sprintf("arn:aws:iam::111122223333:policy/team-%d", i)
		s.Policies = append(s.Policies, account.ManagedPolicy{
			ARN: arn, Name: fmt.Sprintf("team-%d", i), Path: "/", DefaultVersionID: "v1", IsAttachable: true,
			Versions: []account.PolicyVersion{{ID: "v1", IsDefault: true, Document: fillerPolicy(i, 5)}},
		})
	}
	principals := []string{`{"AWS":"arn:aws:iam::111122223333:root"}`, `{"AWS":"arn:aws:iam::111122223333:role/teleport-db-service-role"}`, `{"Service":"lambda.amazonaws.com"}`}
	for i := len(s.Roles); i < n; i++ {
		name := fmt.Sprintf("service-%05d", i)
		trust := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":` + principals[min(i%10, 2)] + `,"Action":"sts:AssumeRole"}]}`
		s.Roles = append(s.Roles, account.Role{
			ARN: "arn:aws:iam::111122223333:role/" + name, Name: name, Path: "/", ID: fmt.Sprintf("AROAEXAMPLE%010d", i),
			Trust:    account.Document{Text: []byte(trust)},
			Inline:   []account.InlinePolicy{{Name: "a", Document: fillerPolicy(i, 5)}, {Name: "b", Document: fillerPolicy(i+1, 5)}},
			Attached: []account.AttachedPolicy{{Name: fmt.Sprintf("team-%d", i%200), ARN: fmt.Sprintf("arn:aws:iam::111122223333:policy/team-%d", i%200)}},
		})
	}
	s.Index = nil
	return s
}

func fillerPolicy(n, statements int) account.Document {
	var out []string
	for i := range statements {
		out = append(out, fmt.Sprintf(`{"Sid":"S%d","Effect":"Allow","Action":["s3:GetObject","s3:PutObject","sqs:SendMessage"],"Resource":["arn:aws:s3:::team-%d-%d/*","arn:aws:sqs:us-east-1:111122223333:team-%d"]}`, i, n, i, n))
	}
	return account.Document{Text: []byte(`{"Version":"2012-10-17","Statement":[` + strings.Join(out, ",") + `]}`)}
}

func demoText(tb testing.TB, name string) string {
	tb.Helper()
	text, err := demoFiles.ReadFile(demoDir + "/" + name)
	if err != nil {
		tb.Fatal(err)
	}
	return string(text)
}

// benchAudit runs audits of the demonstration's databases until the benchmark is
// content.
func benchAudit(b *testing.B, args ...string) {
	b.Helper()
	for name, text := range map[string]string{"iamcheck.yaml": demoText(b, "iamcheck.yaml"), "partner.json": demoText(b, "partner.json")} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	var errors strings.Builder
	p := &program{stdin: strings.NewReader(""), stdout: &strings.Builder{}, stderr: &errors, getenv: func(string) string { return "" }, now: time.Now}
	for b.Loop() {
		if code := p.run(b.Context(), append([]string{"iamcheck", "audit", "-o", "report"}, args...)); code != exitFindings {
			b.Fatalf("exit code %d: %s", code, errors.String())
		}
	}
}

// BenchmarkAudit10000Roles is an audit of a large account from a snapshot, the
// reading included: all databases of the demonstration, in two accounts.
func BenchmarkAudit10000Roles(b *testing.B) {
	b.Chdir(b.TempDir())
	writeSnapshot(b, "account.json", largeDemo(b, 10_000))
	runtime.GC() // what made the account is no part of the audit
	benchAudit(b, "--snapshot", "account.json", "--snapshot", "partner.json")
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.Sys)/(1<<20), "MiB-of-the-process")
}

func writeSnapshot(b *testing.B, name string, s *account.Snapshot) {
	b.Helper()
	var text bytes.Buffer
	if err := account.Write(&text, s); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(name, text.Bytes(), 0o600); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkAuditLive counts the calls of AWS that an audit makes.
func BenchmarkAuditLive(b *testing.B) {
	for _, c := range []struct {
		name  string
		roles int
		args  []string
	}{
		{"1 agent and 3 database roles", 10, []string{
			"-c", "", "--role", "teleport-db-service-role", "--types", "keyspace,dynamodb",
			"--db-role", "keyspace=keyspaces-user-role", "--db-role", "dynamodb=dynamodb-user-role", "--db-role", "dynamodb=dynamodb-profiles-role",
		}},
		{"5000 roles", 5000, []string{"--all"}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.Chdir(b.TempDir())
			server := awsfake.New(b, largeDemo(b, c.roles))
			for _, pair := range server.Environ() {
				name, value, _ := strings.Cut(pair, "=")
				b.Setenv(name, value)
			}
			benchAudit(b, c.args...)
			b.ReportMetric(float64(len(server.Calls()))/float64(b.N), "calls/op")
		})
	}
}
