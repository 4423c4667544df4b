package awsread

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/awsfake"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// questions about the agent, whose boundary allows rds:Describe* alone.
func questions() []Simulation {
	return []Simulation{
		{Principal: agentARN, Actions: []string{"rds:DescribeDBInstances", "sts:AssumeRole", "s3:GetObject"}, Resource: "*"},
		{Principal: agentARN, Actions: []string{"rds:DescribeDBClusters"}, Resource: "*", Context: []ContextKey{{Name: "aws:SecureTransport", Values: []string{"true"}}, {Name: "aws:TagKeys", Values: []string{"a", "b"}, Multi: true}}},
	}
}

func simulateOptions() Options { return Options{MaxBackoff: time.Millisecond} }

func TestSimulate(t *testing.T) {
	for name, prepare := range map[string]func(*awsfake.Server){
		"whole":     func(*awsfake.Server) {},
		"pages":     func(s *awsfake.Server) { s.PageLimit = 1 },
		"throttled": func(s *awsfake.Server) { s.Fault(awsfake.Fault{Kind: awsfake.Throttle, Action: opSimulate, Times: 4}) },
	} {
		t.Run(name, func(t *testing.T) {
			server := start(t, world())
			prepare(server)
			got, gaps, err := Simulate(t.Context(), simulateOptions(), questions())
			if err != nil || len(gaps) != 0 {
				t.Fatalf("gaps %v, error %v", gaps, err)
			}
			want := [][]policy.Decision{{policy.Allowed, policy.ImplicitlyDenied, policy.ImplicitlyDenied}, {policy.Allowed}}
			for i := range want {
				for j := range want[i] {
					if got[i][j].Decision != want[i][j] {
						t.Errorf("question %d, action %d: %v, want %v", i, j, got[i][j].Decision, want[i][j])
					}
				}
			}
		})
	}
}

// SCPs are the simulator's business whether or not they were read.
func TestSimulateSeesTheOrganization(t *testing.T) {
	start(t, organized())
	got, _, err := Simulate(t.Context(), simulateOptions(), []Simulation{{Principal: userARN, Actions: []string{"rds-db:connect"}, Resource: "*"}})
	if err != nil || !got[0][0].ByOrganization || got[0][0].Decision != policy.ExplicitlyDenied {
		t.Errorf("%+v, error %v", got, err)
	}
}

// What is not answered is undecided and a gap; the others are asked all the same.
func TestSimulateGaps(t *testing.T) {
	both := append(questions(), Simulation{Principal: userARN, Actions: []string{"rds:DescribeDBInstances"}, Resource: "*"})
	tests := []struct {
		name  string
		kind  awsfake.Kind
		error string
		calls int
	}{
		{"refused", awsfake.Denied, "AccessDenied", 1},
		{"no answer in it", awsfake.EmptyBody, codeBroken, bodyAttempts},
		{"cut", awsfake.CutBody, codeBroken, bodyAttempts},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := start(t, world())
			server.Fault(awsfake.Fault{Kind: tt.kind, Action: opSimulate, Resource: agentARN})
			got, gaps, err := Simulate(t.Context(), simulateOptions(), both)
			if err != nil || !slices.Equal(gaps, []account.Gap{{Operation: opSimulate, Subject: agentARN, Error: tt.error}}) {
				t.Fatalf("gaps %v, error %v", gaps, err)
			}
			if got[0][0].Decision != policy.Undecided || got[1][0].Decision != policy.Undecided || got[2][0].Decision != policy.Allowed {
				t.Errorf("answers %v", got)
			}
			if n := server.Count(opSimulate); n != tt.calls+1 {
				t.Errorf("%d calls, want %d: a refusal is not asked for again", n, tt.calls+1)
			}
		})
	}
}

func TestSimulateStops(t *testing.T) {
	server := start(t, world())
	server.Fault(awsfake.Fault{Kind: awsfake.Hang, Action: opSimulate, After: 1})
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	got, gaps, err := Simulate(ctx, simulateOptions(), questions())
	if err == nil || len(gaps) != 1 || gaps[0].Error != codeTimedOut || got[0][0].Decision != policy.Allowed || got[1][0].Decision != policy.Undecided {
		t.Errorf("answers %v, gaps %v, error %v", got, gaps, err)
	}
}
