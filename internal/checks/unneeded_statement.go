package checks

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/policy"
)

func unneededStatement() *Check {
	return &Check{
		ID:       "unneeded-statement",
		Title:    "a documented statement is there whose purpose the configuration does not have",
		Severity: Medium,
		Whole:    true,
		Specific: true,
		Doc: Doc{
			What: "A statement of Teleport's documentation, or a part of one, that this configuration has no use for: enabling IAM authentication where it is on, managed users where there are none, sts:TagSession without session tags, " +
				"redshift:CreateClusterUser and JoinGroup, discovery on an identity that does not discover. Info where the configuration names types of databases and nothing else.",
			Why:      "It is granted and never used: whoever holds the agent's session can still use it.",
			Mend:     "Take the actions out, as the finding carries it.",
			Suppress: "When the purpose is about to come.",
			Sources:  []string{"Teleport Database Access AWS IAM Reference"},
		},
		Run: runUnneededStatement,
	}
}

// purpose is what a documented statement is for, and why this configuration
// does not have it.
type purpose struct {
	action   string
	reason   string
	database string // "" where it is about none
	id       string // of the requirement
	exact    bool   // counts only where the statement names the action itself
}

func runUnneededStatement(p *Pass) {
	for _, s := range p.subjects() {
		purposes := p.purposes(s)
		if len(purposes) == 0 {
			continue
		}
		for _, a := range s.grants {
			p.reportUnneeded(s, a, purposes)
		}
	}
}

// purposes are those that the configuration does not have.
func (p *Pass) purposes(s *subject) []purpose {
	var out []purpose
	for i := range p.audit.in.Requirements {
		r := &p.audit.in.Requirements[i]
		if r.Principal != s.arn || r.Need != expected.NotNeeded || r.Side != expected.IdentitySide {
			continue
		}
		entry, ok := expected.Lookup(r.ID)
		if !ok || entry.Actions[0] == assumeRole {
			continue // roles that are not assumed are assume-any-role's
		}
		for _, action := range entry.Actions {
			out = append(out, purpose{action: action, reason: r.Reason, database: r.Database, id: r.ID})
		}
	}
	out = append(out, purpose{action: "sts:TagSession", reason: "no session tags are sent (aws.session_tags)"})
	if slices.Contains(s.types, config.Redshift) {
		out = append(out, purpose{action: "redshift:CreateClusterUser", reason: "Teleport creates no users in Redshift"},
			purpose{action: "redshift:JoinGroup", reason: "Teleport joins no groups of Redshift"})
	}
	out = append(out, s.discovery()...)
	return slices.DeleteFunc(out, func(u purpose) bool { return len(s.needed(u.action)) > 0 })
}

// discovery are the statements of discovery on an identity that does not
// discover. Only what is written out counts: a wildcard over reading actions was
// hardly meant for them.
func (s *subject) discovery() []purpose {
	var out []purpose
	if s.discovers || s.only(expected.DatabaseRole) {
		return nil
	}
	for _, e := range expected.Catalogue() {
		if e.Holder != expected.Discoverer || !slices.Contains(s.types, e.Type) {
			continue
		}
		for _, action := range e.Actions {
			if !databaseService(action) {
				out = append(out, purpose{action: action, reason: "this identity does not discover databases", exact: true})
			}
		}
	}
	return out
}

// databaseService tells whether the Database Service has a use for an action of
// its own, and not the Discovery Service alone.
func databaseService(action string) bool {
	return slices.ContainsFunc(expected.Catalogue(), func(e expected.Entry) bool {
		return e.Holder != expected.Discoverer && slices.Contains(e.Actions, action)
	})
}

func (p *Pass) reportUnneeded(s *subject, a *allowance, purposes []purpose) {
	if a.general() || a.allActions() || awsManaged(a.source.Name) {
		return
	}
	f := a.finding()
	f.Databases = nil
	var reasons []string
	var w worst
	for i := range a.statement.Actions.Patterns {
		pattern := &a.statement.Actions.Patterns[i]
		for _, u := range purposes {
			if !pattern.Match(u.action) || p.Silent(a, u.action) || !s.meant(pattern, u) {
				continue
			}
			e := a.effective(u.action)
			if e.Found == policy.False {
				continue
			}
			w.take(a, Medium, e)
			f.Actions = append(f.Actions, pattern.Raw)
			f.Requirements = append(f.Requirements, u.id)
			f.Databases = append(f.Databases, u.database)
			reasons = append(reasons, u.reason)
		}
	}
	if len(f.Actions) == 0 {
		return
	}
	for i := range a.statement.Actions.Patterns {
		if pattern := &a.statement.Actions.Patterns[i]; slices.Contains(f.Actions, pattern.Raw) {
			for _, action := range a.actions() {
				if pattern.Match(action) && len(s.needed(action)) == 0 {
					p.Speak(a, action)
				}
			}
		}
	}
	f.Databases, f.Requirements = withoutEmpty(f.Databases), withoutEmpty(f.Requirements)
	f.Resources = a.resources()
	f.Fix = a.smallest(slices.DeleteFunc(a.unneeded(s), func(raw string) bool { return slices.Contains(f.Actions, raw) }))
	f.Message = fmt.Sprintf("%s is allowed and has no use here: %s", list(f.Actions, 4), strings.Join(sortedSet(reasons), "; "))
	severity := Medium
	if s.typeOnly {
		severity = Info
		f.Message += "; info, since the configuration tells no more than the types of its databases"
	}
	a.temper(&f, severity, w.found)
	p.Report(f)
}

// meant tells whether a pattern of the statement stands for a documented action:
// it names the action, or is a wildcard that takes in nothing that is needed and
// is no wildcard over the whole service.
func (s *subject) meant(pattern *policy.ActionPattern, u purpose) bool {
	if strings.EqualFold(pattern.Raw, u.action) {
		return true
	}
	service := cmp.Or(serviceOf(strings.ToLower(u.action)), "*")
	if u.exact || pattern.Match(service+":"+noAction) {
		return false
	}
	return !slices.ContainsFunc(sortedKeys(s.needs), pattern.Match)
}
