package policy

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// FuzzParse: Parse never panics, takes exactly the JSON objects within its
// bounds, places everything inside the text, and Print loses nothing.
func FuzzParse(f *testing.F) {
	paths, err := filepath.Glob(filepath.Join("testdata", "parse", "*", "*.json"))
	if err != nil || len(paths) == 0 {
		f.Fatalf("got %d seeds, error %v; want some", len(paths), err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		prefix, _, _ := strings.Cut(filepath.Base(path), "-")
		f.Add(uint8(kindNames[prefix]), text)
	}
	f.Fuzz(func(t *testing.T, kind uint8, text []byte) {
		d, err := Parse(Kind(kind)%(KindRCP+1), text)
		if want := isObject(text); (err == nil) != want && !strings.Contains(errorText(err), "nested deeper") {
			t.Fatalf("got error %v, want an object: %v", err, want)
		}
		if err != nil {
			return
		}
		for _, p := range d.Problems {
			checkPosition(t, d, p.Position)
		}
		for i := range d.Statements {
			checkPosition(t, d, d.Statements[i].Start)
			checkPosition(t, d, d.Statements[i].End)
			if !json.Valid([]byte(d.Quote(i))) {
				t.Fatalf("got quote %q, want JSON", d.Quote(i))
			}
		}
		checkRoundTrip(t, d)
	})
}

// isObject is encoding/json's opinion.
func isObject(text []byte) bool {
	var m map[string]json.RawMessage
	return utf8.Valid(text) && bytes.HasPrefix(bytes.TrimLeft(text, " \t\r\n"), []byte("{")) && json.Unmarshal(text, &m) == nil
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// checkPosition checks that line and column agree with the offset.
func checkPosition(t *testing.T, d *Document, p Position) {
	t.Helper()
	if p.Offset < 0 || p.Offset > len(d.Text) {
		t.Fatalf("got offset %d, want one within %d bytes", p.Offset, len(d.Text))
	}
	before := d.Text[:p.Offset]
	line := bytes.Count(before, []byte("\n")) + 1
	column := p.Offset - bytes.LastIndexByte(before, '\n')
	if p.Line != line || p.Column != column {
		t.Fatalf("got line %d, column %d at offset %d; want %d, %d", p.Line, p.Column, p.Offset, line, column)
	}
}

// checkRoundTrip checks that a document printed and parsed again is the same
// but for positions, and that printing it again changes nothing.
func checkRoundTrip(t *testing.T, d *Document) {
	t.Helper()
	printed := d.Print()
	again, err := Parse(d.Kind, printed)
	if err != nil {
		t.Fatalf("got error %v in what Print wrote:\n%s", err, printed)
	}
	if diff := cmp.Diff(strip(d), strip(again)); diff != "" {
		t.Fatalf("printed and parsed again (-want +got):\n%s", diff)
	}
	if twice := again.Print(); !bytes.Equal(printed, twice) {
		t.Fatalf("printed twice (-once +twice):\n%s", cmp.Diff(string(printed), string(twice)))
	}
}

// plain is a document without positions and compiled parts.
type plain struct {
	Version, ID string
	Statements  []plainStatement
	Problems    []string
}

type plainStatement struct {
	SID, Pointer         string
	Effect               Effect
	Malformed, Variables bool
	Principals           []PrincipalEntry
	NotPrincipal         bool
	Actions, Resources   []string
	NotAction            bool
	NotResource, Present bool
	Conditions           []string
}

func strip(d *Document) plain {
	out := plain{Version: d.Version, ID: d.ID}
	for _, p := range d.Problems {
		out.Problems = append(out.Problems, p.Pointer+" "+p.Message)
	}
	slices.Sort(out.Problems) // their order is that of the text
	for _, st := range d.Statements {
		out.Statements = append(out.Statements, stripStatement(&st))
	}
	return out
}

func stripStatement(st *Statement) plainStatement {
	s := plainStatement{
		SID: st.SID, Pointer: st.Pointer, Effect: st.Effect, Malformed: st.Malformed, Variables: st.Variables,
		NotAction: st.Actions.Not, NotResource: st.Resources.Not, Present: st.Resources.Present,
	}
	if st.Principals != nil {
		s.NotPrincipal = st.Principals.Not
		for _, e := range st.Principals.Entries {
			e.Position = Position{}
			s.Principals = append(s.Principals, e)
		}
	}
	for _, p := range st.Actions.Patterns {
		s.Actions = append(s.Actions, p.Raw)
	}
	for _, p := range st.Resources.Patterns {
		s.Resources = append(s.Resources, p.Raw)
	}
	for _, c := range st.Conditions {
		text := c.Pointer + " " + c.Operator.Raw + " " + c.Key
		for _, v := range c.Values {
			text += " " + v.Raw
		}
		s.Conditions = append(s.Conditions, text)
	}
	return s
}
