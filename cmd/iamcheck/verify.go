package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/iamcheck/iamcheck/internal/awsread"
	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// verifyFlag asks AWS for a second opinion.
func verifyFlag() cli.Flag {
	return boolFlag("verify-with-aws", "", "ask AWS's policy simulator too, and report where it disagrees")
}

const simulate = "iam:SimulatePrincipalPolicy"

// maxSimulations bounds the calls of one run, and maxActions what one call asks.
const (
	maxSimulations = 300
	maxActions     = 20
)

// checkVerify refuses --verify-with-aws where there is no AWS to ask.
func checkVerify(c *cli.Context) error {
	if c.Bool("verify-with-aws") && len(c.StringSlice("snapshot")) > 0 {
		return usage("--verify-with-aws asks about the live account, and --snapshot judges a saved one\nhint: leave out one of them")
	}
	return nil
}

// verify compares the report's verdicts with what AWS's simulator says. Each
// disagreement, and whatever was not asked or answered, is added to the report's
// gaps: the run can't be trusted to have decided right.
func (p *program) verify(c *cli.Context, in checks.Input, r *checks.Report) error {
	questions := checks.Simulations(in, r)
	calls := simulationCalls(questions)
	if left := len(calls) - maxSimulations; left > 0 {
		calls = calls[:maxSimulations:maxSimulations]
		r.AddGaps(checks.Gap{
			Operation: simulate, Subject: calls[0].Principal, InChain: true,
			Error: fmt.Sprintf("%d calls of the simulator were left out; a run makes up to %d", left, maxSimulations),
		})
	}
	if len(calls) == 0 {
		p.say(c, "nothing was asked of AWS's simulator: no verdict is about identity policies of an account that was read")
		return nil
	}
	ctx, cancel := context.WithTimeout(c.Context, c.Duration("timeout"))
	defer cancel()
	o := awsread.Options{Profile: c.String("profile"), Region: c.String("region")}
	answers, gaps, err := awsread.Simulate(ctx, o, calls)
	switch {
	case errors.Is(c.Err(), context.Canceled):
		return &exitError{exitInterrupted, ""}
	case err != nil && answers == nil:
		return unreadable(err)
	}
	for _, g := range gaps {
		r.AddGaps(checks.Gap{Operation: g.Operation, Subject: g.Subject, Error: g.Error, InChain: true})
	}
	p.compare(c, questions, calls, answers, r)
	return nil
}

// simulationCalls puts the questions that differ in their action alone into one
// call.
func simulationCalls(questions []checks.Simulation) []awsread.Simulation {
	var calls []awsread.Simulation
	for i := range questions {
		q := &questions[i]
		at := slices.IndexFunc(calls, func(s awsread.Simulation) bool { return len(s.Actions) < maxActions && asksAlike(&s, q) })
		if at >= 0 {
			calls[at].Actions = append(calls[at].Actions, q.Action)
			continue
		}
		s := awsread.Simulation{Principal: q.Principal, Actions: []string{q.Action}, Resource: q.Resource}
		for _, k := range q.Context {
			s.Context = append(s.Context, awsread.ContextKey(k))
		}
		calls = append(calls, s)
	}
	return calls
}

// asksAlike tells whether a question fits a call.
func asksAlike(s *awsread.Simulation, q *checks.Simulation) bool {
	return s.Principal == q.Principal && s.Resource == q.Resource && !slices.Contains(s.Actions, q.Action) &&
		slices.EqualFunc(s.Context, q.Context, func(a awsread.ContextKey, b checks.SimulationKey) bool {
			return a.Name == b.Name && a.Multi == b.Multi && slices.Equal(a.Values, b.Values)
		})
}

// compare reports every answer of AWS that is not iamcheck's.
func (p *program) compare(c *cli.Context, questions []checks.Simulation, calls []awsread.Simulation, answers [][]awsread.Simulated, r *checks.Report) {
	asked, differ := 0, 0
	for i := range questions {
		q := &questions[i]
		answer, ok := answerTo(q, calls, answers)
		if !ok {
			continue
		}
		asked++
		if (answer.Decision == policy.Allowed) == (q.Decision == policy.Allowed) {
			continue
		}
		differ++
		g := checks.Gap{Operation: simulate, Subject: q.Principal, Error: disagreement(q, answer), InChain: true}
		r.AddGaps(g)
		p.complain(fmt.Sprintf("%s: %s", g.Subject, g.Error))
	}
	if differ == 0 {
		p.say(c, fmt.Sprintf("AWS's simulator was asked about %d permissions and agrees", asked))
		return
	}
	p.complain(fmt.Sprintf("AWS's simulator was asked about %d permissions and disagrees about %d", asked, differ))
}

// answerTo finds the answer to a question; false where there is none.
func answerTo(q *checks.Simulation, calls []awsread.Simulation, answers [][]awsread.Simulated) (awsread.Simulated, bool) {
	for i := range calls {
		one := calls[i]
		at := slices.Index(one.Actions, q.Action)
		if at < 0 {
			continue
		}
		one.Actions = nil
		if asksAlike(&one, q) {
			return answers[i][at], answers[i][at].Decision != policy.Undecided
		}
	}
	return awsread.Simulated{}, false
}

// disagreement is one sentence.
func disagreement(q *checks.Simulation, answer awsread.Simulated) string {
	what := fmt.Sprintf("AWS's simulator disagrees: %s on %s is %s there, and %s here", q.Action, q.Resource, answer.Decision, q.Decision)
	if answer.ByOrganization && q.Decision == policy.Allowed {
		what += "; the organization's SCPs deny it, which --org reads"
	}
	return what
}

// say is remark, unless --quiet.
func (p *program) say(c *cli.Context, message string) {
	if !c.Bool("quiet") {
		p.remark(message)
	}
}
