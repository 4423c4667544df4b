package checks

import (
	"time"

	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// Report is the outcome of an audit. It is sorted once, when it is made;
// writers keep its order.
type Report struct {
	Source       Source
	Scope        Scope
	Requirements []RequirementVerdict
	Findings     []Finding
	Gaps         []Gap
	// Notes are remarks on the configuration that are not findings.
	Notes []config.Note
	// Change is what a plan changes; nil where the report is of none.
	Change *Change
}

// Source says where the account's picture came from.
type Source struct {
	Kind    string    // "live", "snapshot" or "plan"
	TakenAt time.Time // zero where not known, or where --reproducible drops it
}

// Scope says what was looked at.
type Scope struct {
	Accounts     []string
	Layers       []string // evaluated: "identity", "boundary", "trust", "scp", "rcp"
	NotEvaluated []string
	Data         string // name and date of the reference data; "" where none was used
}

// Gap is something that stood in the way of a verdict of this run.
type Gap struct {
	Operation string
	Subject   string
	Error     string
	// InChain: the subject takes part in a chain that was asked for; only such
	// gaps make the run incomplete (design 5.14).
	InChain bool
}

// Status is the verdict on a requirement.
type Status string

// The statuses; the words are fixed by the report's schema. There is no zero
// value: an empty Status is a mistake.
const (
	Granted     Status = "granted"
	Missing     Status = "missing"     // none of the required resources is allowed
	Partial     Status = "partial"     // some are
	Denied      Status = "denied"      // an explicit Deny takes all or part
	Conditional Status = "conditional" // turns on context that is not known
	Undecided   Status = "unknown"     // a layer that could decide it was not readable
	NotNeeded   Status = "not-needed"
)

// RequirementVerdict is one requirement with its verdict.
type RequirementVerdict struct {
	expected.Requirement
	Status     Status
	Layer      policy.Layer
	Because    []policy.Citation
	Witness    string
	Conditions []string
	// Ambiguities name the contradictions in AWS's documentation that a
	// Conditional verdict turns on.
	Ambiguities []string
	// Unread are the policies, or the identities, that stand in the way of an
	// Undecided verdict.
	Unread []policy.Citation
	// Blocks are the layers that deny or do not allow, each on its own, in the
	// order in which they are mended.
	Blocks []policy.LayerVerdict
	// OtherPartition: holder and resource are in different partitions, so that
	// no policy can help.
	OtherPartition bool
	// Explanation replaces Requirement.Reason in reports where the verdict
	// itself has something to say (the omission rule, an ambiguity).
	Explanation string
}

// Severity orders findings.
type Severity uint8

// The severities, ascending. Info is the zero value.
const (
	Info Severity = iota
	Low
	Medium
	High
	Critical
)

// String returns the lower-case word.
func (s Severity) String() string {
	return [...]string{"info", "low", "medium", "high", "critical"}[s]
}

// Outcome tells a finding that is certain from one that could not be decided.
type Outcome string

// The outcomes. Only Fail counts for exit code 1; Unknown makes a run
// incomplete.
const (
	Fail    Outcome = "fail"
	Unknown Outcome = "unknown"
)

// Finding is one cause, with everything that it spoils listed inside.
type Finding struct {
	Check    string // id of the check; stamped by the engine
	Severity Severity
	// Graded: the check set Severity itself, away from its default.
	Graded       bool
	Outcome      Outcome
	Principal    string // ARN whose policies are at fault
	Databases    []string
	Requirements []string // ids
	Layer        policy.Layer
	Citation     // the blamed statement; Policy "" where none is to blame
	Actions      []string
	Resources    []string
	Witness      string
	Message      string // one sentence, no final period
	Quote        string // the blamed statement's text, "" where there is none
	Fix          *Fix
	Fingerprint  string // stamped by the engine
	Suppressed   *Suppressed
	// Position is the configuration line that declares the database or role.
	Position config.Position
}

// Citation is policy.Citation, embedded under a name of its own.
type Citation = policy.Citation

// Fix is text that mends a finding.
type Fix struct {
	// Kind is "add-statement", "replace-statement", "remove-statement",
	// "edit-trust", "edit-boundary", "edit-configuration" or "none".
	Kind string
	// Document is the JSON to add or put in place: a statement or a policy.
	Document []byte
	// Note says what to do where no text can do it.
	Note string

	resources []string // of Document, while a check still adds to it
}

// Suppressed says who set a finding aside and why.
type Suppressed struct {
	Reason  string
	Expires string
}
