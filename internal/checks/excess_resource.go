package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/policy"
)

func excessResource() *Check {
	return &Check{
		ID:       "excess-resource",
		Title:    "a needed action is allowed on more than the needed resources",
		Severity: Medium,
		Whole:    true,
		Doc: Doc{
			What: "A statement allows an action that is needed on resources that nothing needs; the witness is one. Low where Teleport's own documentation prints `*`, " +
				"info where the statement is narrower than the documentation (medium for one that names only others than the needed) or the configuration does not name the resource. Actions without resource types are never reported.",
			Why:      "The identity reaches databases, users, secrets or roles that it has nothing to do with.",
			Mend:     "Write the statement that the finding carries.",
			Suppress: "When databases come and go, and the wide statement is meant.",
			Sources:  []string{"reference_policies_elements_resource", "Service Authorization Reference"},
		},
		Run: runExcessResource,
	}
}

func runExcessResource(p *Pass) {
	for _, s := range p.subjects() {
		for _, a := range s.grants {
			if a.spent() {
				break // the gap tells
			}
			p.reportExcessResource(s, a)
		}
	}
}

func (p *Pass) reportExcessResource(s *subject, a *allowance) {
	var w worst
	var actions []string
	for _, action := range a.neededActions() {
		if p.Silent(a, action) || p.mended(a, action) || a.statement.Resources.Not && a.general() {
			continue
		}
		e := a.beyond(action)
		if e.Found == policy.False {
			e = a.abroad(action)
		}
		if e.Found == policy.False {
			continue
		}
		actions = append(actions, action)
		severity := a.weighResources(action)
		if severity == Info && p.holdsAll(s, action) && a.apart(e.Witness, s.needed(action)) {
			severity = Medium
		}
		w.take(a, severity, e)
	}
	if len(actions) == 0 {
		return
	}
	f := a.finding()
	f.Actions, f.Resources, f.Witness = actions, a.resources(), w.witness
	f.Databases = nil
	for _, action := range actions {
		for _, r := range s.needed(action) {
			f.Requirements, f.Databases = append(f.Requirements, r.ID), append(f.Databases, r.Database)
		}
	}
	f.Fix = a.smallest(a.unneeded(s))
	f.Message = fmt.Sprintf("%s is allowed on %s, and so on %s, which nothing needs", list(actions, 3), a.onWhat(), witnessOr(w.witness))
	if names := s.openNames(actions); w.severity == Info && len(names) > 0 {
		f.Message += "; info, since the configuration does not tell " + strings.Join(names, ", ")
	} else if w.severity < Medium {
		f.Message += "; " + w.severity.String() + ", since Teleport's documentation prints as much"
	}
	a.temper(&f, w.severity, w.found)
	p.Report(f)
}

func witnessOr(witness string) string {
	if witness == "" {
		return "others"
	}
	return witness
}

// holdsAll tells whether a subject is allowed all that it needs of an action, and
// the configuration names all of it. Where it is not, a statement beside the mark
// is probably one that missed it, which the finding about the need says.
func (p *Pass) holdsAll(s *subject, action string) bool {
	if len(s.openNames([]string{action})) > 0 {
		return false
	}
	return !slices.ContainsFunc(p.Verdicts(), func(v RequirementVerdict) bool {
		return v.Principal == s.arn && strings.EqualFold(v.Action, action) && v.Status != Granted && v.Need != expected.NotNeeded
	})
}

// weighResources grades a needed action on too many resources.
func (a *allowance) weighResources(action string) Severity {
	needs := a.subject.needed(action)
	printed := slices.ContainsFunc(needs, func(r *expected.Requirement) bool { return len(r.Printed) > 0 })
	switch {
	case len(a.subject.openNames([]string{action})) > 0:
		return Info
	case !printed || !a.withinPrinted(needs):
		return Medium
	case a.everything():
		return Low
	default:
		return Info
	}
}

// apart tells whether the statement takes in a resource by patterns alone that
// take in nothing of what is needed: it was granted for its own sake, and not
// because the documentation leaves names open.
func (a *allowance) apart(resource string, needs []*expected.Requirement) bool {
	found := false
	for i := range a.statement.Resources.Patterns {
		pattern := policy.CompilePattern(withoutVariables(a.statement.Resources.Patterns[i].Raw))
		if a.statement.Resources.Not || !pattern.Match(resource) {
			continue
		}
		found = true
		if slices.ContainsFunc(needs, func(r *expected.Requirement) bool { return pattern.Intersects(policy.RequestPattern(r.Resource)) }) {
			return false
		}
	}
	return found
}

// withinPrinted tells whether the statement's resources are none but what
// Teleport's documentation prints for the requirements.
func (a *allowance) withinPrinted(needs []*expected.Requirement) bool {
	var printed []policy.Pattern
	for _, r := range needs {
		for _, resource := range r.Printed {
			printed = append(printed, policy.CompilePattern(resource))
		}
	}
	for i := range a.statement.Resources.Patterns {
		if !a.contains(policy.CompilePattern(withoutVariables(a.statement.Resources.Patterns[i].Raw)), printed) {
			return false
		}
	}
	return true
}

// places are the names that say where a resource is or who logs in, and not
// which resource it is.
var places = []string{"aws.region", "aws.account_id", "db_users", "db_names"}

// openNames are the names of resources that the configuration does not tell, of
// the requirements of some actions.
func (s *subject) openNames(actions []string) []string {
	var out []string
	for _, action := range actions {
		for _, r := range s.needed(action) {
			for _, name := range r.Open {
				if !slices.Contains(places, name) || s.typeOnly {
					out = append(out, name)
				}
			}
		}
	}
	return sortedSet(out)
}

// without are the action patterns of a statement, as written, that take in none
// of some actions and nothing that is needed: a fix leaves them.
func (a *allowance) without(s *subject, actions []string) []string {
	return slices.DeleteFunc(a.unneeded(s), func(raw string) bool {
		for i := range a.statement.Actions.Patterns {
			if p := &a.statement.Actions.Patterns[i]; p.Raw == raw && slices.ContainsFunc(actions, p.Match) {
				return true
			}
		}
		return false
	})
}

// unneeded are the action patterns of a statement, as written, that take in
// nothing that is needed: other checks speak about them.
func (a *allowance) unneeded(s *subject) []string {
	var out []string
	for i := range a.statement.Actions.Patterns {
		pattern := &a.statement.Actions.Patterns[i]
		if !slices.ContainsFunc(sortedKeys(s.needs), func(key string) bool { return pattern.Match(key) && !s.isData(key) }) {
			out = append(out, pattern.Raw)
		}
	}
	return out
}
