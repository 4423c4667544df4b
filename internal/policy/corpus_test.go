package policy

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// corpusMinimum is how many cases of our own there must be: a corpus that
// shrinks, or is not found, is a failure.
const corpusMinimum = 400

// corpusCase is one line of a corpus: a request, the policies that apply to it
// and the decision that AWS documents. Fields that are absent are empty.
type corpusCase struct {
	ID               string              `json:"id"`
	Source           string              `json:"source"` // page that documents the rule
	Note             string              `json:"note"`
	Request          corpusRequest       `json:"request"`
	IdentityPolicies []json.RawMessage   `json:"identityPolicies"`
	Boundary         json.RawMessage     `json:"boundary"`
	SessionPolicies  []json.RawMessage   `json:"sessionPolicies"`
	SCPs             [][]json.RawMessage `json:"scps"`
	RCPs             [][]json.RawMessage `json:"rcps"`
	ResourcePolicy   json.RawMessage     `json:"resourcePolicy"`
	Expected         struct {
		Decision string `json:"decision"` // "" (null): AWS contradicts itself, not scored
	} `json:"expected"`
}

type corpusRequest struct {
	Principal       string                     `json:"principal"`
	Action          string                     `json:"action"`
	Resource        string                     `json:"resource"`
	ResourceAccount string                     `json:"resourceAccount"`
	Context         map[string]json.RawMessage `json:"context"`
	UnknownContext  []string                   `json:"unknownContext"`
	WildcardOnly    bool                       `json:"wildcardOnlyAction"`
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
		if seen.add(c.ID) {
			t.Errorf("case %q is there twice", c.ID)
		}
		if c.Source == "" || c.Note == "" || c.Expected.Decision == "" {
			t.Errorf("case %q lacks a source, a note or a decision", c.ID)
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
func loadCorpus(t *testing.T, path string) []corpusCase {
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
		if c.ID == "" || !slices.Contains(known, c.Expected.Decision) {
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
		t.Run(c.ID, func(t *testing.T) {
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
	b := &corpusBuilder{t: t, printer: printer}
	pol := &Policies{
		Identity: b.sources(KindIdentity, "inline", c.IdentityPolicies),
		Boundary: b.sources(KindBoundary, "boundary", present(c.Boundary)),
		Session:  b.sources(KindSession, "session", c.SessionPolicies),
		SCPs:     b.levels(KindSCP, "scp", c.SCPs),
		RCPs:     b.levels(KindRCP, "rcp", c.RCPs),
	}
	kind, name := KindResource, "resource"
	if isTrustAction(c.Request.Action) {
		kind, name = KindTrust, "trust"
	}
	if s := b.sources(kind, name, present(c.ResourcePolicy)); len(s) > 0 {
		pol.Resource = &s[0]
	}
	return c.Request.build(t), pol
}

func (r *corpusRequest) build(t *testing.T) *Request {
	t.Helper()
	caller, err := ParseCaller(r.Principal)
	if err != nil {
		t.Fatal(err)
	}
	ctx := NewContext(KeyAbsent)
	for key, raw := range r.Context {
		var one string
		var many []string
		switch {
		case json.Unmarshal(raw, &one) == nil:
			ctx.Set(key, one)
		case json.Unmarshal(raw, &many) == nil:
			ctx.SetMulti(key, many)
		default:
			t.Fatalf("context key %q is %s; want a string or an array of strings", key, raw)
		}
	}
	for _, key := range r.UnknownContext {
		ctx.SetState(key, KeyUnknown)
	}
	return &Request{
		Principal: caller, Action: r.Action, Resource: r.Resource, ResourceAccount: r.ResourceAccount,
		Context: ctx, WildcardOnly: r.WildcardOnly,
	}
}

// isTrustAction tells the actions for which the resource's policy is the trust
// policy of a role.
func isTrustAction(action string) bool {
	a := strings.ToLower(action)
	return strings.HasPrefix(a, "sts:assumerole") || a == "sts:tagsession" || a == "sts:setsourceidentity"
}

// present is the document as a list of one, or of none where it is null.
func present(raw json.RawMessage) []json.RawMessage {
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	return []json.RawMessage{raw}
}

type corpusBuilder struct {
	t       *testing.T
	printer func(*Document) []byte
}

func (b *corpusBuilder) sources(kind Kind, name string, raws []json.RawMessage) []Source {
	b.t.Helper()
	var out []Source
	for i, raw := range raws {
		d := mustParse(b.t, kind, raw)
		if b.printer != nil {
			d = mustParse(b.t, kind, b.printer(d))
		}
		out = append(out, Source{Name: fmt.Sprintf("%s %d", name, i), Kind: name, Document: d})
	}
	return out
}

func (b *corpusBuilder) levels(kind Kind, name string, raws [][]json.RawMessage) [][]Source {
	b.t.Helper()
	var out [][]Source
	for _, level := range raws {
		out = append(out, b.sources(kind, name, level))
	}
	return out
}
