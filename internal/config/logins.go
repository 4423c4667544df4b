package config

import (
	"fmt"
	"slices"
	"strings"
)

// attachUsers gives databases the logins that Teleport's roles name, where
// nothing else tells them. The agent's ARN, where it is known, tells the account
// of databases of which nothing else does.
func (t *teleport) attachUsers(all []*source, agentARN string) {
	bare := make([]bool, len(t.roles))
	for i, role := range t.roles {
		bare[i] = role.bareNamesAreRoles(all)
	}
	for _, s := range all {
		if s.users == nil {
			s.users = t.usersOf(s, bare, agentARN)
		}
		for _, user := range t.flagRoles[s.Type] {
			s.users = append(s.users, item{text: user})
		}
		if s.Type == Redshift && s.DBNames == nil {
			s.DBNames = t.namesOf(s)
		}
	}
	t.noteUnused(all)
}

// noteUnused tells of roles that users may log in as and that fit none of the
// databases with roles as users: nothing of them is judged.
func (t *teleport) noteUnused(all []*source) {
	var takers []*source
	used := map[string]bool{}
	for _, s := range all {
		if s.Type.UsersAreRoles() || s.Type.UsersMayBeRoles() {
			takers = append(takers, s)
		}
		for _, u := range s.users {
			used[u.text] = true
		}
	}
	for _, role := range t.roles {
		asked := slices.ContainsFunc(takers, role.selects)
		for _, u := range role.users {
			if strings.HasPrefix(u.text, "arn:") && asked && !used[u.text] {
				all[0].r.note(u.at, fmt.Sprintf("role %s: db_users %s fits none of the databases by account, partition and type; it is not judged", quote(role.name), quote(u.text)))
			}
		}
	}
}

// usersOf are the logins of a database by Teleport's roles; nil where they name
// none, which means not told and not nobody.
func (t *teleport) usersOf(s *source, bare []bool, agentARN string) []item {
	var out []item
	seen := map[string]bool{}
	for i, role := range t.roles {
		if len(role.users) == 0 || !role.selects(s) {
			continue
		}
		for _, u := range role.users {
			if !seen[u.text] && s.takes(u.text, bare[i]) && s.inAccount(u.text, agentARN) {
				seen[u.text] = true
				out = append(out, u)
			}
		}
	}
	return out
}

// takes says whether a db_user of a Teleport role is meant for this database.
// One role lists the users of databases of all types together: names for those
// with users of their own, roles (of several accounts) for the others.
func (s *source) takes(user string, bareNamesAreRoles bool) bool {
	asRole := strings.HasPrefix(user, "role/") || strings.HasPrefix(user, "arn:")
	if s.Type.UsersAreRoles() && !asRole && !bareNamesAreRoles {
		return false
	}
	if asRole && !s.Type.UsersAreRoles() && !s.Type.UsersMayBeRoles() {
		return false
	}
	return s.wrongUser(user) == ""
}

// inAccount says whether a role is of the database's account, as Teleport wants
// it; true for names, and where the account is not known.
func (s *source) inAccount(user, agentARN string) bool {
	role, ok := ParseARN(user)
	account := s.Account(agentARN)
	return !ok || account == "" || role.Account == account
}

// bareNamesAreRoles: a name without role/ can only be a role if all databases
// that the Teleport role opens are of types whose users are roles, and it names
// no role in another way.
func (t teleportRole) bareNamesAreRoles(all []*source) bool {
	for _, u := range t.users {
		if strings.HasPrefix(u.text, "role/") || strings.HasPrefix(u.text, "arn:") {
			return false
		}
	}
	return !slices.ContainsFunc(all, func(s *source) bool { return t.selects(s) && !s.Type.UsersAreRoles() })
}

// namesOf are the databases in a cluster by Teleport's roles; nil where one of
// the roles does not tell.
func (t *teleport) namesOf(s *source) []string {
	var out []string
	for _, role := range t.roles {
		if !role.selects(s) || len(role.users)+len(role.unresolved) == 0 {
			continue
		}
		if role.names == nil {
			return nil
		}
		for _, n := range role.names {
			if checkWithout(n, "*?", "") == "" && !slices.Contains(out, n) {
				out = append(out, n)
			}
		}
	}
	return out
}

// noteUnresolved tells of the db_users that name nobody.
func (r *reader) noteUnresolved(role teleportRole) {
	if role.expression && len(role.users) > 0 {
		r.note(role.position, fmt.Sprintf("role %s: db_labels_expression is not evaluated; its db_users are taken for those of every database", quote(role.name)))
	}
	for _, u := range role.unresolved {
		why := "is a trait that only Teleport can resolve"
		if !strings.Contains(u.text, "{{") {
			why = "allows logins without naming them"
		}
		r.note(u.at, fmt.Sprintf("role %s: db_users %s %s; list the logins in db_users of iamcheck.yaml", quote(role.name), quote(u.text), why))
	}
}
