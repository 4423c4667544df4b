package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/awsfake"
)

// runUntil is runHere under a context that ends the run.
func runUntil(ctx context.Context, args ...string) ran {
	var stdout, stderr bytes.Buffer
	p := &program{stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr, getenv: func(string) string { return "" }, now: time.Now}
	code := p.run(ctx, append([]string{"iamcheck"}, args...))
	return ran{code, stdout.String(), stderr.String()}
}

// demoAccount serves the demonstration's account as AWS would, and makes its
// inputs the working directory.
func demoAccount(t *testing.T) *awsfake.Server {
	t.Helper()
	t.Chdir(t.TempDir())
	if r := runHere(t, "demo", "--write", "."); r.code != exitClean {
		t.Fatalf("demo --write: %+v", r)
	}
	s := awsfake.New(t, readDemo(t, "account.json"))
	s.Setenv(t)
	return s
}

func readDemo(t *testing.T, name string) *account.Snapshot {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	snapshots, err := account.Read(name, f)
	if err != nil {
		t.Fatal(err)
	}
	return snapshots[0]
}

const (
	demoAgent = "arn:aws:iam::111122223333:role/teleport-db-service-role"
	demoLogin = "arn:aws:iam::111122223333:role/docdb-user-role"
)

// right is an audit of the demonstration's account in which nothing is wrong.
var right = []string{"audit", "--config", "", "--role", "teleport-db-service-role", "--types", "docdb", "--db-role", "docdb-user-role"}

// TestAuditLiveFaults audits an account of which not all can be read. What was
// not read is shown, and nothing follows from it.
func TestAuditLiveFaults(t *testing.T) {
	denied := func(action, resource string) awsfake.Fault {
		return awsfake.Fault{Kind: awsfake.Denied, Action: action, Resource: resource}
	}
	for _, c := range []struct {
		name   string
		fault  awsfake.Fault
		flags  []string
		code   int
		stdout []string // what the table must have; none: stdout is empty
		stderr string
	}{
		{"no fault", awsfake.Fault{}, nil, exitClean, []string{"3 of 3 granted"}, ""},
		{"throttled", awsfake.Fault{Kind: awsfake.Throttle, Times: 2}, nil, exitClean, []string{"3 of 3 granted"}, ""},
		{"unavailable for a while", awsfake.Fault{Kind: awsfake.Unavailable, Times: 1}, nil, exitClean, []string{"3 of 3 granted"}, ""},
		{"a cut answer, once", awsfake.Fault{Kind: awsfake.CutBody, Action: "iam:GetRole", Times: 1}, nil, exitClean, []string{"3 of 3 granted"}, ""},
		{
			"the agent's managed policy is refused", denied("iam:GetPolicyVersion", ""), nil, exitIncomplete,
			[]string{"iam:GetPolicyVersion", "arn:aws:iam::111122223333:policy/teleport-assume-roles", "AccessDenied", "1 of 3 granted", "exit code 3"},
			"",
		},
		{
			"that is to be 0", denied("iam:GetPolicyVersion", ""),
			[]string{"--allow-incomplete"},
			exitClean,
			[]string{"iam:GetPolicyVersion", "AccessDenied", "exit code 0"},
			"",
		},
		{
			"the login's trust policy is refused", denied("iam:GetRole", demoLogin), nil, exitIncomplete,
			[]string{"iam:GetRole", demoLogin, "AccessDenied", "exit code 3"},
			"",
		},
		{
			"the agent itself is refused", denied("iam:GetRole", demoAgent), nil, exitIncomplete,
			[]string{"iam:GetRole", demoAgent, "AccessDenied", "exit code 3"},
			"",
		},
		{
			"the whole account is refused, single calls are not", denied("iam:GetAccountAuthorizationDetails", ""),
			[]string{"--all"},
			exitClean,
			[]string{"3 of 3 granted"},
			"",
		},
		{
			"pages without end",
			awsfake.Fault{Kind: awsfake.SameMarker, Action: "iam:ListAttachedRolePolicies", Resource: demoAgent},
			nil, exitIncomplete,
			[]string{"iam:ListAttachedRolePolicies", "the same page came again", "exit code 3"},
			"",
		},
		{
			"a document that is none",
			awsfake.Fault{Kind: awsfake.BadDocument, Action: "iam:GetPolicyVersion"},
			nil, exitIncomplete,
			[]string{"iam:GetPolicyVersion", "exit code 3"},
			"",
		},
		{
			"no answer in time",
			awsfake.Fault{Kind: awsfake.Hang, Action: "iam:GetRole", Resource: demoLogin},
			[]string{"--timeout", "700ms"},
			exitIncomplete,
			[]string{"iam:GetRole", "timed out", "exit code 3"},
			"reading stopped after 700ms (--timeout); what was not read is a gap",
		},
		{
			"no answer at all",
			awsfake.Fault{Kind: awsfake.Hang},
			[]string{"--timeout", "300ms"},
			exitIncomplete,
			nil, "AWS did not answer within 300ms\n  hint: --timeout gives it longer",
		},
		{"an old token", awsfake.Fault{Kind: awsfake.Expired}, nil, exitUsage, nil, "ExpiredToken"},
		{"a wrong token", awsfake.Fault{Kind: awsfake.InvalidToken}, nil, exitUsage, nil, "InvalidClientTokenId"},
		{"the endpoint is no AWS", awsfake.Fault{Kind: awsfake.Garbage}, nil, exitUsage, nil, "sts:GetCallerIdentity"},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := demoAccount(t)
			server.Fault(c.fault)
			r := runHere(t, slices.Concat(right, c.flags)...)
			if r.code != c.code {
				t.Errorf("exit code %d, want %d", r.code, c.code)
			}
			for _, want := range c.stdout {
				if !strings.Contains(r.stdout, want) {
					t.Errorf("stdout has no %q", want)
				}
			}
			if c.stdout == nil && r.stdout != "" || c.stderr == "" && r.stderr != "" || !strings.Contains(r.stderr, c.stderr) {
				t.Errorf("want stderr with %q and stdout empty without a report", c.stderr)
			}
			for _, secret := range []string{awsfake.SecretKey, awsfake.SessionToken} {
				if strings.Contains(r.stdout+r.stderr, secret) {
					t.Errorf("%q is shown", secret)
				}
			}
			if t.Failed() {
				t.Logf("%s\n%s", r.stderr, r.stdout)
			}
		})
	}
}

// TestAuditLiveUnconnected has no account to audit: one message, exit 2, and
// nothing on stdout.
func TestAuditLiveUnconnected(t *testing.T) {
	for _, c := range []struct {
		name    string
		flags   []string
		environ map[string]string
		want    string
	}{
		{"no credentials", nil, map[string]string{"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_SESSION_TOKEN": ""}, "no usable AWS credentials were found; set AWS_PROFILE or --profile"},
		{"a profile that is not there", []string{"--profile", "nobody"}, nil, `profile "nobody"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			demoAccount(t)
			for name, value := range c.environ {
				t.Setenv(name, value)
			}
			r := runHere(t, slices.Concat(right, c.flags)...)
			if r.code != exitUsage || r.stdout != "" || !strings.Contains(r.stderr, c.want) || !strings.HasPrefix(r.stderr, "iamcheck: ") {
				t.Errorf("got exit code %d, want 2 and %q on stderr alone\n%s\n%s", r.code, c.want, r.stderr, r.stdout)
			}
		})
	}
}

// TestAuditLiveInterrupted is stopped by Ctrl-C while AWS does not answer.
func TestAuditLiveInterrupted(t *testing.T) {
	server := demoAccount(t)
	server.Fault(awsfake.Fault{Kind: awsfake.Hang, Action: "iam:GetRole"})
	ctx, interrupt := context.WithCancel(t.Context())
	go func() {
		for server.Count("iam:GetRole") == 0 {
			time.Sleep(time.Millisecond)
		}
		interrupt()
	}()
	for _, command := range [][]string{right, append([]string{"snapshot"}, right[1:]...)} {
		r := runUntil(ctx, slices.Concat(command, []string{"-o", "report"})...)
		if want := (ran{exitInterrupted, "", "iamcheck: interrupted\n"}); r != want {
			t.Errorf("%s: got %+v, want %+v", command[0], r, want)
		}
	}
	for _, pattern := range []string{"report", ".iamcheck-*"} {
		if left, err := filepath.Glob(pattern); err != nil || len(left) > 0 {
			t.Errorf("%v was written (%v)", left, err)
		}
	}
}

// TestAuditLiveIsItsSnapshot: what is found live, role by role or as a whole, is
// what is found in the snapshot that the same flags save.
func TestAuditLiveIsItsSnapshot(t *testing.T) {
	for _, flags := range [][]string{nil, {"--all"}} {
		t.Run(strings.Join(flags, " "), func(t *testing.T) {
			server := demoAccount(t)
			server.Fault(awsfake.Fault{Kind: awsfake.Denied, Action: "iam:GetRolePolicy", Resource: "arn:aws:iam::111122223333:role/dynamodb-profiles-role"})
			live := runHere(t, slices.Concat([]string{"audit", "-f", "json"}, flags)...)
			saved := runHere(t, slices.Concat([]string{"snapshot", "-o", "saved.json", "--allow-incomplete"}, flags)...)
			if saved != (ran{}) {
				t.Fatalf("snapshot: %+v", saved)
			}
			offline := runHere(t, "audit", "-f", "json", "--snapshot", "saved.json")
			if live.code != exitFindings || offline.code != live.code || offline.stderr != live.stderr {
				t.Errorf("live: exit code %d, offline %d, want 1\n%s\n%s", live.code, offline.code, live.stderr, offline.stderr)
			}
			if d := cmp.Diff(withoutSource(t, live.stdout), withoutSource(t, offline.stdout)); d != "" {
				t.Errorf("report (-live +snapshot):\n%s", d)
			}
		})
	}
}

// withoutSource is a JSON report but for where its picture came from.
func withoutSource(t *testing.T, text string) map[string]any {
	t.Helper()
	var report map[string]any
	if err := json.Unmarshal([]byte(text), &report); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if report["source"] == nil || len(report["requirements"].([]any)) == 0 {
		t.Fatalf("the report is empty:\n%s", text)
	}
	delete(report, "source")
	return report
}

// TestAuditLiveCalls counts what the usual audits ask of AWS. The figures are
// those of make bench.
func TestAuditLiveCalls(t *testing.T) {
	server := demoAccount(t)
	three := []string{
		"audit", "--config", "", "--role", "teleport-db-service-role", "--types", "dynamodb,docdb",
		"--db-role", "dynamodb=dynamodb-user-role,dynamodb=dynamodb-profiles-role,docdb=docdb-user-role", "--fail-on", "none", "--allow-incomplete",
	}
	if r := runHere(t, three...); r.code != exitClean {
		t.Fatalf("%+v", r)
	}
	// 1 identity; 4 × GetRole, ListRolePolicies, ListAttachedRolePolicies; 3
	// inline policies; 2 managed ones (one is the boundary) of 2 calls each.
	few := len(server.Calls())
	if want := 1 + 4*3 + 3 + 2*2; few != want {
		t.Errorf("1 agent and 3 roles: %d calls, want %d: %v", few, want, server.Calls())
	}

	s := readDemo(t, "account.json")
	for i := len(s.Roles); i < 5000; i++ {
		r := s.Roles[1]
		r.Name = fmt.Sprintf("other-%04d", i)
		r.ARN, r.ID = "arn:aws:iam::111122223333:role/"+r.Name, fmt.Sprintf("AROAOTHER%012d", i)
		s.Roles = append(s.Roles, r)
	}
	s.Index = nil
	server = awsfake.New(t, s)
	server.Setenv(t)
	if r := runHere(t, append(three, "--all")...); r.code != exitClean {
		t.Fatalf("%+v", r)
	}
	// 1 identity; 5,000 roles and 2 policies in pages of 1,000.
	whole := len(server.Calls())
	if want := 1 + 6; whole != want {
		t.Errorf("5,000 roles: %d calls, want %d", whole, want)
	}
	t.Logf("API calls: %d for 1 agent and 3 database roles, %d for an account of 5,000 roles", few, whole)
}
