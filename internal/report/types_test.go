package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/iamcheck/iamcheck/internal/expected"
)

// TestTypesAreWhole: every format describes every statement of a type, with its
// sources, and every known error.
func TestTypesAreWhole(t *testing.T) {
	types := expected.Types()
	if len(types) < 12 {
		t.Fatalf("got %d types", len(types))
	}
	for _, f := range TypesFormats() {
		for i := range types {
			var b bytes.Buffer
			if err := f.Write(&b, types[i:i+1], Options{}); err != nil {
				t.Fatal(err)
			}
			text := strings.NewReplacer(`\"`, `"`, `\*`, "*", `\_`, "_", "&lt;", "<").Replace(b.String())
			for _, e := range append(append([]expected.Entry{}, types[i].Entries...), types[i].Discovery...) {
				for _, want := range append(append([]string{e.ID, e.SID, e.Purpose}, e.Actions...), append(e.Resources, e.Sources...)...) {
					if !strings.Contains(text, want) {
						t.Errorf("%s: %s of %s lacks %q", f.Name, e.ID, types[i].Type, want)
					}
				}
			}
			for _, e := range types[i].Errata {
				for _, want := range []string{e.ID, e.Correct, e.Effect} {
					if !strings.Contains(text, want) {
						t.Errorf("%s: %s lacks %q", f.Name, e.ID, want)
					}
				}
			}
		}
	}
}

func TestTypesJSON(t *testing.T) {
	var b bytes.Buffer
	if err := writeTypesJSON(&b, expected.Types(), Options{Version: "1"}); err != nil {
		t.Fatal(err)
	}
	var got typesDocument
	if err := json.Unmarshal(b.Bytes(), &got); err != nil || len(got.Types) != len(expected.Types()) || strings.Contains(b.String(), "null") {
		t.Errorf("got %d types (%v)", len(got.Types), err)
	}
}
