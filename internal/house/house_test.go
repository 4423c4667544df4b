// Package house holds the tests of the repository itself: which package may
// import which, and what no source may do. It has no code of its own.
//
// The tests parse the sources rather than ask `go list`: go test caches a result
// by the files that the test itself opens, and a forbidden import must not hide
// behind "(cached)".
package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/iamcheck/iamcheck/"

// source is one Go file.
type source struct {
	name string // from the root of the repository, with slashes
	dir  string
	test bool
	file *ast.File
	fset *token.FileSet
}

// at is the place of a node, for messages.
func (s source) at(n ast.Node) string {
	p := s.fset.Position(n.Pos())
	p.Filename = s.name
	return p.String()
}

// skipped are directories that are not the project's own: tools, builds, git.
func skipped(dir string) bool {
	base := path.Base(dir)
	return dir != "." && strings.HasPrefix(base, ".") && base != ".ci" && base != ".github" || dir == "bin"
}

// walk reads every file of the repository whose name the filter accepts.
func walk(t *testing.T, accept func(name string) bool, visit func(name string, text []byte)) {
	t.Helper()
	root := os.DirFS("../..")
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && skipped(name):
			return fs.SkipDir
		case d.IsDir() || !accept(name):
			return nil
		}
		text, err := fs.ReadFile(root, name)
		if err == nil {
			visit(name, text)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// sources parses every Go file outside testdata.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	accept := func(name string) bool {
		return path.Ext(name) == ".go" && !slices.Contains(strings.Split(name, "/"), "testdata")
	}
	walk(t, accept, func(name string, text []byte) {
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, text, parser.ParseComments)
		if err != nil {
			t.Error(err)
			return
		}
		all = append(all, source{name, path.Dir(name), strings.HasSuffix(name, "_test.go"), file, fset})
	})
	if len(all) < 50 {
		t.Fatalf("only %d sources were found", len(all))
	}
	return all
}
