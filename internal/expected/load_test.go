package expected_test

import (
	"os"
	"testing"

	"github.com/iamcheck/iamcheck/internal/config"
)

// load reads a fixture, an iamcheck.yaml with the files of Teleport's that it
// names.
func load(t *testing.T, file string) *config.Target {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	target, err := config.Load(file, text, os.ReadFile)
	if err != nil {
		t.Fatal(err)
	}
	return target
}
