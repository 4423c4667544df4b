package expected

import "github.com/iamcheck/iamcheck/internal/config"

// Need says how much a requirement matters.
type Need uint8

// The needs. The zero value is Required.
const (
	Required Need = iota
	Recommended
	NotNeeded // the reason says why; nothing is judged
)

// String returns the word that reports use.
func (n Need) String() string {
	switch n {
	case Recommended:
		return "recommended"
	case NotNeeded:
		return "not-needed"
	default:
		return "required"
	}
}

// Side tells which document of a hop a requirement is about.
type Side uint8

// The sides. IdentitySide is also the side of every requirement that is not a
// hop.
const (
	IdentitySide Side = iota // policies, boundary and SCPs of the holder
	TrustSide                // the trust policy of the role named by Resource
)

// String returns "identity" or "trust".
func (s Side) String() string {
	if s == TrustSide {
		return "trust"
	}
	return "identity"
}

// Requirement is one (database, requirement, action, resource, holder).
type Requirement struct {
	ID       string // "rds/connect"; users filter on it
	SID      string // the Sid of Teleport's documentation, "" where it has none
	Database string // the database's name; the type's name where it has none
	Type     config.Type
	// Principal is the ARN of the holder: the role or user that must hold the
	// permission; for a TrustSide requirement the caller of the hop. "" where
	// the configuration does not name it (a type whose users are roles, and no
	// role named): Open then holds "db_users".
	Principal string
	Action    string // "rds-db:connect"
	// Resource is the ARN, pattern or "*" that must be allowed wholly; for the
	// requirements of a hop the ARN of the target role.
	Resource string
	// Open are the names that the configuration does not tell and for which
	// Resource holds a "*": "aws.rds.resource_id", "db_users", "aws.region" …
	// (design 5.3). Where it is empty, a "*" in Resource means all.
	Open   []string
	Side   Side
	Need   Need
	Reason string // why it is needed, or the documented reason why it is not
	// Purpose is the effect for a user, for messages: "to log in with an IAM
	// token".
	Purpose string
	// Hop is set for requirements of a hop and for <type>/connect-iam-role.
	Hop *Hop
	// SessionTags are what the session of Principal carries when it makes this
	// call: those of the hop to a database role. Nil for none.
	SessionTags map[string]string
	// Metadata: a missing one is of medium severity (checks.md,
	// missing-permission).
	Metadata bool
	// Region is the database's region, for aws:RequestedRegion; "" not known.
	Region string
	// Account is the account of the resource; "" not known.
	Account string
	// AnyOf requirements with the same non-empty group are satisfied together
	// when one of them is allowed on any part of its resource (role-access:
	// "can do something").
	AnyOf string
	// Printed are the resources that Teleport's documentation prints for this
	// requirement, names open: a grant of these is the vendor's default and at
	// most of low severity (design, principle 4).
	Printed []string
	// Position is where the configuration declares the database or matcher.
	Position config.Position
}

// Hop is one sts:AssumeRole.
type Hop struct {
	Caller string // ARN of the role or user that calls
	Target string // ARN of the role that is assumed
	// ExternalID is what Teleport sends, "" for none.
	ExternalID string
	// SessionTags are what Teleport sends, nil for none.
	SessionTags map[string]string
	// DBUser is the login as the configuration writes it; "" for the hop to
	// assume_role_arn and where no role is named.
	DBUser string
}
