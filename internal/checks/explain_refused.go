package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// refused tells of a call that AWS refused: of the chain that makes the call,
// else of the call alone.
func (e *explainer) refused(clue *Clue, named []*Chain) Story {
	d := clue.Denial
	if d.Resource == "" && len(clue.Roles) == 1 && judgedByTrust(d.Action) {
		d.Resource = clue.Roles[0]
	}
	chain, meant, also := makers(named, d)
	if chain == nil {
		chain, meant, also = makers(e.chains, d)
	}
	if chain == nil {
		return e.asked(clue)
	}
	s := e.story(clue, chain, meant)
	s.Also = also
	verdict := worstOf(meant)
	e.compare(&s, d, verdict)
	if s.Cause != nil && !slices.Contains(meant, s.Cause) && verdict.decision == policy.Allowed {
		s.remark("as far as iamcheck sees, the call that the message is about is allowed now; another link of the same chain does not hold")
	}
	if d.Resource == "" && len(also) > 0 && judgedByTrust(d.Action) {
		s.remark("the message does not tell which role was to be assumed; told of is the first hop of this caller that does not hold, or may not")
	}
	return s
}

// makers are the chains that make a call: the first of which it breaks, else may
// break, else the first, and the names of the others.
func makers(chains []*Chain, d *Denial) (best *Chain, meant []*Link, also []string) {
	if d.Action == "" {
		return nil, nil, nil
	}
	rank := 3
	var all []*Chain
	for _, c := range chains {
		links := c.about(d)
		if len(links) == 0 {
			continue
		}
		all = append(all, c)
		mine := 2
		switch {
		case slices.ContainsFunc(links, (*Link).fails):
			mine = 0
		case slices.ContainsFunc(links, (*Link).Open):
			mine = 1
		}
		if mine < rank {
			best, meant, rank = c, links, mine
		}
	}
	for _, c := range all {
		if c != best && !slices.Contains(also, c.Name) {
			also = append(also, c.Name)
		}
	}
	return best, meant, also
}

func (s *Story) remark(format string, args ...any) {
	s.Remarks = append(s.Remarks, fmt.Sprintf(format, args...))
}

// asked puts the question of a refusal that is of no chain: what the picture
// alone tells.
func (e *explainer) asked(clue *Clue) Story {
	s := Story{Clue: clue, Ending: EndsUndecided}
	d := clue.Denial
	if clue.Symptom != nil {
		s.Instead = clue.Symptom.Instead
	}
	e.stranger(&s, d)
	switch {
	case d.Principal == "" || d.Action == "":
		s.remark("the message does not tell %s, so that there is nothing to ask", missingParts(d))
		return s
	case d.Resource == "" && judgedByTrust(d.Action):
		s.remark("the message does not tell which role was to be assumed; a configuration that has the role, or the CloudTrail event, does")
		return s
	}
	q := e.question(d)
	answer, err := Ask(e.Accounts, e.audit.takenAt, q)
	if err != nil {
		s.remark("%s", err)
		if e.Accounts.Absent(identityOf(d.Principal)) || e.Accounts.Absent(d.Resource) {
			s.Ending = EndsBroken
		}
		e.otherPath(&s, d.Resource)
		return s
	}
	s.Answer = answer
	s.Remarks = append(s.Remarks, answer.Notes...)
	verdict := decided{decision: answer.Decision, layers: blocking(answer.Layers), sources: answer.sources, conditions: answer.Conditions}
	if d.Resource == "" && answer.Coverage == policy.CoveragePart {
		verdict.decision = policy.Undecided
		s.remark("the message does not tell the resource, and some are allowed")
	}
	switch {
	case denied(verdict.decision):
		s.Ending = EndsBroken
	case verdict.decision == policy.Allowed:
		s.Ending = EndsSound
	}
	e.compare(&s, d, verdict)
	if clue.Symptom != nil && clue.Symptom.IAM == Never {
		s.Ending = EndsNotIAM // the refusal does no harm
	}
	return s
}

func missingParts(d *Denial) string {
	var parts []string
	for _, p := range []struct{ value, name string }{{d.Principal, "who called"}, {d.Action, "which action was refused"}} {
		if p.value == "" {
			parts = append(parts, p.name)
		}
	}
	return strings.Join(parts, " and ")
}

// question is the one that a refusal answers with no.
func (e *explainer) question(d *Denial) *Question {
	q := &Question{Principal: d.Principal, Action: d.Action, Resource: d.Resource}
	caller, err := policy.ParseCaller(d.Principal)
	if err != nil {
		q.Principal = identityOf(d.Principal) // a session's name that is none: "i-*"
	}
	if q.Resource == "" {
		q.Resource = "*"
	}
	for _, kind := range []string{"user/", "group/", "policy/"} {
		if strings.HasPrefix(q.Resource, kind) && err == nil {
			q.Resource = "arn:" + caller.Partition + ":iam::" + caller.Account + ":" + q.Resource
		}
	}
	if d.Event == nil {
		return q
	}
	if d.Event.Region != "" && strings.Count(q.Resource, ":") < 5 {
		q.Context = append(q.Context, config.ContextKey{Key: "aws:RequestedRegion", Values: []string{d.Event.Region}})
	}
	switch {
	case d.Event.ExternalID != "":
		q.Context = append(q.Context, config.ContextKey{Key: "sts:ExternalId", Values: []string{d.Event.ExternalID}})
	case d.Event.Parameters:
		q.Absent = append(q.Absent, "sts:ExternalId")
	}
	return q
}

// stranger remarks on a caller, or a call, that the configuration does not have.
func (e *explainer) stranger(s *Story, d *Denial) {
	if len(e.chains) == 0 || d.Principal == "" {
		return
	}
	var known, agents []string
	for _, c := range e.chains {
		agents = append(agents, c.Root.ARN)
		for _, l := range c.links {
			if l.Principal == "" {
				continue
			}
			if l.Hop != nil && strings.EqualFold(l.Action, d.Action) && l.Resource == d.Resource && !sameIdentity(l.Principal, d.Principal) {
				s.remark("by the configuration %s is assumed by %s, and not by this caller", l.Resource, l.Principal)
				return
			}
			known = append(known, l.Principal)
		}
	}
	if slices.ContainsFunc(known, func(arn string) bool { return sameIdentity(arn, d.Principal) }) {
		e.needless(s, d)
		return
	}
	s.remark("the caller is none of the identities that the configuration names; its agent is %s: the agent may run as another than it is thought to", list(agents, 3))
}

// needless remarks on a call that no database needs of the caller: some other
// identity may need it, or a feature that the configuration does not name.
func (e *explainer) needless(s *Story, d *Denial) {
	if d.Action == "" {
		return
	}
	for _, c := range e.chains {
		for _, l := range c.links {
			if strings.EqualFold(l.Action, d.Action) && l.Principal != "" && l.Hop == nil && !sameIdentity(l.Principal, d.Principal) {
				s.remark("%s needs %s of %s, and not of this caller", c.Name, d.Action, l.Principal)
				return
			}
		}
	}
	text := fmt.Sprintf("no database of the configuration needs %s of this caller on this resource", d.Action)
	var ids []string
	for _, entry := range expected.Catalogue() {
		if slices.ContainsFunc(entry.Actions, func(a string) bool { return strings.EqualFold(a, d.Action) }) {
			ids = append(ids, entry.ID)
		}
	}
	if len(ids) > 0 && !judgedByTrust(d.Action) {
		text += "; it is for " + list(ids, 4)
	}
	s.Remarks = append(s.Remarks, text)
}

// otherPath remarks on a role that exists below another path than the one that
// was asked for: a login that is a bare name means the path "/".
func (e *explainer) otherPath(s *Story, arn string) {
	caller, err := policy.ParseCaller(arn)
	if err != nil || caller.Kind != policy.CallerRole {
		return
	}
	for _, r := range e.Accounts.RolesByName(caller.Name) {
		if r.ARN != arn && accountOf(r.ARN) == caller.Account {
			_, resource := splitARN(r.ARN)
			s.remark("there is a role %s: as a login it is written %s", r.ARN, resource)
		}
	}
}

// nowhere tells of a clue for which there is no database.
func (e *explainer) nowhere(clue *Clue) Story {
	s := Story{Clue: clue, Ending: EndsUndecided}
	switch {
	case clue.Symptom == nil && clue.Denial != nil && clue.Denial.Encoded != "":
		s.remark("the message is encoded; whoever may call sts:DecodeAuthorizationMessage can read it: " +
			"aws sts decode-authorization-message --encoded-message ...")
	case clue.Symptom == nil && strings.Contains(lowerASCII(clue.Around), wordsEncoded):
		s.remark("the encoded message is not whole: what was cut off cannot be decoded")
	case clue.Symptom == nil:
		s.remark("AWS refused a call and tells neither caller nor action; the CloudTrail event of the call does")
	case clue.Symptom.IAM == Never:
		s.Ending, s.Instead = EndsNotIAM, clue.Symptom.Instead
	default:
		s.Instead = clue.Symptom.Instead
		s.remark("there is no database to look at: a configuration, or --role with --types, tells which there are")
	}
	return s
}
