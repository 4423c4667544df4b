package config

import (
	"path/filepath"
	"slices"
	"strings"
)

// Opener reads a file by its path. Only cmd/iamcheck touches the file system.
type Opener func(path string) ([]byte, error)

// Load reads iamcheck.yaml. The name is used in positions, and paths in the
// file are relative to its directory; open reads them. Further files of
// Teleport's (--teleport-config) belong to the only agent of the file.
//
// Everything that is wrong is reported at once, as an *Errors.
func Load(name string, text []byte, open Opener, teleports ...Input) (*Target, error) {
	r := &reader{file: name, strict: true, errs: &Errors{}}
	l := &loader{reader: r, open: open, dir: filepath.Dir(name), target: &Target{}, teleports: teleports, agents: map[[2]string]bool{}}
	roots := r.documents(text)
	switch {
	case len(r.errs.List) > 0:
	case len(roots) == 0:
		r.errs.add(Position{File: name, Line: 1, Column: 1}, "the file is empty, expected agents and their databases")
	default:
		for _, more := range roots[1:] {
			r.errorf(more, "a second document, expected one")
		}
		l.root(r.mapping(roots[0], "configuration"))
	}
	return l.finish()
}

// loader builds a Target out of iamcheck's file and of Teleport's.
type loader struct {
	*reader
	open      Opener
	dir       string
	target    *Target
	teleports []Input
	readers   []*reader          // of Teleport's files, for their notes
	agents    map[[2]string]bool // role and user of those that were read
}

// finish returns the target with the notes of all readers, those of each file
// in the order of its lines.
func (l *loader) finish() (*Target, error) {
	if err := l.errs.err(); err != nil {
		return nil, err
	}
	seen := map[Note]bool{}
	for _, r := range append([]*reader{l.reader}, l.readers...) {
		slices.SortStableFunc(r.notes, func(a, b Note) int { return a.Position.compare(b.Position) })
		for _, n := range r.notes {
			if !seen[n] {
				seen[n] = true
				l.target.Notes = append(l.target.Notes, n)
			}
		}
	}
	return l.target, nil
}

func (l *loader) root(m *mapping) {
	if m == nil {
		return
	}
	if hasTeleport(m) {
		l.errorf(m.node, "this is a file of Teleport's, which --teleport-config takes; expected version and agents")
		return
	}
	if n := m.value("version"); n != nil && n.Value != "1" {
		l.errorf(n, "version: found %s, expected 1", describe(n))
	}
	if n := m.value("accounts"); n != nil {
		l.errorf(n, "accounts: this version of iamcheck does not read accounts by itself; give a --snapshot for each account")
	}
	nodes := m.list("agents")
	if len(nodes) == 0 {
		l.errs.add(m.position("agents"), "no agents, expected a list with a role (or user) and its databases")
	}
	if len(nodes) > 1 && len(l.teleports) > 0 {
		l.errs.add(m.position("agents"), "%d agents, and --teleport-config does not say whose databases its files hold; name them in teleport_config of the agent", len(nodes))
		l.teleports = nil
	}
	for _, n := range nodes {
		if a := l.mapping(n, "agents"); a != nil {
			l.agent(a)
		}
	}
	for _, n := range m.list("suppress") {
		if s := l.mapping(n, "suppress"); s != nil {
			l.target.Suppress = append(l.target.Suppress, l.suppression(s))
		}
	}
	l.target.FailOn = l.failOn(m)
	m.done("the configuration")
}

func hasTeleport(m *mapping) bool {
	return m.values["agents"] == nil && (m.values["kind"] != nil || m.values["db_service"] != nil || m.values["teleport"] != nil)
}

// severities are the values of fail_on.
func severities() []string {
	return []string{"critical", "high", "medium", "low", "info", "none"}
}

func (l *loader) failOn(m *mapping) string {
	s := m.text("fail_on")
	if s != "" && !slices.Contains(severities(), s) {
		l.errs.add(m.position("fail_on"), "fail_on: found %s, expected one of %s", quote(s), strings.Join(severities(), ", "))
	}
	return s
}

func (l *loader) agent(m *mapping) {
	a := Agent{Position: l.at(m.node), Role: m.text("role"), User: m.text("user")}
	l.identity(m, &a)
	var own []*source
	names := map[string]bool{}
	for _, n := range m.list("databases") {
		d := l.mapping(n, "databases")
		if d == nil {
			continue
		}
		s := l.declared(d)
		if s == nil {
			continue
		}
		if s.Name != "" && names[s.Name] {
			l.errs.add(s.position("name"), "database %s stands twice", quote(s.Name))
		}
		names[s.Name] = true
		own = append(own, s)
	}
	a.Discovery = l.fileDiscovery(m)
	t := &teleport{}
	for _, path := range m.texts("teleport_config") {
		l.teleportPath(path, t)
	}
	for _, in := range l.teleports {
		l.teleportInput(in, t)
	}
	m.done("an agent")
	l.complete(&a, own, t)
}

// complete assembles the agent and adds it to the target.
func (l *loader) complete(a *Agent, own []*source, t *teleport) {
	if len(l.errs.List) > 0 && len(own)+len(t.databases) == 0 {
		return
	}
	before := len(l.errs.List)
	assemble(a, own, t)
	if before == len(l.errs.List) && len(a.Databases) == 0 && a.Discovery == nil {
		l.errs.add(a.Position, "agent %s has nothing to audit, expected databases, discovery or teleport_config", quote(a.Role+a.User))
	}
	l.target.Agents = append(l.target.Agents, *a)
}

// identity checks that an agent is one role or one user, once.
func (l *loader) identity(m *mapping, a *Agent) {
	switch {
	case a.Role != "" && a.User != "":
		l.errs.add(m.position("user"), "an agent with role and user, expected one of them")
	case a.Role != "":
		l.checkIdentity(m.position("role"), "role: ", "role", a.Role)
	case a.User != "":
		l.checkIdentity(m.position("user"), "user: ", "user", a.User)
	case m.values["role"] == nil && m.values["user"] == nil:
		l.errs.add(a.Position, "an agent without role or user, expected one of them")
	default:
		l.errs.add(a.Position, "an agent whose role or user is empty")
	}
	if a.Role+a.User != "" && l.agents[[2]string{a.Role, a.User}] {
		l.errs.add(a.Position, "agent %s stands twice", quote(a.Role+a.User))
	}
	l.agents[[2]string{a.Role, a.User}] = true
}

// checkIdentity checks a name, path/name or ARN of a role or user.
func (l *loader) checkIdentity(p Position, where, kind, name string) {
	var err error
	if strings.HasPrefix(name, "arn:") {
		_, err = parseIAMARN(name, kind)
	} else {
		err = checkIAMPath(strings.TrimPrefix(name, "/"), kind)
	}
	if err != nil {
		l.errs.add(p, "%s%s", where, err)
	}
}

// declared reads a database of iamcheck's own file; nil where its type is not
// one, so that nothing else can be said of it.
func (l *loader) declared(m *mapping) *source {
	s := l.database(m)
	s.Position, s.declared, s.pinned = l.at(m.node), true, s.AWS.AssumeRoleARN != ""
	if t := m.text("type"); t != "" {
		s.at["type"] = m.position("type")
		parsed, err := ParseType(t)
		if err != nil {
			l.errs.add(s.at["type"], "%s", err)
			s = nil
		} else {
			s.Type = parsed
		}
	}
	l.declaredMore(m, s)
	m.done("a database")
	if s != nil && s.Name == "" {
		s.Name = string(s.Type)
	}
	return s
}

// declaredMore reads what Teleport's own configuration does not hold.
func (l *loader) declaredMore(m *mapping, s *source) {
	if s == nil {
		s = &source{at: map[string]Position{}}
	}
	s.users = m.texts("db_users")
	for _, n := range m.texts("db_names") {
		if wrong := checkWithout(n.text, "*?", "expected the name of a database"); wrong != "" {
			l.errs.add(n.at, "db_names: found %s, %s", quote(n.text), wrong)
		}
		s.DBNames = append(s.DBNames, n.text)
	}
	for _, f := range []struct {
		key string
		to  *bool
	}{{"discovered", &s.Discovered}, {"managed_users", &s.ManagedUsers}} {
		if on := m.flag(f.key); on != nil {
			*f.to = *on
			s.at[f.key] = m.position(f.key)
			s.described = true
		}
	}
	s.described = s.described || s.DBNames != nil
	m.ignore("description", "static_labels", "dynamic_labels", "tls", "ca_cert_file", "mysql", "ad", "oracle", "mongo_atlas")
}

// suppression reads one entry of suppress. All four keys are wanted: one that
// names no principal or no end hides what nobody meant to hide.
func (l *loader) suppression(m *mapping) Suppression {
	s := Suppression{
		Check: m.text("check"), Principal: m.text("principal"), Reason: m.text("reason"), Expires: m.text("expires"),
		Position: l.at(m.node),
	}
	m.done("suppress")
	for _, f := range []struct{ key, value, expected string }{
		{"check", s.Check, "the id of a check (iamcheck checks lists them)"},
		{"principal", s.Principal, `a role's name or ARN, or "*"`},
		{"reason", s.Reason, "why this is accepted"},
		{"expires", s.Expires, "a date, YYYY-MM-DD"},
	} {
		if f.value == "" {
			l.errs.add(m.position(f.key), "suppress without %s, expected %s", f.key, f.expected)
		}
	}
	if s.Expires != "" && !isDate(s.Expires) {
		l.errs.add(m.position("expires"), "expires: found %s, expected a date, YYYY-MM-DD", quote(s.Expires))
	}
	return s
}

// teleportPath reads a file that teleport_config names.
func (l *loader) teleportPath(path item, t *teleport) {
	name := path.text
	if !filepath.IsAbs(name) {
		name = filepath.Join(l.dir, name)
	}
	if l.open == nil {
		l.errs.add(path.at, "teleport_config: %s cannot be read here", quote(path.text))
		return
	}
	text, err := l.open(name)
	if err != nil {
		l.errs.add(path.at, "teleport_config: %s", oneLine(err.Error()))
		return
	}
	l.teleportInput(Input{Name: name, Text: text}, t)
}

func (l *loader) teleportInput(in Input, t *teleport) {
	r := &reader{file: in.Name, errs: l.errs}
	l.readers = append(l.readers, r)
	before := len(t.roles)
	r.teleportFile(in.Text, t)
	for _, role := range t.roles[before:] {
		r.noteUnresolved(role)
	}
}
