package policy

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// corpusMinimum is how many cases of our own there must be: a corpus that
// shrinks, or is not found, is a failure.
const corpusMinimum = 900

// corpusCase is one line of a corpus: a case, what it is about and the decision
// that AWS documents.
type corpusCase struct {
	Case
	Source   string `json:"source"` // page that documents the rule
	Note     string `json:"note"`
	Expected struct {
		Decision string `json:"decision"` // "" (null): AWS contradicts itself, not scored
	} `json:"expected"`
	name string // the id
}

func TestCorpus(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join("testdata", "corpus", "*.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var all []corpusCase
	for _, path := range paths {
		all = append(all, loadCorpus(t, path)...)
	}
	if len(all) < corpusMinimum {
		t.Fatalf("got %d cases in %d files, want at least %d", len(all), len(paths), corpusMinimum)
	}
	var seen duplicates
	for _, c := range all {
		if seen.add(c.name) {
			t.Errorf("case %q is there twice", c.name)
		}
		if c.Source == "" || c.Note == "" || c.Expected.Decision == "" {
			t.Errorf("case %q lacks a source, a note or a decision", c.name)
		}
	}
	runCorpus(t, all)
}

// TestConformance runs the cases that are shared beside the repository, where
// they are.
func TestConformance(t *testing.T) {
	path := filepath.Join(repositoryRoot(t), "..", "shared", "conformance", "aws-doc-cases.jsonl")
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		t.Skip("there is no shared/conformance beside the repository")
	}
	cases := loadCorpus(t, path)
	if len(cases) == 0 {
		t.Fatal("got no cases, want some")
	}
	runCorpus(t, cases)
}

// repositoryRoot is the nearest folder upwards that holds go.mod.
func repositoryRoot(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("got no go.mod in any folder above, want one")
		}
		dir = parent
	}
}

// loadCorpus reads a file of cases; a field that the schema does not have is a
// failure, so that no case is run without something that it says.
func loadCorpus(t testing.TB, path string) []corpusCase {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var cases []corpusCase
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		d := json.NewDecoder(bytes.NewReader(lines.Bytes()))
		d.DisallowUnknownFields()
		var c corpusCase
		if err := d.Decode(&c); err != nil {
			t.Fatalf("%s:%d: %v", path, n, err)
		}
		if _, err := d.Token(); err != io.EOF {
			t.Fatalf("%s:%d: got more than one value on a line", path, n)
		}
		known := []string{"", "Allowed", "ImplicitlyDenied", "ExplicitlyDenied", "Unknown"}
		if json.Unmarshal(c.ID, &c.name) != nil || c.name == "" || !slices.Contains(known, c.Expected.Decision) {
			t.Fatalf("%s:%d: got id %q and decision %q", path, n, c.ID, c.Expected.Decision)
		}
		cases = append(cases, c)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return cases
}

// runCorpus decides every case and counts the two kinds of wrong answer apart:
// a false allow is the worse one.
func runCorpus(t *testing.T, cases []corpusCase) {
	var falseAllows, falseDenies, others int
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			req, pol := c.build(t, nil)
			got := Decide(req, pol)
			checkConsistent(t, &c, req, pol, got)
			want := c.Expected.Decision
			if want == "" || got.Decision.String() == want {
				return
			}
			switch {
			case got.Decision == Allowed:
				falseAllows++
			case want == "Allowed":
				falseDenies++
			default:
				others++
			}
			t.Errorf("got %s (layer %q, conditions %q, ambiguities %q), want %s: %s (%s)",
				got.Decision, got.Layer, got.Conditions, got.Ambiguities, want, c.Note, c.Source)
		})
	}
	if falseAllows+falseDenies+others > 0 {
		t.Errorf("of %d cases: %d false allows, %d false denies, %d other", len(cases), falseAllows, falseDenies, others)
	}
}

// build makes the request and the policies. Where printer is given, documents
// are parsed, printed with it and parsed again.
func (c *corpusCase) build(t *testing.T, printer func(*Document) []byte) (*Request, *Policies) {
	t.Helper()
	req, pol, err := c.Question(func(kind Kind, text []byte) (*Document, error) {
		d, err := Parse(kind, text)
		if err == nil && printer != nil {
			return Parse(kind, printer(d))
		}
		return d, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return req, pol
}
