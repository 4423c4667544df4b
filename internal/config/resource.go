package config

import (
	"slices"
	"strings"
)

// originLabel tells where a resource came from: "cloud" for those that the
// Discovery Service registered.
const originLabel = "teleport.dev/origin"

// resource reads one resource as `tctl get` prints it. false: it is of a kind
// that tells nothing, whose name goes into others.
func (r *reader) resource(m *mapping, t *teleport, others map[string]bool) bool {
	switch kind := m.text("kind"); kind {
	case "db":
		t.databases = append(t.databases, r.dynamic(m))
	case "db_server":
		t.databases = append(t.databases, r.heartbeat(m))
	case "discovery_config":
		spec := m.section("spec")
		t.configs = append(t.configs, discoveryConfig{
			r:        r,
			group:    spec.text("discovery_group"),
			matchers: r.matchers(spec.list("aws")),
			position: r.at(m.node),
		})
	case "role":
		t.roles = append(t.roles, r.role(m))
	default:
		others[quote(kind)] = true
		return false
	}
	return true
}

// dynamic reads a resource of kind db. What the agent found out (status.aws)
// counts wholly where it is there, but the secret store is always that of spec.
func (r *reader) dynamic(m *mapping) *source {
	metadata, spec, status := m.section("metadata"), m.section("spec"), m.section("status")
	if spec == nil {
		spec = &mapping{r: r, node: m.node}
	}
	s := r.database(spec)
	s.Position, s.dynamic = r.at(m.node), true
	if name := metadata.text("name"); name != "" {
		s.Name = name
	}
	s.labels = metadata.textMap("labels")
	at := map[string]Position{}
	if found := r.aws(status.section("aws"), at); !found.empty() {
		found.SecretKeyPrefix, found.SecretKMSKeyID = s.AWS.SecretKeyPrefix, s.AWS.SecretKMSKeyID
		s.AWS = found
		for key, p := range at {
			s.at[key] = p
		}
	}
	s.ManagedUsers = len(status.texts("managed_users")) > 0
	s.Discovered = s.labels[originLabel] == "cloud"
	r.named(s)
	return s
}

// heartbeat reads a resource of kind db_server: what an agent says that it
// serves, with a db resource inside (older versions have its fields in spec).
func (r *reader) heartbeat(m *mapping) *source {
	if inner := m.section("spec").section("database"); inner != nil {
		s := r.dynamic(inner)
		s.dynamic = s.labels[originLabel] != "config-file"
		return s
	}
	return r.dynamic(m)
}

// teleportRole is what a role of Teleport's says of database users.
type teleportRole struct {
	name   string
	labels labelSet
	// expression: databases are selected by an expression, which is not read.
	expression bool
	users      []item
	names      []string // db_names, nil where some cannot be resolved
	// unresolved are the db_users that name nobody: "*" and {{traits}}.
	unresolved []item
	position   Position
}

// role reads a resource of kind role.
func (r *reader) role(m *mapping) teleportRole {
	allow := m.section("spec").section("allow")
	out := teleportRole{
		name:       m.section("metadata").text("name"),
		labels:     r.labelSet(allow.section("db_labels")),
		expression: allow.text("db_labels_expression") != "",
		position:   r.at(m.node),
	}
	for _, u := range allow.texts("db_users") {
		if strings.ContainsAny(u.text, "*?") || strings.Contains(u.text, "{{") {
			out.unresolved = append(out.unresolved, u)
			continue
		}
		out.users = append(out.users, u)
	}
	for _, n := range allow.texts("db_names") {
		if strings.ContainsAny(n.text, "*{") {
			out.names = nil
			break
		}
		if !slices.Contains(out.names, n.text) {
			out.names = append(out.names, n.text)
		}
	}
	return out
}

// selects says whether users with the role may reach the database.
func (t teleportRole) selects(s *source) bool {
	return t.expression || t.labels.match(s.labels)
}
