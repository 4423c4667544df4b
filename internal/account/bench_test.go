package account

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// largeAccount is an account of n roles as the command line of AWS prints it:
// each has a trust policy, two inline policies and two attached ones.
func largeAccount(n int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": [`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `
    {
        "Path": "/", "RoleName": "role-%d", "RoleId": "AROA%017d", "Arn": "arn:aws:iam::111122223333:role/role-%d",
        "CreateDate": "2026-01-01T00:00:00+00:00", "InstanceProfileList": [], "RoleLastUsed": {},
        "Tags": [{"Key": "team", "Value": "team-%d"}],
        "AssumeRolePolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "sts:AssumeRole"}]
        },
        "AttachedManagedPolicies": [
            {"PolicyName": "p-%d", "PolicyArn": "arn:aws:iam::111122223333:policy/p-%d"},
            {"PolicyName": "ReadOnlyAccess", "PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}
        ],
        "RolePolicyList": [%s, %s]
    }`, i, i, i, i%50, i%200, i%200, largeInline("a"), largeInline("b"))
	}
	b.WriteString(`], "Policies": []}`)
	return b.Bytes()
}

func largeInline(name string) string {
	statement := `
                        {
                            "Sid": "Connect",
                            "Effect": "Allow",
                            "Action": ["rds-db:connect", "rds:DescribeDBInstances"],
                            "Resource": "arn:aws:rds-db:us-east-1:111122223333:dbuser:db-ABCDEFGHIJKL/*"
                        }`
	return `{
                "PolicyName": "` + name + `",
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [` + strings.Repeat(statement+",", 4) + statement + `]
                }
            }`
}

func BenchmarkRead10000Roles(b *testing.B) {
	text := largeAccount(10_000)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read("large.json", bytes.NewReader(text)); err != nil {
			b.Fatal(err)
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.Sys)/(1<<20), "MiB-of-the-process")
}

func BenchmarkPolicies10000Roles(b *testing.B) {
	snapshots, err := Read("large.json", bytes.NewReader(largeAccount(10_000)))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		accounts, err := Merge(snapshots)
		if err != nil {
			b.Fatal(err)
		}
		for i := range accounts[0].Roles {
			accounts.Policies(accounts[0].Roles[i].ARN)
		}
	}
}
