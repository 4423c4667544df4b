package account

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the .want files")

// ignorePlace leaves out what is not part of the JSON form.
var ignorePlace = cmp.FilterPath(func(p cmp.Path) bool {
	last := p.Last().String()
	return last == ".Line" || last == ".File"
}, cmp.Ignore())

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
	if !cmp.Equal(s, again[0], ignorePlace) {
		t.Fatalf("the snapshot changed (-before +after):\n%s", cmp.Diff(s, again[0], ignorePlace))
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
