package policy

// Kind is the kind of policy a document is used as: it decides which elements
// are allowed in it (reference_policies_grammar) and how short ARNs are read.
type Kind uint8

// The kinds of policy. The zero value is an identity-based policy.
const (
	KindIdentity Kind = iota // of a role, user or group; inline or managed
	KindBoundary             // a managed policy used as permissions boundary
	KindSession              // passed to sts:AssumeRole
	KindTrust                // a role's trust policy (AssumeRolePolicyDocument)
	KindResource             // any other resource-based policy
	KindSCP                  // service control policy
	KindRCP                  // resource control policy
)

// Position is a place in a text. Line and Column count from 1, Column in
// bytes; Offset is the byte offset from the start. The zero value means that
// the place is not known.
type Position struct {
	Line, Column, Offset int
}

// Document is a parsed policy document. It is immutable after Parse and may be
// shared between goroutines.
type Document struct {
	Kind       Kind
	Version    string // as written; "" where the element is absent (read as 2008-10-17)
	ID         string // the Id element; "" where absent
	Statements []Statement
	Problems   []Problem // what AWS would refuse or ignore, in the order of the text
	Text       []byte    // the text that was parsed
}

// Problem is something in a document that AWS's policy grammar does not allow.
// A statement that has one is Malformed and never grants.
type Problem struct {
	Pointer   string // JSON pointer (RFC 6901) to the element, "" for the document
	Position  Position
	Statement int    // index into Statements, or -1 for the document itself
	Message   string // lower case, no final period: the fact, then what is expected
}

// Effect is the Effect element. Its values are case-sensitive
// (reference_policies_elements_effect).
type Effect uint8

// The zero value is EffectInvalid: neither grants nor denies for certain.
const (
	EffectInvalid Effect = iota
	Allow
	Deny
)

// String returns the element's value, or "invalid".
func (e Effect) String() string {
	switch e {
	case Allow:
		return "Allow"
	case Deny:
		return "Deny"
	default:
		return "invalid"
	}
}

// Statement is one statement, compiled.
type Statement struct {
	Index      int    // place in the Statement array, from 0
	SID        string // "" where absent
	Effect     Effect
	Pointer    string // "/Statement/2", or "/Statement" where Statement is one object
	Start, End Position
	// Malformed: the statement has a Problem. As an Allow it matches nothing;
	// as a Deny (or with an invalid Effect) whether it matches is unknown.
	Malformed  bool
	Principals *Principals // nil where neither Principal nor NotPrincipal is there
	Actions    Actions
	Resources  Resources
	Conditions []Condition // ANDed
	// doubled: an element, or a part of Condition, is there twice, or an element in
	// both of its forms, so that what a Deny would deny cannot be told.
	doubled bool
	// Variables tells whether ${…} is substituted: only under Version 2012-10-17
	// (reference_policies_elements_version).
	Variables bool
}

// Actions is the Action or NotAction element.
type Actions struct {
	Not      bool // NotAction
	Patterns []ActionPattern
	Pointer  string
	Position Position

	blocks int // see cost
}

// Resources is the Resource or NotResource element.
type Resources struct {
	Present  bool // false in trust policies, whose resource is the role itself
	Not      bool // NotResource
	Patterns []ResourcePattern
	Pointer  string
	Position Position
}

// Principals is the Principal or NotPrincipal element
// (reference_policies_elements_principal).
type Principals struct {
	Not      bool
	Entries  []PrincipalEntry
	Pointer  string
	Position Position
}

// PrincipalType is the key of a principal map.
type PrincipalType uint8

// The principal types. PrincipalEveryone is "*" written without a map; AWS
// reads {"AWS": "*"} the same.
const (
	PrincipalEveryone PrincipalType = iota
	PrincipalAWS
	PrincipalService
	PrincipalFederated
	PrincipalCanonicalUser
)

// PrincipalEntry is one value of a Principal element, as written.
type PrincipalEntry struct {
	Type     PrincipalType
	Value    string
	Pointer  string
	Position Position
}

// Condition is one operator-key pair of a Condition block with its values,
// compiled (reference_policies_elements_condition).
type Condition struct {
	Operator Operator
	Key      string // as written
	Values   []ConditionValue
	Pointer  string // "/Statement/0/Condition/StringEquals/aws:PrincipalTag~1x"
	Position Position

	compiled conditionTest
	folded   string // Key, case-folded: keys are not case-sensitive
	weight   conditionWeight
}

// ConditionValue is one value of a condition. Raw is its text: numbers and
// booleans may be written without quotes (reference_policies_grammar).
type ConditionValue struct {
	Raw      string
	Position Position
}
