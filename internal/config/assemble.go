package config

import (
	"fmt"
	"slices"
)

// maxPairs bounds how many databases are compared with how many rules.
const maxPairs = 20_000_000

// assemble puts an agent together: the databases that iamcheck's own file
// declares, and what Teleport's files say.
//
// A database that both name is one: iamcheck's file speaks first, Teleport's
// fills in what it leaves out.
func assemble(agent *Agent, own []*source, t *teleport) {
	if rules := len(t.selectors) + len(t.roles) + len(t.own) + len(t.others); rules*len(t.databases) > maxPairs {
		t.databases[0].r.errs.add(t.databases[0].Position, "%d databases and %d roles, selectors and matchers are too many to compare", len(t.databases), rules)
		return
	}
	all := slices.Clone(own)
	named := map[string]*source{}
	for _, s := range own {
		named[s.Name] = s
	}
	for _, s := range t.databases {
		if other := named[s.Name]; other != nil && s.Name != "" {
			other.overlay(s)
			continue
		}
		named[s.Name] = s
		all = append(all, s)
	}
	all = slices.DeleteFunc(all, func(s *source) bool { return !s.r.settle(s) || !t.serves(s) })
	all = append(all, t.expectedFinds(all)...)
	t.attachUsers(all, agent.Role+agent.User)
	for _, s := range all {
		if s.r.withoutIAM(s) {
			continue
		}
		s.r.check(s)
		s.TypeOnly = !s.described
		agent.Databases = append(agent.Databases, s.Database)
	}
	t.discover(agent)
}

// overlay takes from another description of the same database what s does not
// tell.
func (s *source) overlay(b *source) {
	for _, f := range []struct{ to, from *string }{
		{&s.Protocol, &b.Protocol}, {&s.URI, &b.URI}, {&s.AdminUser, &b.AdminUser},
	} {
		if *f.to == "" {
			*f.to = *f.from
		}
	}
	s.AWS.fill(b.AWS)
	if s.AWS.RDSIAMAuth == nil {
		s.AWS.RDSIAMAuth = b.AWS.RDSIAMAuth
	}
	if s.AWS.SessionTags == nil {
		s.AWS.SessionTags = b.AWS.SessionTags
	}
	if s.labels == nil {
		s.labels = b.labels
	}
	s.Discovered = s.Discovered || b.Discovered
	s.ManagedUsers = s.ManagedUsers || b.ManagedUsers
	s.described = s.described || b.described
	// A file's entry is served as it is, whatever the cluster says of it.
	s.dynamic = b.dynamic && (s.dynamic || s.declared && !s.overlaid)
	s.overlaid = true
	for key, p := range b.at {
		if _, ok := s.at[key]; !ok {
			s.at[key] = p
		}
	}
}

// serves says whether the agent serves the database, and hands it the role of
// the matcher that found it or of the selector that chose it; the first that
// matches counts, and a selector outdoes a matcher.
func (t *teleport) serves(s *source) bool {
	if s.Discovered && s.AWS.AssumeRoleARN == "" {
		if m := t.finder(s); m != nil {
			s.AWS.AssumeRoleARN, s.AWS.ExternalID = m.AssumeRoleARN, m.ExternalID
			s.at["aws.assume_role_arn"], s.at["aws.external_id"] = m.Position, m.Position
		}
	}
	if !s.dynamic || !t.hasService {
		return true
	}
	for _, sel := range t.selectors {
		if !sel.labels.match(s.labels) {
			continue
		}
		if sel.assumeRoleARN != "" && !s.pinned {
			s.AWS.AssumeRoleARN, s.AWS.ExternalID = sel.assumeRoleARN, sel.externalID
			s.at["aws.assume_role_arn"], s.at["aws.external_id"] = sel.position, sel.position
		}
		return true
	}
	if s.declared || s.Discovered && slices.ContainsFunc(t.own, func(m matcher) bool { return m.finds(s) }) {
		return true
	}
	if len(t.selectors) == 0 {
		s.r.note(s.Position, fmt.Sprintf("database %s: db_service has no resources, so that Teleport would not serve it with this agent; "+
			"it is judged as if it did", quote(s.Name)))
		return true
	}
	s.r.note(s.Position, fmt.Sprintf("database %s matches none of db_service.resources, so that this agent does not serve it; it is left out", quote(s.Name)))
	return false
}

// finder is the first matcher that finds the database, nil if none does.
func (t *teleport) finder(s *source) *matcher {
	all := slices.Concat(t.own, t.others)
	for _, c := range t.configs {
		all = append(all, c.matchers...)
	}
	for _, m := range all {
		if m.finds(s) {
			return &m
		}
	}
	return nil
}

func (m *matcher) finds(s *source) bool {
	return slices.Contains(m.Types, s.Type) &&
		(len(m.Regions) == 0 || s.AWS.Region == "" || slices.Contains(m.Regions, s.AWS.Region)) &&
		(len(m.tags.keys) == 0 || m.tags.match(s.labels))
}

// withoutIAM says whether a MongoDB Atlas cluster of Teleport's files is used
// without IAM: no login is a role.
func (r *reader) withoutIAM(s *source) bool {
	if r.strict || s.Type != MongoDBAtlas || slices.ContainsFunc(s.users, func(u item) bool { return s.IsRoleUser(u.text) }) {
		return false
	}
	r.note(s.Position, fmt.Sprintf("database %s of MongoDB Atlas is left out, since no login of it is known to be an IAM role", quote(s.Name)))
	return true
}
