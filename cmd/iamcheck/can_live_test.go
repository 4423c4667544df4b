package main

import (
	"bytes"
	"context"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/awsfake"
)

// exampleAccount is a live account with the content of docs/examples.
func exampleAccount(t *testing.T) *awsfake.Server {
	t.Helper()
	f, err := os.Open("../../docs/examples/account.json")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	snapshots, err := account.Read(f.Name(), f)
	if err != nil {
		t.Fatal(err)
	}
	s := awsfake.New(t, snapshots[0])
	s.Setenv(t)
	return s
}

// Live, can reads the roles that the question names and what hangs on them.
func TestCanLive(t *testing.T) {
	for _, c := range []struct {
		name, args, want string
		code             int
		unread           []string // names that must not be asked for
	}{
		{"a role's own permission", "db-agent rds-db:connect arn:aws:rds-db:us-east-1:111122223333:dbuser:db-ORDERS/app", "allowed: ", 0, []string{"archive", "reports"}},
		{"by session", "arn:aws:sts::111122223333:assumed-role/db-agent/x rds-db:connect arn:aws:rds-db:us-east-1:111122223333:dbuser:db-ORDERS/admin", "denied: ", 0, []string{"archive", "reports"}},
		{"to another role", "teleport/db-agent sts:AssumeRole archive", "allowed: ", 0, []string{"reports"}},
		{"to a role by ARN", "arn:aws:iam::111122223333:role/teleport/db-agent sts:AssumeRole arn:aws:iam::111122223333:role/archive", "allowed: ", 0, []string{"reports"}},
		{"what turns on a key", "db-agent sts:AssumeRole reports", "unknown: ", 3, []string{"archive"}},
		{"a role that is not there", "db-agnt sts:AssumeRole reports", `there is no role or user "db-agnt"`, 2, []string{"archive"}},
		{"a target that is not there", "db-agent sts:AssumeRole report", `there is no role "report"`, 2, []string{"archive", "reports"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := exampleAccount(t)
			var out bytes.Buffer
			p := &program{stdin: strings.NewReader(""), stdout: &out, stderr: &out, getenv: func(string) string { return "" }, now: time.Now}
			code := p.run(context.Background(), append([]string{"iamcheck", "can"}, strings.Fields(c.args)...))
			if code != c.code || !strings.Contains(out.String(), c.want) {
				t.Errorf("got exit code %d, want %d and %q:\n%s", code, c.code, c.want, out.String())
			}
			for _, call := range s.Calls() {
				if slices.ContainsFunc(c.unread, func(name string) bool { return strings.HasSuffix(call.Resource, "/"+name) }) {
					t.Errorf("%s was asked of %s, which the question does not name", call.Action, call.Resource)
				}
				if strings.HasPrefix(call.Action, "iam:GetAccount") {
					t.Errorf("%s: the whole account was read", call.Action)
				}
			}
		})
	}
}

// A refused read of a layer makes the answer unknown, and says which.
func TestCanLiveRefused(t *testing.T) {
	s := exampleAccount(t)
	s.Fault(awsfake.Fault{Kind: awsfake.Denied, Action: "iam:GetPolicyVersion"})
	var out bytes.Buffer
	p := &program{stdin: strings.NewReader(""), stdout: &out, stderr: &out, getenv: func(string) string { return "" }, now: time.Now}
	code := p.run(context.Background(), strings.Fields("iamcheck can db-agent rds-db:connect arn:aws:rds-db:us-east-1:111122223333:dbuser:db-ORDERS/app --expect allowed"))
	if code != 3 || !strings.Contains(out.String(), "not read: ") || !strings.Contains(out.String(), "iam:GetPolicyVersion arn:aws:iam::111122223333:policy/agents") {
		t.Errorf("got exit code %d, want 3 and the boundary as not read:\n%s", code, out.String())
	}
}
