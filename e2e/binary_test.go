//go:build e2e

package e2e

import (
	"bytes"
	"errors"
	"os/exec"
	"path/filepath"
	"testing"
)

// result is what a run of iamcheck gave.
type result struct {
	stdout, stderr string
	code           int
}

// build makes the iamcheck binary and returns its path.
func build(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "iamcheck")
	if out, err := exec.Command("go", "build", "-o", path, "../cmd/iamcheck").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return path
}

// run runs the binary in an empty directory, under the test's environment (and
// so against moto).
func run(t *testing.T, binary string, args ...string) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), binary, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = t.TempDir(), &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// TestBinaryRuns is the least that the binary must do.
func TestBinaryRuns(t *testing.T) {
	r := run(t, build(t), "--version")
	if r.code != 0 || r.stdout == "" || r.stderr != "" {
		t.Errorf("--version: %+v", r)
	}
}
