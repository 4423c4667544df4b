package report

import (
	"encoding/json"
	"io"

	"github.com/iamcheck/iamcheck/internal/expected"
)

// requiredDocument is the JSON of `iamcheck required`. Lists are never null.
type requiredDocument struct {
	SchemaVersion int                  `json:"schema_version"`
	Tool          jsonTool             `json:"tool"`
	Attachments   []requiredAttachment `json:"attachments"`
}

type requiredAttachment struct {
	Principal    string                `json:"principal"` // "" for roles that are not named
	Type         string                `json:"type"`      // whose users those roles are
	Account      string                `json:"account"`
	Kinds        []string              `json:"kinds"`
	Databases    []string              `json:"databases"`
	Identity     []requiredPolicy      `json:"identity_policies"`
	Boundary     *requiredPolicy       `json:"boundary"`
	Trust        *requiredPolicy       `json:"trust_policy"`
	Placeholders []requiredPlaceholder `json:"placeholders"`
	Open         []requiredPlaceholder `json:"open"`
	LeftOut      []requiredLeftOut     `json:"left_out"`
	Notes        []string              `json:"notes"`
}

type requiredPolicy struct {
	Name       string              `json:"name"`
	Kind       string              `json:"kind"` // managed, inline, boundary, trust
	Size       int                 `json:"size"`
	Statements []requiredStatement `json:"statements"`
	Document   json.RawMessage     `json:"document"`
}

type requiredStatement struct {
	SID          string   `json:"sid"`
	Purpose      string   `json:"purpose"`
	Need         string   `json:"need"`
	Requirements []string `json:"requirements"`
	Open         []string `json:"open"`
}

type requiredPlaceholder struct {
	Text string `json:"text,omitempty"`
	Name string `json:"name"`
	Tell string `json:"tell"`
}

type requiredLeftOut struct {
	Requirement string   `json:"requirement"`
	Reason      string   `json:"reason"`
	Databases   []string `json:"databases"`
}

func writeRequiredJSON(w io.Writer, attachments []expected.Attachment, o Options) error {
	document := requiredDocument{
		SchemaVersion: 1,
		Tool:          jsonTool{Name: "iamcheck", Version: o.Version},
		Attachments:   []requiredAttachment{},
	}
	for i := range attachments {
		document.Attachments = append(document.Attachments, attachmentJSON(&attachments[i]))
	}
	return writeIndented(w, document)
}

func attachmentJSON(a *expected.Attachment) requiredAttachment {
	out := requiredAttachment{
		Principal: a.Principal, Type: string(a.Type), Account: a.Account(), Kinds: []string{}, Databases: list(a.Databases),
		Identity: []requiredPolicy{}, Placeholders: []requiredPlaceholder{}, Open: []requiredPlaceholder{},
		LeftOut: []requiredLeftOut{}, Notes: list(a.Notes),
	}
	for _, k := range a.Kinds {
		out.Kinds = append(out.Kinds, k.String())
	}
	for _, d := range a.Identity {
		kind := "managed"
		if a.Inline {
			kind = "inline"
		}
		out.Identity = append(out.Identity, *policyJSON(&d, kind))
	}
	out.Boundary, out.Trust = policyJSON(a.Boundary, "boundary"), policyJSON(a.Trust, "trust")
	for _, p := range a.Placeholders {
		out.Placeholders = append(out.Placeholders, requiredPlaceholder{Text: p.Text, Name: p.Name, Tell: p.Tell()})
	}
	for _, name := range a.Open {
		out.Open = append(out.Open, requiredPlaceholder{Name: name, Tell: expected.Tell(name)})
	}
	for _, l := range a.LeftOut {
		out.LeftOut = append(out.LeftOut, requiredLeftOut{Requirement: l.ID, Reason: l.Reason, Databases: list(l.Databases)})
	}
	return out
}

func policyJSON(d *expected.Document, kind string) *requiredPolicy {
	if d == nil {
		return nil
	}
	out := &requiredPolicy{Name: d.Name, Kind: kind, Size: d.Size(), Statements: []requiredStatement{}, Document: d.JSON()}
	for i := range d.Statements {
		s := &d.Statements[i]
		out.Statements = append(out.Statements, requiredStatement{
			SID: s.SID, Purpose: s.Purpose, Need: statementNeed(s), Requirements: list(s.Requirements), Open: list(s.Open),
		})
	}
	return out
}
