package policy

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The documents under testdata/parse are named KIND-NAME.json:
//
//	good/       parse without a Problem
//	problems/   parse, with the Problems that the .want file beside lists
//	syntax/     do not parse, with the error that the .want file holds
//	positions/  parse; the .want file lists every statement and element
//
// `go test ./internal/policy -run TestParse -rewrite` writes the .want files.
var rewrite = flag.Bool("rewrite", false, "write testdata/parse/*/*.want")

var kindNames = map[string]Kind{
	"identity": KindIdentity, "boundary": KindBoundary, "session": KindSession, "trust": KindTrust,
	"resource": KindResource, "scp": KindSCP, "rcp": KindRCP,
}

func TestParseGood(t *testing.T) {
	eachDocument(t, "good", func(t *testing.T, kind Kind, _ string, text []byte) {
		if got := problemLines(t, kind, text); got != "" {
			t.Errorf("got problems:\n%swant none", got)
		}
	})
}

func TestParseProblems(t *testing.T) {
	eachDocument(t, "problems", func(t *testing.T, kind Kind, path string, text []byte) {
		got := problemLines(t, kind, text)
		if got == "" {
			t.Error("got no problem; a document without belongs into good/")
		}
		compareWant(t, path, got)
	})
}

func TestParseSyntax(t *testing.T) {
	eachDocument(t, "syntax", func(t *testing.T, kind Kind, path string, text []byte) {
		d, err := Parse(kind, text)
		if err == nil || d != nil {
			t.Fatalf("got document %v, error %v; want an error alone", d, err)
		}
		compareWant(t, path, err.Error()+"\n")
	})
}

func TestParsePositions(t *testing.T) {
	eachDocument(t, "positions", func(t *testing.T, kind Kind, path string, text []byte) {
		compareWant(t, path, placeLines(mustParse(t, kind, text)))
	})
}

func TestParseTooLarge(t *testing.T) {
	text := []byte(`{"Id":"` + strings.Repeat("a", maxDocumentSize) + `"}`)
	if d, err := Parse(KindIdentity, text); err == nil || d != nil {
		t.Fatalf("got document %v, error %v; want an error alone", d != nil, err)
	}
}

func TestPrintRoundTrip(t *testing.T) {
	for _, folder := range []string{"good", "problems", "positions"} {
		eachDocument(t, folder, func(t *testing.T, kind Kind, _ string, text []byte) {
			checkRoundTrip(t, mustParse(t, kind, text))
		})
	}
}

func TestQuote(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{
			"on lines", "{\n  \"Statement\": [\n    {\n      \"Effect\": \"Deny\",\n\n      \"Action\": [\n        \"*\"\n      ]\n    }\n  ]\n}",
			"{\n  \"Effect\": \"Deny\",\n\n  \"Action\": [\n    \"*\"\n  ]\n}",
		},
		{"on one line", `{"Statement":{"Effect":"Deny"}}`, `{"Effect":"Deny"}`},
		{"opened on the line before", "{\"Statement\": [{\n\t\t\"Effect\": \"Deny\"\n\t}]}", "{\n\t\"Effect\": \"Deny\"\n}"},
		{"carriage returns", "{\"Statement\": {\r\n  \"Effect\": \"Deny\"\r\n}}", "{\n  \"Effect\": \"Deny\"\n}"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := mustParse(t, KindIdentity, []byte(test.text))
			if diff := cmp.Diff(test.want, d.Quote(0)); diff != "" {
				t.Errorf("Quote(0) (-want +got):\n%s", diff)
			}
			if got := d.Quote(1); got != "" {
				t.Errorf("got Quote(1) %q, want none", got)
			}
			if got := d.Quote(-1); got != "" {
				t.Errorf("got Quote(-1) %q, want none", got)
			}
		})
	}
}

// eachDocument runs a subtest for each document of a folder.
func eachDocument(t *testing.T, folder string, check func(t *testing.T, kind Kind, path string, text []byte)) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", "parse", folder, "*.json"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("got %d documents in %s, error %v; want some", len(paths), folder, err)
	}
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".json")
		t.Run(folder+"/"+name, func(t *testing.T) {
			prefix, _, _ := strings.Cut(name, "-")
			kind, ok := kindNames[prefix]
			if !ok {
				t.Fatalf("the name begins with %q; want a kind of policy", prefix)
			}
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			check(t, kind, path, text)
		})
	}
}

func mustParse(t *testing.T, kind Kind, text []byte) *Document {
	t.Helper()
	d, err := Parse(kind, text)
	if err != nil {
		t.Fatalf("got error %v, want none", err)
	}
	return d
}

// problemLines lists the problems, then the malformed statements.
func problemLines(t *testing.T, kind Kind, text []byte) string {
	t.Helper()
	var b strings.Builder
	d := mustParse(t, kind, text)
	for _, p := range d.Problems {
		fmt.Fprintf(&b, "%d:%d %s (statement %d): %s\n", p.Position.Line, p.Position.Column, p.Pointer, p.Statement, p.Message)
	}
	for _, st := range d.Statements {
		if st.Malformed {
			fmt.Fprintf(&b, "malformed %d\n", st.Index)
		}
	}
	return b.String()
}

// placeLines lists every statement and element with its place.
func placeLines(d *Document) string {
	var b strings.Builder
	at := func(p Position, pointer, text string) {
		fmt.Fprintf(&b, "%d:%d @%d %s %s\n", p.Line, p.Column, p.Offset, pointer, text)
	}
	for _, st := range d.Statements {
		at(st.Start, st.Pointer, st.Effect.String()+" "+st.SID)
		if st.Principals != nil {
			at(st.Principals.Position, st.Principals.Pointer, "")
			for _, e := range st.Principals.Entries {
				at(e.Position, e.Pointer, e.Value)
			}
		}
		at(st.Actions.Position, st.Actions.Pointer, "")
		for _, p := range st.Actions.Patterns {
			at(p.Position, "action", p.Raw)
		}
		if st.Resources.Present {
			at(st.Resources.Position, st.Resources.Pointer, "")
		}
		for _, p := range st.Resources.Patterns {
			at(p.Position, "resource", p.Raw)
		}
		for _, c := range st.Conditions {
			at(c.Position, c.Pointer, c.Operator.Raw+" "+c.Key)
			for _, v := range c.Values {
				at(v.Position, "value", v.Raw)
			}
		}
		at(st.End, st.Pointer, "end")
	}
	return b.String()
}

// compareWant compares with the .want file beside path.
func compareWant(t *testing.T, path, got string) {
	t.Helper()
	path = strings.TrimSuffix(path, ".json") + ".want"
	if *rewrite {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", filepath.Base(path), diff)
	}
}

func BenchmarkParse(b *testing.B) {
	text, err := os.ReadFile(filepath.Join("testdata", "parse", "positions", "identity-lines.json"))
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(KindIdentity, text); err != nil {
			b.Fatal(err)
		}
	}
}
