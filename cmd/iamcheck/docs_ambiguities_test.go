package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAmbiguities holds the list in docs/how-iamcheck-decides.md to the constants
// of the engine: those whose names begin with ambiguity.
func TestAmbiguities(t *testing.T) {
	const (
		document = "../../docs/how-iamcheck-decides.md"
		begin    = "<!-- ambiguities: go test ./cmd/iamcheck -run TestAmbiguities -update -->\n"
		end      = "<!-- end of ambiguities -->\n"
	)
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), begin)
	listed, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		t.Fatalf("%s: %q or %q is missing", document, begin, end)
	}
	var want strings.Builder
	for _, a := range ambiguities(t) {
		want.WriteString("- " + a + "\n")
	}
	switch {
	case listed == want.String():
	case *update:
		if err := os.WriteFile(document, []byte(before+begin+want.String()+end+after), 0o600); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("%s lists other ambiguities than the engine knows (-document +engine):\n%s\ngo test ./cmd/iamcheck -run TestAmbiguities -update mends it",
			document, cmp.Diff(listed, want.String()))
	}
}

// ambiguities are the texts of the engine's constants, sorted.
func ambiguities(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("../../internal/policy/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := os.ReadFile(name) // go test sees that the file changed
		if err != nil {
			t.Fatal(err)
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, source, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 || !strings.HasPrefix(spec.Names[0].Name, "ambiguity") {
				return true
			}
			literal, ok := spec.Values[0].(*ast.BasicLit)
			if !ok {
				return true
			}
			value, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			texts = append(texts, value)
			return true
		})
	}
	if len(texts) < 10 {
		t.Fatalf("only %d ambiguities were found in internal/policy", len(texts))
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}
