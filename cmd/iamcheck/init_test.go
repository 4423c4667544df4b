package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/iamcheck/iamcheck/internal/config"
)

// ran is what a run of the program left behind.
type ran struct {
	code           int
	stdout, stderr string
}

// runHere runs the program in the working directory.
func runHere(t *testing.T, args ...string) ran {
	t.Helper()
	var stdout, stderr bytes.Buffer
	p := &program{
		stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr, getenv: func(string) string { return "" },
		now: func() time.Time { return time.Date(2026, 9, 26, 0, 0, 0, 0, time.UTC) },
	}
	code := p.run(context.Background(), append([]string{"iamcheck"}, args...))
	return ran{code, stdout.String(), stderr.String()}
}

// teleportCases are the cases of config that consist of Teleport's files and can
// be read, with those files.
func teleportCases(t *testing.T) map[string][]string {
	t.Helper()
	dirs, err := filepath.Glob("../../internal/config/testdata/cases/*")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for _, dir := range dirs {
		if _, err := os.Stat(filepath.Join(dir, "iamcheck.yaml")); err == nil || strings.Contains(dir, "error-") {
			continue
		}
		files, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if f.Name() != "want.txt" {
				name, err := filepath.Abs(filepath.Join(dir, f.Name()))
				if err != nil {
					t.Fatal(err)
				}
				out[filepath.Base(dir)] = append(out[filepath.Base(dir)], name)
			}
		}
	}
	if len(out) < 5 {
		t.Fatalf("only %d cases of Teleport's files", len(out))
	}
	return out
}

// uncommented is a configuration with all that init leaves to fill in.
func uncommented(text string) string {
	return regexp.MustCompile(`(?m)^( *)# `).ReplaceAllString(text, "$1")
}

// TestInitLoads: what init writes is a configuration, as it is and with every
// commented key in force, of the same databases as its inputs.
func TestInitLoads(t *testing.T) {
	cases := teleportCases(t)
	t.Chdir(t.TempDir())
	runs := map[string][]string{
		"nothing": nil,
		"user":    {"--user", "teleport"},
		"hops":    {"--types", "redshift,dynamodb", "--assume-role", "arn:aws:iam::111122223333:role/x", "--external-id", "ab-1", "--db-role", "reader"},
	}
	for _, typ := range config.Types() {
		runs[string(typ)] = []string{"--types", string(typ), "--role", "path/agent"}
	}
	for name, files := range cases {
		for _, f := range files {
			runs[name] = append(runs[name], "--teleport-config", f)
		}
	}
	for name, args := range runs {
		t.Run(name, func(t *testing.T) {
			output := name + ".yaml"
			got := runHere(t, append([]string{"init", "-o", output}, args...)...)
			if strings.Contains(got.stderr, "holds no databases") {
				t.Skip("nothing to audit")
			}
			if got.code != 0 || got.stdout != "" {
				t.Fatalf("got %+v", got)
			}
			text, err := os.ReadFile(output)
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range []string{string(text), uncommented(string(text))} {
				target, err := config.Load(output, []byte(text), readLimited)
				if err != nil {
					t.Fatalf("%v\n%s", err, text)
				}
				if len(target.Agents) != 1 || len(target.Agents[0].Databases) == 0 && target.Agents[0].Discovery == nil {
					t.Errorf("got %d agents\n%s", len(target.Agents), text)
				}
			}
			if got := runHere(t, "required", "-c", output, "-q"); got.code != 0 || got.stdout == "" {
				t.Errorf("required: got %+v", got)
			}
		})
	}
}

// TestInitTellsTheSame: reading Teleport's files through what init writes gives
// the databases that reading them directly gives.
func TestInitTellsTheSame(t *testing.T) {
	cases := teleportCases(t)
	t.Chdir(t.TempDir())
	for name, files := range cases {
		var flags []string
		for _, f := range files {
			flags = append(flags, "--teleport-config", f)
		}
		if got := runHere(t, append([]string{"init", "-q", "-o", name + ".yaml"}, flags...)...); got.code != 0 {
			continue // TestInitLoads looks into it
		}
		direct := runHere(t, append([]string{"required", "-q", "-f", "json", "--config", ""}, flags...)...)
		through := runHere(t, "required", "-q", "-f", "json", "-c", name+".yaml")
		if direct.code != 0 || direct != through {
			t.Errorf("%s: directly %+v\nthrough iamcheck.yaml %+v", name, direct, through)
		}
	}
}

func TestInitKeepsFiles(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("iamcheck.yaml", []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := runHere(t, "init")
	if text, err := os.ReadFile("iamcheck.yaml"); got.code != exitUsage || err != nil || string(text) != "mine" || !strings.Contains(got.stderr, "--force") {
		t.Errorf("got %+v, the file holds %q (%v)", got, text, err)
	}
	if got := runHere(t, "init", "-o", "-", "-q"); got.code != 0 || !strings.Contains(got.stdout, "version: 1") || got.stderr != "" {
		t.Errorf("-o -: got %+v", got)
	}
	if got := runHere(t, "init", "--force"); got.code != 0 {
		t.Errorf("--force: got %+v", got)
	}
	if text, err := os.ReadFile("iamcheck.yaml"); err != nil || !strings.Contains(string(text), "version: 1") {
		t.Errorf("the file holds %q (%v)", text, err)
	}
}

// TestInitRefuses: wrong inputs write nothing.
func TestInitRefuses(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("other.yaml", []byte("kind: user\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"--teleport-config", "absent.yaml"},
		{"--teleport-config", "other.yaml"},
		{"--types", "postgress"},
		{"--role", "a", "--user", "b"},
		{"--types", "rds", "--teleport-config", "other.yaml"},
		{"--output", ""},
		{"surplus"},
	} {
		got := runHere(t, append([]string{"init"}, args...)...)
		if got.code != exitUsage || got.stderr == "" || got.stdout != "" {
			t.Errorf("%q: got %+v", args, got)
		}
	}
	if _, err := os.Stat("iamcheck.yaml"); err == nil {
		t.Error("a file was written")
	}
}
