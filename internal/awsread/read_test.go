package awsread

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/iamcheck/iamcheck/internal/account"
)

func TestReadFewEntities(t *testing.T) {
	server := start(t, world())
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	o := fewOptions()
	o.Now = now
	got := mustRead(t, o)
	want := bySingleCalls(world())
	want.TakenAt = now
	diff(t, want, got)
	if n := server.Count(opGetAccountDetails); n != 0 {
		t.Errorf("%d calls for the whole account, want none", n)
	}
	for _, arn := range []string{localARN, managedARN, boundaryARN} {
		n := 0
		for _, c := range server.Calls() {
			if c.Action == opGetPolicyVersion && c.Resource == arn {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%s was read %d times, want once", arn, n)
		}
	}
}

func TestReadWholeAccount(t *testing.T) {
	for _, limit := range []int{0, 1, 3} {
		t.Run(fmt.Sprintf("pages of %d", limit), func(t *testing.T) {
			server := start(t, world())
			server.PageLimit = limit
			got := mustRead(t, allOptions())
			want := world()
			// Nobody has it attached, so the account's details leave it out and
			// it is read alone.
			for i, p := range want.Policies {
				if p.ARN == awsCeilingARN {
					want.Policies[i].Versions = p.Versions[:1]
				}
			}
			diff(t, want, got)
			for _, c := range server.Calls() {
				if c.Action != opGetCallerIdentity && c.Action != opGetAccountDetails && c.Resource != awsCeilingARN {
					t.Errorf("%s of %s: single call beside the whole account", c.Action, c.Resource)
				}
			}
		})
	}
}

func TestReadRawDocuments(t *testing.T) {
	server := start(t, world())
	server.RawDocuments = true
	diff(t, bySingleCalls(world()), mustRead(t, fewOptions()))
}

func TestReadPagesOfLists(t *testing.T) {
	server := start(t, world())
	server.PageLimit = 1
	diff(t, bySingleCalls(world()), mustRead(t, fewOptions()))
	if n := server.Count(opListRolePolicies); n != 5 {
		t.Errorf("%d calls of ListRolePolicies, want 5: two pages for the agent", n)
	}
}

func names(n int) []string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf("role-%06d", i))
	}
	return all
}

func TestReadManyNamedEntities(t *testing.T) {
	server := start(t, large(40))
	few := mustRead(t, Options{Roles: names(FewEntities)})
	if n := server.Count(opGetAccountDetails); n != 0 || len(few.Roles) != FewEntities || len(few.Gaps) != 0 {
		t.Errorf("at the bound: %d calls for the account, %d roles, gaps %v", n, len(few.Roles), few.Gaps)
	}
	many := mustRead(t, Options{Roles: append(names(FewEntities), "role-000039", "gone")})
	if n := server.Count(opGetAccountDetails); n != 1 || len(many.Roles) != 40 || len(many.Gaps) != 0 {
		t.Errorf("beyond the bound: %d calls for the account, %d roles, gaps %v", n, len(many.Roles), many.Gaps)
	}
	if want := []string{"arn:aws:iam::111122223333:role/gone"}; !cmp.Equal(want, many.Absent) || !many.Partial {
		t.Errorf("absent %v, partial %v", many.Absent, many.Partial)
	}
}

func TestReadNames(t *testing.T) {
	const there, elsewhere = "arn:aws:iam::111122223333:role/team/there", "arn:aws:iam::444455556666:role/there"
	tests := []struct {
		name          string
		roles, users  []string
		found, absent []string
	}{
		{name: "bare name under a path", roles: []string{"there"}, found: []string{there}},
		{name: "path and name", roles: []string{"team/there", "/team/there"}, found: []string{there}},
		{name: "ARN", roles: []string{there}, found: []string{there}},
		{name: "ARN without the path", roles: []string{"arn:aws:iam::111122223333:role/there"}, found: []string{there}, absent: []string{"arn:aws:iam::111122223333:role/there"}},
		{name: "another path", roles: []string{"other/there"}, found: []string{there}, absent: []string{"arn:aws:iam::111122223333:role/other/there"}},
		{name: "gone", roles: []string{"gone"}, users: []string{"gone"}, absent: []string{"arn:aws:iam::111122223333:role/gone", "arn:aws:iam::111122223333:user/gone"}},
		{name: "another account", roles: []string{elsewhere}},
		{name: "a partition that was guessed", roles: []string{"arn:aws-cn:iam::111122223333:role/team/there"}, found: []string{there}},
		{name: "nothing"},
	}
	s := &account.Snapshot{Account: accountNumber, Partition: "aws", Roles: []account.Role{plainRole("there")}}
	s.Roles[0].ARN, s.Roles[0].Path = there, "/team/"
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			start(t, s)
			got := mustRead(t, Options{Roles: tt.roles, Users: tt.users})
			var found []string
			for _, r := range got.Roles {
				found = append(found, r.ARN)
			}
			if !slices.Equal(found, tt.found) || !slices.Equal(got.Absent, tt.absent) || len(got.Gaps) != 0 || !got.Partial {
				t.Errorf("found %v, absent %v, gaps %v; want %v, %v, none", found, got.Absent, got.Gaps, tt.found, tt.absent)
			}
		})
	}
}

func TestReadRefusesNames(t *testing.T) {
	server := start(t, world())
	for _, bad := range []string{"", "*", "a b", "team/", "arn:aws:iam::111122223333:user/x", "arn:aws:sts::111122223333:assumed-role/x/y", "arn:aws:iam::*:role/x", "arn:x", "a\nb"} {
		if _, err := Read(t.Context(), Options{Roles: []string{bad}}); err == nil {
			t.Errorf("role %q was taken", bad)
		}
	}
	if calls := server.Calls(); len(calls) != 0 {
		t.Errorf("calls were made: %v", calls)
	}
}

func TestReadIsDeterministic(t *testing.T) {
	start(t, world())
	first := mustRead(t, fewOptions())
	for range 5 {
		diff(t, first, mustRead(t, fewOptions()))
	}
}

func TestProgress(t *testing.T) {
	for name, o := range map[string]Options{"few": fewOptions(), "all": allOptions()} {
		t.Run(name, func(t *testing.T) {
			start(t, world())
			var steps [][2]int
			o.Progress = func(done, known int) { steps = append(steps, [2]int{done, known}) }
			mustRead(t, o)
			last := [2]int{}
			for _, s := range steps {
				if s[0] <= last[0] || s[1] != 0 && s[1] < s[0] {
					t.Errorf("step %v after %v", s, last)
				}
				last = s
			}
			if last[0] != last[1] || last[0] == 0 {
				t.Errorf("ended at %v of steps %v", last, steps)
			}
		})
	}
}
