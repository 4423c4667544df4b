package awsread

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/awsfake"
)

func mustDiagnose(t *testing.T, o Options) *Diagnosis {
	t.Helper()
	d, err := Diagnose(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// diagnosed are the options of readings, with the simulator.
func diagnosed() map[string]Options {
	all := readings()
	for name, o := range all {
		o.Verify = !o.All
		all[name] = o
	}
	return all
}

// Every operation that a reading needs is tried, and no other.
func TestDiagnoseTriesWhatIsNeeded(t *testing.T) {
	for name, o := range diagnosed() {
		t.Run(name, func(t *testing.T) {
			server := start(t, organized())
			d := mustDiagnose(t, o)
			for _, operation := range Operations() {
				want := o.needs(operation) || operation.Purpose == ForIdentity
				tried := slices.ContainsFunc(d.Probes, func(p Probe) bool { return p.Operation == operation.Action })
				if called := server.Count(operation.Action) > 0; tried != want || called != want {
					t.Errorf("%s: tried %v, called %v, want %v", operation.Action, tried, called, want)
				}
			}
			for _, p := range d.Probes {
				if p.Status != Answered || p.Subject == "" {
					t.Errorf("%+v, want an answer", p)
				}
			}
			if len(d.Missing) != 0 || d.Account != accountNumber || d.Partition != "aws" || d.Region != "us-east-1" || d.Endpoint != server.URL ||
				!strings.HasSuffix(d.Caller, "assumed-role/auditor/session") {
				t.Errorf("diagnosis %+v", d)
			}
			if !d.ClockKnown || d.Ahead.Abs() > 5*time.Second {
				t.Errorf("clock known %v, ahead %v", d.ClockKnown, d.Ahead)
			}
		})
	}
}

// A refusal of any operation is found, on every entity, and the statements to
// add are the ones that mend it.
func TestDiagnoseFindsRefusals(t *testing.T) {
	for name, o := range diagnosed() {
		for _, operation := range Operations() {
			if !o.needs(operation) {
				continue
			}
			t.Run(name+" without "+operation.Action, func(t *testing.T) {
				server := start(t, organized())
				server.Enforce(func(action, _ string) bool { return action != operation.Action })
				d := mustDiagnose(t, o)
				for _, p := range d.Probes {
					if want := p.Operation == operation.Action; (p.Status == Refused) != want {
						t.Errorf("%+v, want refused: %v", p, want)
					}
				}
				if len(d.Missing) != 1 || !slices.Equal(d.Missing[0].Actions, []string{operation.Action}) {
					t.Fatalf("missing %+v", d.Missing)
				}
				server = start(t, organized())
				server.EnforcePolicy(t, documentOf(t, mergeInto(t, o, d.Missing[0])))
				for _, p := range mustDiagnose(t, o).Probes {
					if p.Status != Answered {
						t.Errorf("with the statement, %+v", p)
					}
				}
			})
		}
	}
}

// mergeInto is the policy of a reading in which one statement was replaced by
// what is left and what was missing.
func mergeInto(t *testing.T, o Options, missing Permission) []Permission {
	t.Helper()
	permissions, err := Permissions(o, Place{Account: accountNumber})
	if err != nil {
		t.Fatal(err)
	}
	for i := range permissions {
		permissions[i].Actions = slices.DeleteFunc(permissions[i].Actions, func(a string) bool { return a == missing.Actions[0] })
	}
	return append(slices.DeleteFunc(permissions, func(p Permission) bool { return len(p.Actions) == 0 }), missing)
}

// With the policy that is printed, an account whose entities do not exist and
// have nothing attached is diagnosed just as well.
func TestDiagnoseOfNothing(t *testing.T) {
	o := Options{Roles: []string{"gone", "team/gone-too"}, Users: []string{"nobody"}, Organization: true}
	server := start(t, &account.Snapshot{Account: accountNumber, Partition: "aws"})
	permissions, err := Permissions(o, Place{})
	if err != nil {
		t.Fatal(err)
	}
	server.EnforcePolicy(t, documentOf(t, permissions))
	d := mustDiagnose(t, o)
	for _, p := range d.Probes {
		absent := p.Error == codeNoSuchEntity || p.Error == codeNoOrganization
		if p.Status != Answered || absent != (p.Operation != opGetCallerIdentity) {
			t.Errorf("%+v", p)
		}
	}
}

func TestDiagnoseFailures(t *testing.T) {
	server := start(t, organized())
	server.Fault(awsfake.Fault{Kind: awsfake.Throttle, Action: opGetRole})
	server.Fault(awsfake.Fault{Kind: awsfake.Denied, Action: opGetCallerIdentity})
	server.Member = true
	server.Date = time.Now().Add(-10 * time.Minute).UTC().Format(http.TimeFormat)
	d := mustDiagnose(t, Options{Roles: []string{agentARN, "arn:aws:iam::444455556666:role/other"}, Organization: true, MaxBackoff: time.Millisecond})
	want := map[string]ProbeStatus{opGetRole: Failed, opGetCallerIdentity: Refused, opListRolePolicies: Answered, opListParents: Refused, opDescribeOrganization: Answered}
	for _, p := range d.Probes {
		if status, ok := want[p.Operation]; ok && status != p.Status {
			t.Errorf("%+v, want %s", p, status)
		}
	}
	if d.Caller != "" || d.Account != accountNumber || d.ClockKnown {
		t.Errorf("caller %q, account %q, clock known %v", d.Caller, d.Account, d.ClockKnown)
	}
	if !slices.Equal(d.Elsewhere, []string{"arn:aws:iam::444455556666:role/other"}) {
		t.Errorf("elsewhere %v", d.Elsewhere)
	}

	server = start(t, world())
	server.Date = time.Now().Add(-10 * time.Minute).UTC().Format(http.TimeFormat)
	if d := mustDiagnose(t, Options{}); !d.ClockKnown || (d.Ahead-10*time.Minute).Abs() > 5*time.Second || len(d.Probes) != 1 {
		t.Errorf("ahead %v, probes %v", d.Ahead, d.Probes)
	}
	if _, err := Diagnose(t.Context(), Options{Roles: []string{"a b"}}); err == nil {
		t.Error("a name that is none was taken")
	}
}
