package expected

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFill(t *testing.T) {
	values := func(name string) []value {
		switch name {
		case "two":
			return []value{{text: "a"}, {text: "b"}}
		case "brace":
			return []value{{text: "{two}"}}
		case "all":
			return []value{{text: "*"}}
		case "none":
			return nil
		}
		return told("", name)
	}
	for _, test := range []struct {
		template string
		want     []filling
	}{
		{"*", []filling{{resource: "*"}}},
		{"x:{two}/{two}", []filling{{resource: "x:a/a"}, {resource: "x:a/b"}, {resource: "x:b/a"}, {resource: "x:b/b"}}},
		{"x:{open}/{two}", []filling{{"x:*/a", []string{"open"}}, {"x:*/b", []string{"open"}}}},
		{"{open}{open}{other}", []filling{{"***", []string{"open", "other"}}}},
		{"{all}y", []filling{{resource: "*y"}}},
		{"{brace}{two}", []filling{{resource: "{two}a"}, {resource: "{two}b"}}},
		{"x{none}y", []filling{}},
	} {
		got := fill(test.template, values)
		if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(filling{})); diff != "" {
			t.Errorf("fill(%q) differs (-want +got):\n%s", test.template, diff)
		}
	}
}

func TestSecretPrefix(t *testing.T) {
	for prefix, want := range map[string]string{
		"":              "teleport/",
		"teleport":      "teleport/",
		"teleport/":     "teleport/",
		"custom/a//b/":  "custom/a/b/",
		"/custom":       "/custom/",
		"custom/../own": "own/",
	} {
		if got := secretPrefix(prefix); got != want {
			t.Errorf("secretPrefix(%q) = %q, want %q", prefix, got, want)
		}
	}
}

func TestPrune(t *testing.T) {
	for _, test := range []struct{ in, want []string }{
		{[]string{"a", "b"}, []string{"a", "b"}},
		{[]string{"a*", "a**"}, []string{"a*"}},
		{[]string{"*", "a", "a*"}, []string{"*"}},
		{[]string{"x:*/*", "x:*/admin", "x:db/*", "y:1/2"}, []string{"x:*/*", "y:1/2"}},
		{[]string{"x:a/*", "x:*/b"}, []string{"x:a/*", "x:*/b"}},
	} {
		if diff := cmp.Diff(test.want, prune(test.in)); diff != "" {
			t.Errorf("prune(%q) differs (-want +got):\n%s", test.in, diff)
		}
	}
}
