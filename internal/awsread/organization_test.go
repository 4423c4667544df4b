package awsread

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/awsfake"
)

const (
	managementAccount = "999988887777"
	fullAccessARN     = "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess"
	guardARN          = "arn:aws:organizations::999988887777:policy/o-exampleorg1/service_control_policy/p-guard0001"
	fullResourceARN   = "arn:aws:organizations::aws:policy/resource_control_policy/p-RCPFullAWSAccess"
)

// organized is the world below an organization: root, one unit, account.
func organized() *account.Snapshot {
	s := world()
	full := account.OrganizationPolicy{Name: fullAccessARN, Document: allow("*")}
	guard := account.OrganizationPolicy{Name: guardARN, Document: document(`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"rds-db:*","Resource":"*"}]}`)}
	resources := account.OrganizationPolicy{Name: fullResourceARN, Document: document(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`)}
	s.Organization = &account.Organization{
		ID: "o-exampleorg1", ManagementAccount: managementAccount,
		SCPs: [][]account.OrganizationPolicy{{full}, {full, guard}, {full}},
		RCPs: [][]account.OrganizationPolicy{{resources}, {resources}, {resources}},
	}
	return s
}

func organizationOptions() Options {
	return Options{Roles: []string{"dynamodb-user"}, Organization: true, MaxBackoff: 5 * time.Millisecond}
}

func sameOrganization(t *testing.T, want, got *account.Organization) {
	t.Helper()
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(account.Document{}, "Line")); d != "" {
		t.Errorf("organization (-want +got):\n%s", d)
	}
}

func TestReadOrganization(t *testing.T) {
	for name, prepare := range map[string]func(*awsfake.Server){
		"whole answers": func(*awsfake.Server) {},
		"pages of one":  func(s *awsfake.Server) { s.PageLimit = 1 },
		"an empty page first": func(s *awsfake.Server) {
			s.Fault(awsfake.Fault{Kind: awsfake.EmptyPage, Action: opListPoliciesForTarget})
			s.Fault(awsfake.Fault{Kind: awsfake.EmptyPage, Action: opListParents})
		},
		"throttled": func(s *awsfake.Server) {
			for _, action := range []string{opDescribeOrganization, opListParents, opListPoliciesForTarget, opDescribePolicy} {
				s.Fault(awsfake.Fault{Kind: awsfake.Throttle, Action: action, Times: 6})
			}
		},
		"cut short at first": func(s *awsfake.Server) {
			s.Fault(awsfake.Fault{Kind: awsfake.CutBody, Action: opListPoliciesForTarget, Times: 2})
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := start(t, organized())
			prepare(server)
			got := mustRead(t, organizationOptions())
			sameOrganization(t, organized().Organization, got.Organization)
			if len(got.Gaps) != 0 {
				t.Errorf("gaps %v", got.Gaps)
			}
		})
	}
}

// Nobody is asked twice, and not at all without Organization.
func TestOrganizationCallCounts(t *testing.T) {
	server := start(t, organized())
	mustRead(t, organizationOptions())
	for action, want := range map[string]int{
		opDescribeOrganization:  1,
		opListParents:           2, // the account's unit, its root
		opListPoliciesForTarget: 6, // two types on three levels
		opDescribePolicy:        3, // full access is attached everywhere
	} {
		if got := server.Count(action); got != want {
			t.Errorf("%d calls of %s, want %d", got, action, want)
		}
	}

	server = start(t, organized())
	o := organizationOptions()
	o.Organization = false
	if got := mustRead(t, o); got.Organization != nil || len(got.Gaps) != 0 || server.Count(opDescribeOrganization) != 0 {
		t.Errorf("organization %v, gaps %v", got.Organization, got.Gaps)
	}
}

// What binds nobody is known to be empty: no gap, and nothing more is asked.
func TestOrganizationThatBindsNot(t *testing.T) {
	management := organized()
	management.Organization.ManagementAccount = accountNumber
	alone := world()
	noRCPs := organized()
	noRCPs.Organization.RCPs = nil
	none := organized()
	none.Organization.SCPs, none.Organization.RCPs = nil, nil
	tests := []struct {
		name  string
		s     *account.Snapshot
		want  account.Organization
		calls int
	}{
		{"the management account", management, account.Organization{ID: "o-exampleorg1", ManagementAccount: accountNumber}, 1},
		{"no organization", alone, account.Organization{}, 1},
		{"no RCPs", noRCPs, account.Organization{ID: "o-exampleorg1", ManagementAccount: managementAccount, SCPs: organized().Organization.SCPs}, 1 + 2 + 6 + 2},
		{"neither", none, account.Organization{ID: "o-exampleorg1", ManagementAccount: managementAccount}, 1 + 1 + 4},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := start(t, tt.s)
			got := mustRead(t, organizationOptions())
			sameOrganization(t, &tt.want, got.Organization)
			calls := 0
			for _, c := range server.Calls() {
				if strings.HasPrefix(c.Action, "organizations:") {
					calls++
				}
			}
			if len(got.Gaps) != 0 || calls != tt.calls {
				t.Errorf("gaps %v, %d calls, want none and %d", got.Gaps, calls, tt.calls)
			}
		})
	}
}

// What could not be read is a gap, and leaves no list that looks whole.
func TestOrganizationGaps(t *testing.T) {
	about := account.Organization{ID: "o-exampleorg1", ManagementAccount: managementAccount}
	noRCPs, noGuard := *organized().Organization, *organized().Organization
	noRCPs.RCPs = nil
	noGuard.SCPs = [][]account.OrganizationPolicy{noGuard.SCPs[0], {noGuard.SCPs[0][0], {Name: guardARN}}, noGuard.SCPs[2]}
	fault := func(kind awsfake.Kind, action string, after int) func(*awsfake.Server) {
		return func(s *awsfake.Server) { s.Fault(awsfake.Fault{Kind: kind, Action: action, After: after}) }
	}
	tests := []struct {
		name  string
		fault func(*awsfake.Server)
		want  *account.Organization
		gaps  []account.Gap
	}{
		{"a member account", func(s *awsfake.Server) { s.Member = true }, &about, []account.Gap{{Operation: opListParents, Subject: root, Error: "AccessDeniedException"}}},
		{"description refused", fault(awsfake.Denied, opDescribeOrganization, 0), nil, []account.Gap{{Operation: opDescribeOrganization, Subject: root, Error: "AccessDeniedException"}}},
		{"description broken", fault(awsfake.EmptyBody, opDescribeOrganization, 0), nil, []account.Gap{{Operation: opDescribeOrganization, Subject: root, Error: codeBroken}}},
		{"no JSON", fault(awsfake.Garbage, opListParents, 0), &about, []account.Gap{{Operation: opListParents, Subject: root, Error: codeBroken}}},
		{"parent of itself", fault(awsfake.WrongEntity, opListParents, 0), &about, []account.Gap{{Operation: opListParents, Subject: root, Error: codeBroken}}},
		{"lists refused", fault(awsfake.Denied, opListPoliciesForTarget, 0), &about, []account.Gap{{Operation: opListPoliciesForTarget, Subject: root, Error: "AccessDeniedException"}}},
		{"a list refused", fault(awsfake.Denied, opListPoliciesForTarget, 3), &noRCPs, []account.Gap{{Operation: opListPoliciesForTarget, Subject: root, Error: "AccessDeniedException"}}},
		{"throttled for good", fault(awsfake.Throttle, opListPoliciesForTarget, 4), &noRCPs, []account.Gap{{Operation: opListPoliciesForTarget, Subject: root, Error: "TooManyRequestsException"}}},
		{"the same page again", fault(awsfake.SameMarker, opListPoliciesForTarget, 3), &noRCPs, []account.Gap{{Operation: opListPoliciesForTarget, Subject: root, Error: "the same page came again"}}},
		{"a document refused", func(s *awsfake.Server) {
			s.Fault(awsfake.Fault{Kind: awsfake.Denied, Action: opDescribePolicy, Resource: guardARN})
		}, &noGuard, []account.Gap{{Operation: opDescribePolicy, Subject: guardARN, Error: "AccessDeniedException"}}},
		{"a document that is none", func(s *awsfake.Server) {
			s.Fault(awsfake.Fault{Kind: awsfake.BadDocument, Action: opDescribePolicy, Resource: guardARN})
		}, &noGuard, []account.Gap{{Operation: opDescribePolicy, Subject: guardARN, Error: errUndecodable.Error()}}},
		{"another policy's document", func(s *awsfake.Server) {
			s.Fault(awsfake.Fault{Kind: awsfake.WrongEntity, Action: opDescribePolicy, Resource: guardARN})
		}, &noGuard, []account.Gap{{Operation: opDescribePolicy, Subject: guardARN, Error: codeBroken}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := start(t, organized())
			tt.fault(server)
			got := mustRead(t, organizationOptions())
			sameOrganization(t, tt.want, got.Organization)
			if !slices.Equal(got.Gaps, tt.gaps) {
				t.Errorf("gaps %v, want %v", got.Gaps, tt.gaps)
			}
			unknownOrGuarded(t, got)
		})
	}
}

// unknownOrGuarded: whatever was not read, no layer may look as if nothing were
// denied.
func unknownOrGuarded(t *testing.T, s *account.Snapshot) {
	t.Helper()
	policies, _ := account.Accounts{s}.Policies(s.Roles[0].ARN)
	for _, level := range policies.SCPs {
		for _, source := range level {
			if source.Document == nil || source.Name == guardARN {
				return
			}
		}
	}
	t.Errorf("the SCPs %v look harmless", policies.SCPs)
}

// A level without an SCP among levels that have some can't be: it is a gap, not
// a level at which nothing is allowed.
func TestOrganizationWithAnEmptyLevel(t *testing.T) {
	s := organized()
	s.Organization.SCPs[1] = nil
	start(t, s)
	got := mustRead(t, organizationOptions())
	if got.Organization.SCPs != nil || len(got.Gaps) != 1 || got.Gaps[0].Operation != opListPoliciesForTarget {
		t.Errorf("SCPs %v, gaps %v", got.Organization.SCPs, got.Gaps)
	}
}

// A saved picture keeps the organization, also one that is empty and known.
func TestOrganizationIsSaved(t *testing.T) {
	for name, s := range map[string]*account.Snapshot{"organized": organized(), "alone": world()} {
		t.Run(name, func(t *testing.T) {
			start(t, s)
			got := mustRead(t, organizationOptions())
			var text bytes.Buffer
			if err := account.Write(&text, got); err != nil {
				t.Fatal(err)
			}
			back, err := account.Read("saved", &text)
			if err != nil {
				t.Fatal(err)
			}
			sameOrganization(t, got.Organization, back[0].Organization)
		})
	}
}
