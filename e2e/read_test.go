//go:build e2e

package e2e

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/awsread"
)

func doc(text string) account.Document { return account.Document{Text: []byte(text)} }

func attached(arn string) account.AttachedPolicy {
	return account.AttachedPolicy{Name: arn[strings.LastIndex(arn, "/")+1:], ARN: arn}
}

func role(name, trust string, inline ...account.InlinePolicy) account.Role {
	return account.Role{ARN: "arn:aws:iam::" + number + ":role/" + name, Name: name, Path: "/", Trust: doc(trust), Inline: inline}
}

// expected is the account that newAccount makes, of the entities that an audit
// with the agent, its database roles and the user needs. AWS's own policy is
// left out: its text is moto's.
func expected() *account.Snapshot {
	agent := role(agentRole, ec2Trust, account.InlinePolicy{Name: "assume-database-roles", Document: doc(assumeRoles)})
	agent.Attached = []account.AttachedPolicy{attached(managedPolicy), attached(connectPolicy)}
	agent.Boundary = boundaryPolicy
	agent.Tags = []account.Tag{{Key: "team", Value: "platform & data"}}
	return &account.Snapshot{
		Account: number, Partition: "aws", Partial: true,
		Users: []account.User{{
			ARN: "arn:aws:iam::" + number + ":user/ci/" + botUser, Name: botUser, Path: "/ci/", Groups: []string{botGroup},
			Inline: []account.InlinePolicy{{Name: "own", Document: doc(assumeRoles)}}, Attached: []account.AttachedPolicy{attached(connectPolicy)},
		}},
		Groups: []account.Group{{
			ARN: "arn:aws:iam::" + number + ":group/" + botGroup, Name: botGroup, Path: "/",
			Inline: []account.InlinePolicy{{Name: "metadata", Document: doc(readMetadata)}}, Attached: []account.AttachedPolicy{attached(managedPolicy)},
		}},
		Roles: []account.Role{
			role(dynamoRole, agentTrust, account.InlinePolicy{Name: "data", Document: doc(dynamoData)}),
			role(redshiftRole, agentTrust, account.InlinePolicy{Name: "data", Document: doc(redshiftLogin)}),
			agent,
		},
		Policies: []account.ManagedPolicy{
			{ARN: boundaryPolicy, Name: "ceiling", Path: "/", DefaultVersionID: "v1", IsAttachable: true, Versions: []account.PolicyVersion{{ID: "v1", IsDefault: true, Document: doc(ceiling)}}},
			{ARN: connectPolicy, Name: "rds-connect", Path: "/teleport/", DefaultVersionID: "v2", IsAttachable: true, Versions: []account.PolicyVersion{{ID: "v2", IsDefault: true, Document: doc(connectV2)}}},
		},
	}
}

func options() awsread.Options {
	return awsread.Options{Roles: []string{agentRole, dynamoRole, "arn:aws:iam::" + number + ":role/" + redshiftRole}, Users: []string{"ci/" + botUser}}
}

func read(t *testing.T, o awsread.Options) *account.Snapshot {
	t.Helper()
	got, err := awsread.Read(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// TestReadNamedEntities holds single calls to what was made.
func TestReadNamedEntities(t *testing.T) {
	newAccount(t)
	got := read(t, options())
	withoutAWSPolicy(t, got)
	diff(t, expected(), got)
}

// TestReadWholeAccount holds the account's details to what was made: the same,
// and the bystander and the older version besides.
func TestReadWholeAccount(t *testing.T) {
	newAccount(t)
	o := options()
	o.All, o.Roles = true, append(o.Roles, "gone")
	got := read(t, o)
	if got.Partial {
		t.Error("partial, want whole")
	}
	withoutAWSPolicy(t, got)
	bystander := func(r account.Role) bool { return r.Name == "bystander" }
	if !slices.ContainsFunc(got.Roles, bystander) {
		t.Error("the bystander is not there")
	}
	got.Roles = slices.DeleteFunc(got.Roles, bystander)
	want := expected()
	want.Partial = false
	want.Absent = []string{"arn:aws:iam::" + number + ":role/gone"}
	for i, p := range want.Policies {
		want.Policies[i].Name = "" // moto leaves it out here
		if p.ARN == connectPolicy {
			want.Policies[i].Versions = append(want.Policies[i].Versions, account.PolicyVersion{ID: "v1", Document: doc(connectV1)})
		}
	}
	diff(t, want, got)
}

// TestReadWhatIsNotThere tells absence from failure.
func TestReadWhatIsNotThere(t *testing.T) {
	newAccount(t)
	got := read(t, awsread.Options{Roles: []string{"gone", agentRole}, Users: []string{"gone"}})
	want := []string{"arn:aws:iam::" + number + ":role/gone", "arn:aws:iam::" + number + ":user/gone"}
	if !slices.Equal(got.Absent, want) || len(got.Gaps) != 0 || len(got.Roles) != 1 {
		t.Errorf("absent %v, gaps %v, %d roles; want %v, none and 1", got.Absent, got.Gaps, len(got.Roles), want)
	}
}

// withoutAWSPolicy takes AWS's own policies out (moto gives them all), having
// looked that the attached one was read.
func withoutAWSPolicy(t *testing.T, s *account.Snapshot) {
	t.Helper()
	i := slices.IndexFunc(s.Policies, func(p account.ManagedPolicy) bool { return p.ARN == managedPolicy })
	if i < 0 {
		t.Fatalf("%s was not read", managedPolicy)
	}
	p := s.Policies[i]
	if !slices.ContainsFunc(p.Versions, func(v account.PolicyVersion) bool {
		return v.ID == p.DefaultVersionID && bytes.Contains(v.Document.Text, []byte("rds:Describe"))
	}) {
		t.Errorf("%s has no default version with its text: %v", managedPolicy, p.Versions)
	}
	s.Policies = slices.DeleteFunc(s.Policies, func(p account.ManagedPolicy) bool { return strings.HasPrefix(p.ARN, "arn:aws:iam::aws:") })
}

// diff compares what was made with what was read. What moto chooses (ids,
// dates, counts) is left out, and documents are compared as JSON: moto may
// write them anew.
func diff(t *testing.T, want, got *account.Snapshot) {
	t.Helper()
	chosen := cmp.FilterPath(func(p cmp.Path) bool {
		field, ok := p.Last().(cmp.StructField)
		if !ok {
			return false
		}
		owner := p.Index(-2).Type().String()
		return slices.Contains([]string{"CreateDate", "UpdateDate", "LastUsed", "InstanceProfiles", "AttachmentCount", "BoundaryUsage"}, field.Name()) ||
			field.Name() == "ID" && owner != "account.PolicyVersion"
	}, cmp.Ignore())
	asJSON := cmp.Transformer("JSON", func(d account.Document) any {
		var v any
		if json.Unmarshal(d.Text, &v) != nil {
			return string(d.Text)
		}
		return v
	})
	order := cmp.Options{
		cmpopts.SortSlices(func(a, b account.PolicyVersion) bool { return a.ID < b.ID }),
		cmpopts.SortSlices(func(a, b account.AttachedPolicy) bool { return a.ARN < b.ARN }),
	}
	if d := cmp.Diff(want, got, chosen, asJSON, order, cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(account.Snapshot{})); d != "" {
		t.Errorf("snapshot (-made +read):\n%s", d)
	}
}
