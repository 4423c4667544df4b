package checks

import (
	"fmt"
	"strings"

	"github.com/iamcheck/iamcheck/internal/expected"
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
				"High where it stands for a requirement that is missing, else low.",
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
		f.Severity, f.Position = High, v.Position
		f.Databases, f.Requirements = append(f.Databases, v.Database), append(f.Requirements, v.ID)
		f.Fix = p.replaceResources(g, f.Fix, v.Resource)
	}
	f.Message = fmt.Sprintf("%s never matches %s: its resources have the form %s", action, list(dead, 2), forms(shapes))
	p.Report(f)
}

// meantFor tells whether a resource is there for this action and not for another
// action of the same statement, which it does match.
func (p *Pass) meantFor(raw string, g grant, action string) bool {
	for i := range g.statement.Actions.Patterns {
		other := g.statement.Actions.Patterns[i].Raw
		if strings.EqualFold(other, action) || strings.ContainsAny(other, "*?") {
			continue
		}
		if shapes, known := shapesOf(other); known && mayMatch(raw, other, shapes) {
			return false
		}
	}
	return true
}

func forms(shapes []shape) string {
	var out []string
	for _, s := range shapes {
		out = append(out, s.form)
	}
	return strings.Join(out, " or ")
}

// replaceResources is the statement with the resources that are needed in place
// of those that are there.
func (p *Pass) replaceResources(g grant, before *Fix, resource string) *Fix {
	resources := []string{resource}
	if before != nil {
		resources = append(resources, before.resources...)
	}
	s := expected.PolicyStatement{SID: g.statement.SID, Resources: sortedSet(resources)}
	for i := range g.statement.Actions.Patterns {
		s.Actions = append(s.Actions, g.statement.Actions.Patterns[i].Raw)
	}
	return &Fix{Kind: "replace-statement", Document: s.JSON(), resources: resources}
}
