package checks

import (
	"fmt"
	"slices"

	"github.com/iamcheck/iamcheck/internal/policy"
)

func excessAction() *Check {
	return &Check{
		ID:       "excess-action",
		Title:    "actions are allowed that no configured database needs",
		Severity: High,
		Whole:    true,
		Doc: Doc{
			What: "A statement allows actions of the databases' services, or writes of IAM, that no requirement of this identity names; wildcards are expanded, and what the boundary, a Deny or an SCP takes away is left out. " +
				"The severity is that of the weightiest: permissions management and write high, tagging medium, read and list low. A policy that AWS keeps has one finding for all its statements.",
			Why:      "It is what a stolen session of the agent could do besides its work.",
			Mend:     "Write the statement that the finding carries, or take the statement out.",
			Suppress: "When something else that runs with this identity needs the actions.",
			Sources:  []string{"best-practices", "Service Authorization Reference"},
		},
		Run: runExcessAction,
	}
}

func runExcessAction(p *Pass) {
	for _, s := range p.subjects() {
		done := map[string]bool{}
		for _, a := range s.grants {
			if a.spent() {
				break // the gap tells
			}
			group := []*allowance{a}
			if awsManaged(a.source.Name) {
				if done[a.source.Name] {
					continue
				}
				done[a.source.Name] = true
				group = s.ofPolicy(a.source.Name)
			}
			p.reportExcess(s, group)
		}
	}
}

// ofPolicy are the statements of one policy.
func (s *subject) ofPolicy(name string) []*allowance {
	var out []*allowance
	for _, a := range s.grants {
		if a.source.Name == name {
			out = append(out, a)
		}
	}
	return out
}

// worst is the weightiest of several actions, with what is known of it.
type worst struct {
	severity Severity
	found    policy.Truth
	witness  string
	of       *allowance
}

func (w *worst) take(a *allowance, severity Severity, e policy.Example) {
	if w.of == nil || severity > w.severity || severity == w.severity && w.found != policy.True && e.Found == policy.True {
		w.severity, w.found, w.witness, w.of = severity, e.Found, e.Witness, a
	}
}

func (p *Pass) reportExcess(s *subject, group []*allowance) {
	var excess []string
	var w worst
	take := func(a *allowance, action string) {
		if len(s.needed(action)) > 0 || s.isData(action) || p.Silent(a, action) {
			return
		}
		if e := a.effective(action); e.Found != policy.False {
			excess = append(excess, action)
			w.take(a, weigh(action), e)
			p.Speak(a, action)
		}
	}
	for _, a := range group {
		if p.Silent(a, "") {
			continue
		}
		before := len(excess)
		for _, action := range a.actions() {
			if s.concerns(action) {
				take(a, action)
			}
		}
		if !slices.ContainsFunc(excess[before:], func(action string) bool { return serviceOf(action) == "iam" }) {
			continue
		}
		for _, action := range a.actions() {
			if serviceOf(action) == "iam" { // looking goes with writing
				take(a, action)
			}
		}
	}
	if len(excess) == 0 {
		return
	}
	f := w.of.finding()
	f.Actions, f.Resources, f.Witness = excess, w.of.resources(), w.witness
	f.Fix = w.of.smallest(w.of.without(s, excess))
	f.Message = fmt.Sprintf("%s: %s allowed and not needed (%s)", w.of.where(), list(excess, 4), levels(sortedSet(excess)))
	if len(group) > 1 || awsManaged(w.of.source.Name) {
		f.Statement, f.SID, f.Pointer, f.Line, f.Quote = -1, "", "", 0, ""
		f.Fix = s.detach(w.of.source)
		f.Message = fmt.Sprintf("the AWS managed policy %s allows %s that nothing needs (%s); %s", awsName(w.of.source.Name), plural(len(sortedSet(excess)), "action"), levels(sortedSet(excess)), s.neededOf(group))
	} else if !policy.HasWildcard(f.Witness) && f.Witness != "" && f.Witness != "*" {
		f.Message += "; for example on " + f.Witness
	}
	w.of.temper(&f, w.severity, w.found)
	p.Report(f)
}

// neededOf says what of some statements is needed.
func (s *subject) neededOf(group []*allowance) string {
	var needed []string
	for _, a := range group {
		needed = append(needed, a.neededActions()...)
	}
	if len(needed) == 0 {
		return "nothing of it is"
	}
	return "needed of it: " + list(needed, 6)
}
