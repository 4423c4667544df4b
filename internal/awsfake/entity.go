package awsfake

import (
	"github.com/iamcheck/iamcheck/internal/account"
)

// holder is what role, user and group have in common.
type holder struct {
	inline   []account.InlinePolicy
	attached []account.AttachedPolicy
	name     string // form key, and element
}

func roleInline(st *state, q *query) (holder, *apiError) {
	r, ok := st.roles[q.form.Get("RoleName")]
	if !ok {
		return holder{}, noSuchEntity("role", q.form.Get("RoleName"))
	}
	return holder{r.Inline, r.Attached, "RoleName"}, nil
}

func userInline(st *state, q *query) (holder, *apiError) {
	u, ok := st.users[q.form.Get("UserName")]
	if !ok {
		return holder{}, noSuchEntity("user", q.form.Get("UserName"))
	}
	return holder{u.Inline, u.Attached, "UserName"}, nil
}

func groupInline(st *state, q *query) (holder, *apiError) {
	g, ok := st.groups[q.form.Get("GroupName")]
	if !ok {
		return holder{}, noSuchEntity("group", q.form.Get("GroupName"))
	}
	return holder{g.Inline, g.Attached, "GroupName"}, nil
}

type find func(*state, *query) (holder, *apiError)

func listInline(find find) func(*Server, *query) (string, *apiError) {
	return func(s *Server, q *query) (string, *apiError) {
		h, failed := find(s.state, q)
		if failed != nil {
			return "", failed
		}
		from, to, more, failed := s.window(q, len(h.inline))
		if failed != nil {
			return "", failed
		}
		var names []string
		for _, p := range h.inline[from:to] {
			names = append(names, escaped(p.Name))
		}
		return members("PolicyNames", names) + more, nil
	}
}

func getInline(find find) func(*Server, *query) (string, *apiError) {
	return func(s *Server, q *query) (string, *apiError) {
		h, failed := find(s.state, q)
		if failed != nil {
			return "", failed
		}
		for _, p := range h.inline {
			if p.Name == q.form.Get("PolicyName") {
				return text(h.name, q.form.Get(h.name)) + text("PolicyName", p.Name) + s.document(q, "PolicyDocument", p.Document.Text), nil
			}
		}
		return "", noSuchEntity("policy", q.form.Get("PolicyName"))
	}
}

func listAttached(find find) func(*Server, *query) (string, *apiError) {
	return func(s *Server, q *query) (string, *apiError) {
		h, failed := find(s.state, q)
		if failed != nil {
			return "", failed
		}
		from, to, more, failed := s.window(q, len(h.attached))
		if failed != nil {
			return "", failed
		}
		return members("AttachedPolicies", attachedXML(h.attached[from:to])) + more, nil
	}
}

func attachedXML(attached []account.AttachedPolicy) []string {
	var items []string
	for _, a := range attached {
		items = append(items, text("PolicyName", a.Name)+text("PolicyArn", a.ARN))
	}
	return items
}

func getRole(s *Server, q *query) (string, *apiError) {
	r, ok := s.state.roles[q.form.Get("RoleName")]
	if !ok {
		return "", noSuchEntity("role", q.form.Get("RoleName"))
	}
	if q.fault.Kind == WrongEntity {
		r.Name += "-other"
	}
	return element("Role",
		text("Path", r.Path), text("RoleName", r.Name), text("RoleId", r.ID), text("Arn", r.ARN), optional("CreateDate", r.CreateDate),
		s.document(q, "AssumeRolePolicyDocument", r.Trust.Text), boundaryXML(q, r.Boundary), tagsXML(r.Tags), lastUsedXML(r.LastUsed),
		text("MaxSessionDuration", "3600")), nil
}

func getUser(s *Server, q *query) (string, *apiError) {
	u, ok := s.state.users[q.form.Get("UserName")]
	if !ok {
		return "", noSuchEntity("user", q.form.Get("UserName"))
	}
	return element("User",
		text("Path", u.Path), text("UserName", u.Name), text("UserId", u.ID), text("Arn", u.ARN), optional("CreateDate", u.CreateDate),
		boundaryXML(q, u.Boundary), tagsXML(u.Tags)), nil
}

func listGroups(s *Server, q *query) (string, *apiError) {
	u, ok := s.state.users[q.form.Get("UserName")]
	if !ok {
		return "", noSuchEntity("user", q.form.Get("UserName"))
	}
	from, to, more, failed := s.window(q, len(u.Groups))
	if failed != nil {
		return "", failed
	}
	var items []string
	for _, name := range u.Groups[from:to] {
		g := s.state.groups[name]
		items = append(items, text("Path", g.Path)+text("GroupName", g.Name)+text("GroupId", g.ID)+text("Arn", g.ARN)+optional("CreateDate", g.CreateDate))
	}
	return members("Groups", items) + more, nil
}

func getPolicy(s *Server, q *query) (string, *apiError) {
	p, ok := s.state.policies[q.form.Get("PolicyArn")]
	if !ok {
		return "", noSuchEntity("policy", q.form.Get("PolicyArn"))
	}
	return element("Policy", s.policyXML(p)), nil
}

func getPolicyVersion(s *Server, q *query) (string, *apiError) {
	for _, v := range s.state.policies[q.form.Get("PolicyArn")].Versions {
		if v.ID == q.form.Get("VersionId") {
			return element("PolicyVersion", s.versionXML(q, v)), nil
		}
	}
	return "", noSuchEntity("policy version", q.form.Get("VersionId"))
}
