package config

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Input is a file of Teleport's: teleport.yaml, or what `tctl get` prints.
type Input struct {
	Name string
	Text []byte
}

// teleport is what the Teleport files of one agent say.
type teleport struct {
	databases []*source
	// selectors are db_service.resources: which databases of the cluster the
	// agent serves. hasService: a teleport.yaml was among the files.
	selectors  []selector
	hasService bool
	// own are the matchers of db_service.aws, others those of discovery_service
	// and of discovery_config resources.
	own, others []matcher
	// group is discovery_service.discovery_group; hasDiscovery: there is one.
	group        string
	hasDiscovery bool
	configs      []discoveryConfig
	roles        []teleportRole
	// flagRoles are the database roles of --db-role.
	flagRoles map[Type][]string
}

// selector is one of db_service.resources.
type selector struct {
	labels        labelSet
	assumeRoleARN string
	externalID    string
	position      Position
}

// matcher is a discovery matcher with the tags that it looks for.
type matcher struct {
	Matcher
	r    *reader
	tags labelSet
}

// discoveryConfig is a discovery_config resource.
type discoveryConfig struct {
	r        *reader
	group    string
	matchers []matcher
	position Position
}

// sectionsOfTeleportYAML are top-level keys by which the file is known.
func sectionsOfTeleportYAML() []string {
	return []string{
		"teleport", "auth_service", "proxy_service", "ssh_service", "db_service", "discovery_service", "app_service",
		"kubernetes_service", "windows_desktop_service",
	}
}

// teleportFile reads one of Teleport's files into t.
func (r *reader) teleportFile(text []byte, t *teleport) {
	before := len(r.errs.List)
	roots := r.documents(text)
	if len(roots) == 0 && len(r.errs.List) == before {
		// tctl prints nothing, or an empty list, where the cluster has none.
		r.note(Position{File: r.file, Line: 1, Column: 1}, "the file is empty")
		return
	}
	others := map[string]bool{}
	useful := false
	for _, root := range roots {
		if root.Kind == yaml.SequenceNode {
			if len(root.Content) == 0 {
				useful = true
				r.note(r.at(root), "the list is empty")
			}
			for _, item := range r.items(root) {
				useful = r.teleportDocument(item, t, others) || useful
			}
			continue
		}
		useful = r.teleportDocument(root, t, others) || useful
	}
	if !useful && len(others) > 0 {
		r.errs.add(Position{File: r.file, Line: 1, Column: 1},
			"holds only resources of kind %s, expected db, db_server, discovery_config or role", strings.Join(sortedKeys(others), ", "))
	}
}

// teleportDocument reads one document; false where it is a resource of a kind
// that tells nothing, whose name it adds to others.
func (r *reader) teleportDocument(n *yaml.Node, t *teleport, others map[string]bool) bool {
	if n.Kind != yaml.MappingNode {
		r.errorf(n, "found %s, expected teleport.yaml or the output of `tctl get`", describe(n))
		return true
	}
	m := r.mapping(n, "document")
	has := func(key string) bool { return m.values[key] != nil }
	switch {
	case has("kind"):
		return r.resource(m, t, others)
	case slices.ContainsFunc(sectionsOfTeleportYAML(), has):
		r.service(m, t)
		return true
	}
	what := "neither teleport.yaml (db_service, discovery_service) nor the output of `tctl get` (kind)"
	switch {
	case has("agents"):
		what = "iamcheck's own configuration, which -c takes; expected teleport.yaml or the output of `tctl get`"
	case has("iamcheck_snapshot"), has("RoleDetailList"), has("UserDetailList"):
		what = "a snapshot of an account, which --snapshot takes; expected teleport.yaml or the output of `tctl get`"
	case has("Statement"):
		what = "an IAM policy; expected teleport.yaml or the output of `tctl get`"
	}
	r.errorf(n, "this is %s", what)
	return true
}

// service reads teleport.yaml.
func (r *reader) service(m *mapping, t *teleport) {
	t.hasService = true
	if db := m.section("db_service"); db != nil && r.enabled(db, "db_service") {
		for _, n := range db.list("databases") {
			if d := r.mapping(n, "databases"); d != nil {
				t.databases = append(t.databases, r.static(d))
			}
		}
		for _, n := range db.list("resources") {
			if s := r.mapping(n, "resources"); s != nil {
				t.selectors = append(t.selectors, r.selector(s))
			}
		}
		t.own = append(t.own, r.matchers(db.list("aws"))...)
	}
	if d := m.section("discovery_service"); d != nil && r.enabled(d, "discovery_service") {
		t.hasDiscovery, t.group = true, d.text("discovery_group")
		t.others = append(t.others, r.matchers(d.list("aws"))...)
	}
}

// enabled says whether a service runs. Teleport leaves these two off where
// nothing is said; whoever gives such a file to an audit means it to run.
func (r *reader) enabled(m *mapping, service string) bool {
	on := m.flag("enabled")
	switch {
	case on == nil && m.values["enabled"] == nil:
		r.note(r.at(m.node), fmt.Sprintf("%s does not say enabled: yes, so that Teleport leaves it off; it is judged as if it ran", service))
	case on != nil && !*on:
		r.note(m.position("enabled"), fmt.Sprintf("%s is not enabled; what it configures is left out", service))
		return false
	}
	return true
}

// static reads an entry of db_service.databases. Teleport takes the account
// from assume_role_arn where the entry does not tell it.
func (r *reader) static(m *mapping) *source {
	s := r.database(m)
	s.Position = r.at(m.node)
	s.labels = m.textMap("static_labels")
	r.named(s)
	if a, ok := ParseARN(s.AWS.AssumeRoleARN); ok && s.AWS.AccountID == "" {
		s.AWS.AccountID = a.Account
	}
	return s
}

// named wants a name, as Teleport does.
func (r *reader) named(s *source) {
	if s.Name == "" {
		r.errs.add(s.Position, "database without a name")
	}
	s.described = true
}

func (r *reader) selector(m *mapping) selector {
	s := selector{labels: r.labelSet(m.section("labels")), position: r.at(m.node)}
	aws := m.section("aws")
	s.assumeRoleARN, s.externalID = r.assumeRole(aws, "assume_role_arn", "aws.")
	return s
}

// assumeRole reads a role and its external ID under the given keys.
func (r *reader) assumeRole(m *mapping, key, path string) (role, external string) {
	role, external = m.text(key), m.text("external_id")
	if role != "" {
		if expected := checkRoleField(role); expected != "" {
			r.errs.add(m.position(key), "%s%s: found %s, %s", path, key, quote(role), expected)
			return "", ""
		}
	}
	if external != "" {
		if expected := checkExternalID(external); expected != "" {
			r.errs.add(m.position("external_id"), "%sexternal_id: found %s, %s", path, quote(external), expected)
			return role, ""
		}
		if role == "" {
			r.errs.add(m.position("external_id"), "%sexternal_id without %s", path, key)
			return "", ""
		}
	}
	return role, external
}
