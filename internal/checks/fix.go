package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// addStatement is the statement that grants what a finding lists.
func (p *Pass) addStatement(f *Finding) *Fix {
	s := expected.PolicyStatement{SID: sidOf(f.Requirements), Actions: sortedSet(f.Actions), Resources: sortedSet(f.Resources)}
	return &Fix{Kind: "add-statement", Document: s.JSON()}
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

// editTrust is what a role's trust policy must say for a hop: one statement, or
// a document where it takes several (tags have one of their own).
func (p *Pass) editTrust(h hopOf) *Fix {
	var hop []expected.Requirement
	for i := range p.Verdicts() {
		v := &p.Verdicts()[i]
		if v.Side == expected.TrustSide && v.Principal == h.caller && v.Resource == h.target && v.Need != expected.NotNeeded {
			hop = append(hop, v.Requirement)
		}
	}
	for _, document := range expected.Statements(hop) {
		switch {
		case document.Kind != expected.TrustPolicy || document.Principal != h.target:
		case len(document.Statements) == 1:
			return &Fix{Kind: "edit-trust", Document: document.Statements[0].JSON()}
		default:
			return &Fix{Kind: "edit-trust", Document: document.JSON()}
		}
	}
	return nil
}

// describe names a cited statement in a message.
func describe(c policy.Citation) string {
	name := fmt.Sprintf("%s policy %s", c.Kind, c.Policy)
	switch c.Kind {
	case "trust":
		name = "the trust policy"
	case "boundary":
		name = "the permissions boundary " + c.Policy
	case "scp", "rcp":
		name = "the " + c.Kind + " " + strings.TrimPrefix(c.Policy, c.Kind+" ") // an unnamed one is called "scp level 1 policy 0"
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
	return quote(p.sources(principal), c)
}

// sources are all policies that bear on a principal, its trust policy included.
func (p *Pass) sources(principal string) []policy.Source {
	h := p.audit.holder(principal)
	if h.presence != present {
		return nil
	}
	layers := h.layers
	layers.Resource = p.audit.trust(principal)
	return allSources(&layers)
}

// allSources are the policies of all layers.
func allSources(p *policy.Policies) []policy.Source {
	all := slices.Concat(p.Identity, p.Boundary, p.Session)
	for _, levels := range [][][]policy.Source{p.SCPs, p.RCPs} {
		for _, level := range levels {
			all = append(all, level...)
		}
	}
	if p.Resource != nil {
		all = append(all, *p.Resource)
	}
	return all
}
