package checks

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/policy"
)

// element is one member of a JSON object, in the order in which it was written:
// what an edit does not touch must stay as it is.
type element struct {
	name  string
	value json.RawMessage
}

// elements are a JSON object.
type elements []element

func parseElements(text []byte) (elements, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, errors.New("not a JSON object")
	}
	var out elements
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, err
		}
		name, ok := t.(string)
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, err
		}
		if !ok || out.get(name) != nil {
			return nil, fmt.Errorf("element %q is written twice", name)
		}
		out = append(out, element{name, value})
	}
	return out, nil
}

// get is the value of a member, nil where there is none.
func (e elements) get(name string) json.RawMessage {
	for i := range e {
		if e[i].name == name {
			return e[i].value
		}
	}
	return nil
}

// with is the object with a member's value; a new member goes to the end, since
// documents are printed in AWS's order of elements.
func (e elements) with(name string, value json.RawMessage) elements {
	out := slices.Clone(e)
	for i := range out {
		if out[i].name == name {
			out[i].value = value
			return out
		}
	}
	return append(out, element{name, value})
}

func (e elements) without(name string) elements {
	return slices.DeleteFunc(slices.Clone(e), func(x element) bool { return x.name == name })
}

func (e elements) text() json.RawMessage {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, x := range e {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(jsonText(x.name))
		b.WriteByte(':')
		b.Write(x.value)
	}
	b.WriteByte('}')
	return b.Bytes()
}

// jsonText writes strings and lists of them, which cannot fail, without the
// escapes for HTML.
func jsonText(v any) json.RawMessage {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil {
		return nil
	}
	return bytes.TrimSpace(b.Bytes())
}

// words reads an element that is one string or a list of strings; false where it
// is neither.
func words(value json.RawMessage) ([]string, bool) {
	var one string
	if json.Unmarshal(value, &one) == nil {
		return []string{one}, true
	}
	var many []string
	if value == nil || json.Unmarshal(value, &many) != nil || many == nil {
		return nil, false
	}
	return many, true
}

// wordsText writes a list as policies have it: bare where it is one.
func wordsText(list []string) json.RawMessage {
	if len(list) == 1 {
		return jsonText(list[0])
	}
	return jsonText(list)
}

// draftDocument is a policy document while it is edited.
type draftDocument struct {
	root       elements
	statements []json.RawMessage
}

// newDocument is a document without statements yet.
func newDocument() *draftDocument {
	return &draftDocument{root: elements{{"Version", jsonText("2012-10-17")}}}
}

func parseDraft(text []byte) (*draftDocument, error) {
	root, err := parseElements(text)
	if err != nil {
		return nil, err
	}
	d := &draftDocument{root: root}
	value := bytes.TrimSpace(root.get("Statement"))
	switch {
	case len(value) == 0:
	case value[0] == '{':
		d.statements = []json.RawMessage{value}
	default:
		if err := json.Unmarshal(value, &d.statements); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// text is the document in the form in which documents are shown.
func (d *draftDocument) text(kind policy.Kind) ([]byte, error) {
	list := append([]byte{'['}, bytes.Join(rawBytes(d.statements), []byte(","))...)
	parsed, err := policy.Parse(kind, d.root.with("Statement", append(list, ']')).text())
	if err != nil {
		return nil, err
	}
	return parsed.Print(), nil
}

func rawBytes(list []json.RawMessage) [][]byte {
	out := make([][]byte, len(list))
	for i := range list {
		out[i] = list[i]
	}
	return out
}

// find is the index of a statement by its text, however that is indented; -1
// where the document has no such statement any more.
func (d *draftDocument) find(quote []byte) int {
	want := compactJSON(quote)
	return slices.IndexFunc(d.statements, func(s json.RawMessage) bool { return want != "" && compactJSON(s) == want })
}

func compactJSON(text []byte) string {
	var b bytes.Buffer
	if json.Compact(&b, text) != nil {
		return ""
	}
	return b.String()
}

// freeSID is sid, with a number behind it where a statement has it already: a
// Sid is unique in its document (reference_policies_elements_sid).
func (d *draftDocument) freeSID(sid string) string {
	used := map[string]bool{}
	for _, s := range d.statements {
		if e, err := parseElements(s); err == nil {
			if own, ok := words(e.get("Sid")); ok && len(own) == 1 {
				used[own[0]] = true
			}
		}
	}
	name := sid
	for n := 2; used[name]; n++ {
		name = fmt.Sprintf("%s%d", sid, n)
	}
	return name
}

// sameSet tells whether two lists hold the same, whatever their order; actions
// are compared without regard to case (reference_policies_elements_action).
func sameSet(a, b []string, fold bool) bool {
	key := func(list []string) []string {
		out := make([]string, len(list))
		for i, s := range list {
			if out[i] = s; fold {
				out[i] = strings.ToLower(s)
			}
		}
		return sortedSet(out)
	}
	return slices.Equal(key(a), key(b))
}
