package account

import (
	"strings"

	"github.com/iamcheck/iamcheck/internal/policy"
)

// PlanOperation is the operation of a gap in a document of a planned change:
// what the plan does not know yet. The document itself says how far that reaches.
const PlanOperation = "plan"

// reach says which layers of a principal a refused call leaves unknown.
type reach struct{ identity, boundary bool }

// reachOf tells it by call. A call that is not here leaves both unknown.
// ListRoles tells no boundary (API_ListRoles), so that only GetRole can say
// that there is none.
var reachOf = map[string]reach{
	"iam:GetRole":                  {boundary: true},
	"iam:GetUser":                  {boundary: true},
	"iam:ListRolePolicies":         {identity: true},
	"iam:ListUserPolicies":         {identity: true},
	"iam:ListGroupPolicies":        {identity: true},
	"iam:GetRolePolicy":            {identity: true},
	"iam:GetUserPolicy":            {identity: true},
	"iam:GetGroupPolicy":           {identity: true},
	"iam:ListAttachedRolePolicies": {identity: true},
	"iam:ListAttachedUserPolicies": {identity: true},

	"iam:ListAttachedGroupPolicies":   {identity: true},
	"iam:ListGroupsForUser":           {identity: true},
	"iam:GetGroup":                    {identity: true},
	"iam:ListRoleTags":                {},
	"iam:ListUserTags":                {},
	"iam:ListInstanceProfilesForRole": {},
}

// unread adds a source without document for each layer that a refused call
// about an entity leaves unknown, unless one is there for the same cause: a
// policy without document. bounded says that the entity's boundary is known, or
// that it cannot have one, as groups cannot.
func (l *layers) unread(arn string, inline []InlinePolicy, bounded bool) {
	refused := 0 // inline policies that are not even named
	for _, p := range inline {
		if p.Document.Text == nil {
			refused--
		}
	}
	var left reach
	for _, g := range l.snapshot.GapsOf(arn) {
		l.note(g)
		if g.Operation == readOperation || g.Operation == PlanOperation {
			continue // one document: it is among the policies, without text
		}
		switch g.Operation {
		case "iam:GetRolePolicy", "iam:GetUserPolicy", "iam:GetGroupPolicy":
			refused++
			continue
		}
		r, known := reachOf[g.Operation]
		left.identity = left.identity || r.identity || !known
		left.boundary = left.boundary || r.boundary || !known
	}
	if left.identity || refused > 0 {
		l.policies.Identity = append(l.policies.Identity, unreadIdentity(arn))
	}
	if left.boundary && !bounded {
		l.policies.Boundary = append(l.policies.Boundary, unreadBoundary(arn))
	}
}

// levels returns the organization's policies of one kind, "scp" or "rcp", from
// the root to the account. Where the organization was asked for and a list was
// refused, a level more stands for what it may hold.
func (l *layers) levels(use string) [][]policy.Source {
	kind := policy.KindSCP
	var organization [][]OrganizationPolicy
	if o := l.snapshot.Organization; o != nil {
		organization = o.SCPs
		if use == "rcp" {
			organization = o.RCPs
		}
	}
	if use == "rcp" {
		kind = policy.KindRCP
	}
	var levels [][]policy.Source
	for _, policies := range organization {
		level := []policy.Source{}
		for _, p := range policies {
			level = append(level, policy.Source{
				Name: p.Name, Kind: use,
				Document: l.parse(kind, p.Document, "organizations:DescribePolicy", p.Name, "the document"),
			})
		}
		levels = append(levels, level)
	}
	for _, g := range l.snapshot.Gaps {
		if l.hidesLevels(g) {
			l.note(g)
			levels = append(levels, []policy.Source{{Name: "policies that " + g.Operation + " did not give", Kind: use}})
			break
		}
	}
	return levels
}

// hidesLevels tells of a gap that may hide organization policies: any of
// Organizations but for the account's own description and for documents whose
// policy is listed.
func (l *layers) hidesLevels(g Gap) bool {
	if !strings.HasPrefix(g.Operation, "organizations:") {
		return false
	}
	o := l.snapshot.Organization
	if o == nil {
		return true
	}
	return g.Operation != "organizations:DescribeOrganization" && !lists(o.SCPs, g.Subject) && !lists(o.RCPs, g.Subject)
}

func lists(levels [][]OrganizationPolicy, name string) bool {
	for _, level := range levels {
		for _, p := range level {
			if p.Name == name {
				return true
			}
		}
	}
	return false
}
