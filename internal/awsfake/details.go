package awsfake

import (
	"slices"

	"github.com/iamcheck/iamcheck/internal/account"
)

// detail is one entity of the sequence that GetAccountAuthorizationDetails
// pages over.
type detail struct {
	list string
	xml  func() string
}

// lists are the lists of the answer, in the order of the sequence.
func lists() []string {
	return []string{"UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"}
}

func accountDetails(s *Server, q *query) (string, *apiError) {
	all := s.details(q)
	from, to, more, failed := s.window(q, len(all))
	if failed != nil {
		return "", failed
	}
	items := map[string][]string{}
	for _, d := range all[from:to] {
		items[d.list] = append(items[d.list], d.xml())
	}
	body := more
	for _, list := range lists() {
		body += members(list, items[list])
	}
	return body, nil
}

// details are the entities that the filter lets through; no filter lets all.
func (s *Server) details(q *query) []detail {
	filter := q.list("Filter")
	wants := func(kind string) bool { return len(filter) == 0 || slices.Contains(filter, kind) }
	var all []detail
	if wants("User") {
		for _, name := range sortedNames(s.state.users) {
			all = append(all, detail{"UserDetailList", func() string { return s.userDetail(q, s.state.users[name]) }})
		}
	}
	if wants("Group") {
		for _, name := range sortedNames(s.state.groups) {
			all = append(all, detail{"GroupDetailList", func() string { return s.groupDetail(q, s.state.groups[name]) }})
		}
	}
	if wants("Role") {
		for _, name := range sortedNames(s.state.roles) {
			all = append(all, detail{"RoleDetailList", func() string { return s.roleDetail(q, s.state.roles[name]) }})
		}
	}
	for _, arn := range sortedNames(s.state.policies) {
		byAWS := managedByAWS(arn)
		if byAWS && wants("AWSManagedPolicy") && s.state.attached[arn] > 0 || !byAWS && wants("LocalManagedPolicy") {
			all = append(all, detail{"Policies", func() string { return s.policyDetail(q, s.state.policies[arn]) }})
		}
	}
	return all
}

func (s *Server) userDetail(q *query, u account.User) string {
	var groups []string
	for _, g := range u.Groups {
		groups = append(groups, escaped(g))
	}
	return text("Path", u.Path) + text("UserName", u.Name) + text("UserId", u.ID) + text("Arn", u.ARN) + optional("CreateDate", u.CreateDate) +
		s.inlineXML(q, "UserPolicyList", u.Inline) + members("GroupList", groups) + members("AttachedManagedPolicies", attachedXML(u.Attached)) +
		boundaryXML(q, u.Boundary) + tagsXML(u.Tags)
}

func (s *Server) groupDetail(q *query, g account.Group) string {
	return text("Path", g.Path) + text("GroupName", g.Name) + text("GroupId", g.ID) + text("Arn", g.ARN) + optional("CreateDate", g.CreateDate) +
		s.inlineXML(q, "GroupPolicyList", g.Inline) + members("AttachedManagedPolicies", attachedXML(g.Attached))
}

func (s *Server) roleDetail(q *query, r account.Role) string {
	return text("Path", r.Path) + text("RoleName", r.Name) + text("RoleId", r.ID) + text("Arn", r.ARN) + optional("CreateDate", r.CreateDate) +
		s.document(q, "AssumeRolePolicyDocument", r.Trust.Text) + s.profilesXML(q, r.InstanceProfiles) + s.inlineXML(q, "RolePolicyList", r.Inline) +
		members("AttachedManagedPolicies", attachedXML(r.Attached)) + boundaryXML(q, r.Boundary) + tagsXML(r.Tags) + lastUsedXML(r.LastUsed)
}

func (s *Server) policyDetail(q *query, p account.ManagedPolicy) string {
	var versions []string
	for _, v := range p.Versions {
		versions = append(versions, s.versionXML(q, v))
	}
	return s.policyXML(p) + members("PolicyVersionList", versions)
}
