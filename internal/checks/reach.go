package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/iamdata"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// noAction and noResource are names that nothing has: a pattern that matches
// them matches every name.
const (
	noAction   = "\x01"
	noResource = ":\x01:999999999999:\x01"
)

// allActions tells whether the statement allows every action of every service.
func (a *allowance) allActions() bool {
	return !a.statement.Actions.Not && a.statement.Actions.Match(noAction+":"+noAction)
}

// everything tells whether the statement's resources are all there are.
func (a *allowance) everything() bool {
	if a.statement.Resources.Not {
		return false
	}
	return slices.ContainsFunc(a.statement.Resources.Patterns, func(r policy.ResourcePattern) bool {
		return policy.CompilePattern(r.Raw).Match("arn:" + a.subject.caller.Partition + ":" + noAction + noResource)
	})
}

// named tells whether every resource of the statement is one resource.
func (a *allowance) named() bool {
	if a.statement.Resources.Not {
		return false
	}
	return !slices.ContainsFunc(a.statement.Resources.Patterns, func(r policy.ResourcePattern) bool {
		return policy.HasWildcard(withoutVariables(r.Raw))
	})
}

// wholeServices are the services of which the statement allows every action by
// a wildcard over the names.
func (a *allowance) wholeServices() []string {
	if a.statement.Actions.Not {
		return nil
	}
	var out []string
	for _, service := range iamdata.Services() {
		if a.wholeService(service) {
			out = append(out, service)
		}
	}
	return out
}

func (a *allowance) wholeService(service string) bool {
	return !a.statement.Actions.Not && a.statement.Actions.Match(service+":"+noAction)
}

// general tells whether a check speaks about the statement as a whole, so that
// those on single services have nothing to add: everything is allowed, or all
// but something is.
func (a *allowance) general() bool {
	if a.subject.breadth != BreadthAll {
		return false
	}
	return a.statement.Actions.Not || a.statement.Resources.Not || a.allActions() && a.everything()
}

// limits says what besides the statement keeps an action from being granted:
// the boundary, a Deny, an SCP. It is "" where the statement itself grants none.
func (a *allowance) limits(action string) string {
	alone := a.policies
	alone.Boundary, alone.SCPs, alone.RCPs, alone.Identity = nil, nil, nil, a.policies.Identity[:1]
	for _, layer := range []struct {
		name  string
		setup func(*policy.Policies)
	}{
		{"the statement", func(*policy.Policies) {}},
		{"the permissions boundary", func(p *policy.Policies) { p.Boundary = a.policies.Boundary }},
		{"an explicit Deny of its own policies", func(p *policy.Policies) { p.Identity = a.policies.Identity }},
		{"a service control policy", func(p *policy.Policies) { p.SCPs = a.policies.SCPs }},
		{"a resource control policy", func(p *policy.Policies) { p.RCPs = a.policies.RCPs }},
	} {
		pol := alone
		layer.setup(&pol)
		if a.reaches(action, &pol) == policy.False {
			if layer.name == "the statement" {
				return ""
			}
			return layer.name
		}
	}
	return "the permissions boundary, Denies and service control policies together"
}

// reaches asks whether a set of policies allows an action on anything.
func (a *allowance) reaches(action string, pol *policy.Policies) policy.Truth {
	if only, known := iamdata.WildcardOnly(action); known && only {
		return a.ask(action, "*", a.subject.context, pol, nil).Found
	}
	found := policy.False
	for _, resource := range a.subject.resourcesOf(question{action: action}) {
		found = found.Or(a.ask(action, resource, a.subject.context, pol, nil).Found)
	}
	return found
}

// narrowing are the context keys, not known here, whose conditions narrow the
// statement; nil where it has none that does.
func (a *allowance) narrowing() []string {
	var keys []string
	for i := range a.statement.Conditions {
		c := &a.statement.Conditions[i]
		r := c.Test(a.subject.context)
		if r.Truth != policy.Unknown || c.HoldsForEveryValue() {
			continue
		}
		if keys = append(keys, r.Keys...); len(r.Keys) == 0 {
			keys = append(keys, c.Key)
		}
	}
	return sortedSet(keys)
}

// unread names a policy that limits the subject and could not be read; "" where
// all were.
func (s *subject) unread() string {
	for _, source := range slices.Concat(s.held.layers.Boundary, s.denied, slices.Concat(s.held.layers.SCPs...)) {
		if source.Document == nil {
			return source.Kind + " policy " + source.Name
		}
	}
	return ""
}

// temper lowers a finding where it is not certain that the grant has effect, and
// says why: a condition narrows it, or what could take it away was not read.
func (a *allowance) temper(f *Finding, severity Severity, found policy.Truth) {
	f.graded(severity)
	if found == policy.True || severity == Info {
		return
	}
	if a.cut {
		f.Outcome = Unknown
		f.Message += "; not decided, since " + tooMuch
		return
	}
	if len(a.narrowing()) == 0 && a.limited() == "" {
		return // its conditions ask for nothing
	}
	if keys := a.narrowing(); len(keys) > 0 {
		f.graded(lowered(severity))
		f.Message += fmt.Sprintf("; %s, since it is allowed under conditions on %s only", f.Severity, list(keys, 3))
		return
	}
	if unread := a.subject.unread(); unread != "" {
		if severity > Low {
			f.Outcome = Unknown
		}
		f.Message += "; whether it has effect is not known: " + unread + " was not read"
		return
	}
	f.graded(lowered(severity))
	f.Message += fmt.Sprintf("; %s, since a boundary, Deny or service control policy with conditions may take it away", f.Severity)
}

// lowered is one severity less, and no less than low.
func lowered(s Severity) Severity {
	if s <= Low {
		return s
	}
	return s - 1
}

// plural counts things.
func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// where names the statement in a message.
func (a *allowance) where() string { return describe(a.cite()) }

// resources are the statement's resources as written.
func (a *allowance) resources() []string {
	var out []string
	for i := range a.statement.Resources.Patterns {
		out = append(out, a.statement.Resources.Patterns[i].Raw)
	}
	return out
}

// onWhat says what a statement's resources are, for messages.
func (a *allowance) onWhat() string {
	if a.statement.Resources.Not {
		return "everything but " + list(a.resources(), 2)
	}
	return list(a.resources(), 2)
}

// finding begins a finding about the statement.
func (a *allowance) finding() Finding {
	f := a.subject.finding()
	f.Citation = a.cite()
	f.Quote = strings.TrimSpace(a.source.Document.Quote(a.statement.Index))
	return f
}
