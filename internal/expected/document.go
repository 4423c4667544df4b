package expected

import "encoding/json"

// JSON returns the statement as the text to paste into a policy: indented, in
// the order of elements that AWS's documentation uses.
func (s PolicyStatement) JSON() []byte { return indent(s.element()) }

// JSON returns the whole policy document.
func (p Policy) JSON() []byte {
	document := struct {
		Version   string             `json:"Version"`
		Statement []statementElement `json:"Statement"`
	}{Version: "2012-10-17"}
	for _, s := range p.Statements {
		document.Statement = append(document.Statement, s.element())
	}
	return indent(document)
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
		return json.Marshal(o[0])
	}
	return json.Marshal([]string(o))
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

// indent marshals strings and maps and slices of them, which cannot fail.
func indent(v any) []byte {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return nil
	}
	return text
}
