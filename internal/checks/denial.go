package checks

import "time"

// Denial is what a refusal by AWS tells of itself. A field is empty where the
// refusal does not tell it: services word theirs differently, and some say no
// more than that access was denied (troubleshoot_access-denied).
type Denial struct {
	Principal string // ARN of the caller as written, mostly a session's
	Action    string // "sts:AssumeRole"
	Resource  string // ARN, "*", or for roles and users "role/NAME"
	// By is the kind of policy that AWS names as the one that decided.
	By PolicyKind
	// Explicit: a Deny decided; otherwise, where By is told, a missing Allow.
	Explicit bool
	Policy   string // ARN of the policy that denies; told since January 2026
	// Encoded is an encoded authorization message, for
	// sts:DecodeAuthorizationMessage.
	Encoded string
	// Event is the CloudTrail event that tells of the refusal; nil where it was
	// told by a text.
	Event *Event
}

// PolicyKind is a kind of policy in the words of AWS's refusals.
type PolicyKind string

// The kinds of policies.
const (
	ByIdentity PolicyKind = "identity-based policy"
	ByResource PolicyKind = "resource-based policy"
	ByTrust    PolicyKind = "role trust policy"
	ByBoundary PolicyKind = "permissions boundary"
	BySession  PolicyKind = "session policy"
	BySCP      PolicyKind = "service control policy"
	ByRCP      PolicyKind = "resource control policy"
	ByEndpoint PolicyKind = "VPC endpoint policy"
)

// policyWords are the words by which refusals name a kind of policy
// (troubleshoot_access-denied, "Access denied error message examples"; "sessions
// policy" is AWS's own slip there).
func policyWords() []struct {
	word string
	kind PolicyKind
} {
	return []struct {
		word string
		kind PolicyKind
	}{
		{"identity-based", ByIdentity},
		{"resource-based", ByResource},
		{"role trust", ByTrust},
		{"permissions boundary", ByBoundary},
		{"permission boundary", ByBoundary},
		{"session", BySession},
		{"service control", BySCP},
		{"resource control", ByRCP},
		{"vpc endpoint", ByEndpoint},
	}
}

// Event is what a CloudTrail event tells besides the refusal itself
// (cloudtrail-event-reference-record-contents).
type Event struct {
	ID, Name, Source string // "AssumeRole", "sts.amazonaws.com"
	Time             time.Time
	Code             string // errorCode
	Region           string
	Account          string // recipientAccountId
	// ExternalID and TagKeys are what the call sent; Parameters tells whether the
	// event shows them at all.
	ExternalID string
	TagKeys    []string
	Parameters bool
	VPCEndpoint,
	VPCEndpointAccount string
}

// Clue is one refusal, or one symptom of one, that was found in a text.
type Clue struct {
	Denial  *Denial  // nil where AWS's own words are not in the text
	Symptom *Symptom // nil where the text has no known one
	Facts
	Text  string // the words that gave it away, on one line
	Line  int    // where it begins in the text, from 1; 0 for an event
	Count int    // how often the text has it
}

// Facts are names that stand beside a refusal. They are taken from free text, so
// that one that fits nothing else says nothing.
type Facts struct {
	Databases []string // names of databases of Teleport's
	Users     []string // logins
	Roles     []string // ARNs of roles that Teleport names
	// Around is the whole of the log entry, by which a database's endpoint or id
	// is found; at most aroundLimit bytes.
	Around string
}

// Reading is what a text tells.
type Reading struct {
	Clues  []Clue // in the order in which they are first met
	Events int    // CloudTrail events that were read
	// Succeeded and Failed count the events of calls that were not refused: that
	// went well, and that failed for another reason.
	Succeeded, Failed int
	// Left is how many further clues were not kept.
	Left int

	table []*Symptom
}
