//go:build e2e

package e2e

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// update rewrites the expected reports: e2e/run.sh -run Audit -update
var update = flag.Bool("update", false, "rewrite the reports of testdata")

// TestAudit plays testdata/account.json into moto, and has the binary audit it
// over the AWS SDK, as testdata/iamcheck.yaml says: role by role, as a whole, and
// by way of a snapshot. The verdicts are the same each way. The findings differ
// where the rest of the account tells something (who else could assume a role
// that trusts the account), but not between the account and its snapshot.
func TestAudit(t *testing.T) {
	reset(t)
	play(t, readAccount(t, "testdata/account.json"))
	binary := build(t)
	saved := filepath.Join(t.TempDir(), "account.json")
	if r := run(t, binary, "snapshot", "--all", "--reproducible", "-o", saved); r.code != 0 || r.stdout != "" || r.stderr != "" {
		t.Fatalf("snapshot: %+v", r)
	}
	few, whole, offline := audit(t, binary), audit(t, binary, "--all"), audit(t, binary, "--snapshot", saved)
	golden(t, "testdata/want.json", few)
	if d := cmp.Diff(few["requirements"], whole["requirements"]); d != "" {
		t.Errorf("requirements (-role by role +whole account):\n%s", d)
	}
	if d := cmp.Diff(whole, offline); d != "" {
		t.Errorf("report (-live +snapshot):\n%s", d)
	}
	delete(whole, "requirements")
	golden(t, "testdata/want-whole.json", whole)
}

// audit runs the audit twice and returns its JSON report, without what differs
// though the account is the same: the way of reading, and the build of the tool.
func audit(t *testing.T, binary string, flags ...string) map[string]any {
	t.Helper()
	args := append([]string{"audit", "-c", absolute(t, "testdata/iamcheck.yaml"), "-f", "json", "--reproducible"}, flags...)
	r := run(t, binary, args...)
	if r.code != 1 || r.stderr != "" {
		t.Fatalf("audit %v: exit code %d, want 1\n%s", flags, r.code, r.stderr)
	}
	if again := run(t, binary, args...); again.stdout != r.stdout {
		t.Errorf("audit %v: two runs differ (-first +second):\n%s", flags, cmp.Diff(r.stdout, again.stdout))
	}
	var v map[string]any
	if err := json.Unmarshal([]byte(r.stdout), &v); err != nil {
		t.Fatalf("%v\n%s", err, r.stdout)
	}
	delete(v, "source")
	delete(v, "tool")
	return v
}

// golden holds a report to the committed one.
func golden(t *testing.T, path string, report map[string]any) {
	t.Helper()
	var got bytes.Buffer
	e := json.NewEncoder(&got)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(report); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(path, got.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got.String()); d != "" {
		t.Errorf("%s (-want +got):\n%s", path, d)
	}
}

// TestAuditFlags is the command that people type first.
func TestAuditFlags(t *testing.T) {
	reset(t)
	play(t, readAccount(t, "testdata/account.json"))
	binary := build(t)
	r := run(t, binary, "audit", "--role", "teleport-db-service-role", "--types", "dynamodb", "--db-role", "dynamodb-user-role")
	if r.code != 0 || r.stderr != "" || !strings.Contains(r.stdout, "connect-iam-role") {
		t.Errorf("%+v", r)
	}
	r = run(t, binary, "audit", "--role", "teleport-db-service-role", "--types", "keyspace", "--db-role", "keyspaces-user-role")
	if r.code != 1 || r.stderr != "" || !strings.Contains(r.stdout, "trust-dead-principal") {
		t.Errorf("%+v", r)
	}
	r = run(t, binary, "audit", "--role", "no-such-role", "--types", "rds")
	if r.code != 1 || r.stderr != "" || !strings.Contains(r.stdout, "role-not-found") {
		t.Errorf("%+v", r)
	}
}

func absolute(t *testing.T, path string) string {
	t.Helper()
	path, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return path
}
