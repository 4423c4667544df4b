package checks_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/expected"
)

// object is JSON.
type object = map[string]any

// A hostile account takes no more than a run's budget, whatever its shape: what
// that leaves undecided is unknown and makes the run incomplete, and is the same
// from run to run. Requirements are judged before wide grants are looked for.
func TestHostileAccountIsCutShort(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	names := func() (out []string) {
		for range 12 {
			name := "arn:aws:rds-db:*:111122223333:dbuser:*/*"
			for range 4 {
				name += string("abc"[random.IntN(3)]) + strings.Repeat("?", random.IntN(5)) + "*"
			}
			out = append(out, name)
		}
		return out
	}
	// Whether these leave anything out is whether one of each has a name in common.
	statements := []object{{"Effect": "Allow", "Action": []string{"rds:DescribeDBInstances", "rds:DescribeDBClusters"}, "Resource": "*"}}
	for range 12 {
		statements = append(statements,
			object{"Effect": "Allow", "Action": "rds-*:*", "NotResource": names()},
			object{"Effect": "Deny", "Action": "iam:*", "NotResource": names()},
			object{"Effect": "Allow", "Action": "iam:*", "Resource": names()})
	}
	var databases []object
	for i := range 30 {
		databases = append(databases, object{
			"name": fmt.Sprint("d", i), "type": "rds", "db_users": []string{"*"},
			"aws": object{"region": "us-east-1", "account_id": "111122223333", "rds": object{"resource_id": fmt.Sprintf("db-%05d", i)}},
		})
	}
	in := inputOf(t, statements, databases)
	first := checks.RunLimited(in)
	if first.Complete() {
		t.Error("the run is complete, though not all could be compared")
	}
	unknown := 0
	for i := range first.Requirements {
		v := &first.Requirements[i]
		if v.Status == checks.Undecided {
			unknown++
		}
	}
	cut := false
	for _, g := range first.Gaps {
		cut = cut || g.InChain && strings.Contains(g.Error, "hold too much to compare")
	}
	if !cut {
		t.Errorf("no gap tells that grants were not all compared: %+v", first.Gaps)
	}
	if unknown == 0 || unknown == len(first.Requirements) {
		t.Errorf("%d of %d requirements are unknown; want some, and others decided", unknown, len(first.Requirements))
	}
	again := checks.RunLimited(in)
	if diff := cmp.Diff(first.Findings, again.Findings, cmp.AllowUnexported(checks.Fix{})); diff != "" {
		t.Errorf("the same account gives other findings the second time (-first +second):\n%s", diff)
	}
	for i := range first.Requirements {
		if a, b := first.Requirements[i].Status, again.Requirements[i].Status; a != b {
			t.Errorf("requirement %d is %s, and then %s", i, a, b)
		}
	}
}

// A plain role that many databases use is decided to the last of them, also where
// it names as many as its policies have room for.
func TestManyDatabasesAreDecided(t *testing.T) {
	const count = 120
	named := make([]string, count)
	var databases []object
	for i := range count {
		id := fmt.Sprintf("db-%05d", i)
		named[i] = "arn:aws:rds-db:*:111122223333:dbuser:" + id + "/*"
		databases = append(databases, object{
			"name": fmt.Sprint("d", i), "type": "rds", "db_users": []string{"a", "b", "*"},
			"aws": object{"region": "us-east-1", "account_id": "111122223333", "rds": object{"resource_id": id, "iam_auth": true}},
		})
	}
	describe := object{"Effect": "Allow", "Action": []string{"rds:DescribeDBInstances", "rds:DescribeDBClusters"}, "Resource": "*"}
	for name, resources := range map[string][]string{"all": {"arn:aws:rds-db:us-east-1:111122223333:dbuser:*/*"}, "named": named} {
		t.Run(name, func(t *testing.T) {
			r := checks.Run(inputOf(t, []object{{"Effect": "Allow", "Action": "rds-db:connect", "Resource": resources}, describe}, databases))
			for i := range r.Requirements {
				if v := &r.Requirements[i]; v.Status != checks.Granted && v.Status != checks.NotNeeded {
					t.Fatalf("%s of %s on %s is %s", v.ID, v.Database, v.Resource, v.Status)
				}
			}
			if !r.Complete() {
				t.Errorf("the run is incomplete: %+v", r.Gaps)
			}
		})
	}
}

// inputOf is the audit of a role "agent" with one inline policy.
func inputOf(t *testing.T, statements, databases []object) checks.Input {
	t.Helper()
	snapshot := marshalled(t, object{"UserDetailList": []any{}, "GroupDetailList": []any{}, "Policies": []any{}, "RoleDetailList": []object{{
		"Path": "/", "RoleName": "agent", "RoleId": "AROAEXAMPLE", "Arn": "arn:aws:iam::111122223333:role/agent", "CreateDate": "2024-01-01T00:00:00Z",
		"AssumeRolePolicyDocument": object{"Version": "2012-10-17", "Statement": object{"Effect": "Allow", "Principal": object{"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}},
		"RolePolicyList":           []object{{"PolicyName": "all", "PolicyDocument": object{"Version": "2012-10-17", "Statement": statements}}},
	}}})
	snapshots, err := account.Read("account.json", bytes.NewReader(snapshot))
	if err != nil {
		t.Fatal(err)
	}
	accounts, err := account.Merge(snapshots)
	if err != nil {
		t.Fatal(err)
	}
	target, err := config.Load("iamcheck.yaml", marshalled(t, object{"version": 1, "agents": []object{{"role": "agent", "databases": databases}}}), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := checks.Resolve(target, accounts); err != nil {
		t.Fatal(err)
	}
	requirements, identities, err := expected.For(target, expected.Defaults{Account: "111122223333", Partition: "aws"})
	if err != nil {
		t.Fatal(err)
	}
	return checks.Input{Target: target, Accounts: accounts, Requirements: requirements, Identities: identities, Source: checks.Source{Kind: "snapshot"}}
}

func marshalled(t *testing.T, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
