package expected

import (
	"slices"

	"github.com/iamcheck/iamcheck/internal/config"
)

// IdentityKind is the part that an identity plays in a chain.
type IdentityKind uint8

// The kinds. The zero value is Agent.
const (
	Agent        IdentityKind = iota // the Database Service (or Discovery Service) runs as it
	AssumedRole                      // named by an assume_role_arn
	DatabaseRole                     // Teleport users log in as it
)

// String returns the words that messages use.
func (k IdentityKind) String() string {
	switch k {
	case AssumedRole:
		return "assumed role"
	case DatabaseRole:
		return "database role"
	default:
		return "agent"
	}
}

// Identity is a role or user that the configuration names, in one of the parts
// that it plays. A role that plays two parts has two of them.
type Identity struct {
	ARN  string
	Kind IdentityKind
	// Callers are the ARNs that the configuration lets assume it, sorted; nil
	// for an agent.
	Callers []string
	// Databases are names as in Requirement.Database, sorted; matchers count.
	Databases []string
	Types     []config.Type // of Databases, sorted
	// Discovers: it makes the calls of the Discovery Service, or is the agent
	// that assumes the role that does.
	Discovers bool
	// Position is where the configuration first names it.
	Position config.Position
}

// identity notes an identity, and that it takes part for the database ("" for
// none).
func (l *list) identity(id Identity, database string, typ config.Type) {
	known := -1
	for i, k := range l.identities {
		if k.ARN == id.ARN && k.Kind == id.Kind {
			known = i
		}
	}
	if known < 0 {
		known = len(l.identities)
		l.identities = append(l.identities, &Identity{ARN: id.ARN, Kind: id.Kind, Position: id.Position})
	}
	k := l.identities[known]
	k.Callers = append(k.Callers, id.Callers...)
	k.Discovers = k.Discovers || id.Discovers
	if database != "" {
		k.Databases = append(k.Databases, database)
		k.Types = append(k.Types, typ)
	}
}

func (l *list) sortedIdentities() []Identity {
	out := make([]Identity, 0, len(l.identities))
	for _, id := range l.identities {
		slices.Sort(id.Callers)
		slices.Sort(id.Databases)
		slices.Sort(id.Types)
		id.Callers = slices.Compact(id.Callers)
		id.Databases = slices.Compact(id.Databases)
		id.Types = slices.Compact(id.Types)
		out = append(out, *id)
	}
	return out
}
