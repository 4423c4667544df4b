package iamdata_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/iamcheck/iamcheck/internal/iamdata"
)

// Facts of the Service Authorization Reference that checks and verdicts rest on.
func TestLookup(t *testing.T) {
	tests := []struct {
		action    string
		want      string
		access    iamdata.Access
		resources string // "type!" where required
	}{
		{"rds-db:connect", "rds-db:connect", iamdata.PermissionsManagement, "db-user!"},
		{"RDS:describedbinstances", "rds:DescribeDBInstances", iamdata.List, "db"},
		{"rds:ModifyDBCluster", "rds:ModifyDBCluster", iamdata.Write, "cluster! cluster-pg og pg"},
		{"sts:AssumeRole", "sts:AssumeRole", iamdata.Write, "role!"},
		{"sts:TagSession", "sts:TagSession", iamdata.Tagging, "role"},
		{"sts:GetCallerIdentity", "sts:GetCallerIdentity", iamdata.Read, ""},
		{"redshift:GetClusterCredentials", "redshift:GetClusterCredentials", iamdata.Write, "dbname dbuser!"},
		{"redshift:GetClusterCredentialsWithIAM", "redshift:GetClusterCredentialsWithIAM", iamdata.Write, "dbname"},
		{"redshift-serverless:GetCredentials", "redshift-serverless:GetCredentials", iamdata.Write, "workgroup!"},
		{"elasticache:Connect", "elasticache:Connect", iamdata.Write, "replicationgroup serverlesscache user!"},
		{"memorydb:Connect", "memorydb:Connect", iamdata.Write, "cluster! user!"},
		{"dynamodb:GetItem", "dynamodb:GetItem", iamdata.Read, "table!"},
		{"iam:PassRole", "iam:PassRole", iamdata.Write, "role!"},
		{"iam:PutRolePolicy", "iam:PutRolePolicy", iamdata.PermissionsManagement, "role!"},
		{"secretsmanager:GetSecretValue", "secretsmanager:GetSecretValue", iamdata.Read, "Secret!"},
		{"kms:Decrypt", "kms:Decrypt", iamdata.Write, "key!"},
	}
	for _, tt := range tests {
		t.Run(tt.action, func(t *testing.T) {
			got, ok := iamdata.Lookup(tt.action)
			if !ok {
				t.Fatal("not known")
			}
			var resources []string
			for _, r := range got.Resources {
				name := r.Name
				if r.Required {
					name += "!"
				}
				resources = append(resources, name)
			}
			if got.String() != tt.want || got.Access != tt.access || strings.Join(resources, " ") != tt.resources {
				t.Errorf("got %s, %s, %q; want %s, %s, %q",
					got, got.Access, strings.Join(resources, " "), tt.want, tt.access, tt.resources)
			}
		})
	}
}

func TestARNs(t *testing.T) {
	tests := []struct {
		action, resource string
		want             []string
	}{
		{"rds-db:connect", "db-user", []string{"arn:${Partition}:rds-db:${Region}:${Account}:dbuser:${DbiResourceId}/${DbUserName}"}},
		{"memorydb:Connect", "user", []string{"arn:${Partition}:memorydb:${Region}:${Account}:user/${UserName}"}},
		{"lex:DeleteBot", "bot", []string{
			"arn:${Partition}:lex:${Region}:${Account}:bot/${BotId}", "arn:${Partition}:lex:${Region}:${Account}:bot:${BotName}",
		}},
	}
	for _, tt := range tests {
		a, _ := iamdata.Lookup(tt.action)
		i := slices.IndexFunc(a.Resources, func(r iamdata.ResourceType) bool { return r.Name == tt.resource })
		if i < 0 {
			t.Errorf("%s has no resource type %s", tt.action, tt.resource)
			continue
		}
		if diff := cmp.Diff(tt.want, a.Resources[i].ARNs); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", tt.action, tt.resource, diff)
		}
	}
}

func TestPatterns(t *testing.T) {
	tests := []struct {
		format, want string
	}{
		{"arn:${Partition}:rds-db:${Region}:${Account}:dbuser:${DbiResourceId}/${DbUserName}", "arn:*:rds-db:*:*:dbuser:*/*"},
		{"arn:${Partition}:s3:::${BucketName}", "arn:*:s3:::*"},
		{"arn:aws:x", "arn:aws:x"},
		{"arn:aws:x:backup/${Name}-{Date}", "arn:aws:x:backup/*-*"},
		{"arn:${Broken", "arn:*"},
	}
	for _, tt := range tests {
		got := iamdata.ResourceType{ARNs: []string{tt.format}}.Patterns()
		if diff := cmp.Diff([]string{tt.want}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.format, diff)
		}
	}
	n := 0
	for _, prefix := range iamdata.Services() {
		s, _ := iamdata.ServiceOf(prefix)
		for _, r := range s.Resources {
			for _, p := range r.Patterns() {
				n++
				if strings.ContainsAny(p, "${}<>, ") || strings.Count(p, ":") < 5 || !strings.HasPrefix(p, "arn:") {
					t.Errorf("%s %s: %q is no ARN pattern", prefix, r.Name, p)
				}
			}
		}
	}
	if n < 2000 {
		t.Errorf("only %d patterns", n)
	}
}

func TestWildcardOnly(t *testing.T) {
	tests := []struct {
		action     string
		yes, known bool
	}{
		{"sts:GetCallerIdentity", true, true},
		{"ec2:DescribeInstances", true, true},
		{"redshift:ListDatabases", true, true},
		{"rds:DescribeDBInstances", false, true}, // its resource type is optional
		{"rds-db:connect", false, true},
		{"rds:DescribeNothing", false, false},
		{"nosuch:Thing", false, false},
		{"", false, false},
	}
	for _, tt := range tests {
		if yes, known := iamdata.WildcardOnly(tt.action); yes != tt.yes || known != tt.known {
			t.Errorf("WildcardOnly(%q): got %v, %v, want %v, %v", tt.action, yes, known, tt.yes, tt.known)
		}
	}
}

func TestStandingOf(t *testing.T) {
	tests := []struct {
		action string
		want   iamdata.Standing
	}{
		{"rds-db:Connect", iamdata.Known},
		{"rds:connect", iamdata.UnknownAction},
		{"rds:ConneKt", iamdata.UnknownAction},
		{"keyspaces:Select", iamdata.UnknownService},
		{"\u212ams:Decrypt", iamdata.UnknownService}, // the Kelvin sign is no k
		{"rds", iamdata.Malformed},
		{"rds:", iamdata.Malformed},
		{":connect", iamdata.Malformed},
		{"rds:Describe*", iamdata.Malformed},
		{"*", iamdata.Malformed},
		{"", iamdata.Malformed},
	}
	for _, tt := range tests {
		if got := iamdata.StandingOf(tt.action); got != tt.want {
			t.Errorf("StandingOf(%q): got %d, want %d", tt.action, got, tt.want)
		}
	}
}

func TestSupplies(t *testing.T) {
	tests := []struct {
		action, key string
		want        bool
	}{
		{"sts:AssumeRole", "sts:ExternalId", true},
		{"sts:AssumeRole", "STS:EXTERNALID", true},
		{"rds-db:connect", "sts:ExternalId", false},
		{"rds-db:connect", "aws:SourceIp", true},
		{"rds-db:connect", "aws:PrincipalTag/team", true},
		{"rds-db:connect", "aws:ResourceTag/team", false}, // global by name only
		{"rds-db:connect", "aws:ResourceTag/", false},
		{"sts:AssumeRole", "aws:RequestTag/team", true},
		{"sts:AssumeRole", "aws:RequestTag/", false},
		{"redshift:GetClusterCredentials", "redshift:DbUser", true},
		{"rds:DescribeDBInstances", "rds:DatabaseEngine", true}, // of its resource type
		{"s3:GetObject", "s3:ExistingObjectTag/team", true},
		{"rds-db:connect", "", false},
	}
	for _, tt := range tests {
		a, ok := iamdata.Lookup(tt.action)
		if !ok {
			t.Fatalf("%s is not known", tt.action)
		}
		if got := a.Supplies(tt.key); got != tt.want {
			t.Errorf("%s supplies %q: got %v, want %v", tt.action, tt.key, got, tt.want)
		}
	}
}

func TestNearest(t *testing.T) {
	tests := []struct {
		action string
		want   []string
	}{
		{"rds:DescribeDBInstance", []string{"rds:DescribeDBInstances"}},
		{"rds:DescribeDBInstnaces", []string{"rds:DescribeDBInstances"}},
		{"rds:connect", []string{"rds-db:connect"}},
		{"rds-db:conect", []string{"rds-db:connect"}},
		{"redshift:GetClusterCredentialsWithIam2", []string{"redshift:GetClusterCredentialsWithIAM"}},
		{"elasticcache:Connect", []string{"elasticache:Connect"}},
		{"opensearch:ESHttpGet", []string{"es:ESHttpGet"}},
		{"keyspaces:Select", []string{"cassandra:Select"}},
		{"rds:LaunchRocketToTheMoon", nil},
		{"nosuch:LaunchRocketToTheMoon", nil},
		{"rds", nil},
		{"", nil},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, iamdata.Nearest(tt.action, 1)); diff != "" {
			t.Errorf("Nearest(%q) (-want +got):\n%s", tt.action, diff)
		}
	}
	if got := iamdata.Nearest("rds:TagResource", 3); len(got) != 3 {
		t.Errorf("Nearest with n 3: got %d: %q", len(got), got)
	}
}

func TestVersion(t *testing.T) {
	version := iamdata.PackageVersion()
	i := strings.LastIndexByte(version, '.')
	date := version[i+1 : i+9] // 0.21.202609261 is the first of 2026-09-26
	want := "iam-data " + date[:4] + "-" + date[4:6] + "-" + date[6:]
	if got := iamdata.Version(); got != want {
		t.Errorf("got %q, want %q, of the package's version %s", got, want, version)
	}
}

func TestRCPReaches(t *testing.T) {
	for prefix, want := range map[string]bool{"sts": true, "S3": true, "kms": true, "secretsmanager": true, "rds-db": false, "iam": false, "": false} {
		if got := iamdata.RCPReaches(prefix); got != want {
			t.Errorf("RCPReaches(%q): got %v, want %v", prefix, got, want)
		}
	}
	all := iamdata.RCPServices()
	if len(all) < 50 || !slices.IsSorted(all) {
		t.Errorf("%d services, sorted %v", len(all), slices.IsSorted(all))
	}
}

func TestGlobalKeys(t *testing.T) {
	keys := iamdata.GlobalKeys()
	if len(keys) < 50 {
		t.Fatalf("only %d keys", len(keys))
	}
	want := []iamdata.ConditionKey{
		{Name: "aws:PrincipalArn", Type: iamdata.ARN},
		{Name: "aws:SecureTransport", Type: iamdata.Bool},
		{Name: "aws:TagKeys", Type: iamdata.String, Many: true},
		{Name: "aws:RequestTag/${TagKey}", Type: iamdata.String},
	}
	for _, w := range want {
		if !slices.Contains(keys, w) {
			t.Errorf("%+v is missing", w)
		}
	}
}
