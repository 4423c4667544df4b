package main

import (
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// update rewrites what scripts and documents expect: go test ./cmd/iamcheck -update
var update = flag.Bool("update", false, "rewrite the expected output of scripts and documents")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"iamcheck": main})
}

// TestScripts runs the transcripts of testdata/script. Besides testscript's own
// commands they have:
//
//	aws [FLAG...] SNAPSHOT    serves a snapshot as AWS would (see awsCommand)
//	exit CODE COMMAND ARG...  runs a command that must end with the exit code
//	fixture NAME              copies testdata/fixtures/NAME into the directory
//	example NAME              copies docs/examples/NAME into the directory
//
// The files are copied by the test, not read by the program where they are: go
// test would not see that they changed, and show an old result.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("LC_ALL", "C.UTF-8")
			e.Setenv("TZ", "UTC")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"aws":     awsCommand(t),
			"exit":    exitCommand,
			"fixture": copyFrom("../../testdata/fixtures"),
			"example": copyFrom("../../docs/examples"),
		},
	})
}

func exitCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exit CODE COMMAND ARG...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var failed *exec.ExitError
	switch err := ts.Exec(args[1], args[2:]...); {
	case errors.As(err, &failed):
		got = failed.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// copyFrom copies a directory's files, or one file, into the script's directory.
func copyFrom(dir string) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) != 1 {
			ts.Fatalf("usage: takes the name of one file or directory of %s", dir)
		}
		from := filepath.Join(dir, args[0])
		info, err := os.Stat(from)
		ts.Check(err)
		if info.IsDir() {
			ts.Check(os.CopyFS(ts.MkAbs("."), os.DirFS(from)))
			return
		}
		text, err := os.ReadFile(from)
		ts.Check(err)
		ts.Check(os.WriteFile(ts.MkAbs(filepath.Base(args[0])), text, 0o600))
	}
}
