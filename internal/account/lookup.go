package account

import (
	"slices"
	"strings"
)

// Role returns the role with an ARN, nil where the snapshot has none.
func (s *Snapshot) Role(arn string) *Role {
	return findARN(&s.index().roles, s.Roles, arn, func(r *Role) string { return r.ARN })
}

// User returns the user with an ARN, nil where the snapshot has none.
func (s *Snapshot) User(arn string) *User {
	return findARN(&s.index().users, s.Users, arn, func(u *User) string { return u.ARN })
}

// Group returns the group with an ARN, nil where the snapshot has none.
func (s *Snapshot) Group(arn string) *Group {
	return findARN(&s.index().groups, s.Groups, arn, func(g *Group) string { return g.ARN })
}

// GroupByName returns the group with a name, nil where there is none or more
// than one. Names of groups are unique in an account (reference_identifiers).
func (s *Snapshot) GroupByName(name string) *Group {
	found := findName(&s.index().groups, s.Groups, name, func(g *Group) string { return g.Name })
	if len(found) != 1 {
		return nil
	}
	return found[0]
}

// Policy returns the managed policy with an ARN, nil where the snapshot has
// none.
func (s *Snapshot) Policy(arn string) *ManagedPolicy {
	return findARN(&s.index().policies, s.Policies, arn, func(p *ManagedPolicy) string { return p.ARN })
}

// GapsOf returns the gaps about a subject, in the order of the snapshot.
func (s *Snapshot) GapsOf(subject string) []Gap {
	var gaps []Gap
	for _, g := range findName(&s.index().gaps, s.Gaps, subject, func(g *Gap) string { return g.Subject }) {
		gaps = append(gaps, *g)
	}
	return gaps
}

// holds tells whether the entity with an ARN is in the snapshot.
func (s *Snapshot) holds(arn string) bool {
	return s.Role(arn) != nil || s.User(arn) != nil || s.Group(arn) != nil || s.Policy(arn) != nil
}

// RoleByARN returns the role with an ARN, nil where no snapshot has it; Absent
// tells whether it is known not to exist.
func (a Accounts) RoleByARN(arn string) *Role {
	if s := a.Account(accountOf(arn)); s != nil {
		return s.Role(arn)
	}
	return nil
}

// UserByARN returns the user with an ARN, nil where no snapshot has it.
func (a Accounts) UserByARN(arn string) *User {
	if s := a.Account(accountOf(arn)); s != nil {
		return s.User(arn)
	}
	return nil
}

// PolicyByARN returns the managed policy with an ARN, nil where no snapshot has
// it. One of AWS's own is looked for in every account.
func (a Accounts) PolicyByARN(arn string) *ManagedPolicy {
	if s := a.Account(accountOf(arn)); s != nil {
		return s.Policy(arn)
	}
	for _, s := range a {
		if p := s.Policy(arn); p != nil && accountOf(arn) == "aws" {
			return p
		}
	}
	return nil
}

// RolesByName returns the roles that a name means: all with that name whatever
// their path, those of one path for path/name (a leading slash says path and
// name too, so /name is the role at path /), or the one with that ARN.
func (a Accounts) RolesByName(name string) []*Role {
	if strings.HasPrefix(name, "arn:") {
		if r := a.RoleByARN(name); r != nil {
			return []*Role{r}
		}
		return nil
	}
	path, base := splitPath(name)
	var found []*Role
	for _, s := range a {
		found = append(found, findName(&s.index().roles, s.Roles, base, func(r *Role) string { return r.Name })...)
	}
	return slices.DeleteFunc(found, func(r *Role) bool { return path != "" && r.Path != path })
}

// UsersByName is RolesByName for users.
func (a Accounts) UsersByName(name string) []*User {
	if strings.HasPrefix(name, "arn:") {
		if u := a.UserByARN(name); u != nil {
			return []*User{u}
		}
		return nil
	}
	path, base := splitPath(name)
	var found []*User
	for _, s := range a {
		found = append(found, findName(&s.index().users, s.Users, base, func(u *User) string { return u.Name })...)
	}
	return slices.DeleteFunc(found, func(u *User) bool { return path != "" && u.Path != path })
}

// splitPath takes path/name apart; path is "" where none was given, else it
// has a slash at both ends as IAM writes it.
func splitPath(name string) (path, base string) {
	slash := strings.LastIndexByte(name, '/')
	if slash < 0 {
		return "", name
	}
	return "/" + strings.TrimPrefix(name[:slash+1], "/"), name[slash+1:]
}

// Absent tells whether the user, group, role or customer managed policy with an
// ARN is known not to exist: its account was read, wholly or with a question
// for this very entity, and nothing stood in the way. False means that it
// exists or that nothing is known.
func (a Accounts) Absent(arn string) bool {
	s := a.Account(accountOf(arn))
	if s == nil || s.holds(arn) || !isEntity(arn) || partitionOf(arn) != s.Partition {
		return false
	}
	if slices.Contains(s.Absent, arn) {
		return true
	}
	return !s.Partial && len(s.GapsOf(arn)) == 0 && !slices.ContainsFunc(s.Gaps, Gap.hidesEntities)
}

// hidesEntities tells of a gap that is not about one entity: a list that was
// refused or cut short. Any entity may be in what was not read.
func (g Gap) hidesEntities() bool {
	return strings.HasPrefix(g.Operation, "iam:") && !isEntity(g.Subject)
}

// isEntity tells whether an ARN names one user, group, role or policy.
func isEntity(arn string) bool {
	for _, kind := range []string{"role", "user", "group", "policy"} {
		if _, wrong := parseEntityARN(arn, kind); wrong == "" {
			return true
		}
	}
	return false
}
