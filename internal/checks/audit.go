package checks

import (
	"maps"
	"slices"
	"time"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// Input is what an audit judges.
type Input struct {
	// Target's agents must carry their ARNs (see Resolve).
	Target       *config.Target
	Accounts     account.Accounts
	Requirements []expected.Requirement
	Identities   []expected.Identity
	Source       Source
	// Now stands in for the time at which a picture without one was taken; the
	// zero time leaves the clock unknown.
	Now time.Time
	// Breadth says whether dangerous grants outside the databases' own services
	// are judged; the zero value judges them.
	Breadth Breadth
}

// Run judges every requirement, runs every check and returns the sorted report.
func Run(in Input) *Report {
	a := &audit{in: in, takenAt: in.Source.TakenAt, held: map[string]*held{}}
	if a.takenAt.IsZero() {
		a.takenAt = in.Now
	}
	a.judgeAll()
	a.runChecks(All())
	a.suppress()
	return a.report()
}

// audit is one run: its input, the verdicts, and what the checks found.
type audit struct {
	in       Input
	takenAt  time.Time
	held     map[string]*held // by the ARN of the principal
	verdicts []RequirementVerdict
	claimed  map[claim]bool
	subjects []*subject // made once they are asked for
	spoken   map[grantClaim]bool
	findings []Finding
	notes    []config.Note // on suppressions
	lookups  lookups

	evaluator policy.Evaluator
	questions *policy.Budget // of the requirements
	pending   int            // requirements that are still to be judged
	answers   map[string]*policy.Verdict
}

// presence tells whether an identity that the configuration names is there.
type presence uint8

const (
	unread presence = iota // its account, or the identity, was not read
	absent                 // its account was read, and it is not there
	present
)

// held is what a principal holds: its policies as layers, its trust policy where
// it is a role, and what of that could not be read.
type held struct {
	presence presence
	layers   policy.Policies
	trust    policy.Source
	gaps     []account.Gap
}

// holder returns what a principal holds; it is read once per principal.
func (a *audit) holder(arn string) *held {
	if h, ok := a.held[arn]; ok {
		return h
	}
	h := &held{presence: a.presence(arn)}
	a.held[arn] = h
	if h.presence != present {
		return h
	}
	h.layers, h.gaps = a.in.Accounts.Policies(arn)
	if role := a.in.Accounts.RoleByARN(arn); role != nil {
		trust, gaps := a.in.Accounts.Trust(role)
		h.trust, h.gaps = trust, append(h.gaps, gaps...)
	}
	if caller, err := policy.ParseCaller(arn); err == nil {
		rcps, gaps := a.in.Accounts.RCPs(caller.Account)
		h.layers.RCPs, h.gaps = rcps, append(h.gaps, gaps...)
	}
	return h
}

func (a *audit) presence(arn string) presence {
	switch {
	case a.in.Accounts.RoleByARN(arn) != nil || a.in.Accounts.UserByARN(arn) != nil:
		return present
	case a.in.Accounts.Absent(arn):
		return absent
	default:
		return unread
	}
}

func sortedKeys[V any](m map[string]V) []string {
	return slices.Sorted(maps.Keys(m))
}
