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
}

// Run judges every requirement, runs every check and returns the sorted report.
func Run(in Input) *Report {
	a := &audit{in: in, takenAt: in.Source.TakenAt, held: map[string]*held{}}
	if a.takenAt.IsZero() {
		a.takenAt = in.Now
	}
	a.judgeAll()
	a.runChecks(All())
	return a.report()
}

// audit is one run: its input, the verdicts, and what the checks found.
type audit struct {
	in       Input
	takenAt  time.Time
	held     map[string]*held // by the ARN of the principal
	verdicts []RequirementVerdict
	claimed  map[claim]bool
	findings []Finding
}

// presence tells whether an identity that the configuration names is there.
type presence uint8

const (
	unread presence = iota // its account, or the identity, was not read
	absent                 // its account was read, and it is not there
	present
)

// held is what a principal holds: its policies as layers.
type held struct {
	presence presence
	layers   policy.Policies
}

// holder returns what a principal holds; the layers are read once per principal.
func (a *audit) holder(arn string) *held {
	if h, ok := a.held[arn]; ok {
		return h
	}
	h := &held{presence: a.presence(arn)}
	if h.presence == present {
		h.layers = a.in.Accounts.Policies(arn)
	}
	a.held[arn] = h
	return h
}

func (a *audit) presence(arn string) presence {
	caller, err := policy.ParseCaller(arn)
	if err != nil {
		return unread
	}
	s := a.in.Accounts.Account(caller.Account)
	switch {
	case s == nil:
		return unread
	case s.RoleByARN(arn) != nil || s.UserByARN(arn) != nil:
		return present
	case s.IsAbsent(arn):
		return absent
	default:
		return unread
	}
}

func sortedKeys[V any](m map[string]V) []string {
	return slices.Sorted(maps.Keys(m))
}
