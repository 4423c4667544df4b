package account

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the .want files")

// placeless is a copy of s without what is not part of the JSON form.
func placeless(s *Snapshot) *Snapshot {
	c := *s
	c.File, c.Index = "", nil
	c.Users, c.Groups = slices.Clone(s.Users), slices.Clone(s.Groups)
	c.Roles, c.Policies = slices.Clone(s.Roles), slices.Clone(s.Policies)
	for i := range c.Users {
		c.Users[i].Inline = withoutLines(c.Users[i].Inline, true)
	}
	for i := range c.Groups {
		c.Groups[i].Inline = withoutLines(c.Groups[i].Inline, true)
	}
	for i := range c.Roles {
		c.Roles[i].Inline = withoutLines(c.Roles[i].Inline, true)
		c.Roles[i].Trust.Line = 0
	}
	for i := range c.Policies {
		c.Policies[i].Versions = slices.Clone(c.Policies[i].Versions)
		for j := range c.Policies[i].Versions {
			c.Policies[i].Versions[j].Document.Line = 0
		}
	}
	if s.Organization != nil {
		o := *s.Organization
		o.SCPs, o.RCPs = levelsWithoutLines(o.SCPs), levelsWithoutLines(o.RCPs)
		c.Organization = &o
	}
	return &c
}

func levelsWithoutLines(levels [][]OrganizationPolicy) [][]OrganizationPolicy {
	levels = slices.Clone(levels)
	for i := range levels {
		levels[i] = slices.Clone(levels[i])
		for j := range levels[i] {
			levels[i][j].Document.Line = 0
		}
	}
	return levels
}

// cases returns the inputs of a folder of testdata; none is a failure.
func cases(t testing.TB, folder string) []string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join("testdata", folder, "*"))
	if err != nil {
		t.Fatal(err)
	}
	var inputs []string
	for _, f := range all {
		if filepath.Ext(f) != ".want" {
			inputs = append(inputs, f)
		}
	}
	if len(inputs) == 0 {
		t.Fatalf("no cases in testdata/%s", folder)
	}
	return inputs
}

// compare holds got against the .want file of an input.
func compare(t *testing.T, input, got string) {
	t.Helper()
	file := strings.TrimSuffix(input, filepath.Ext(input)) + ".want"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; go test -update rewrites it):\n%s", file, diff)
	}
}

// readFile reads a file of testdata under its base name.
func readFile(t testing.TB, path string) ([]*Snapshot, error) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return Read(filepath.Base(path), bytes.NewReader(text))
}

func written(t testing.TB, s *Snapshot) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, s); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestReadGood reads each file and holds what it says, as Write tells it,
// against the .want file.
func TestReadGood(t *testing.T) {
	for _, input := range cases(t, "good") {
		t.Run(filepath.Base(input), func(t *testing.T) {
			snapshots, err := readFile(t, input)
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			for _, s := range snapshots {
				got.Write(written(t, s))
				roundTrip(t, s)
			}
			compare(t, input, got.String())
		})
	}
}

// roundTrip writes and reads a snapshot, which must come back as it was.
func roundTrip(t testing.TB, s *Snapshot) {
	t.Helper()
	text := written(t, s)
	again, err := Read("again.json", bytes.NewReader(text))
	if err != nil {
		t.Fatalf("what Write wrote cannot be read: %v", err)
	}
	if len(again) != 1 {
		t.Fatalf("got %d snapshots, want 1", len(again))
	}
	if diff := cmp.Diff(placeless(s), placeless(again[0])); diff != "" {
		t.Fatalf("the snapshot changed (-before +after):\n%s", diff)
	}
	if !bytes.Equal(text, written(t, again[0])) {
		t.Fatal("writing it again gives other bytes")
	}
}

// TestReadBad reads each file and holds the whole message against the .want
// file.
func TestReadBad(t *testing.T) {
	for _, input := range cases(t, "bad") {
		t.Run(filepath.Base(input), func(t *testing.T) {
			snapshots, err := readFile(t, input)
			if err == nil {
				t.Fatalf("got %d snapshots, want an error", len(snapshots))
			}
			var bad *ReadError
			if !errors.As(err, &bad) {
				t.Errorf("got a %T, want a *ReadError", err)
			}
			compare(t, input, err.Error()+"\n")
		})
	}
}
