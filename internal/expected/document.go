package expected

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// JSON returns the statement as the text to paste into a policy: indented, in
// the order of elements that AWS's documentation uses.
func (s PolicyStatement) JSON() []byte { return indent(s.element()) }

// JSON returns the whole policy document.
func (p Policy) JSON() []byte { return indent(p.element()) }

// Size is how many characters the document counts against AWS's quotas: white
// space between elements does not count (reference_iam-quotas).
func (p Policy) Size() int { return utf8.RuneCount(compact(p.element())) }

// documentElement is a policy document in JSON.
type documentElement struct {
	Version   string             `json:"Version"`
	Statement []statementElement `json:"Statement"`
}

func (p Policy) element() documentElement {
	d := documentElement{Version: "2012-10-17", Statement: make([]statementElement, 0, len(p.Statements))}
	for _, s := range p.Statements {
		d.Statement = append(d.Statement, s.element())
	}
	return d
}

// statementElement is a statement in JSON.
type statementElement struct {
	SID       string                          `json:"Sid,omitempty"`
	Effect    string                          `json:"Effect"`
	Principal map[string]oneOrMany            `json:"Principal,omitempty"`
	Action    oneOrMany                       `json:"Action"`
	Resource  oneOrMany                       `json:"Resource,omitempty"`
	Condition map[string]map[string]oneOrMany `json:"Condition,omitempty"`
}

// oneOrMany is written as a bare value where there is one.
type oneOrMany []string

// MarshalJSON implements json.Marshaler.
func (o oneOrMany) MarshalJSON() ([]byte, error) {
	if len(o) == 1 {
		return literally(o[0])
	}
	return literally([]string(o))
}

// literally marshals without the escapes for HTML that encoding/json adds: a
// policy is no page, and its size counts.
func literally(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

func (s PolicyStatement) element() statementElement {
	e := statementElement{SID: s.SID, Effect: "Allow", Action: s.Actions, Resource: s.Resources}
	if len(s.Principals) > 0 {
		e.Principal = map[string]oneOrMany{"AWS": s.Principals}
	}
	if s.ExternalID != "" {
		e.Condition = map[string]map[string]oneOrMany{"StringEquals": {"sts:ExternalId": {s.ExternalID}}}
	}
	return e
}

// compact marshals strings and maps and slices of them, which cannot fail.
func compact(v any) []byte {
	text, err := literally(v)
	if err != nil {
		return nil
	}
	return text
}

func indent(v any) []byte {
	var b bytes.Buffer
	if err := json.Indent(&b, compact(v), "", "  "); err != nil {
		return nil
	}
	return b.Bytes()
}
