package checks

import (
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/iamdata"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// walk is what became of a path whose actions a subject's statements all take
// in.
type walk struct {
	path escalation
	// by says what suppresses the path; "" where it is walkable.
	by       string
	steps    []step
	found    policy.Truth
	severity Severity
	reason   string // of a severity that is less than the check's
	witness  string
}

// step is one action of a path with the statements that grant it.
type step struct {
	action string
	of     *allowance // the one that grants it best
	all    []*allowance
	found  policy.Truth
}

// walks are the paths whose actions a subject's statements all take in.
func (p *Pass) walks(s *subject) []walk {
	var out []walk
	for _, path := range escalations {
		if path.kind == editsSelf || slices.Equal(path.actions, []string{assumeRole}) {
			continue // of self-escalation and assume-any-role
		}
		if w, ok := p.walk(s, path); ok {
			out = append(out, w)
		}
	}
	return out
}

// walk follows a path. It is false where some action is in no statement that is
// not spoken of already.
func (p *Pass) walk(s *subject, path escalation) (walk, bool) {
	w := walk{path: path, found: policy.True, severity: High}
	for _, action := range path.actions {
		offers := p.offers(s, action)
		if len(offers) == 0 {
			return w, false
		}
		st := step{action: action, found: policy.False, all: offers}
		for _, a := range offers {
			if found := a.reachesFor(action, path.service); found == policy.True || st.of == nil || st.found == policy.False {
				st.of, st.found = a, found
			}
			if st.found == policy.True {
				break
			}
		}
		if st.found == policy.False && w.by == "" {
			w.by = st.of.stops(action)
		}
		w.found = w.found.And(st.found)
		w.steps = append(w.steps, st)
	}
	if w.by == "" {
		p.follow(s, &w)
	}
	return w, true
}

// offers are the statements that take in an action and that no other check
// speaks about as a whole.
func (p *Pass) offers(s *subject, action string) []*allowance {
	var out []*allowance
	service := serviceOf(action)
	for _, a := range s.grants {
		if !a.statement.Actions.Match(action) || a.general() || a.allActions() && a.everything() {
			continue
		}
		if slices.Contains(powerful, service) && a.wholeService(service) {
			continue
		}
		if action != passRole && action != assumeRole && p.Silent(a, action) {
			continue
		}
		out = append(out, a)
	}
	return out
}

// reachesFor asks whether a statement grants an action on anything; a role may
// be passed only to the service of the path.
func (a *allowance) reachesFor(action, service string) policy.Truth {
	if action != passRole {
		return a.effective(action).Found
	}
	return a.passes(service, nil).Found
}

// passes asks for a role that may be passed to a service.
func (a *allowance) passes(service string, except []policy.Pattern) policy.Example {
	c := &a.subject.caller
	return a.ask(passRole, "arn:"+c.Partition+":iam::"+c.Account+":role/*", a.passing(service), &a.policies, except)
}

// passing is the context of iam:PassRole for a service.
func (a *allowance) passing(service string) *policy.Context {
	ctx := a.subject.context.Clone()
	ctx.Set("iam:PassedToService", service)
	return ctx
}

// stops says what keeps a statement that takes in an action from granting it.
func (a *allowance) stops(action string) string {
	if by := a.limits(action); by != "" && a.effective(action).Found == policy.False {
		return by
	}
	for i := range a.statement.Conditions {
		if strings.EqualFold(a.statement.Conditions[i].Key, "iam:PassedToService") {
			return "the condition on iam:PassedToService"
		}
	}
	if len(a.statement.Conditions) > 0 {
		return "the conditions of the statement"
	}
	return "the resources of the statement, which the action never has"
}

// follow asks whether the steps meet.
func (p *Pass) follow(s *subject, w *walk) {
	switch w.path.kind {
	case passes:
		p.followPassed(s, w)
	case existing:
		w.severity = Medium
		w.reason = "IAM data does not tell whether something runs there with more rights"
	}
	if w.by == "" {
		p.followTogether(s, w)
	}
}

// followPassed looks for a role that may be passed, other than the subject, and
// that trusts the service.
func (p *Pass) followPassed(s *subject, w *walk) {
	i := slices.IndexFunc(w.steps, func(st step) bool { return st.action == passRole })
	if i < 0 {
		return
	}
	self := []policy.Pattern{policy.CompilePattern(s.arn)}
	best := policy.Example{Found: policy.False}
	named := true
	for _, a := range w.steps[i].all {
		e := a.passes(w.path.service, self)
		if e.Found == policy.False {
			continue
		}
		named = named && a.named()
		if best.Found != policy.True {
			best = e
		}
	}
	if best.Found == policy.False {
		w.by = "iam:PassRole, which is allowed on this identity only"
		return
	}
	w.witness = best.Witness
	snapshot := p.Accounts().Account(s.caller.Account)
	if snapshot == nil || snapshot.Partial {
		return
	}
	for j := range snapshot.Roles {
		role := &snapshot.Roles[j]
		if role.ARN == s.arn || !p.trustsService(role, w.path.service) {
			continue
		}
		for _, a := range w.steps[i].all {
			if a.ask(passRole, role.ARN, a.passing(w.path.service), &a.policies, nil).Found != policy.False {
				w.witness = role.ARN
				return
			}
		}
	}
	if named {
		w.by = "the roles that may be passed, none of which trusts " + w.path.service
		return
	}
	w.severity, w.reason = Medium, "no role of the account, as it was read, that may be passed trusts "+w.path.service
}

// trustsService tells whether a role's trust policy names a service. One that
// was not read may.
func (p *Pass) trustsService(role *account.Role, service string) bool {
	source, _ := p.Accounts().Trust(role)
	if source.Document == nil {
		return true
	}
	for i := range source.Document.Statements {
		st := &source.Document.Statements[i]
		if st.Effect != policy.Allow || st.Principals == nil || !st.Actions.Match(assumeRole) {
			continue
		}
		if slices.ContainsFunc(st.Principals.Entries, func(e policy.PrincipalEntry) bool {
			return e.Type == policy.PrincipalService && e.Value == service
		}) {
			return true
		}
	}
	return false
}

// followTogether looks for one resource that all steps reach which act on one
// type of resource, other than the subject itself.
func (p *Pass) followTogether(s *subject, w *walk) {
	var together []step
	for _, st := range w.steps {
		if st.action != passRole && len(typesOf(st.action)) > 0 {
			together = append(together, st)
		}
	}
	for len(together) > 0 {
		typ := commonType(together)
		if typ != "" {
			p.meet(s, w, together, typ)
			return
		}
		if w.path.kind == takesOver {
			p.followPolicy(s, w, together)
			return
		}
		together = together[:len(together)-1]
	}
}

// meet looks for one resource of a type that all steps reach.
func (p *Pass) meet(s *subject, w *walk, steps []step, typ string) {
	witness := s.meeting(steps, typ)
	if witness == "" {
		w.by = "the resources of its actions, which do not meet"
		if len(steps) == 1 {
			w.by = "the resources of " + steps[0].action + ", which is allowed on this identity only"
		}
		return
	}
	w.witness = witness
	snapshot := p.Accounts().Account(s.caller.Account)
	if w.path.kind != takesOver || snapshot == nil || snapshot.Partial {
		return
	}
	named := true
	for _, st := range steps {
		for _, a := range st.all {
			named = named && a.named()
		}
	}
	for _, arn := range entities(snapshot, typ) {
		if arn != s.arn && reachedByAll(steps, arn) {
			w.witness = arn
			return
		}
	}
	if named {
		w.by = "the " + typ + "s that are named, which do not exist"
		return
	}
	w.severity, w.reason = Medium, "no "+typ+" of the account, as it was read, is reached by it"
}

// meeting finds a resource of a type that all steps reach; "" where none was
// found. It starts from the resources that each statement names.
func (s *subject) meeting(steps []step, typ string) string {
	self := []policy.Pattern{policy.CompilePattern(s.arn)}
	for _, st := range steps {
		var asked []string
		for _, other := range steps {
			for _, a := range other.all {
				if !a.statement.Resources.Not {
					asked = append(asked, a.resources()...)
				}
			}
		}
		asked = append(asked, s.ofType(st.action, typ)...)
		for _, a := range st.all {
			for _, resource := range asked {
				e := a.ask(st.action, withoutVariables(resource), s.context, &a.policies, self)
				if e.Found != policy.False && e.Witness != "" && isOfType(st.action, typ, e.Witness) && reachedByAll(steps, e.Witness) {
					return e.Witness
				}
			}
		}
	}
	return ""
}

func reachedByAll(steps []step, arn string) bool {
	return !slices.ContainsFunc(steps, func(st step) bool {
		return !slices.ContainsFunc(st.all, func(a *allowance) bool {
			return a.ask(st.action, arn, a.subject.context, &a.policies, nil).Found != policy.False
		})
	})
}

// followPolicy looks for a managed policy that may be written and that is
// attached to a role which the other step reaches.
func (p *Pass) followPolicy(s *subject, w *walk, steps []step) {
	snapshot := p.Accounts().Account(s.caller.Account)
	if snapshot == nil || snapshot.Partial {
		w.severity, w.reason = Medium, "not all roles of the account were read"
		return
	}
	for i := range snapshot.Roles {
		role := &snapshot.Roles[i]
		for _, attached := range role.Attached {
			if role.ARN != s.arn && !awsManaged(attached.ARN) && reachedByAll(steps[:1], attached.ARN) && reachedByAll(steps[1:], role.ARN) {
				w.witness = role.ARN
				return
			}
		}
	}
	w.by = "the policies that may be written, none of which is attached to a role that the other action reaches"
}

// entities are the ARNs of an account's roles, users or groups.
func entities(snapshot *account.Snapshot, typ string) []string {
	var out []string
	switch typ {
	case "role":
		for i := range snapshot.Roles {
			out = append(out, snapshot.Roles[i].ARN)
		}
	case "user":
		for i := range snapshot.Users {
			out = append(out, snapshot.Users[i].ARN)
		}
	}
	return out
}

// typesOf are the resource types of an action.
func typesOf(action string) []string {
	a, _ := iamdata.Lookup(action)
	var out []string
	for _, r := range a.Resources {
		out = append(out, r.Name)
	}
	return out
}

// commonType is a resource type that all steps have; "" where there is none.
func commonType(steps []step) string {
	for _, typ := range typesOf(steps[0].action) {
		if !slices.ContainsFunc(steps, func(st step) bool { return !slices.Contains(typesOf(st.action), typ) }) {
			return typ
		}
	}
	return ""
}

// ofType are the forms of an action's resources of one type, in the subject's
// account, as questions.
func (s *subject) ofType(action, typ string) []string {
	a, _ := iamdata.Lookup(action)
	var out []string
	for _, r := range a.Resources {
		if r.Name != typ {
			continue
		}
		for _, pattern := range r.Patterns() {
			if fields, resource := splitARN(pattern); fields != nil {
				fields = slices.Clone(fields)
				fields[1] = s.caller.Partition
				if fields[4] == "*" {
					fields[4] = s.caller.Account
				}
				out = append(out, strings.Join(fields, ":")+":"+resource)
			}
		}
	}
	return out
}

func isOfType(action, typ, arn string) bool {
	a, _ := iamdata.Lookup(action)
	for _, r := range a.Resources {
		if r.Name == typ && slices.ContainsFunc(r.Patterns(), func(pattern string) bool { return policy.CompilePattern(pattern).Match(arn) }) {
			return true
		}
	}
	return false
}
