package checks

import (
	"fmt"
	"strings"

	"github.com/iamcheck/iamcheck/internal/iamdata"
	"github.com/iamcheck/iamcheck/internal/policy"
)

func adminAccess() *Check {
	return &Check{
		ID:       "admin-access",
		Title:    "everything is allowed on everything",
		Severity: Critical,
		Doc: Doc{
			What: "An Allow of `*` on `*`, or an AWS managed policy that comes to it (AdministratorAccess, PowerUserAccess, IAMFullAccess), and the boundary, Denies and SCPs leave it in effect. " +
				"High where they take IAM away, low where they leave next to nothing.",
			Why:      "Whoever gets hold of the Teleport agent, or of a session of the role, owns the account.",
			Mend:     "Attach what `iamcheck required` prints instead.",
			Suppress: "For a sandbox account that holds nothing of worth.",
			Sources:  []string{"best-practices", "access_policies_job-functions"},
		},
		Run: runAdminAccess,
	}
}

// administration are the policies of AWS's own that come to owning the account,
// with what each grants.
var administration = map[string]string{
	"AdministratorAccess": "everything",
	"PowerUserAccess":     "everything but IAM, Organizations and account settings",
	"IAMFullAccess":       "all of IAM, and so the rest of the account",
}

func runAdminAccess(p *Pass) {
	for _, s := range p.subjects() {
		if s.breadth != BreadthAll {
			continue
		}
		seen := map[string]bool{}
		for _, a := range s.grants {
			name := awsName(a.source.Name)
			known := administration[name] != ""
			if !known && (!a.allActions() || !a.everything()) || seen[a.source.Name] && known {
				continue
			}
			seen[a.source.Name] = true
			p.reportAdmin(s, a, name)
		}
		p.unreadAdministration(s)
	}
}

func (p *Pass) reportAdmin(s *subject, a *allowance, name string) {
	f := a.finding()
	what := "every action is allowed on every resource"
	f.Actions, f.Resources = []string{"*"}, a.resources()
	f.Fix = a.smallest(nil)
	if grants := administration[name]; grants != "" {
		what = fmt.Sprintf("the AWS managed policy %s grants %s", name, grants)
		f.Fix = s.detach(a.source)
		for _, other := range s.grants {
			if other.source.Name == a.source.Name {
				p.Speak(other)
			}
		}
	}
	p.Speak(a)
	f.Message = fmt.Sprintf("%s; the configured databases need %s", what, s.needsWhat())
	severity, found, why := a.power()
	f.Message += why
	a.temper(&f, severity, found)
	p.Report(f)
}

// unreadAdministration reports such a policy by its name where its document was
// not read: what AWS's own policies grant is known.
func (p *Pass) unreadAdministration(s *subject) {
	for i := range s.held.layers.Identity {
		source := &s.held.layers.Identity[i]
		name := awsName(source.Name)
		if source.Document != nil || administration[name] == "" {
			continue
		}
		f := s.finding()
		f.Citation = policy.Citation{Policy: source.Name, Kind: source.Kind, Version: source.Version, Statement: -1}
		f.Message = fmt.Sprintf("the AWS managed policy %s grants %s; the configured databases need %s", name, administration[name], s.needsWhat())
		f.Fix = s.detach(source)
		if s.bounded() || len(s.denials()) > 0 {
			f.graded(High)
			f.Message += "; high, since its document was not read and what the boundary or a Deny leaves of it was not judged"
		}
		p.Report(f)
	}
}

// power weighs what is left in effect of a statement that allows much: all of
// IAM is the account, writes are harm, reads are little.
func (a *allowance) power() (severity Severity, found policy.Truth, why string) {
	for _, action := range []string{"iam:AttachRolePolicy", "iam:PutRolePolicy", "iam:CreatePolicyVersion", "iam:AttachUserPolicy", "iam:PutUserPolicy"} {
		if a.statement.Actions.Match(action) {
			if e := a.effective(action); e.Found != policy.False {
				return Critical, e.Found, ""
			}
		}
	}
	limit := a.limited()
	switch level, found := a.remaining(); {
	case level > iamdata.Read:
		if limit != "" && a.statement.Actions.Match("iam:PutRolePolicy") {
			why = fmt.Sprintf("; %s takes IAM away and leaves other actions that change things", limit)
		}
		return High, found, why
	case level > iamdata.AccessUnknown:
		return Low, found, "; low, since what is in effect of it and not needed only reads"
	case limit != "":
		return Low, policy.True, fmt.Sprintf("; low, since %s leaves nothing of it but what is needed", limit)
	default:
		return Low, policy.True, "; low, since nothing of it is in effect but what is needed"
	}
}

// remaining is the weightiest access level among the actions of a statement that
// are in effect and that nothing needs, as far as is needed to tell writing from
// reading; AccessUnknown where there is none.
func (a *allowance) remaining() (level iamdata.Access, found policy.Truth) {
	for _, action := range a.actions() {
		access := max(accessOf(action), iamdata.List)
		if a.subject.isData(action) || access < level || access == level && found == policy.True {
			continue
		}
		if e := a.beyond(action); e.Found != policy.False {
			level, found = access, e.Found
			if level > iamdata.Tagging && found == policy.True {
				break
			}
		}
	}
	return level, found
}

// limited names what limits a statement, for messages.
func (a *allowance) limited() string {
	var out []string
	if a.subject.bounded() {
		out = append(out, "the permissions boundary")
	}
	if len(a.policies.Identity) > 1 {
		out = append(out, "a Deny")
	}
	if len(a.policies.SCPs) > 0 {
		out = append(out, "the organization")
	}
	if len(out) == 0 {
		return ""
	}
	return strings.Join(out, " or ")
}

// awsName is the name of a policy that AWS keeps, "" of others.
func awsName(arn string) string {
	if !awsManaged(arn) {
		return ""
	}
	return arn[strings.LastIndexByte(arn, '/')+1:]
}

// needsWhat says what a subject needs at all, for messages.
func (s *subject) needsWhat() string {
	var actions []string
	for _, key := range sortedKeys(s.needs) {
		actions = append(actions, s.needs[key][0].Action)
	}
	if len(actions) == 0 {
		return "nothing of this identity"
	}
	return "no more than " + list(actions, 4)
}
