package house

import (
	"bytes"
	"go/ast"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Every package says what it knows, in one place.
func TestEveryPackageHasADocComment(t *testing.T) {
	docs := map[string][]string{}
	for _, s := range sources(t) {
		if s.test && s.dir != "internal/house" {
			continue
		}
		docs[s.dir] = append(docs[s.dir], "")
		if s.file.Doc.Text() != "" {
			docs[s.dir][0] += s.name + " "
		}
	}
	for dir, in := range docs {
		if files := strings.Fields(in[0]); len(files) != 1 {
			t.Errorf("%s: want one file with a doc comment of the package, got %q", dir, files)
		}
	}
}

// process are the ways to the process around the program: its arguments,
// streams, environment, working directory, end, and the clock. Only cmd/iamcheck
// takes them; all others are handed what they need, so that every result can be
// made again in a test.
var process = map[string][]string{
	"os": {
		"Args", "Chdir", "Clearenv", "Environ", "Exit", "ExpandEnv", "Getenv", "Getwd", "LookupEnv", "Setenv", "Stderr", "Stdin",
		"Stdout", "Unsetenv", "UserCacheDir", "UserConfigDir", "UserHomeDir",
	},
	"time": {"Now", "Since", "Until"},
	"fmt":  {"Print", "Printf", "Println", "Scan", "Scanf", "Scanln"},
	"log": {
		"Fatal", "Fatalf", "Fatalln", "Panic", "Panicf", "Panicln", "Print", "Printf", "Println", "SetFlags", "SetOutput", "SetPrefix",
	},
}

// ownProcess are the packages that are programs.
var ownProcess = []string{"cmd/iamcheck", "internal/iamdata/gen", "internal/config/gen"}

func TestOnlyCommandsTouchTheProcess(t *testing.T) {
	seen := 0
	for _, s := range sources(t) {
		uses := processUses(s)
		if slices.Contains(ownProcess, s.dir) {
			seen += len(uses)
			continue
		}
		if s.test || s.dir == "e2e" {
			continue
		}
		for _, n := range uses {
			t.Errorf("%s: %s.%s belongs in cmd/iamcheck; take the value as a parameter", s.at(n), n.X, n.Sel)
		}
	}
	if seen == 0 {
		t.Error("not even a command touches the process: the rule does not see its subject")
	}
}

func processUses(s source) []*ast.SelectorExpr {
	names := map[string][]string{} // by the package's name in this file
	for _, spec := range s.file.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil || process[p] == nil {
			continue
		}
		local := p
		if spec.Name != nil {
			local = spec.Name.Name
		}
		names[local] = process[p]
	}
	var uses []*ast.SelectorExpr
	ast.Inspect(s.file, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		x, ok := sel.X.(*ast.Ident)
		if ok && slices.Contains(names[x.Name], sel.Sel.Name) {
			uses = append(uses, sel)
		}
		return true
	})
	return uses
}

func TestNoInit(t *testing.T) {
	for _, s := range sources(t) {
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s: no init functions: make the value where it is used", s.at(f))
			}
		}
	}
}

// maxLines is when a file has become two.
const maxLines = 400

func TestFilesAreOfOneNoun(t *testing.T) {
	for _, s := range sources(t) {
		if n := s.fset.File(s.file.Pos()).LineCount(); n > maxLines && !s.test {
			t.Errorf("%s has %d lines; split it by noun before %d", s.name, n, maxLines)
		}
	}
}

// local matches what is true on one machine or in one network only: directories
// of somebody's machine, and hosts of package registries. Each name is written
// here so that this file does not match itself.
var local = regexp.MustCompile(`(^|[^\w.$}*/-])/(work|tm[p]|home|root|Users)/\w|registr[y]\.npmjs|prox[y]\.golang\.org|sum\.golan[g]\.org|files\.pythonhoste[d]`)

// texts are the files that people write. Captured inputs in testdata are left
// out: the path of an IAM role may look like that of a file.
func texts(name string) bool {
	switch path.Ext(name) {
	case ".go", ".md", ".yml", ".yaml", ".sh", ".py", ".txt", ".toml", "":
		return !slices.Contains(strings.Split(name, "/"), "testdata")
	case ".json":
		return strings.HasPrefix(path.Base(name), "package")
	default:
		return false
	}
}

func TestNothingOfOneMachine(t *testing.T) {
	n := 0
	walk(t, texts, func(name string, text []byte) {
		n++
		for i, line := range bytes.Split(text, []byte("\n")) {
			if m := local.Find(line); m != nil {
				t.Errorf("%s:%d: %q is of one machine or network", name, i+1, m)
			}
		}
	})
	if n < 50 {
		t.Errorf("only %d files were read", n)
	}
	for _, bad := range []string{"see /" + "work/x", `"/` + `tmp/y"`, "/" + "home/me/z"} {
		if !local.MatchString(bad) {
			t.Errorf("%q is not seen", bad)
		}
	}
	for _, good := range []string{"role/work/x", "$HOME/tmp/x", "a/root/b", "https://example.com/home/x"} {
		if local.MatchString(good) {
			t.Errorf("%q is taken for a path", good)
		}
	}
}
