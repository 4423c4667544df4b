package house

import (
	"slices"
	"strconv"
	"strings"
	"testing"
)

// room is what one package may import besides the standard library.
type room struct {
	rooms   []string // packages below internal/
	modules []string // path prefixes of other modules
}

const sdk = "github.com/aws/"

// table says who may import whom. Below the rooms that judge and show stand the
// ones whose types they pass on.
var table = map[string]room{
	"internal/policy":      {},
	"internal/iamdata":     {},
	"internal/iamdata/gen": {},
	"internal/account":     {rooms: []string{"policy"}},
	"internal/awsread":     {rooms: []string{"account", "policy"}, modules: []string{sdk, "golang.org/x/sync/"}},
	"internal/planned":     {rooms: []string{"account", "policy"}, modules: []string{"go.yaml.in/yaml/v4"}},
	"internal/config":      {modules: []string{"go.yaml.in/yaml/v4"}},
	"internal/expected":    {rooms: []string{"policy", "config"}},
	"internal/checks":      {rooms: []string{"account", "expected", "iamdata", "policy", "config"}},
	"internal/report": {
		rooms: []string{"checks", "policy", "expected", "config"},
		modules: []string{
			"github.com/olekukonko/tablewriter", "github.com/fatih/color",
			"github.com/hashicorp/hcl/v2", "github.com/zclconf/go-cty", // Terraform's own escaping
		},
	},
	"cmd/iamcheck": {
		rooms: []string{
			"account", "awsread", "checks", "config", "expected", "iamdata", "planned", "policy", "report",
		},
		modules: []string{"github.com/urfave/cli/v2", "golang.org/x/term"},
	},

	// Rooms for tests: they are in no binary.
	"internal/house":   {},
	"internal/awsfake": {rooms: []string{"account", "policy"}, modules: []string{sdk}},
	"e2e":              {rooms: []string{"account"}, modules: []string{sdk}},
}

// testModules are the other modules that any test may use.
var testModules = []string{
	"github.com/google/go-cmp/",
	"github.com/rogpeppe/go-internal/testscript",
	"github.com/santhosh-tekuri/jsonschema/v6",
}

// TestImports holds every import to the table. A test may look into any room,
// since it is in no binary; modules are kept apart there too.
func TestImports(t *testing.T) {
	for _, s := range sources(t) {
		r, ok := roomOf(s.dir)
		if !ok {
			t.Errorf("%s: the package is not in the table of imports_test.go", s.name)
			continue
		}
		for _, spec := range s.file.Imports {
			p, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Errorf("%s: %v", s.at(spec), err)
			} else if why := forbidden(s, r, p); why != "" {
				t.Errorf("%s: %s imports %s: %s", s.at(spec), s.dir, p, why)
			}
		}
	}
}

// roomOf finds the entry of a directory or of the nearest one above it.
func roomOf(dir string) (room, bool) {
	for {
		if r, ok := table[dir]; ok {
			return r, true
		}
		i := strings.LastIndexByte(dir, '/')
		if i < 0 {
			return room{}, false
		}
		dir = dir[:i]
	}
}

// forbidden says why a source may not import the package, "" where it may.
func forbidden(s source, r room, imported string) string {
	first, _, _ := strings.Cut(imported, "/")
	inside := strings.HasPrefix(imported, module)
	switch {
	case imported == "C" || imported == "unsafe":
		return "cgo and unsafe have no place here"
	case !inside && !strings.Contains(first, "."):
		return "" // the standard library
	case !inside:
		modules := r.modules
		if s.test {
			modules = slices.Concat(modules, testModules)
		}
		if !slices.ContainsFunc(modules, func(m string) bool { return strings.HasPrefix(imported, m) }) {
			return "the module is not among those that the package may use"
		}
		return ""
	case s.test || strings.HasPrefix(imported, module+s.dir+"/"):
		return ""
	}
	name, ok := strings.CutPrefix(imported, module+"internal/")
	name, _, _ = strings.Cut(name, "/")
	if !ok || !slices.Contains(r.rooms, name) {
		return "no such edge in the table of imports"
	}
	return ""
}

// The rule must be able to fail.
func TestForbidden(t *testing.T) {
	tests := []struct {
		dir, imported string
		test, allowed bool
	}{
		{"internal/policy", "strings", false, true},
		{"internal/policy", module + "internal/account", false, false},
		{"internal/policy", "github.com/google/go-cmp/cmp", false, false},
		{"internal/policy", "github.com/google/go-cmp/cmp", true, true},
		{"internal/policy", "unsafe", false, false},
		{"internal/checks", "github.com/aws/aws-sdk-go-v2/service/iam", false, false},
		{"internal/checks", "github.com/aws/aws-sdk-go-v2/service/iam", true, false},
		{"internal/awsread", "github.com/aws/aws-sdk-go-v2/service/iam", false, true},
		{"internal/awsread", module + "internal/checks", false, false},
		{"internal/report", "github.com/olekukonko/tablewriter/tw", false, true},
		{"internal/report", "github.com/urfave/cli/v2", false, false},
		{"internal/report/sub", module + "internal/checks", false, true},
		{"internal/checks", module + "cmd/iamcheck", false, false},
		{"cmd/iamcheck", module + "internal/report", false, true},
		{"cmd/iamcheck", module + "internal/awsfake", false, false},
		{"cmd/iamcheck", module + "internal/awsfake", true, true},
	}
	for _, tt := range tests {
		r, ok := roomOf(tt.dir)
		if !ok {
			t.Fatalf("%s is not in the table", tt.dir)
		}
		why := forbidden(source{dir: tt.dir, test: tt.test}, r, tt.imported)
		if (why == "") != tt.allowed {
			t.Errorf("%s (test %v) imports %s: got %q, want allowed %v", tt.dir, tt.test, tt.imported, why, tt.allowed)
		}
	}
	if _, ok := roomOf("internal/util"); ok {
		t.Error("a package that is not in the table was found there")
	}
}
