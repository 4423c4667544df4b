package checks

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// statement is a statement to paste, in the order of elements that AWS's
// documentation uses.
type statement struct {
	Sid       string                       `json:"Sid,omitempty"`
	Effect    string                       `json:"Effect"`
	Principal map[string]string            `json:"Principal,omitempty"`
	Action    oneOrMany                    `json:"Action"`
	Resource  oneOrMany                    `json:"Resource,omitempty"`
	Condition map[string]map[string]string `json:"Condition,omitempty"`
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

// addStatement is the statement that grants what a finding lists.
func (p *Pass) addStatement(f *Finding) *Fix {
	return &Fix{Kind: "add-statement", Document: marshal(statement{
		Sid: sidOf(f.Requirements), Effect: "Allow", Action: sortedSet(f.Actions), Resource: sortedSet(f.Resources),
	})}
}

// sidOf is the Sid of Teleport's documentation where the finding is about one
// documented statement.
func sidOf(requirements []string) string {
	ids := sortedSet(requirements)
	if len(ids) != 1 {
		return ""
	}
	entry, _ := expected.Lookup(ids[0])
	return entry.SID
}

func marshal(s statement) []byte {
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		// Strings and maps of strings always marshal.
		return nil
	}
	return text
}

// trustStatement is the statement of a trust policy that lets a caller make a
// hop.
func trustStatement(caller string, h *expected.Hop) statement {
	s := statement{Effect: "Allow", Principal: map[string]string{"AWS": caller}, Action: oneOrMany{"sts:AssumeRole"}}
	if h == nil {
		return s
	}
	if len(h.SessionTags) > 0 {
		s.Action = append(s.Action, "sts:TagSession")
	}
	if h.ExternalID != "" {
		s.Condition = map[string]map[string]string{"StringEquals": {"sts:ExternalId": h.ExternalID}}
	}
	return s
}

func editTrust(caller string, h *expected.Hop) *Fix {
	return &Fix{Kind: "edit-trust", Document: marshal(trustStatement(caller, h))}
}

// describe names a cited statement in a message.
func describe(c policy.Citation) string {
	name := fmt.Sprintf("%s policy %s", c.Kind, c.Policy)
	switch {
	case c.Kind == "trust":
		name = "the trust policy"
	case c.Kind == "boundary":
		name = "the permissions boundary " + c.Policy
	case c.Kind == "scp" || c.Kind == "rcp":
		name = "the " + c.Kind + " " + c.Policy
	}
	switch {
	case c.SID != "":
		return fmt.Sprintf("statement %s of %s", c.SID, name)
	case c.Statement >= 0:
		return fmt.Sprintf("statement %d of %s", c.Statement, name)
	default:
		return name
	}
}

// Quote is the text of a cited statement of a principal's policies, "" where
// there is none.
func (p *Pass) Quote(principal string, c policy.Citation) string {
	if c.Statement < 0 {
		return ""
	}
	for _, s := range p.sources(principal) {
		if s.Name == c.Policy && s.Kind == c.Kind && s.Document != nil && c.Statement < len(s.Document.Statements) {
			return s.Document.Quote(c.Statement)
		}
	}
	return ""
}

// sources are all policies that bear on a principal, its trust policy included.
func (p *Pass) sources(principal string) []policy.Source {
	h := p.audit.holder(principal)
	if h.presence != present {
		return nil
	}
	all := slices.Concat(h.layers.Identity, h.layers.Boundary, h.layers.Session)
	for _, levels := range [][][]policy.Source{h.layers.SCPs, h.layers.RCPs} {
		for _, level := range levels {
			all = append(all, level...)
		}
	}
	if trust := p.audit.trust(principal); trust != nil {
		all = append(all, *trust)
	}
	return all
}
