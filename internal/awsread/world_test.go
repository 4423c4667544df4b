package awsread

import (
	"context"
	"fmt"
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
	accountNumber = "111122223333"
	root          = "arn:aws:iam::111122223333:root"
	agentARN      = "arn:aws:iam::111122223333:role/teleport-db-service-role"
	userARN       = "arn:aws:iam::111122223333:user/ci/teleport-bot"
	groupARN      = "arn:aws:iam::111122223333:group/bots"
	localARN      = "arn:aws:iam::111122223333:policy/teleport/rds-connect"
	boundaryARN   = "arn:aws:iam::111122223333:policy/ceiling"
	managedARN    = "arn:aws:iam::aws:policy/AmazonRDSReadOnlyAccess"
	awsCeilingARN = "arn:aws:iam::aws:policy/PowerUserAccess"
	created       = "2024-05-06T07:08:09+00:00"
)

var databaseRoles = []string{"dynamodb-user", "keyspaces-user", "redshift-user"}

func document(text string) account.Document { return account.Document{Text: []byte(text)} }

func allow(action string) account.Document {
	return document(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"` + action + `","Resource":"*"}]}`)
}

// trust has what percent-decoding goes wrong on: plus signs, percent signs,
// letters beyond ASCII.
func trust() account.Document {
	return document(`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "` + agentARN + `"}, "Action": "sts:AssumeRole", "Condition": {"StringEquals": {"sts:ExternalId": "a+b c%20é"}}}]}`)
}

// world is an account with one of everything.
func world() *account.Snapshot {
	s := &account.Snapshot{
		Account: accountNumber, Partition: "aws",
		Users: []account.User{{
			ARN: userARN, Name: "teleport-bot", ID: "AIDABOT", Path: "/ci/", CreateDate: created,
			Inline: []account.InlinePolicy{{Name: "own", Document: allow("rds-db:connect")}}, Attached: []account.AttachedPolicy{{Name: "rds-connect", ARN: localARN}},
			Groups: []string{"bots"}, Boundary: boundaryARN, Tags: []account.Tag{{Key: "team", Value: "a=b & <c>"}},
		}},
		Groups: []account.Group{{
			ARN: groupARN, Name: "bots", ID: "AGPABOTS", Path: "/", CreateDate: created,
			Inline: []account.InlinePolicy{{Name: "shared", Document: allow("redshift:*")}}, Attached: []account.AttachedPolicy{{Name: "AmazonRDSReadOnlyAccess", ARN: managedARN}},
		}},
		Roles: []account.Role{{
			ARN: agentARN, Name: "teleport-db-service-role", ID: "AROAAGENT", Path: "/", CreateDate: created, Trust: trust(),
			Inline:           []account.InlinePolicy{{Name: "assume", Document: allow("sts:AssumeRole")}, {Name: "connect", Document: allow("rds-db:connect")}},
			Attached:         []account.AttachedPolicy{{Name: "rds-connect", ARN: localARN}, {Name: "AmazonRDSReadOnlyAccess", ARN: managedARN}},
			Boundary:         boundaryARN,
			Tags:             []account.Tag{{Key: "env", Value: "prod"}},
			InstanceProfiles: []byte(`[{"InstanceProfileName":"agent","InstanceProfileId":"AIPA1","Arn":"arn:aws:iam::111122223333:instance-profile/agent","Path":"/","CreateDate":"` + created + `","Roles":[{"RoleName":"teleport-db-service-role","RoleId":"AROAAGENT","Arn":"` + agentARN + `","Path":"/","CreateDate":"` + created + `","AssumeRolePolicyDocument":{"Version":"2012-10-17","Statement":[]}}]}]`),
			LastUsed:         []byte(`{"LastUsedDate":"` + created + `","Region":"us-east-1"}`),
		}},
		Policies: []account.ManagedPolicy{
			managed(boundaryARN, "ceiling", "/", 0, 2), managed(localARN, "rds-connect", "/teleport/", 2, 0),
			managed(managedARN, "AmazonRDSReadOnlyAccess", "/", 2, 0), managed(awsCeilingARN, "PowerUserAccess", "/", 0, 1),
		},
	}
	for _, name := range databaseRoles {
		s.Roles = append(s.Roles, plainRole(name))
	}
	s.Roles[1].Boundary = awsCeilingARN // an AWS managed policy that is a boundary only
	sortByARN(s)
	return s
}

func plainRole(name string) account.Role {
	return account.Role{
		ARN: "arn:aws:iam::111122223333:role/" + name, Name: name, ID: "AROA" + strings.ToUpper(name), Path: "/", CreateDate: created, Trust: trust(),
		Inline: []account.InlinePolicy{{Name: "data", Document: allow("dynamodb:*")}}, InstanceProfiles: []byte(`[]`),
	}
}

func managed(arn, name, path string, attachments, boundaries int) account.ManagedPolicy {
	return account.ManagedPolicy{
		ARN: arn, Name: name, ID: "ANPA" + strings.ToUpper(name), Path: path, DefaultVersionID: "v2", CreateDate: created, UpdateDate: created,
		AttachmentCount: attachments, BoundaryUsage: boundaries, IsAttachable: true,
		Versions: []account.PolicyVersion{
			{ID: "v2", IsDefault: true, CreateDate: created, Document: allow("rds:Describe*")},
			{ID: "v1", CreateDate: created, Document: allow("rds:*")},
		},
	}
}

func sortByARN(s *account.Snapshot) {
	slices.SortFunc(s.Roles, func(a, b account.Role) int { return strings.Compare(a.ARN, b.ARN) })
	slices.SortFunc(s.Policies, func(a, b account.ManagedPolicy) int { return strings.Compare(a.ARN, b.ARN) })
}

// bySingleCalls is what single calls tell of the world: no instance profiles,
// and of policies the default version only.
func bySingleCalls(s *account.Snapshot) *account.Snapshot {
	s.Partial = true
	for i := range s.Roles {
		s.Roles[i].InstanceProfiles = nil
	}
	for i := range s.Policies {
		s.Policies[i].Versions = s.Policies[i].Versions[:1]
	}
	return s
}

// large is an account of so many roles, each with two inline policies and one
// attached.
func large(roles int) *account.Snapshot {
	s := &account.Snapshot{Account: accountNumber, Partition: "aws", Policies: []account.ManagedPolicy{managed(localARN, "rds-connect", "/teleport/", roles, 0)}}
	for i := range roles {
		r := plainRole(fmt.Sprintf("role-%06d", i))
		r.Inline = append(r.Inline, account.InlinePolicy{Name: "more", Document: allow("rds-db:connect")})
		r.Attached = []account.AttachedPolicy{{Name: "rds-connect", ARN: localARN}}
		s.Roles = append(s.Roles, r)
	}
	return s
}

func fewOptions() Options {
	return Options{Roles: append([]string{"teleport-db-service-role"}, databaseRoles...), Users: []string{"ci/teleport-bot"}, MaxBackoff: 5 * time.Millisecond}
}

func allOptions() Options { return Options{All: true, MaxBackoff: 5 * time.Millisecond} }

// start serves the account and points the SDK at it. Whatever a test does, no
// call may be made that is not listed, or that is not a read.
func start(t *testing.T, s *account.Snapshot) *awsfake.Server {
	t.Helper()
	server := awsfake.New(t, s)
	server.Setenv(t)
	t.Cleanup(func() { onlyListedReads(t, server) })
	return server
}

func onlyListedReads(t *testing.T, server *awsfake.Server) {
	t.Helper()
	for _, c := range server.Calls() {
		_, operation, _ := strings.Cut(c.Action, ":")
		reads := slices.ContainsFunc([]string{"Get", "List", "Describe", "Simulate", "Decode"}, func(verb string) bool { return strings.HasPrefix(operation, verb) })
		if !reads && c.Action != "sts:AssumeRole" {
			t.Errorf("%s was called, which is not a read", c.Action)
		}
		listed := slices.ContainsFunc(Operations(), func(o Operation) bool { return o.Action == c.Action })
		if !listed && c.Action != "sts:AssumeRole" { // a profile's own, made by the SDK
			t.Errorf("%s was called and is not among Operations", c.Action)
		}
	}
}

func mustRead(t *testing.T, o Options) *account.Snapshot {
	t.Helper()
	s, err := Read(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func diff(t *testing.T, want, got *account.Snapshot) {
	t.Helper()
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(account.Snapshot{})); d != "" {
		t.Errorf("snapshot (-want +got):\n%s", d)
	}
}
