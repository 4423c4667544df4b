package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/awsfake"
	"github.com/iamcheck/iamcheck/internal/awsread"
	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// Over the whole corpus, what is asked of the simulator can be asked: a simulator
// that has the account, and of the request nothing but what it is told, comes to
// the decisions of the audit.
func TestVerifyAgreesOnTheCorpus(t *testing.T) {
	asked, granted, hops := 0, 0, 0
	for _, name := range fixtureNames(t, fixturesDir) {
		in, report, ok := auditedCase(t, filepath.Join(fixturesDir, name))
		if !ok {
			continue
		}
		questions := checks.Simulations(in, report)
		for _, s := range in.Accounts {
			mine := slices.DeleteFunc(slices.Clone(questions), func(q checks.Simulation) bool { return !strings.Contains(q.Principal, ":"+s.Account+":") })
			if len(mine) == 0 {
				continue
			}
			calls := simulationCalls(mine)
			answers := simulateAt(t, s, calls)
			for i := range mine {
				q := &mine[i]
				answer, ok := answerTo(q, calls, answers)
				if !ok || (answer.Decision == policy.Allowed) != (q.Decision == policy.Allowed) {
					t.Errorf("%s: %s of %s on %s: %v, want %v", name, q.Action, q.Principal, q.Resource, answer.Decision, q.Decision)
				}
				if policy.HasWildcard(q.Resource) && q.Resource != "*" {
					t.Errorf("%s: the simulator is asked about a pattern, %s", name, q.Resource)
				}
				asked++
				if q.Decision == policy.Allowed {
					granted++
				}
				if q.Action == "sts:AssumeRole" {
					hops++
				}
			}
		}
	}
	t.Logf("%d questions, %d of them allowed, %d about hops", asked, granted, hops)
	if asked < 200 || granted < 100 || granted == asked || hops == 0 {
		t.Errorf("%d questions, %d of them allowed, %d about hops: the corpus does not try enough", asked, granted, hops)
	}
}

func simulateAt(t *testing.T, s *account.Snapshot, calls []awsread.Simulation) [][]awsread.Simulated {
	t.Helper()
	server := awsfake.New(t, s)
	server.Setenv(t)
	answers, gaps, err := awsread.Simulate(t.Context(), awsread.Options{MaxBackoff: time.Millisecond}, calls)
	if err != nil || len(gaps) != 0 {
		t.Fatalf("gaps %v, error %v", gaps, err)
	}
	return answers
}

// auditedCase audits a case that has a configuration file.
func auditedCase(t *testing.T, dir string) (checks.Input, *checks.Report, bool) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, defaultConfig))
	if err != nil {
		return checks.Input{}, nil, false
	}
	target, err := config.Load(filepath.Join(dir, defaultConfig), text, os.ReadFile)
	if err != nil {
		return checks.Input{}, nil, false // a case of a wrong configuration
	}
	files, err := filepath.Glob(filepath.Join(dir, "snapshot*.json"))
	if err != nil {
		t.Fatal(err)
	}
	p := &program{now: time.Now}
	accounts, err := p.snapshots(files)
	if err != nil || checks.Resolve(target, accounts) != nil {
		return checks.Input{}, nil, false
	}
	requirements, identities, err := expected.For(target, defaults(accounts))
	if err != nil || len(requirements) == 0 {
		return checks.Input{}, nil, false
	}
	in := checks.Input{
		Target: target, Accounts: accounts, Requirements: requirements, Identities: identities,
		Source: checks.Source{Kind: "snapshot", TakenAt: latest(accounts)}, Now: p.now(),
	}
	return in, checks.Run(in), true
}

// Questions that differ in their action alone go into one call, and no answer is
// given to another question.
func TestSimulationCalls(t *testing.T) {
	key := []checks.SimulationKey{{Name: "aws:requestedregion", Values: []string{"us-east-1"}}}
	questions := []checks.Simulation{
		{Principal: "a", Action: "rds:A", Resource: "*"},
		{Principal: "a", Action: "rds:B", Resource: "*"},
		{Principal: "a", Action: "rds:A", Resource: "*", Context: key},
		{Principal: "b", Action: "rds:A", Resource: "*"},
		{Principal: "a", Action: "rds:A", Resource: "x"},
	}
	calls := simulationCalls(questions)
	if len(calls) != 4 || !slices.Equal(calls[0].Actions, []string{"rds:A", "rds:B"}) {
		t.Fatalf("calls %+v", calls)
	}
	answers := [][]awsread.Simulated{{{Decision: policy.Allowed}, {Decision: policy.ImplicitlyDenied}}, {{Decision: policy.ExplicitlyDenied}}, {{}}, {{Decision: policy.Allowed}}}
	want := []policy.Decision{policy.Allowed, policy.ImplicitlyDenied, policy.ExplicitlyDenied, policy.Undecided, policy.Allowed}
	for i := range questions {
		if got, ok := answerTo(&questions[i], calls, answers); got.Decision != want[i] || ok != (want[i] != policy.Undecided) {
			t.Errorf("question %d: %v, %v; want %v", i, got.Decision, ok, want[i])
		}
	}
	var many []checks.Simulation
	for i := range 45 {
		many = append(many, checks.Simulation{Principal: "a", Action: "rds:" + strings.Repeat("x", i+1), Resource: "*"})
	}
	if n := len(simulationCalls(many)); n != 3 {
		t.Errorf("%d calls for 45 actions, want 3", n)
	}
}
