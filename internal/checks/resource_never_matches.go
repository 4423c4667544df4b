package checks

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/policy"
)

func resourceNeverMatches() *Check {
	return &Check{
		ID:       "resource-never-matches",
		Title:    "action and resource of a statement can never match",
		Severity: High,
		Specific: true,
		Doc: Doc{
			What: "A statement allows an action on resources of a form that the action does not have: MemoryDB with colons or replicationgroup, " +
				"rds-db:connect on the name of an instance or on an arn:aws:rds ARN, a Redshift Serverless workgroup by name, a cache name with capitals. " +
				"High where it stands for a requirement that is missing (medium for metadata, low where it is only recommended), else low.",
			Why:      "The statement grants nothing, and looks as if it did.",
			Mend:     "Write the resource in the form that the message shows.",
			Suppress: "When the statement is about to go anyway.",
			Sources:  []string{"Service Authorization Reference", "UsingWithRDS.IAMDBAuth.IAMPolicy", "MemoryDB developer guide, iam.resourcelevelpermissions"},
		},
		Run: runResourceNeverMatches,
	}
}

func runResourceNeverMatches(p *Pass) {
	for _, principal := range p.holders() {
		for _, g := range p.grants(principal) {
			if g.statement.Resources.Not || g.statement.Actions.Not {
				continue
			}
			for _, action := range p.neededActions(principal, g) {
				p.neverMatches(principal, g, action)
			}
		}
	}
}

// neededActions are the actions of a principal's requirements that a statement
// takes in, each once.
func (p *Pass) neededActions(principal string, g grant) []string {
	var out []string
	for i := range p.Verdicts() {
		v := &p.Verdicts()[i]
		if v.Principal == principal && g.statement.Actions.Match(v.Action) {
			out = append(out, v.Action)
		}
	}
	return sortedSet(out)
}

// neverMatches reports the resources of a statement that an action can never
// have. Where other resources of the statement do match, the dead ones matter
// only for the requirements that they were meant for.
func (p *Pass) neverMatches(principal string, g grant, action string) {
	shapes, known := shapesOf(action)
	if !known {
		return
	}
	var dead []string
	for i := range g.statement.Resources.Patterns {
		if raw := g.statement.Resources.Patterns[i].Raw; !mayMatch(raw, action, shapes) && p.meantFor(raw, g, action) {
			dead = append(dead, raw)
		}
	}
	if len(dead) == 0 {
		return
	}
	f := Finding{Principal: principal, Layer: policy.LayerIdentity, Citation: g.cite(), Actions: []string{action}, Resources: dead, Severity: Low, Graded: true}
	f.Quote = p.Quote(principal, f.Citation)
	for _, i := range p.standsFor(principal, g, func(v *RequirementVerdict) bool { return v.Action == action }) {
		v := &p.Verdicts()[i]
		p.Claim(i, policy.LayerIdentity)
		f.grade(v)
		f.Position = v.Position
		f.Databases, f.Requirements = append(f.Databases, v.Database), append(f.Requirements, v.ID)
		f.Fix = p.replaceResources(g, dead, f.Fix, v.Resource)
	}
	f.Message = fmt.Sprintf("%s never matches %s: its resources have the form %s", action, list(dead, 2), forms(shapes))
	p.Report(f)
}

// meantFor tells whether a resource is there for this action and not for another
// action of the same statement, which it does match.
func (p *Pass) meantFor(raw string, g grant, action string) bool {
	for i := range g.statement.Actions.Patterns {
		other := g.statement.Actions.Patterns[i].Raw
		if strings.ContainsAny(other, "*?") {
			if ofService(raw, other, action) {
				return false
			}
			continue
		}
		if strings.EqualFold(other, action) {
			continue
		}
		if shapes, known := shapesOf(other); known && mayMatch(raw, other, shapes) {
			return false
		}
	}
	return true
}

// ofService tells whether a resource is of a service whose actions a pattern
// takes in, and not of that of the given action.
func ofService(raw, pattern, action string) bool {
	fields, _ := splitARN(raw)
	service, _, _ := strings.Cut(pattern, ":")
	own, _, _ := strings.Cut(action, ":")
	return len(fields) > 0 && fields[2] != own && policy.CompilePattern(service).Match(fields[2])
}

func forms(shapes []shape) string {
	var out []string
	for _, s := range shapes {
		out = append(out, s.form)
	}
	return strings.Join(out, " or ")
}

// replaceResources is the statement as it stands, conditions included, with the
// resources that are needed in place of those that reach nothing.
func (p *Pass) replaceResources(g grant, dead []string, before *Fix, resource string) *Fix {
	var old []string
	if before != nil {
		old = before.resources
	} else {
		for i := range g.statement.Resources.Patterns {
			old = append(old, g.statement.Resources.Patterns[i].Raw)
		}
	}
	resources := []string{resource}
	for _, raw := range old {
		if !slices.Contains(dead, raw) {
			resources = append(resources, raw)
		}
	}
	return &Fix{Kind: "replace-statement", Document: withResources(g, sortedSet(resources)), resources: resources}
}

// withResources is the text of a grant with other resources; nil where its text
// is not JSON, which does not happen.
func withResources(g grant, resources []string) []byte {
	var s struct {
		Sid       string          `json:"Sid,omitempty"`
		Effect    string          `json:"Effect"`
		Action    json.RawMessage `json:"Action"`
		Resource  any             `json:"Resource"`
		Condition json.RawMessage `json:"Condition,omitempty"`
	}
	if err := json.Unmarshal([]byte(g.source.Document.Quote(g.statement.Index)), &s); err != nil {
		return nil
	}
	s.Resource = resources
	if len(resources) == 1 {
		s.Resource = resources[0]
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(s); err != nil {
		return nil
	}
	return bytes.TrimSpace(b.Bytes())
}
