package awsread

import (
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/awsfake"
)

// Every listed operation is used by one reading or another, so that the policy
// made of the list asks for nothing to spare.
func TestOperationsAreTheCalls(t *testing.T) {
	server := start(t, organized())
	mustRead(t, fewOptions())
	mustRead(t, allOptions())
	mustRead(t, organizationOptions())
	if _, _, err := Simulate(t.Context(), simulateOptions(), questions()); err != nil {
		t.Fatal(err)
	}
	if _, err := Decode(t.Context(), fewOptions(), awsfake.Encode(`{"allowed": false}`)); err != nil {
		t.Fatal(err)
	}
	called := map[string]bool{}
	for _, c := range server.Calls() {
		called[c.Action] = true
	}
	for _, o := range Operations() {
		if !called[o.Action] {
			t.Errorf("%s is listed and was not called", o.Action)
		}
	}
	if len(called) != len(Operations()) {
		t.Errorf("%d operations called, %d listed", len(called), len(Operations()))
	}
}

// With what the list says and no more, everything can be read.
func TestOperationsSuffice(t *testing.T) {
	for name, o := range map[string]Options{"few": fewOptions(), "all": allOptions(), "organization": organizationOptions()} {
		t.Run(name, func(t *testing.T) {
			server := start(t, organized())
			server.Enforce(func(action, resource string) bool {
				return slices.ContainsFunc(Operations(), func(o Operation) bool {
					return o.Action == action && (o.Resource == "" || strings.Contains(resource, ":"+o.Resource+"/"))
				})
			})
			if got := mustRead(t, o); len(got.Gaps) != 0 {
				t.Errorf("gaps %v", got.Gaps)
			}
		})
	}
}

// Every listed operation is needed: without it something is left unread.
func TestOperationsAreNeeded(t *testing.T) {
	for _, o := range Operations() {
		if o.Purpose == ForVerification || o.Purpose == ForDecoding {
			continue // TestSimulateGaps, TestDecode
		}
		t.Run(o.Action, func(t *testing.T) {
			server := start(t, organized())
			server.Enforce(func(action, _ string) bool { return action != o.Action })
			options := fewOptions()
			options.Organization = o.Purpose == ForOrganization
			options.Roles = append(options.Roles, agentARN)
			options.All = o.Purpose == ForAccount
			got := mustRead(t, options)
			if !slices.ContainsFunc(got.Gaps, func(g account.Gap) bool { return g.Operation == o.Action && strings.HasPrefix(g.Error, "AccessDenied") }) {
				t.Errorf("gaps %v, want one of %s", got.Gaps, o.Action)
			}
		})
	}
}

// The clients send nothing that is not listed.
func TestUnlistedOperationIsRefused(t *testing.T) {
	server := start(t, world())
	cfg, err := config.LoadDefaultConfig(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s, err := connect(t.Context(), Options{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	if _, err := s.iam.DeleteRole(t.Context(), &iam.DeleteRoleInput{RoleName: &cfg.Region}); err == nil || !strings.Contains(err.Error(), "iam:DeleteRole is not among the listed operations") {
		t.Errorf("error %v", err)
	}
	if n := server.Count("iam:DeleteRole"); n != 0 {
		t.Errorf("the call was sent %d times", n)
	}
}

// How many calls the usual readings take: of an agent with three database
// roles, and of an account of 5,000 roles.
func TestCallCounts(t *testing.T) {
	server := start(t, world())
	o := fewOptions()
	o.Users = nil
	mustRead(t, o)
	few := len(server.Calls())
	t.Logf("1 agent and 3 database roles: %d calls", few)
	// 1 identity; 4 × GetRole, ListRolePolicies, ListAttachedRolePolicies;
	// 5 inline policies; 4 managed policies of 2 calls each.
	if want := 1 + 4*3 + 5 + 4*2; few != want {
		t.Errorf("%d calls, want %d", few, want)
	}

	server = start(t, large(5000))
	began := time.Now()
	got := mustRead(t, allOptions())
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	t.Logf("5,000 roles: %d calls, %v, %d MB in use", len(server.Calls()), time.Since(began).Round(time.Millisecond), memory.HeapInuse>>20)
	// 1 identity; 5,001 entities in pages of 1,000.
	if n := len(server.Calls()); n != 1+6 || len(got.Roles) != 5000 || len(got.Gaps) != 0 {
		t.Errorf("%d calls, %d roles, gaps %v", n, len(got.Roles), got.Gaps)
	}
}

func TestConcurrencyIsBounded(t *testing.T) {
	for _, tt := range []struct{ asked, want int }{{0, 8}, {1, 1}, {3, 3}} {
		server := start(t, large(FewEntities))
		server.Fault(awsfake.Fault{Kind: awsfake.Slow})
		mustRead(t, Options{Roles: names(FewEntities), Concurrency: tt.asked})
		if got := server.Peak(); got > tt.want || tt.want > 1 && got < 2 {
			t.Errorf("concurrency %d: %d calls in flight, want up to %d", tt.asked, got, tt.want)
		}
	}
}

// How often a call is sent before it is given up: the first one seldom, so that
// a network that is down is reported soon.
func TestAttempts(t *testing.T) {
	server := start(t, world())
	server.Fault(awsfake.Fault{Kind: awsfake.Throttle, Action: opGetRole})
	mustRead(t, Options{Roles: []string{"x"}, MaxBackoff: time.Millisecond})
	if n := server.Count(opGetRole); n != attempts {
		t.Errorf("%d attempts, want %d", n, attempts)
	}
	server = start(t, world())
	server.Fault(awsfake.Fault{Kind: awsfake.Unavailable})
	if _, err := Read(t.Context(), Options{MaxBackoff: time.Millisecond}); err == nil || server.Count(opGetCallerIdentity) != firstAttempts {
		t.Errorf("%d attempts, error %v; want %d", server.Count(opGetCallerIdentity), err, firstAttempts)
	}
}

func TestNoGoroutineIsLeft(t *testing.T) {
	server := start(t, world())
	before := runtime.NumGoroutine()
	for range 3 {
		mustRead(t, fewOptions())
		mustRead(t, allOptions())
	}
	server.Fault(awsfake.Fault{Kind: awsfake.CutBody, Action: opGetRole})
	mustRead(t, fewOptions())
	for wait := time.Millisecond; runtime.NumGoroutine() > before; wait *= 2 {
		if wait > 3*time.Second {
			stacks := make([]byte, 1<<16)
			t.Fatalf("%d goroutines before, %d after:\n%s", before, runtime.NumGoroutine(), stacks[:runtime.Stack(stacks, true)])
		}
		time.Sleep(wait)
	}
}

func BenchmarkReadFewRoles(b *testing.B)  { benchmarkRead(b, 4, Options{Roles: names(4)}) }
func BenchmarkRead5000Roles(b *testing.B) { benchmarkRead(b, 5000, Options{All: true}) }

func benchmarkRead(b *testing.B, roles int, o Options) {
	server := awsfake.New(b, large(roles))
	server.Setenv(b)
	n := 0
	for b.Loop() {
		got, err := Read(b.Context(), o)
		if err != nil || len(got.Roles) != roles {
			b.Fatalf("%v", err)
		}
		n++
	}
	b.ReportMetric(float64(len(server.Calls()))/float64(n), "calls/op")
}
