package expected

import "github.com/iamcheck/iamcheck/internal/config"

// Defaults fill what a configuration leaves to its surroundings. They apply to
// agents whose ARN is not known; an agent's ARN always wins.
type Defaults struct {
	Account   string // twelve digits; "" not known, then "*" stands for it
	Partition string // "" is "aws"
}

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
	Callers   []string
	Databases []string // names as in Requirement.Database, sorted
	Types     []config.Type
	// Discovers: it makes the calls of the Discovery Service.
	Discovers bool
	// Position is where the configuration first names it.
	Position config.Position
}

// For derives what every database of t needs of IAM, of which identity, in the
// order of the configuration: agents, their databases, the chain of each, the
// requirements in the catalogue's order, then the agent's discovery. There is
// one requirement per (database, id, action, resource, principal, side).
//
// The identities are all that the configuration names, in the order in which
// they are met. For fails where the configuration asks for what Teleport cannot
// do (5.12 of the design: discovery of DynamoDB or Keyspaces) and where a role's
// name cannot be turned into an ARN.
func For(t *config.Target, d Defaults) ([]Requirement, []Identity, error) {
	return nil, nil, nil
}
