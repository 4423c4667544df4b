package config

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
)

// Starter is a configuration to begin with.
type Starter struct {
	Role, User string
	// MadeUp: nobody told the agent's name, and Role stands for it.
	MadeUp bool
	// Files are Teleport's files, as teleport_config is to name them. Where there
	// are none, the databases themselves are written down.
	Files     []string
	Databases []StarterDatabase
}

// StarterDatabase is a database with what is not known of it.
type StarterDatabase struct {
	Database
	Unknown []Unknown
}

// Unknown is a name that the inputs do not tell.
type Unknown struct {
	Name string // "db_users", "aws.rds.resource_id" …
	Tell string // what tells it, one clause
}

// YAML writes the configuration, commented. What is not known stands there as a
// comment, to be filled in: without its "# " each such line is in its place.
func (s *Starter) YAML() []byte {
	w := &starterWriter{told: map[string]bool{}}
	w.note(0, "Written by iamcheck init. docs/configuration.md has every key.")
	w.note(0, "What is not known stands behind a \"# \": fill it in, and remove that sign here and above.")
	w.line(0, true, "version: 1")
	w.gap()
	w.line(0, true, "agents:")
	s.agent(w)
	if len(s.Files) > 0 {
		w.note(4, "Databases, the roles on the way to them, and discovery are read from these:")
		w.line(4, true, "teleport_config: "+flowList(s.Files))
	}
	s.databases(w)
	s.rest(w)
	return []byte(w.String())
}

func (s *Starter) agent(w *starterWriter) {
	w.note(2, "The identity that Teleport's Database Service runs as: a name, path/name or ARN.")
	if s.MadeUp {
		w.note(2, "Teleport's configuration does not tell it: put the right name here.")
	}
	if s.User != "" {
		w.line(2, true, "- user: "+scalar(s.User))
		return
	}
	w.line(2, true, "- role: "+scalar(s.Role))
	if s.MadeUp {
		w.note(4, "(or, instead of role, user: and an IAM user)")
	}
}

// databases writes those that are known by themselves, and of those that
// Teleport's files hold what the files do not tell.
func (s *Starter) databases(w *starterWriter) {
	own := len(s.Files) == 0
	var shown []*StarterDatabase
	for i := range s.Databases {
		if d := &s.Databases[i]; own || len(d.Unknown) > 0 && !d.ToFind {
			shown = append(shown, d)
		}
	}
	if len(shown) == 0 {
		return
	}
	if !own {
		w.gap()
		w.note(4, "What these files do not tell; entries are joined with Teleport's by name.")
	}
	w.line(4, own, "databases:")
	for _, d := range shown {
		d.write(w, own)
	}
}

func (d *StarterDatabase) write(w *starterWriter, own bool) {
	if own {
		w.line(6, true, "- type: "+scalar(string(d.Type)))
	} else {
		w.note(6, fmt.Sprintf("%s: %s", d.Position, d.Type))
		w.line(6, false, "- name: "+scalar(d.Name))
	}
	tree := &starterNode{}
	if own {
		tree.set("aws.assume_role_arn", scalar(d.AWS.AssumeRoleARN), "", d.AWS.AssumeRoleARN != "")
		tree.set("aws.external_id", scalar(d.AWS.ExternalID), "", d.AWS.ExternalID != "")
		if len(d.DBUsers) > 0 {
			tree.set("db_users", flowList(d.DBUsers), "", true)
		}
	}
	for _, u := range d.Unknown {
		tree.set(u.Name, starterExample(u.Name, d.Type), u.Tell, false)
	}
	tree.write(w, 8, own)
}

// rest shows the keys that every configuration may have.
func (s *Starter) rest(w *starterWriter) {
	if len(s.Files) == 0 {
		w.gap()
		w.note(4, "Databases of Teleport's own files need not be written down again: teleport_config: [teleport.yaml]")
		w.note(4, "An agent that discovers databases:")
		w.line(4, false, "discovery: {types: [rds], regions: [us-east-1]}")
	}
	w.gap()
	w.note(0, "The severity from which findings fail an audit: critical, high, medium, low, info, none.")
	w.line(0, true, "fail_on: high")
	w.gap()
	w.note(0, "Findings that are accepted, each for a reason and until a date:")
	for _, l := range []string{
		"suppress:", "  - check: excess-resource", "    principal: teleport-db-service-role",
		"    reason: narrowed with the next release", "    expires: 2030-01-31",
	} {
		w.line(0, false, l)
	}
}

// starterExample is a value in the place of an unknown one, in its form.
func starterExample(name string, t Type) string {
	if name == "db_users" && t.UsersAreRoles() {
		return "[role/NAME]"
	}
	known := map[string]string{
		"db_users": "[NAME]", "db_names": "[NAME]", "aws.region": "us-east-1", "aws.account_id": `"111122223333"`,
		"aws.rds.resource_id": "db-ABCDEFGHIJKL", "aws.rds.iam_auth": "true", "aws.rdsproxy.resource_id": "prx-0123456789abcdef0",
		"aws.redshift_serverless.workgroup_id": "01234567-89ab-cdef-0123-456789abcdef",
		"aws.secret_store.kms_key_id":          "01234567-89ab-cdef-0123-456789abcdef",
	}
	if example, ok := known[name]; ok {
		return example
	}
	return "NAME"
}

// starterNode is a key with its value, or with the keys below it.
type starterNode struct {
	key, value, tell string
	active           bool // not a comment: it, or a key below it, is known
	below            []*starterNode
}

// set puts a value under a path of keys with dots between; nothing for a value
// that is not known and has no comment.
func (n *starterNode) set(path, value, tell string, active bool) {
	if !active && tell == "" {
		return
	}
	for key := range strings.SplitSeq(path, ".") {
		var next *starterNode
		for _, b := range n.below {
			if b.key == key {
				next = b
			}
		}
		if next == nil {
			next = &starterNode{key: key}
			n.below = append(n.below, next)
		}
		n = next
		n.active = n.active || active
	}
	n.value, n.tell = value, tell
}

func (n *starterNode) write(w *starterWriter, indent int, above bool) {
	for _, b := range n.below {
		active := b.active && above
		w.tell(indent, b.tell)
		w.line(indent, active, strings.TrimSpace(b.key+": "+b.value))
		b.write(w, indent+2, active)
	}
}

// starterWriter writes lines, those that are not active as comments.
type starterWriter struct {
	strings.Builder
	told map[string]bool // remarks on unknown names, each of which stands once
}

// tell writes a remark where it stands for the first time.
func (w *starterWriter) tell(indent int, text string) {
	if text != "" && !w.told[text] {
		w.told[text] = true
		w.note(indent, text)
	}
}

func (w *starterWriter) line(indent int, active bool, text string) {
	mark := "# "
	if active {
		mark = ""
	}
	fmt.Fprintf(w, "%s%s%s\n", strings.Repeat(" ", indent), mark, text)
}

// note is a remark, with two signs so that it stays one when "# " is removed.
func (w *starterWriter) note(indent int, text string) {
	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, text)
	fmt.Fprintf(w, "%s## %s\n", strings.Repeat(" ", indent), text)
}

func (w *starterWriter) gap() { w.WriteByte('\n') }

// scalar is a text as YAML: plain where it can only be read as itself, else in
// double quotes, whose escapes are those of JSON.
func scalar(s string) string {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	plain := strings.Trim(s, letters+"0123456789-_./") == ""
	first := strings.TrimLeft(s, letters)
	switch strings.ToLower(s) {
	case "true", "false", "yes", "no", "on", "off", "null", "y", "n":
		plain = false
	}
	if plain && first != s {
		return s
	}
	return doubleQuoted(s)
}

func doubleQuoted(s string) string {
	text, err := json.Marshal(s)
	if err != nil { // it cannot fail for text
		return `""`
	}
	var b strings.Builder
	for _, r := range string(text) {
		switch {
		case unicode.IsPrint(r):
			b.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

func flowList(texts []string) string {
	out := make([]string, 0, len(texts))
	for _, s := range texts {
		out = append(out, scalar(s))
	}
	return "[" + strings.Join(out, ", ") + "]"
}
