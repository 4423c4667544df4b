package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/policy"
)

func redundantStatement() *Check {
	return &Check{
		ID:       "redundant-statement",
		Title:    "another statement already grants all of it",
		Severity: Info,
		Doc: Doc{
			What:     "Another statement of the identity grants every action of this one on every resource of it, under no other conditions. Silent where that other statement is itself too wide as a whole.",
			Why:      "Whoever narrows one of the two believes the access gone.",
			Mend:     "Remove the statement.",
			Suppress: "When the two belong to policies that are kept apart on purpose.",
			Sources:  []string{"access-analyzer-reference-policy-checks"},
		},
		Run: runRedundantStatement,
	}
}

// pairWork is what a comparison of two statements costs, in steps, besides its
// questions.
const pairWork = 60

func runRedundantStatement(p *Pass) {
	for _, s := range p.subjects() {
		gone := map[*allowance]bool{}
		for _, a := range slices.Backward(s.grants) {
			if awsManaged(a.source.Name) || a.statement.Actions.Not || a.statement.Resources.Not {
				continue
			}
			for _, b := range s.grants {
				if !a.charge(pairWork) {
					return
				}
				if b == a || gone[b] || p.Silent(b, "") || !b.grantsAllOf(a) {
					continue
				}
				gone[a] = true
				f := a.finding()
				f.Actions, f.Resources = a.written(), a.resources()
				f.Message = fmt.Sprintf("%s already grants all of this statement", b.where())
				f.Fix = &Fix{Kind: "remove-statement"}
				p.Report(f)
				break
			}
		}
	}
}

// written are the statement's actions as they are written.
func (a *allowance) written() []string {
	var out []string
	for i := range a.statement.Actions.Patterns {
		out = append(out, a.statement.Actions.Patterns[i].Raw)
	}
	return out
}

// grantsAllOf tells whether a statement grants all that another one does. Policy
// variables are compared as they are written.
func (a *allowance) grantsAllOf(other *allowance) bool {
	if a.statement.Actions.Not || a.statement.Resources.Not || len(a.statement.Actions.Patterns) == 0 {
		return false
	}
	if len(a.statement.Conditions) > 0 && string(a.condition()) != string(other.condition()) {
		return false
	}
	if a.statement.Variables != other.statement.Variables {
		return false
	}
	for i := range other.statement.Actions.Patterns {
		if !a.contains(other.statement.Actions.Patterns[i].Pattern(), a.actionPatterns()) {
			return false
		}
	}
	for _, p := range other.resourcePatterns() {
		if strings.Contains(p.String(), "${") && !slices.Contains(a.resources(), p.String()) || !a.contains(p, a.resourcePatterns()) {
			return false
		}
	}
	return true
}

func (a *allowance) actionPatterns() []policy.Pattern {
	if a.ofActions == nil {
		for i := range a.statement.Actions.Patterns {
			a.ofActions = append(a.ofActions, a.statement.Actions.Patterns[i].Pattern())
		}
	}
	return a.ofActions
}

// resourcePatterns are the statement's resources as they are written.
func (a *allowance) resourcePatterns() []policy.Pattern {
	if a.ofResources == nil {
		for i := range a.statement.Resources.Patterns {
			a.ofResources = append(a.ofResources, policy.CompilePattern(a.statement.Resources.Patterns[i].Raw))
		}
	}
	return a.ofResources
}
