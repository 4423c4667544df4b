package config

import "slices"

// SelectDatabases narrows a target to the databases of some names, and to one
// login: empty ones select all. A login that a database does not list is taken
// as the only one of those that were named; without names, of the databases that
// list it, or of all where none does and some do not list theirs. Nothing
// selected is an *Errors.
func SelectDatabases(t *Target, names []string, login string) (*Target, error) {
	if len(names) == 0 && login == "" {
		return t, nil
	}
	errs := &Errors{}
	var known []string
	for i := range t.Agents {
		for _, d := range t.Agents[i].Databases {
			known = append(known, d.Name)
		}
	}
	for _, name := range names {
		if slices.Contains(known, name) {
			continue
		}
		if hint := nearest(name, known); hint != "" {
			errs.add(Position{}, "there is no database %s, did you mean %q?", quote(name), hint)
		} else {
			errs.add(Position{}, "there is no database %s among the %d of the configuration", quote(name), len(known))
		}
	}
	if err := errs.err(); err != nil {
		return nil, err
	}
	out := *t
	out.Agents = nil
	for _, a := range t.Agents {
		a.Discovery = nil
		a.Databases = withLogin(a.Databases, names, login)
		if len(a.Databases) > 0 {
			out.Agents = append(out.Agents, a)
		}
	}
	if len(out.Agents) == 0 {
		errs.add(Position{}, "no database of the configuration has the login %s; name the database, too", quote(login))
	}
	return &out, errs.err()
}

// withLogin picks databases by name, and by a login that becomes their only one.
func withLogin(all []Database, names []string, login string) []Database {
	var out []Database
	for _, d := range all {
		named := slices.Contains(names, d.Name)
		lists := d.DBUsers == nil || slices.Contains(d.DBUsers, login) || slices.Contains(d.DBUsers, "*") || d.AdminUser == login
		if len(names) > 0 && !named || login != "" && !named && !lists {
			continue
		}
		if login != "" {
			d.DBUsers = []string{login}
		}
		out = append(out, d)
	}
	return out
}
