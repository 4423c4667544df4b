package awsread

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/awsfake"
)

const (
	truncated = "the answer is truncated and does not say where it goes on"
	again     = "the same page came again"
	undecoded = "the policy document could not be decoded"
)

// A fault that lasts leaves a gap about the entity it hit, and nothing else
// changes: without the gap's entity the rest reads as ever.
func TestLastingFaults(t *testing.T) {
	tests := []struct {
		name  string
		fault awsfake.Fault
		want  account.Gap
	}{
		{"role refused", awsfake.Fault{Kind: awsfake.Denied, Action: opGetRole, Resource: agentARN}, account.Gap{Operation: opGetRole, Subject: agentARN, Error: "AccessDenied"}},
		{"role list refused", awsfake.Fault{Kind: awsfake.Denied, Action: opListRolePolicies, Resource: agentARN}, account.Gap{Operation: opListRolePolicies, Subject: agentARN, Error: "AccessDenied"}},
		{"inline refused", awsfake.Fault{Kind: awsfake.Denied, Action: opGetRolePolicy, Resource: agentARN}, account.Gap{Operation: opGetRolePolicy, Subject: agentARN, Error: "AccessDenied"}},
		{"attached refused", awsfake.Fault{Kind: awsfake.Denied, Action: opListAttachedRolePolicies, Resource: agentARN}, account.Gap{Operation: opListAttachedRolePolicies, Subject: agentARN, Error: "AccessDenied"}},
		{"policy refused", awsfake.Fault{Kind: awsfake.Denied, Action: opGetPolicy, Resource: localARN}, account.Gap{Operation: opGetPolicy, Subject: localARN, Error: "AccessDenied"}},
		{"version refused", awsfake.Fault{Kind: awsfake.Denied, Action: opGetPolicyVersion, Resource: localARN}, account.Gap{Operation: opGetPolicyVersion, Subject: localARN, Error: "AccessDenied"}},
		{"boundary refused", awsfake.Fault{Kind: awsfake.Denied, Action: opGetPolicy, Resource: boundaryARN}, account.Gap{Operation: opGetPolicy, Subject: boundaryARN, Error: "AccessDenied"}},
		{"user refused", awsfake.Fault{Kind: awsfake.Denied, Action: opGetUser}, account.Gap{Operation: opGetUser, Subject: userARN, Error: "AccessDenied"}},
		{"user list refused", awsfake.Fault{Kind: awsfake.Denied, Action: opListUserPolicies}, account.Gap{Operation: opListUserPolicies, Subject: userARN, Error: "AccessDenied"}},
		{"user's inline refused", awsfake.Fault{Kind: awsfake.Denied, Action: opGetUserPolicy}, account.Gap{Operation: opGetUserPolicy, Subject: userARN, Error: "AccessDenied"}},
		{"user's attached refused", awsfake.Fault{Kind: awsfake.Denied, Action: opListAttachedUserPolicies}, account.Gap{Operation: opListAttachedUserPolicies, Subject: userARN, Error: "AccessDenied"}},
		{"groups refused", awsfake.Fault{Kind: awsfake.Denied, Action: opListGroupsForUser}, account.Gap{Operation: opListGroupsForUser, Subject: userARN, Error: "AccessDenied"}},
		{"group list refused", awsfake.Fault{Kind: awsfake.Denied, Action: opListGroupPolicies}, account.Gap{Operation: opListGroupPolicies, Subject: groupARN, Error: "AccessDenied"}},
		{"group's inline refused", awsfake.Fault{Kind: awsfake.Denied, Action: opGetGroupPolicy}, account.Gap{Operation: opGetGroupPolicy, Subject: groupARN, Error: "AccessDenied"}},
		{"group's attached refused", awsfake.Fault{Kind: awsfake.Denied, Action: opListAttachedGroupPolicies}, account.Gap{Operation: opListAttachedGroupPolicies, Subject: groupARN, Error: "AccessDenied"}},
		{"throttled for ever", awsfake.Fault{Kind: awsfake.Throttle, Action: opGetRole, Resource: agentARN}, account.Gap{Operation: opGetRole, Subject: agentARN, Error: "Throttling"}},
		{"service down", awsfake.Fault{Kind: awsfake.Unavailable, Action: opGetRole, Resource: agentARN}, account.Gap{Operation: opGetRole, Subject: agentARN, Error: "HTTP status 503"}},
		{"token expires on the way", awsfake.Fault{Kind: awsfake.Expired, Action: opGetPolicy, Resource: localARN}, account.Gap{Operation: opGetPolicy, Subject: localARN, Error: "ExpiredToken"}},
		{"role cut", awsfake.Fault{Kind: awsfake.CutBody, Action: opGetRole, Resource: agentARN}, account.Gap{Operation: opGetRole, Subject: agentARN, Error: codeBroken}},
		{"role about another", awsfake.Fault{Kind: awsfake.WrongEntity, Action: opGetRole, Resource: agentARN}, account.Gap{Operation: opGetRole, Subject: agentARN, Error: codeBroken}},
		{"role empty", awsfake.Fault{Kind: awsfake.EmptyBody, Action: opGetRole, Resource: agentARN}, account.Gap{Operation: opGetRole, Subject: agentARN, Error: codeBroken}},
		{"role with a nameless boundary", awsfake.Fault{Kind: awsfake.BlankBoundary, Action: opGetRole, Resource: agentARN}, account.Gap{Operation: opGetRole, Subject: agentARN, Error: codeBroken}},
		{"user with a nameless boundary", awsfake.Fault{Kind: awsfake.BlankBoundary, Action: opGetUser}, account.Gap{Operation: opGetUser, Subject: userARN, Error: codeBroken}},
		{"inline list empty", awsfake.Fault{Kind: awsfake.EmptyBody, Action: opListRolePolicies, Resource: agentARN}, account.Gap{Operation: opListRolePolicies, Subject: agentARN, Error: codeBroken}},
		{"attached list empty", awsfake.Fault{Kind: awsfake.EmptyBody, Action: opListAttachedRolePolicies, Resource: agentARN}, account.Gap{Operation: opListAttachedRolePolicies, Subject: agentARN, Error: codeBroken}},
		{"group list empty", awsfake.Fault{Kind: awsfake.EmptyBody, Action: opListGroupsForUser}, account.Gap{Operation: opListGroupsForUser, Subject: userARN, Error: codeBroken}},
		{"version empty", awsfake.Fault{Kind: awsfake.EmptyBody, Action: opGetPolicyVersion, Resource: localARN}, account.Gap{Operation: opGetPolicyVersion, Subject: localARN, Error: codeBroken}},
		{"no XML", awsfake.Fault{Kind: awsfake.Garbage, Action: opListRolePolicies, Resource: agentARN}, account.Gap{Operation: opListRolePolicies, Subject: agentARN, Error: codeBroken}},
		{"same marker", awsfake.Fault{Kind: awsfake.SameMarker, Action: opListRolePolicies, Resource: agentARN}, account.Gap{Operation: opListRolePolicies, Subject: agentARN, Error: again}},
		{"no marker", awsfake.Fault{Kind: awsfake.NoMarker, Action: opListAttachedRolePolicies, Resource: agentARN}, account.Gap{Operation: opListAttachedRolePolicies, Subject: agentARN, Error: truncated}},
		{"bad trust document", awsfake.Fault{Kind: awsfake.BadDocument, Action: opGetRole, Resource: agentARN}, account.Gap{Operation: opGetRole, Subject: agentARN, Error: undecoded}},
		{"bad inline document", awsfake.Fault{Kind: awsfake.BadDocument, Action: opGetRolePolicy, Resource: agentARN}, account.Gap{Operation: opGetRolePolicy, Subject: agentARN, Error: undecoded}},
		{"bad managed document", awsfake.Fault{Kind: awsfake.BadDocument, Action: opGetPolicyVersion, Resource: localARN}, account.Gap{Operation: opGetPolicyVersion, Subject: localARN, Error: undecoded}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := start(t, world())
			server.Fault(tt.fault)
			got := mustRead(t, fewOptions())
			if d := cmp.Diff([]account.Gap{tt.want}, got.Gaps); d != "" {
				t.Errorf("gaps (-want +got):\n%s", d)
			}
			if len(got.Absent) != 0 {
				t.Errorf("absent %v: a failure is not absence", got.Absent)
			}
			nothingOfTheUnread(t, got, tt.want)
		})
	}
}

// nothingOfTheUnread holds that an entity whose first call failed is not in the
// picture, since its zero fields would pass for facts, and that no document is
// there that was not read.
func nothingOfTheUnread(t *testing.T, got *account.Snapshot, gap account.Gap) {
	t.Helper()
	first := gap.Error != undecoded && slices.Contains([]string{opGetRole, opGetUser, opGetPolicy}, gap.Operation)
	here := slices.ContainsFunc(got.Roles, func(r account.Role) bool { return r.ARN == gap.Subject }) ||
		slices.ContainsFunc(got.Users, func(u account.User) bool { return u.ARN == gap.Subject }) ||
		slices.ContainsFunc(got.Groups, func(g account.Group) bool { return g.ARN == gap.Subject }) ||
		slices.ContainsFunc(got.Policies, func(p account.ManagedPolicy) bool { return p.ARN == gap.Subject })
	if here == first {
		t.Errorf("%s in the snapshot: %v, want %v", gap.Subject, here, !first)
	}
	for _, r := range got.Roles {
		if r.ARN != gap.Subject {
			continue
		}
		if (r.Trust.Text == nil) != (gap.Operation == opGetRole) {
			t.Errorf("trust document %q", r.Trust.Text)
		}
		for _, p := range r.Inline {
			if (p.Document.Text == nil) != (gap.Operation == opGetRolePolicy) {
				t.Errorf("document of %s: %q", p.Name, p.Document.Text)
			}
		}
	}
}

// A fault that passes leaves no trace.
func TestPassingFaults(t *testing.T) {
	tests := []awsfake.Fault{
		{Kind: awsfake.Throttle, Times: 7, Action: opGetRole, Resource: agentARN},
		{Kind: awsfake.Throttle, Times: 7, Action: opGetAccountDetails},
		{Kind: awsfake.Throttle, Times: 3, Action: opGetCallerIdentity},
		{Kind: awsfake.Unavailable, Times: 5, Action: opListRolePolicies, Resource: agentARN},
		{Kind: awsfake.Unavailable, Times: 5, Action: opGetAccountDetails},
		{Kind: awsfake.CutBody, Times: 2, Action: opGetRole, Resource: agentARN},
		{Kind: awsfake.CutBody, Times: 2, Action: opGetAccountDetails, After: 1},
		{Kind: awsfake.CutXML, At: 900, Times: 2, Action: opGetAccountDetails},
		{Kind: awsfake.EmptyBody, Times: 2, Action: opListAttachedRolePolicies, Resource: agentARN},
		{Kind: awsfake.EmptyBody, Times: 2, Action: opGetAccountDetails},
		{Kind: awsfake.Garbage, Times: 2, Action: opGetCallerIdentity},
	}
	for _, fault := range tests {
		t.Run(fault.Action, func(t *testing.T) {
			server := start(t, world())
			server.PageLimit = 3
			o := fewOptions()
			if fault.Action == opGetAccountDetails {
				o = allOptions()
			}
			want := mustRead(t, o)
			server.Fault(fault)
			diff(t, want, mustRead(t, o))
			if len(want.Gaps) != 0 {
				t.Errorf("gaps %v", want.Gaps)
			}
		})
	}
}

// Wherever the XML of an answer ends, the reading is whole or has a gap.
func TestAnswersCutAnywhere(t *testing.T) {
	small := &account.Snapshot{Account: accountNumber, Partition: "aws", Roles: []account.Role{plainRole("one")}, Policies: []account.ManagedPolicy{managed(localARN, "rds-connect", "/teleport/", 1, 0)}}
	small.Roles[0].Attached = []account.AttachedPolicy{{Name: "rds-connect", ARN: localARN}}
	for _, operation := range []string{opGetRole, opListRolePolicies, opGetRolePolicy, opListAttachedRolePolicies, opGetPolicy, opGetPolicyVersion, opGetAccountDetails} {
		t.Run(operation, func(t *testing.T) {
			o := Options{Roles: []string{"one"}, All: operation == opGetAccountDetails}
			start(t, small)
			whole := mustRead(t, o)
			cut, uncut := 0, 0
			for at := 0; uncut < 2; at += 41 {
				server := start(t, small)
				server.Fault(awsfake.Fault{Kind: awsfake.CutXML, At: at, Action: operation})
				got := mustRead(t, o)
				if len(got.Gaps) > 0 {
					cut++
					continue
				}
				uncut++
				diff(t, whole, got)
			}
			if cut < 5 {
				t.Errorf("only %d of the answers were cut", cut)
			}
		})
	}
}

func TestRefusedAccountDetails(t *testing.T) {
	rest := account.Gap{Operation: opGetAccountDetails, Subject: root, Error: "AccessDenied"}
	tests := []struct {
		name  string
		o     Options
		roles int
		gaps  []account.Gap
	}{
		{"roles are named", Options{Roles: names(20)}, 20, nil},
		{"the account and roles are wanted", Options{All: true, Roles: names(2)}, 2, []account.Gap{rest}},
		{"the account is wanted", Options{All: true}, 0, []account.Gap{rest}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := start(t, large(20))
			server.Fault(awsfake.Fault{Kind: awsfake.Denied, Action: opGetAccountDetails})
			got := mustRead(t, tt.o)
			if d := cmp.Diff(tt.gaps, got.Gaps); d != "" || len(got.Roles) != tt.roles || !got.Partial {
				t.Errorf("%d roles, want %d; partial %v; gaps (-want +got):\n%s", len(got.Roles), tt.roles, got.Partial, d)
			}
		})
	}
}

// An account that breaks off after some pages is filled up where entities are
// named, and is never called whole.
func TestBrokenAccountDetails(t *testing.T) {
	tests := []struct {
		name  string
		fault awsfake.Fault
		error string
	}{
		{"cut", awsfake.Fault{Kind: awsfake.CutBody, After: 2}, codeBroken},
		{"refused", awsfake.Fault{Kind: awsfake.Denied, After: 2}, "AccessDenied"},
		{"same marker", awsfake.Fault{Kind: awsfake.SameMarker}, again},
		{"no marker", awsfake.Fault{Kind: awsfake.NoMarker}, truncated},
		{"empty", awsfake.Fault{Kind: awsfake.EmptyBody, After: 1}, codeBroken},
		{"nameless boundary", awsfake.Fault{Kind: awsfake.BlankBoundary}, codeBroken},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.fault.Action = opGetAccountDetails
			server := start(t, world())
			server.PageLimit = 1
			server.Fault(tt.fault)
			o := fewOptions()
			o.All = true
			got := mustRead(t, o)
			want := []account.Gap{{Operation: opGetAccountDetails, Subject: root, Error: tt.error}}
			if d := cmp.Diff(want, got.Gaps); d != "" || !got.Partial {
				t.Errorf("partial %v, gaps (-want +got):\n%s", got.Partial, d)
			}
			if len(got.Roles) != 4 || len(got.Users) != 1 || len(got.Groups) != 1 || len(got.Policies) != 4 {
				t.Errorf("%d roles, %d users, %d groups, %d policies", len(got.Roles), len(got.Users), len(got.Groups), len(got.Policies))
			}
		})
	}
}

func TestUndecodableDocumentsOfAccount(t *testing.T) {
	server := start(t, world())
	server.Fault(awsfake.Fault{Kind: awsfake.BadDocument, Action: opGetAccountDetails})
	got := mustRead(t, allOptions())
	subjects := map[string]bool{}
	for _, g := range got.Gaps {
		if g.Operation != opGetAccountDetails || g.Error != undecoded {
			t.Errorf("gap %v", g)
		}
		subjects[g.Subject] = true
	}
	for _, arn := range []string{agentARN, userARN, groupARN, localARN} {
		if !subjects[arn] {
			t.Errorf("no gap about %s", arn)
		}
	}
	if len(got.Roles) != 4 {
		t.Errorf("%d roles, want 4: what is readable stays", len(got.Roles))
	}
}

func TestVanishedPolicy(t *testing.T) {
	s := world()
	s.Policies = slices.DeleteFunc(s.Policies, func(p account.ManagedPolicy) bool { return p.ARN == boundaryARN })
	start(t, s)
	got := mustRead(t, fewOptions())
	if d := cmp.Diff([]account.Gap{{Operation: opGetPolicy, Subject: boundaryARN, Error: codeNoSuchEntity}}, got.Gaps); d != "" {
		t.Errorf("gaps (-want +got):\n%s", d)
	}
	if !slices.Equal(got.Absent, []string{boundaryARN}) {
		t.Errorf("absent %v", got.Absent)
	}
}

func TestDefaultVersionLeftOut(t *testing.T) {
	s := world()
	for i := range s.Policies {
		s.Policies[i].Versions = s.Policies[i].Versions[1:]
	}
	start(t, s)
	got := mustRead(t, allOptions())
	if len(got.Gaps) != 4 {
		t.Errorf("gaps %v, want one about each policy", got.Gaps)
	}
}

// A hanging server costs no more than the deadline; what was not read by then
// is named.
func TestDeadlineAndInterrupt(t *testing.T) {
	stop := map[string]func(context.Context) (context.Context, context.CancelFunc){
		codeTimedOut: func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, 150*time.Millisecond)
		},
		codeInterrupted: func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(150*time.Millisecond, cancel)
			return ctx, cancel
		},
	}
	cause := map[string]error{codeTimedOut: context.DeadlineExceeded, codeInterrupted: context.Canceled}
	for code, with := range stop {
		t.Run(code, func(t *testing.T) {
			server := start(t, world())
			server.Fault(awsfake.Fault{Kind: awsfake.Hang, Action: opGetRole, Resource: agentARN})
			ctx, cancel := with(t.Context())
			defer cancel()
			began := time.Now()
			o := fewOptions()
			o.Concurrency = 1
			got, err := Read(ctx, o)
			if took := time.Since(began); took > 3*time.Second {
				t.Errorf("took %v", took)
			}
			if !errors.Is(err, cause[code]) || got == nil {
				t.Fatalf("got %v and error %v, want a snapshot and %v", got, err, cause[code])
			}
			unread := map[string]bool{}
			for _, g := range got.Gaps {
				if g.Error != code {
					t.Errorf("gap %v, want error %q", g, code)
				}
				unread[g.Subject] = true
			}
			for _, arn := range []string{agentARN, userARN, "arn:aws:iam::111122223333:role/redshift-user"} {
				if !unread[arn] {
					t.Errorf("no gap about %s", arn)
				}
			}
			if !got.Partial || len(got.Roles) != 0 {
				t.Errorf("partial %v, %d roles", got.Partial, len(got.Roles))
			}
		})
	}
}

func TestDeadlineInWholeAccount(t *testing.T) {
	server := start(t, world())
	server.PageLimit = 1
	server.Fault(awsfake.Fault{Kind: awsfake.Hang, Action: opGetAccountDetails, After: 3})
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	got, err := Read(ctx, allOptions())
	if !errors.Is(err, context.DeadlineExceeded) || got == nil || !got.Partial {
		t.Fatalf("got %v, error %v", got, err)
	}
	if !slices.Contains(got.Gaps, account.Gap{Operation: opGetAccountDetails, Subject: root, Error: codeTimedOut}) {
		t.Errorf("gaps %v", got.Gaps)
	}
}

// A server that always has one more page is given up on.
func TestListingThatNeverEnds(t *testing.T) {
	n := 0
	failed := each("iam:ListX", func(*string) (page[int], *failure) {
		n++
		marker := strings.Repeat("x", n)
		return page[int]{[]int{n}, &marker, true}, nil
	}, func([]int) {})
	if failed == nil || n != maxPages {
		t.Errorf("%d pages, failure %v", n, failed)
	}
}
