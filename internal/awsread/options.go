package awsread

import "time"

// FewEntities is the number of roles and users up to which each is read with
// calls of its own. Beyond it, one GetAccountAuthorizationDetails is cheaper: a
// role costs four calls and more, a page of an account up to a thousand
// entities none. Below it single calls disclose less and need fewer rights.
const FewEntities = 15

// Options say what to read, as whom and how. The zero value reads nothing.
type Options struct {
	// Profile is a profile of the shared AWS configuration; "" leaves the
	// choice to the SDK (AWS_PROFILE, the environment, "default").
	Profile string
	// Region picks the partition (IAM itself is global); "" leaves the choice
	// to the SDK. Where that has none, the partition of the ARNs in Roles and
	// Users decides, else us-east-1, and Warn says so.
	Region string

	// Roles and Users are the entities that are needed: names, path/names or
	// ARNs. Duplicates are read once. ARNs of other accounts than the
	// caller's are left out of the reading without a gap: that their account
	// was not read tells the same.
	Roles []string
	Users []string
	// All reads the whole account. Roles and Users are then what must be read
	// with single calls if the whole account is refused or breaks off.
	All bool
	// Organization reads the SCPs and RCPs above the account too.
	Organization bool
	// Verify says for Permissions and Diagnose that AWS's simulator will be
	// asked; Read does not ask it.
	Verify bool
	// Decode says the same of encoded refusals.
	Decode bool

	// Now is stored as the Snapshot's TakenAt.
	Now time.Time
	// Progress is called after each entity (or page of entities) with how many
	// were read and how many are known to be needed; known grows on the way
	// and is 0 where it is not known. Calls do not overlap. May be nil.
	Progress func(done, known int)
	// Warn gets remarks for the reader's eyes (an assumed region), one
	// sentence without a final period. It is called before reading begins.
	// May be nil.
	Warn func(message string)

	// Concurrency bounds the calls in flight; 0 means 8. AWS meters IAM per
	// account, so more of them buys throttling.
	Concurrency int
	// MaxBackoff bounds the pause before a retry; 0 means the SDK's 20 s.
	MaxBackoff time.Duration
}

func (o Options) concurrency() int {
	if o.Concurrency > 0 {
		return o.Concurrency
	}
	return 8
}

func (o Options) warn(message string) {
	if o.Warn != nil {
		o.Warn(message)
	}
}
