package checks

import (
	"cmp"
	"slices"

	"github.com/iamcheck/iamcheck/internal/iamdata"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// report assembles what the run found, in the order that every format keeps:
// requirements as the configuration has them, findings by weight.
func (a *audit) report() *Report {
	slices.SortStableFunc(a.findings, compareFindings)
	return &Report{
		Source:       a.in.Source,
		Scope:        a.scope(),
		Requirements: a.verdicts,
		Findings:     a.findings,
		Gaps:         a.gaps(),
		Notes:        slices.Concat(a.in.Target.Notes, a.notes),
	}
}

func compareFindings(a, b Finding) int {
	return cmp.Or(
		-cmp.Compare(a.Severity, b.Severity),
		cmp.Compare(b.Outcome, a.Outcome)*-1,
		cmp.Compare(a.Principal, b.Principal),
		cmp.Compare(a.Check, b.Check),
		cmp.Compare(a.Policy, b.Policy),
		cmp.Compare(a.Statement, b.Statement),
		slices.Compare(a.Requirements, b.Requirements),
		slices.Compare(a.Actions, b.Actions),
		slices.Compare(a.Resources, b.Resources),
		cmp.Compare(a.Message, b.Message),
	)
}

// scope says which layers were looked at. Session policies are never known from
// IAM data; an organization's layers are evaluated where the picture has them.
func (a *audit) scope() Scope {
	s := Scope{Data: iamdata.Version()}
	organization := false
	for _, account := range a.in.Accounts {
		s.Accounts = append(s.Accounts, account.Account)
		organization = organization || account.Organization != nil
	}
	s.Accounts = sortedSet(s.Accounts)
	s.Layers = []string{policy.LayerIdentity.String(), policy.LayerBoundary.String(), policy.LayerTrust.String()}
	outside := []string{policy.LayerSCP.String(), policy.LayerRCP.String()}
	if organization {
		s.Layers, outside = append(s.Layers, outside...), nil
	}
	s.NotEvaluated = slices.Concat(outside, []string{policy.LayerSession.String()})
	return s
}

// gaps are those of the chains that were asked for, which make the run
// incomplete, and those of the rest of the accounts, which do not.
func (a *audit) gaps() []Gap {
	seen := map[Gap]bool{}
	var out []Gap
	add := func(g Gap) {
		other := g
		other.InChain = !g.InChain
		if !seen[g] && !seen[other] {
			seen[g] = true
			out = append(out, g)
		}
	}
	for _, arn := range sortedKeys(a.held) {
		h := a.held[arn]
		for _, g := range h.gaps {
			add(Gap{Operation: g.Operation, Subject: g.Subject, Error: g.Error, InChain: true})
		}
		if h.presence == unread && len(h.gaps) == 0 {
			add(a.unreadGap(arn))
		}
	}
	for _, g := range a.cutShort() {
		add(g)
	}
	for _, s := range a.in.Accounts {
		for _, g := range s.Gaps {
			add(Gap{Operation: g.Operation, Subject: g.Subject, Error: g.Error})
		}
	}
	slices.SortFunc(out, func(a, b Gap) int {
		return cmp.Or(cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Operation, b.Operation), cmp.Compare(a.Error, b.Error))
	})
	return out
}

// unreadGap is the gap that an identity leaves whose account, or which itself,
// was not read.
func (a *audit) unreadGap(arn string) Gap {
	g := Gap{Operation: "iam:GetRole", Subject: arn, Error: "the account was not read", InChain: true}
	caller, err := policy.ParseCaller(arn)
	if err != nil {
		g.Error = "not the ARN of a role or user"
		return g
	}
	if caller.Kind == policy.CallerUser {
		g.Operation = "iam:GetUser"
	}
	if s := a.in.Accounts.Account(caller.Account); s != nil {
		g.Error = "not read"
		for _, known := range s.GapsOf(arn) {
			if known.Operation == g.Operation {
				g.Error = known.Error
			}
		}
	}
	return g
}

// Complete tells whether the run could see and decide all that was asked for.
func (r *Report) Complete() bool {
	for i := range r.Findings {
		if r.Findings[i].Outcome == Unknown && r.Findings[i].Suppressed == nil {
			return false
		}
	}
	for _, g := range r.Gaps {
		if g.InChain {
			return false
		}
	}
	for i := range r.Requirements {
		if v := &r.Requirements[i]; (v.Status == Conditional || v.Status == Undecided) && !r.setAside(v) {
			return false
		}
	}
	return true
}

// Fails tells whether a finding at or above a severity is certain and not set
// aside.
func (r *Report) Fails(at Severity) bool {
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Outcome == Fail && f.Severity >= at && f.Suppressed == nil {
			return true
		}
	}
	return false
}

// ParseSeverity reads a severity's word; false where it is none.
func ParseSeverity(word string) (Severity, bool) {
	for s := Info; s <= Critical; s++ {
		if s.String() == word {
			return s, true
		}
	}
	return Info, false
}
