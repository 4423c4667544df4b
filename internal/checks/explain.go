package checks

import (
	"slices"

	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// ExplainInput is what Explain is asked.
type ExplainInput struct {
	// Input names the agents and databases; its Requirements and Identities are
	// derived. Target may be nil: then only what a refusal itself names is judged.
	Input
	Defaults expected.Defaults
	// Reading is what a message, a log or events tell; nil where there is none.
	Reading *Reading
	// Asked narrows the databases to those that were asked for by name or login,
	// so that they are told of though all is right.
	Asked bool
}

// Explanation says why connections fail.
type Explanation struct {
	Source  Source
	Scope   Scope
	Reading *Reading
	Stories []Story
	// Sound are the databases that were looked at and have no story, since all is
	// right with them.
	Sound []string
	Gaps  []Gap
	Notes []config.Note
}

// Ending is how a story ends.
type Ending string

// The endings.
const (
	EndsBroken    Ending = "broken"    // a link that must hold does not
	EndsSound     Ending = "sound"     // every link holds
	EndsUndecided Ending = "undecided" // it could not be decided
	EndsNotIAM    Ending = "not-iam"   // the symptom is none of IAM's, and nothing of IAM's is broken
)

// Story is one failure, or one database, explained.
type Story struct {
	Clue  *Clue  // nil where no message was given
	Chain *Chain // nil where no database is known
	// Also are further databases of which the same is true.
	Also []string

	Ending Ending
	Cause  *Link   // the first link that breaks, or, of an EndsUndecided story, is open
	Next   []*Link // others that break, or are open, in their order
	// Answer is what iamcheck decides about the call that the message is about;
	// nil where the chain answers it, or nobody can.
	Answer *Answer
	// Compared says how the refusal and the present decision go together.
	Compared Comparison
	// Instead are things to look at besides IAM, Remarks what else is worth
	// knowing; sentences without final period.
	Instead, Remarks []string
}

// explainer is one run of Explain.
type explainer struct {
	ExplainInput
	audit  *audit
	chains []*Chain
}

// Explain explains the refusals of a reading, or, without one, the databases of
// the target that are not all right.
func Explain(in ExplainInput) (*Explanation, error) {
	e := &explainer{ExplainInput: in}
	if e.Target == nil {
		e.Target = &config.Target{}
	}
	report, err := e.judge()
	if err != nil {
		return nil, err
	}
	out := &Explanation{Source: report.Source, Scope: report.Scope, Reading: in.Reading, Notes: report.Notes}
	if in.Reading != nil {
		for i := range in.Reading.Clues {
			out.Stories = append(out.Stories, e.tell(&in.Reading.Clues[i])...)
		}
	} else {
		for _, c := range e.chains {
			if s := e.story(nil, c, nil); e.Asked || s.Ending != EndsSound {
				out.Stories = append(out.Stories, s)
			} else {
				out.Sound = append(out.Sound, c.Name)
			}
		}
	}
	for _, g := range report.Gaps {
		if g.InChain {
			out.Gaps = append(out.Gaps, g)
		}
	}
	return out, nil
}

// judge judges every chain of the target as one audit.
func (e *explainer) judge() (*Report, error) {
	type part struct {
		db    config.Database
		agent string
		count int
	}
	var parts []part
	for _, one := range single(e.Target) {
		agent := &one.Agents[0]
		requirements, _, err := expected.For(&one, e.Defaults)
		if err != nil {
			return nil, err
		}
		p := part{agent: agent.ARN, count: len(requirements)}
		if len(agent.Databases) > 0 {
			p.db = agent.Databases[0]
		} else {
			p.db = config.Database{Name: "discovery", Discovered: true, Position: agent.Position}
		}
		parts = append(parts, p)
		e.Requirements = append(e.Requirements, requirements...)
	}
	var err error
	if _, e.Identities, err = expected.For(e.Target, e.Defaults); err != nil {
		return nil, err
	}
	a := &audit{in: e.Input, takenAt: e.Source.TakenAt, held: map[string]*held{}}
	if a.takenAt.IsZero() {
		a.takenAt = e.Now
	}
	a.judgeAll()
	a.runChecks(All())
	report := a.report()
	e.audit = a
	at := 0
	for i := range parts {
		p := &parts[i]
		c := a.newChain(&p.db, p.agent, a.verdicts[at:at+p.count])
		c.attach(report.Findings)
		e.chains, at = append(e.chains, c), at+p.count
	}
	return report, nil
}

// single cuts a target into targets of one agent and one database or matcher.
func single(t *config.Target) []config.Target {
	var out []config.Target
	for _, agent := range t.Agents {
		for i := range agent.Databases {
			one := agent
			one.Databases, one.Discovery = agent.Databases[i:i+1:i+1], nil
			out = append(out, config.Target{Agents: []config.Agent{one}})
		}
		if agent.Discovery == nil {
			continue
		}
		for i := range agent.Discovery.Matchers {
			one := agent
			one.Databases, one.Discovery = nil, &config.Discovery{Matchers: agent.Discovery.Matchers[i : i+1 : i+1]}
			out = append(out, config.Target{Agents: []config.Agent{one}})
		}
	}
	return out
}

// story tells of one chain; meant are its links that the clue is about.
func (e *explainer) story(clue *Clue, c *Chain, meant []*Link) Story {
	s := Story{Clue: clue, Chain: c, Ending: EndsSound}
	var symptom *Symptom
	if clue != nil {
		symptom = clue.Symptom
	}
	// What is only recommended matters where the message is about it.
	breaks := pick(c.links, func(l *Link) bool { return l.Breaks() || l.Weak() && slices.Contains(meant, l) })
	open := pick(c.links, (*Link).Open)
	switch {
	case len(breaks) > 0:
		s.Ending, s.Cause = EndsBroken, likeliest(breaks, meant, symptom)
	case len(open) > 0:
		s.Ending, s.Cause = EndsUndecided, likeliest(open, meant, symptom)
	case symptom != nil && symptom.IAM == Never:
		s.Ending = EndsNotIAM
	}
	for _, l := range slices.Concat(breaks, open, pick(c.links, (*Link).Weak)) {
		if l != s.Cause && !slices.Contains(s.Next, l) && !sameCause(l, s.Cause) && !slices.ContainsFunc(s.Next, func(n *Link) bool { return sameCause(n, l) }) {
			s.Next = append(s.Next, l)
		}
	}
	s.instead(symptom)
	return s
}

func pick(links []*Link, is func(*Link) bool) []*Link {
	var out []*Link
	for _, l := range links {
		if is(l) {
			out = append(out, l)
		}
	}
	return out
}

// likeliest is the link that a message is about, else the first that its symptom
// points to, else the first of all.
func likeliest(links, meant []*Link, symptom *Symptom) *Link {
	for _, l := range links {
		if slices.Contains(meant, l) {
			return l
		}
	}
	if symptom != nil {
		for _, id := range symptom.Requirements {
			for _, l := range links {
				if l.ID == id {
					return l
				}
			}
		}
	}
	return links[0]
}

// sameCause tells whether one finding speaks for two links.
func sameCause(a, b *Link) bool {
	return a != nil && b != nil && len(a.Findings) > 0 && len(b.Findings) > 0 && a.Findings[0] == b.Findings[0]
}

// instead lists what to look at besides IAM.
func (s *Story) instead(symptom *Symptom) {
	switch {
	case symptom != nil:
		s.Instead = symptom.Instead
	case s.Ending == EndsSound && s.Chain.Database.Type != "":
		s.Instead = besides(s.Chain.Database.Type, s.Chain.Database.Protocol)
	}
}

// denied tells whether a decision is one of both denials.
func denied(d policy.Decision) bool {
	return d == policy.ImplicitlyDenied || d == policy.ExplicitlyDenied
}
