package report

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write testdata/*.golden anew")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got; -update accepts):\n%s", file, diff)
	}
}

func TestGolden(t *testing.T) {
	at := func(width int, change ...func(*Options)) Options {
		o := options()
		o.Width = width
		for _, c := range change {
			c(&o)
		}
		return o
	}
	ascii := func(o *Options) { o.ASCII = true }
	color := func(o *Options) { o.Color = true }
	reproducible := func(o *Options) { o.Reproducible = true }
	ok := func(o *Options) { o.ExitCode = 0 }
	tests := []struct {
		name, format, report string
		o                    Options
	}{
		{"mixed.table-piped", "table", "mixed", at(0)},
		{"mixed.table-80", "table", "mixed", at(80)},
		{"mixed.table-140", "table", "mixed", at(140)},
		{"mixed.table-40", "table", "mixed", at(40)},
		{"mixed.table-80-ascii", "table", "mixed", at(80, ascii, reproducible)},
		{"mixed.table-80-color", "table", "mixed", at(80, color)},
		{"clean.table-80", "table", "clean", at(80, ok)},
		{"empty.table-80", "table", "empty", at(80, ok)},
		{"mixed.json", "json", "mixed", at(0)},
		{"mixed.json-reproducible", "json", "mixed", at(0, reproducible)},
		{"empty.json", "json", "empty", at(0, ok)},
		{"mixed.sarif", "sarif", "mixed", at(0)},
		{"empty.sarif", "sarif", "empty", at(0, ok, reproducible)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := written(t, tt.format, reports()[tt.report], tt.o)
			if tt.format == "sarif" {
				got = withoutRules(t, got)
			}
			golden(t, tt.name, got)
		})
	}
}

// withoutRules leaves the checks' documentation out of a golden file: it changes
// with every check, and TestSARIFRules holds its form.
func withoutRules(t *testing.T, text []byte) []byte {
	t.Helper()
	log := readSARIF(t, text)
	for i := range log.Runs {
		log.Runs[i].Tool.Driver.Rules = nil
		for j := range log.Runs[i].Results {
			log.Runs[i].Results[j].RuleIndex = 0
		}
	}
	var b bytes.Buffer
	if err := writeIndented(&b, log); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// full is a disk without room.
type full struct{}

var errFull = errors.New("no space left on device")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestWriteErrors(t *testing.T) {
	for _, f := range Formats() {
		if err := f.Write(full{}, mixed(), options()); !errors.Is(err, errFull) {
			t.Errorf("%s: got %v, want the writer's error", f.Name, err)
		}
	}
}

// A format is written in one piece, so that an error before leaves nothing.
func TestOneWrite(t *testing.T) {
	for _, f := range Formats() {
		var w counter
		if err := f.Write(&w, mixed(), options()); err != nil || w.calls != 1 || !bytes.HasSuffix(w.last, []byte("\n")) {
			t.Errorf("%s: got %d calls of Write, last %.20q, error %v", f.Name, w.calls, w.last, err)
		}
	}
}

type counter struct {
	calls int
	last  []byte
}

func (c *counter) Write(p []byte) (int, error) {
	c.calls++
	c.last = p
	return len(p), nil
}

func TestFormats(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range Formats() {
		if f.Name == "" || f.About == "" || f.Write == nil || seen[f.Name] {
			t.Errorf("format %q is incomplete or there twice", f.Name)
		}
		seen[f.Name] = true
		if got, ok := ByName(f.Name); !ok || got.Name != f.Name {
			t.Errorf("ByName(%q) = %q, %v", f.Name, got.Name, ok)
		}
	}
	if _, ok := ByName("yaml"); ok || len(seen) == 0 {
		t.Error("ByName knows a format that is not in the table")
	}
}
