package config

import (
	"slices"
	"strings"
)

// FlagOptions is the command line's shorthand for a configuration: one agent
// and what it serves.
type FlagOptions struct {
	Role, User string   // the agent, exactly one; a name, path/name or ARN
	Types      []string // of --types; each may hold several, with commas between
	DBRoles    []string // of --db-role: [TYPE=]NAME|ARN
	AssumeRole string
	ExternalID string
	// Teleports are the files of --teleport-config. Types then select among
	// their databases, and what else is given fills in what they do not tell.
	Teleports []Input
}

// flags builds a Target from FlagOptions.
type flags struct {
	*loader
	o     FlagOptions
	types []Type
	// roles are the database roles for each type that --db-role names.
	roles map[Type][]string
}

// FromFlags returns the Target of a command line without a configuration file.
// The error is an *Errors without positions, each message naming its flag.
func FromFlags(o FlagOptions) (*Target, error) {
	r := &reader{strict: true, errs: &Errors{}}
	f := &flags{o: o, loader: &loader{reader: r, target: &Target{}}, roles: map[Type][]string{}}
	f.agentFlags()
	f.types = parseTypes(r.errs, o.Types)
	if len(f.types) == 0 && len(o.Teleports) == 0 && len(r.errs.List) == 0 {
		r.errs.add(Position{}, "nothing to audit: --types, --teleport-config or a configuration file tells what is needed")
	}
	f.roleFlags()
	if len(o.Teleports) == 0 {
		f.shorthand()
	} else {
		f.teleportFlags()
	}
	return f.finish()
}

func (f *flags) agentFlags() {
	switch {
	case f.o.Role != "" && f.o.User != "":
		f.errs.add(Position{}, "--role and --user: an agent is one of them")
	case f.o.Role != "":
		f.checkIdentity(Position{}, "--role: ", "role", f.o.Role)
	case f.o.User != "":
		f.checkIdentity(Position{}, "--user: ", "user", f.o.User)
	default:
		f.errs.add(Position{}, "no agent: --role or --user names the identity that the Database Service runs as")
	}
}

// parseTypes reads --types.
func parseTypes(errs *Errors, given []string) []Type {
	var out []Type
	for _, g := range given {
		for name := range strings.SplitSeq(g, ",") {
			if name = strings.TrimSpace(name); name == "" {
				continue
			}
			t, err := ParseType(name)
			if err != nil {
				errs.add(Position{}, "--types: %s", err)
			} else if !slices.Contains(out, t) {
				out = append(out, t)
			}
		}
	}
	return out
}

// roleFlags reads --db-role. Without TYPE it is for all types that are asked
// for and that can use it; a bare NAME is written as role/NAME for those that
// would otherwise take it for a database user.
func (f *flags) roleFlags() {
	for _, given := range f.o.DBRoles {
		name, only := given, Type("")
		if prefix, rest, ok := strings.Cut(given, "="); ok {
			// "=" may stand in a role's name: it is a type only if it reads as one.
			if t, err := ParseType(prefix); err == nil {
				name, only = rest, t
			}
		}
		if err := checkRoleName(name); err != nil {
			f.errs.add(Position{}, "--db-role: %s", err)
			continue
		}
		f.giveRole(given, name, only)
	}
}

func checkRoleName(name string) error {
	if strings.HasPrefix(name, "arn:") {
		_, err := ParseRoleARN(name)
		return err
	}
	return checkIAMPath(strings.TrimPrefix(name, "role/"), "role")
}

func (f *flags) giveRole(given, name string, only Type) {
	candidates := f.types
	if len(candidates) == 0 {
		candidates = Types() // those of the Teleport files
	}
	used := false
	for _, t := range candidates {
		if only != "" && t != only || !t.UsersAreRoles() && !t.UsersMayBeRoles() {
			continue
		}
		user := name
		if !t.UsersAreRoles() && !strings.HasPrefix(name, "arn:") && !strings.HasPrefix(name, "role/") {
			user = "role/" + name
		}
		f.roles[t] = append(f.roles[t], user)
		used = true
	}
	switch {
	case used || len(f.errs.List) > 0:
	case only != "":
		f.errs.add(Position{}, "--db-role %s: %s is not among --types, or its users are no IAM roles", quote(given), only)
	default:
		f.errs.add(Position{}, "--db-role %s: none of --types has IAM roles as users (those that do: %s)", quote(given), roleTypeNames())
	}
}

func roleTypeNames() string {
	var names []string
	for _, t := range Types() {
		if t.UsersAreRoles() || t.UsersMayBeRoles() {
			names = append(names, string(t))
		}
	}
	return strings.Join(names, ", ")
}

// shorthand makes one database of each type.
func (f *flags) shorthand() {
	a := Agent{Role: f.o.Role, User: f.o.User}
	f.assumeFlags()
	var own []*source
	sent := f.o.ExternalID == ""
	for _, t := range f.types {
		s := &source{r: f.reader, at: map[string]Position{}}
		s.Name, s.Type = string(t), t
		s.AWS.AssumeRoleARN = f.o.AssumeRole
		for _, user := range f.roles[t] {
			s.users = append(s.users, item{text: user})
		}
		if f.o.AssumeRole != "" || t.UsersAreRoles() || t.UsersMayBeRoles() && len(s.users) > 0 {
			s.AWS.ExternalID = f.o.ExternalID
			sent = true
		}
		own = append(own, s)
	}
	if !sent && len(f.errs.List) == 0 {
		f.errs.add(Position{}, "--external-id without --assume-role, and none of --types has an IAM role as user to send it to")
	}
	if len(f.errs.List) == 0 {
		assemble(&a, own, &teleport{})
	}
	f.target.Agents = []Agent{a}
}

func (f *flags) assumeFlags() {
	if f.o.AssumeRole != "" {
		if expected := checkRoleField(f.o.AssumeRole); expected != "" {
			f.errs.add(Position{}, "--assume-role: found %s, %s", quote(f.o.AssumeRole), expected)
		}
	}
	if f.o.ExternalID != "" {
		if expected := checkExternalID(f.o.ExternalID); expected != "" {
			f.errs.add(Position{}, "--external-id: found %s, %s", quote(f.o.ExternalID), expected)
		}
	}
}

// teleportFlags takes the databases of Teleport's files.
func (f *flags) teleportFlags() {
	if f.o.AssumeRole != "" || f.o.ExternalID != "" {
		f.errs.add(Position{}, "--assume-role and --external-id with --teleport-config: Teleport's files say whom it becomes")
	}
	a := Agent{Role: f.o.Role, User: f.o.User}
	t := &teleport{}
	for _, in := range f.o.Teleports {
		f.teleportInput(in, t)
	}
	t.flagRoles = f.roles
	assemble(&a, nil, t)
	f.target.Agents = []Agent{a}
	if len(f.errs.List) > 0 {
		return
	}
	if len(a.Databases) == 0 && a.Discovery == nil {
		f.errs.add(Position{}, "nothing to audit: --teleport-config holds no databases of AWS and no discovery")
	}
	if len(f.types) > 0 {
		selectTypes(f.target, f.types)
		if len(f.target.Agents) == 0 {
			f.errs.add(Position{}, "nothing to audit: --teleport-config holds no databases of --types %s", joinTypes(f.types))
		}
	}
}

func joinTypes(types []Type) string {
	names := make([]string, 0, len(types))
	for _, t := range types {
		names = append(names, string(t))
	}
	return strings.Join(names, ",")
}
