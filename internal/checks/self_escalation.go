package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/policy"
)

func selfEscalation() *Check {
	return &Check{
		ID:       "self-escalation",
		Title:    "the identity can edit its own policies, boundary or trust",
		Severity: Critical,
		Specific: true,
		Doc: Doc{
			What: "The identity may write its own policies, the managed policies attached to it, its groups, its boundary or its trust policy, by what is in effect. " +
				"High where a boundary is set that it cannot take off. Teleport up to version 15 asked for iam:PutRolePolicy on itself.",
			Why:      "It can give itself every right of the account, or of its boundary.",
			Mend:     "Take the statement out: current versions of Teleport write no policies.",
			Suppress: "While an agent of Teleport 15 or older still keeps its own policy.",
			Sources:  []string{"Teleport pull request 46053", "DataDog pathfinding.cloud", "access_policies_boundaries"},
		},
		Run: runSelfEscalation,
	}
}

// selfEdit is an action with which an identity raises its own rights, and the
// part of itself that it is on.
type selfEdit struct {
	action string
	on     selfPart
	user   bool // of users, else of roles; policies are both's
}

type selfPart uint8

const (
	itself selfPart = iota
	itsBoundary
	itsPolicies
	itsGroups
	anyGroup
)

// selfEdits follow IAM's actions in the Service Authorization Reference.
var selfEdits = []selfEdit{
	{"iam:PutRolePolicy", itself, false},
	{"iam:AttachRolePolicy", itself, false},
	{"iam:UpdateAssumeRolePolicy", itself, false},
	{"iam:DeleteRolePermissionsBoundary", itsBoundary, false},
	{"iam:PutRolePermissionsBoundary", itsBoundary, false},
	{"iam:PutUserPolicy", itself, true},
	{"iam:AttachUserPolicy", itself, true},
	{"iam:DeleteUserPermissionsBoundary", itsBoundary, true},
	{"iam:PutUserPermissionsBoundary", itsBoundary, true},
	{"iam:PutGroupPolicy", itsGroups, true},
	{"iam:AttachGroupPolicy", itsGroups, true},
	{"iam:AddUserToGroup", anyGroup, true},
	{"iam:CreatePolicyVersion", itsPolicies, false},
	{"iam:SetDefaultPolicyVersion", itsPolicies, false},
}

func runSelfEscalation(p *Pass) {
	for _, s := range p.subjects() {
		if s.breadth != BreadthAll {
			continue
		}
		for _, a := range s.grants {
			ofAll := a.everything() && (a.wholeService("iam") || a.allActions())
			if !a.general() && !ofAll {
				p.reportSelf(s, a)
			}
		}
	}
}

func (p *Pass) reportSelf(s *subject, a *allowance) {
	f := a.finding()
	var w worst
	unbound := false
	for _, edit := range selfEdits {
		e, on := p.edits(s, a, edit)
		if e.Found == policy.False {
			continue
		}
		f.Actions = append(f.Actions, edit.action)
		f.Resources = append(f.Resources, on)
		unbound = unbound || edit.on == itsBoundary || edit.on == itsPolicies && slices.ContainsFunc(s.held.layers.Boundary, func(b policy.Source) bool { return b.Name == on })
		w.take(a, Critical, e)
	}
	if len(f.Actions) == 0 {
		return
	}
	p.Speak(a, s.selfKin(a)...)
	f.Witness = sortedSet(f.Resources)[0]
	f.Message = fmt.Sprintf("this identity can edit itself: %s is allowed on %s", list(f.Actions, 4), list(f.Resources, 2))
	severity := Critical
	switch {
	case s.bounded() && unbound:
		f.Message += ", and with that its permissions boundary too"
	case s.bounded():
		severity = High
		f.Message += "; high, since the permissions boundary caps what it can give itself"
	default:
		f.Message += ", and no permissions boundary caps what it can give itself"
	}
	f.Fix = a.smallest(a.withoutIAM())
	a.temper(&f, severity, w.found)
	p.Report(f)
}

// edits asks whether a statement lets the subject make an edit of itself, and on
// which part.
func (p *Pass) edits(s *subject, a *allowance, edit selfEdit) (policy.Example, string) {
	isUser := s.caller.Kind == policy.CallerUser
	none := policy.Example{Found: policy.False}
	if edit.user != isUser && edit.on != itsPolicies || edit.on == itsBoundary && !s.bounded() || !a.statement.Actions.Match(edit.action) {
		return none, ""
	}
	best, on := none, ""
	for _, resource := range p.partsOf(s, edit.on) {
		e := a.ask(edit.action, resource, s.context, &a.policies, nil)
		if best.Found == policy.False && e.Found != policy.False || e.Found == policy.True && best.Found != policy.True {
			best, on = e, resource
		}
	}
	return best, on
}

// partsOf are the ARNs of a part of the subject.
func (p *Pass) partsOf(s *subject, part selfPart) []string {
	switch part {
	case itsPolicies:
		var out []string
		for _, source := range slices.Concat(s.held.layers.Identity, s.held.layers.Boundary) {
			if strings.HasPrefix(source.Name, "arn:") && !awsManaged(source.Name) {
				out = append(out, source.Name)
			}
		}
		return out
	case itsGroups:
		var out []string
		if user, snapshot := p.Accounts().UserByARN(s.arn), p.Accounts().Account(s.caller.Account); user != nil && snapshot != nil {
			for _, name := range user.Groups {
				if g := snapshot.GroupByName(name); g != nil {
					out = append(out, g.ARN)
				}
			}
		}
		return out
	case anyGroup:
		return groupARNs(p.Accounts().Account(s.caller.Account))
	default:
		return []string{s.arn}
	}
}

func groupARNs(snapshot *account.Snapshot) []string {
	if snapshot == nil {
		return nil
	}
	var out []string
	for i := range snapshot.Groups {
		out = append(out, snapshot.Groups[i].ARN)
	}
	return out
}

// selfKin are the actions of a statement that belong to editing oneself: the
// edits, what takes policies away, and what only looks at IAM. Where the
// statement is about the subject alone, that is all of IAM.
func (s *subject) selfKin(a *allowance) []string {
	alone := !a.statement.Resources.Not
	for _, raw := range a.resources() {
		alone = alone && policy.CompilePattern(raw).Match(s.arn) && !policy.HasWildcard(raw)
	}
	var out []string
	for _, action := range a.actions() {
		if serviceOf(action) != "iam" {
			continue
		}
		edit := slices.ContainsFunc(selfEdits, func(e selfEdit) bool { return e.action == action })
		removal := strings.HasPrefix(action, "iam:Delete") && strings.HasSuffix(action, "Policy") || strings.HasPrefix(action, "iam:Detach")
		if alone || edit || removal || weigh(action) == Low {
			out = append(out, action)
		}
	}
	if alone && a.wholeService("iam") {
		out = append(out, "iam:*")
	}
	return out
}

// withoutIAM are the action patterns of the statement, as written, that are not
// about IAM.
func (a *allowance) withoutIAM() []string { return a.others([]string{"iam"}) }
