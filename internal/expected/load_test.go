package expected_test

import (
	"os"
	"testing"

	"github.com/iamcheck/iamcheck/internal/config"
)

// load reads a fixture, an iamcheck.yaml.
func load(t *testing.T, file string) *config.Target {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	target, err := config.Load(file, text, nil)
	if err != nil {
		t.Fatal(err)
	}
	return target
}
