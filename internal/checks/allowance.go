package checks

import (
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/iamdata"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// allowance is one Allow statement of a subject with what it comes to: the
// effective grant, after the boundary, every Deny and the SCPs.
type allowance struct {
	grant
	subject  *subject
	policies policy.Policies // the statement alone, and all that limits it

	expanded []string // actions that it takes in, as AWS writes them
	did      bool     // expanded is set
	answers  map[question]policy.Example
	cut      bool // some question about it has no answer
	// The statement's patterns, once they were asked for.
	ofActions, ofResources []policy.Pattern
}

// question is one that was asked of an allowance.
type question struct {
	action   string
	beyond   bool // what nothing needs
	anywhere bool // in other accounts too
}

func newAllowance(s *subject, g grant, denials []policy.Source) *allowance {
	own := withStatements(*g.source, []policy.Statement{*g.statement})
	pol := s.held.layers
	pol.Identity = append([]policy.Source{own}, denials...)
	return &allowance{grant: g, subject: s, policies: pol, answers: map[question]policy.Example{}}
}

// actions are the known actions that the statement takes in, as AWS writes them,
// in the order of the reference data.
func (a *allowance) actions() []string {
	if a.did {
		return a.expanded
	}
	a.did = true
	if actions, ok := a.expand(); ok && a.charge(len(actions)*actionWork) {
		a.expanded = actions
	}
	return a.expanded
}

// What an action costs that a statement takes in, in steps, with all that the
// checks ask of it besides questions; and what it costs to find those that one
// pattern takes in.
const (
	actionWork   = 50
	expandWork   = 200_000
	questionWork = 200 // and to put a question
)

// expand is false where that is too much. Statements that say the same of their
// actions have one expansion.
func (a *allowance) expand() (actions []string, ok bool) {
	key := strings.Join(a.written(), " ")
	if a.statement.Actions.Not {
		key = "!" + key
	}
	if known, ok := a.subject.expansions[key]; ok {
		return known, true
	}
	if a.statement.Actions.Not {
		actions, ok = a.allBut()
	} else {
		actions, ok = a.union()
	}
	if ok {
		if a.subject.expansions == nil {
			a.subject.expansions = map[string][]string{}
		}
		a.subject.expansions[key] = actions
	}
	return actions, ok
}

// allBut are the actions that a NotAction takes in.
func (a *allowance) allBut() (actions []string, ok bool) {
	el := &a.statement.Actions
	if !a.charge((1 + len(el.Patterns)) * expandWork) {
		return nil, false
	}
	for _, action := range iamdata.Expand("*") {
		if el.Match(action) {
			actions = append(actions, action)
		}
	}
	return actions, true
}

// union are the actions that an Action takes in.
func (a *allowance) union() (actions []string, ok bool) {
	el := &a.statement.Actions
	seen := map[string]bool{}
	for i := range el.Patterns {
		raw := el.Patterns[i].Raw
		if cheap := !policy.HasWildcard(raw) || !policy.HasWildcard(serviceOf(raw)); !cheap && !a.charge(expandWork) {
			return nil, false
		}
		for _, action := range iamdata.Expand(raw) {
			if !seen[action] {
				seen[action] = true
				actions = append(actions, action)
			}
		}
	}
	slices.SortFunc(actions, compareActions)
	return actions, true
}

func compareActions(a, b string) int {
	return strings.Compare(strings.ToLower(a), strings.ToLower(b))
}

// effective tells whether the statement really lets the subject perform an
// action on anything; the witness is one resource of its account.
func (a *allowance) effective(action string) policy.Example {
	return a.answer(question{action: action})
}

// beyond tells whether the statement really allows an action on something that
// no requirement needs; the witness is a resource of the subject's own account.
// What the configuration leaves open may be any, so that a grant of any is none
// too many.
func (a *allowance) beyond(action string) policy.Example {
	return a.answer(question{action: action, beyond: true})
}

// abroad is beyond, of resources of any account.
func (a *allowance) abroad(action string) policy.Example {
	return a.answer(question{action: action, beyond: true, anywhere: true})
}

func (a *allowance) answer(q question) policy.Example {
	if known, ok := a.answers[q]; ok {
		return known
	}
	if a.spent() {
		return policy.Example{}
	}
	if q.beyond && len(a.subject.needed(q.action)) == 0 {
		q = question{action: q.action, anywhere: q.anywhere} // all of it is
		if known, ok := a.answers[q]; ok {
			return known
		}
	}
	var except []policy.Pattern
	if q.beyond {
		for _, r := range a.subject.needed(q.action) {
			except = append(except, policy.CompilePattern(r.Resource))
		}
	}
	answer := policy.Example{Found: policy.False}
	if !slices.ContainsFunc(except, policy.Pattern.All) {
		answer = a.search(q, except)
	}
	if !a.subject.purse().Spent() {
		a.answers[q] = answer
	}
	return answer
}

// search asks about each form of the action's resources, first where the
// subject's databases are, so that a witness says something to the reader.
func (a *allowance) search(q question, except []policy.Pattern) policy.Example {
	if only, known := iamdata.WildcardOnly(q.action); known && only {
		return a.ask(q.action, "*", a.subject.context, &a.policies, except)
	}
	best := policy.Example{Found: policy.False}
	for _, resource := range slices.Concat(a.ownResources(q), a.subject.resourcesOf(q)) {
		e := a.ask(q.action, resource, a.subject.context, &a.policies, except)
		if e.Found == policy.True {
			return e
		}
		if e.Found == policy.Unknown && best.Found == policy.False || best.Witness == "" && e.Witness != "" {
			best = e
		}
	}
	return best
}

// ask puts one question to a set of policies. The resource's account counts as
// the caller's own: whether another account lets the caller in is not asked.
func (a *allowance) ask(action, resource string, ctx *policy.Context, pol *policy.Policies, except []policy.Pattern) policy.Example {
	if strings.EqualFold(action, "sts:GetCallerIdentity") {
		return policy.Example{Found: policy.False} // allowed to everybody, whatever the policies say
	}
	if !a.charge(questionWork) {
		return policy.Example{}
	}
	req := &policy.Request{Principal: a.subject.caller, Action: action, Resource: resource, ResourceAccount: a.subject.caller.Account, Context: ctx}
	if only, known := iamdata.WildcardOnly(action); known && only {
		req.WildcardOnly = true
	}
	var answer policy.Example
	a.within(func(budget *policy.Budget) { answer = a.subject.evaluator.Example(req, pol, except, budget) })
	return answer
}

// ownResources are the statement's own resources, where they are of a form that
// the action has: a witness that is found among them reads like them.
func (a *allowance) ownResources(q question) []string {
	shapes, known := shapesOf(q.action)
	if a.statement.Resources.Not || !known {
		return nil
	}
	var out []string
	for i := range a.statement.Resources.Patterns {
		raw := withoutVariables(a.statement.Resources.Patterns[i].Raw)
		for _, shape := range shapes {
			if a.contains(policy.RequestPattern(raw), []policy.Pattern{policy.CompilePattern(shape.pattern)}) {
				out = append(out, a.subject.placed(raw, q)...)
				break
			}
		}
	}
	return out
}

// placed are an ARN pattern's readings in the subject's own partition, account
// and Regions.
func (s *subject) placed(pattern string, q question) []string {
	fields, resource := splitARN(pattern)
	if fields == nil {
		return nil
	}
	regions := slices.Concat(s.regions, otherRegions[s.caller.Partition], []string{"*"})
	if !q.beyond {
		regions = append(regions[:1:1], "*")
	}
	if fields[3] != "*" {
		regions = []string{fields[3]}
	}
	account := s.caller.Account
	if q.anywhere {
		account = "*"
	}
	if fields[4] != "*" {
		account = fields[4]
	}
	var out []string
	for _, region := range slices.Compact(regions) {
		out = append(out, strings.Join([]string{"arn", s.caller.Partition, fields[2], region, account, resource}, ":"))
	}
	return out
}

// contains tells whether a pattern lies in a union of others, for certain.
func (a *allowance) contains(p policy.Pattern, of []policy.Pattern) bool {
	var answer policy.Containment
	a.within(func(budget *policy.Budget) { answer = policy.Contains([]policy.Pattern{p}, of, budget) })
	return answer.Result == policy.True
}

// resourcesOf are the forms of an action's resources in a subject's account, as
// questions.
func (s *subject) resourcesOf(q question) []string {
	shapes, known := shapesOf(q.action)
	if !known {
		return []string{"*"}
	}
	var out []string
	for _, shape := range shapes {
		out = append(out, s.placed(shape.pattern, q)...)
	}
	return out
}

// otherRegions are regions in which a witness may lie where those of the
// databases are not enough.
var otherRegions = map[string][]string{
	"aws":        {"us-east-1", "eu-west-1"},
	"aws-cn":     {"cn-north-1", "cn-northwest-1"},
	"aws-us-gov": {"us-gov-west-1", "us-gov-east-1"},
}
