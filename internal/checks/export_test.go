package checks

import "github.com/iamcheck/iamcheck/internal/policy"

// SuppressedPaths are the escalation paths whose actions an identity's statements
// all take in and that are not walkable, each with what suppresses it.
func SuppressedPaths(in Input, principal string) map[string]string {
	a := &audit{in: in, takenAt: in.Now, held: map[string]*held{}}
	a.judgeAll()
	p := &Pass{audit: a, check: privilegeEscalation()}
	out := map[string]string{}
	for _, s := range p.subjects() {
		if s.arn != principal {
			continue
		}
		for _, w := range p.walks(s) {
			if w.by != "" {
				out[w.path.id] = w.by
			}
		}
	}
	return out
}

// PathActions are the actions of every path, by its id, without those that
// self-escalation and assume-any-role speak of.
func PathActions() map[string][]string {
	out := map[string][]string{}
	for _, path := range escalations {
		if path.kind != editsSelf && path.id != "sts-001" {
			out[path.id] = path.actions
		}
	}
	return out
}

// RunLimited is Run with the budget of one question where Run has that of many.
func RunLimited(in Input) *Report {
	a := &audit{in: in, takenAt: in.Now, held: map[string]*held{}, questions: policy.NewBudgetFor(1)}
	common := policy.NewBudgetFor(1)
	for _, s := range (&Pass{audit: a}).subjects() {
		s.common, s.own = common, common.Portion(2)
	}
	a.judgeAll()
	a.runChecks(All())
	return a.report()
}
