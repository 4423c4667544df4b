package checks_test

import (
	"testing"

	"github.com/iamcheck/iamcheck/internal/checks"
)

const (
	aCache = `[{name: c, type: elasticache, protocol: redis, aws: {region: us-east-1, account_id: "111122223333", elasticache: {replication_group_id: c}}, db_users: [app]}]`
	// cache is what aCache needs.
	cache = `{"Effect":"Allow","Action":"elasticache:Connect","Resource":["arn:aws:elasticache:us-east-1:111122223333:replicationgroup:c","arn:aws:elasticache:us-east-1:111122223333:user:app"]},
		{"Effect":"Allow","Action":["elasticache:DescribeUsers","elasticache:DescribeReplicationGroups"],"Resource":"*"}`
	aManagedCache = `[{name: c, type: elasticache, protocol: redis, managed_users: true, aws: {region: us-east-1, account_id: "111122223333", elasticache: {replication_group_id: c},
      secret_store: {key_prefix: db/, kms_key_id: 1234abcd-12ab-34cd-56ef-1234567890ab}}, db_users: [app]}]`
	managedCache = cache + `,{"Effect":"Allow","Action":["elasticache:ModifyUser","elasticache:ListTagsForResource"],"Resource":"*"}`
)

func TestSecretsOutsidePrefix(t *testing.T) {
	secrets := func(name string) string {
		return managedCache + `,{"Sid":"Secrets","Effect":"Allow","Action":["secretsmanager:GetSecretValue","secretsmanager:PutSecretValue"],"Resource":"arn:aws:secretsmanager:us-east-1:111122223333:secret:` + name + `"}`
	}
	runWide(t, []wideCase{
		{name: "the prefix", world: world{databases: aManagedCache, agent: secrets("db/*")}},
		{name: "more than the prefix", world: world{databases: aManagedCache, agent: secrets("*")}, want: []string{"secrets-outside-prefix high"}, fix: `:secret:db/*"`},
		{name: "another prefix", world: world{databases: aManagedCache, agent: secrets("teleport/*")}, want: []string{"secrets-outside-prefix high"}},
		{name: "the default prefix without managed users", world: world{databases: aCache, agent: cache + `,{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"arn:aws:secretsmanager:*:111122223333:secret:teleport/*"}`}, want: []string{"unneeded-statement medium"}},
		{name: "all secrets, and no managed users at all", world: world{agent: right + `,{"Effect":"Allow","Action":"secretsmanager:*","Resource":"*"}`}, want: []string{"secrets-outside-prefix high"}},
		{name: "somebody else's secret", world: world{agent: right + `,{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"arn:aws:secretsmanager:us-east-1:111122223333:secret:app-x"}`}, want: []string{"unrelated-access info"}},
		{name: "only metadata", world: world{databases: aManagedCache, agent: managedCache + `,{"Effect":"Allow","Action":"secretsmanager:DescribeSecret","Resource":"*"}`}, want: []string{"secrets-outside-prefix low"}},
		{name: "beyond the boundary", world: world{databases: aManagedCache, agent: secrets("*"), boundary: secrets("db/*")}},
		{name: "a boundary not read", world: world{databases: aManagedCache, agent: secrets("*"), unread: true}, want: []string{"secrets-outside-prefix high/unknown"}},
	})
}

func TestKMSAnyKey(t *testing.T) {
	keys := func(rest string) string {
		return managedCache + `,{"Sid":"Key","Effect":"Allow","Action":["kms:Decrypt","kms:GenerateDataKey"],` + rest + `}`
	}
	const key = `"Resource":"arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"`
	runWide(t, []wideCase{
		{name: "the key", world: world{databases: aManagedCache, agent: keys(key)}},
		{name: "every key", world: world{databases: aManagedCache, agent: keys(`"Resource":"arn:aws:kms:us-east-1:111122223333:key/*"`)}, want: []string{"kms-any-key high"}, fix: "key/1234abcd-12ab-34cd-56ef-1234567890ab"},
		{name: "every key through Secrets Manager", world: world{databases: aManagedCache, agent: keys(`"Resource":"*","Condition":{"StringEquals":{"kms:ViaService":"secretsmanager.us-east-1.amazonaws.com"}}`)}, want: []string{"kms-any-key medium"}, says: "kms:ViaService"},
		{name: "without any need", world: world{agent: right + `,{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*"}`}, want: []string{"kms-any-key high"}},
		{name: "somebody else's key", world: world{agent: right + `,{"Effect":"Allow","Action":"kms:Decrypt",` + key + `}`}, want: []string{"unrelated-access info"}},
		{name: "beyond the boundary", world: world{databases: aManagedCache, agent: keys(`"Resource":"*"`), boundary: keys(key)}},
		{name: "a boundary not read", world: world{databases: aManagedCache, agent: keys(`"Resource":"*"`), unread: true}, want: []string{"kms-any-key high/unknown"}},
	})
}

func TestUnneededStatement(t *testing.T) {
	runWide(t, []wideCase{
		{name: "IAM authentication is on", world: world{agent: right + `,{"Sid":"RDSAutoEnableIAMAuth","Effect":"Allow","Action":["rds:ModifyDBInstance","rds:ModifyDBCluster"],"Resource":"*"}`}, want: []string{"unneeded-statement medium"}, says: "aws.rds.iam_auth", fix: "remove-statement"},
		{name: "with a wildcard", world: world{agent: right + `,{"Effect":"Allow","Action":"rds:Modify*","Resource":"*"}`}, want: []string{"unneeded-statement medium"}},
		{name: "it is off", world: world{
			databases: `[{name: orders, type: rds, protocol: postgres, aws: {region: us-east-1, account_id: "111122223333", rds: {resource_id: db-ABC, iam_auth: false}}, db_users: [app]}]`,
			agent:     right + `,{"Effect":"Allow","Action":["rds:ModifyDBInstance","rds:ModifyDBCluster"],"Resource":"*"}`,
		}},
		{name: "merged with what is needed", world: world{agent: `{"Effect":"Allow","Action":["rds:DescribeDBInstances","rds:DescribeDBClusters","rds:ModifyDBInstance"],"Resource":"*"},
			{"Effect":"Allow","Action":"rds-db:connect","Resource":"arn:aws:rds-db:us-east-1:111122223333:dbuser:db-ABC/app"}`}, want: []string{"unneeded-statement medium"}, fix: `"rds:DescribeDBInstances"`, not: "ModifyDB"},
		{name: "managed users without managed users", world: world{databases: aCache, agent: managedCache}, want: []string{"unneeded-statement medium"}, says: "managed_users"},
		{name: "the types alone are told", world: world{databases: `[{type: elasticache}]`, agent: `{"Effect":"Allow","Action":["elasticache:Connect","elasticache:DescribeUsers","elasticache:DescribeReplicationGroups","elasticache:ModifyUser"],"Resource":"*"}`}, want: []string{"excess-resource info", "unneeded-statement info"}},
		{name: "tags without session tags", world: world{
			databases: aDynamoDB, agent: `{"Effect":"Allow","Action":["sts:AssumeRole","sts:TagSession"],"Resource":"arn:aws:iam::111122223333:role/user"}`, roles: []worldRole{{"user", trustsAgent, ""}},
		}, want: []string{"unneeded-statement medium"}, fix: `"Action": "sts:AssumeRole"`},
		{name: "users and groups of Redshift", world: world{
			databases: `[{name: w, type: redshift, protocol: postgres, aws: {region: us-east-1, account_id: "111122223333", redshift: {cluster_id: w}}, db_users: [app], db_names: [dev]}]`,
			agent: `{"Effect":"Allow","Action":["redshift:GetClusterCredentials","redshift:JoinGroup","redshift:CreateClusterUser"],"Resource":["arn:aws:redshift:us-east-1:111122223333:dbuser:w/app","arn:aws:redshift:us-east-1:111122223333:dbname:w/dev","arn:aws:redshift:us-east-1:111122223333:dbgroup:w/g"]},
				{"Effect":"Allow","Action":"redshift:DescribeClusters","Resource":"*"}`,
		}, want: []string{"unneeded-statement medium"}, not: "JoinGroup"},
		{name: "discovery by one that does not discover", world: world{databases: aCache, agent: cache + `,{"Effect":"Allow","Action":["elasticache:DescribeCacheClusters","elasticache:DescribeCacheSubnetGroups"],"Resource":"*"}`}, want: []string{"unneeded-statement medium"}, says: "does not discover"},
		{name: "discovery by one that does", world: world{databases: aCache, discovers: true, agent: cache + `,{"Effect":"Allow","Action":["elasticache:DescribeCacheClusters","elasticache:DescribeCacheSubnetGroups","elasticache:ListTagsForResource"],"Resource":"*"}`}},
		{name: "denied", world: world{agent: right + `,{"Effect":"Allow","Action":"rds:Modify*","Resource":"*"},{"Effect":"Deny","Action":"rds:Modify*","Resource":"*"}`}},
		{name: "a boundary not read", world: world{agent: right + `,{"Effect":"Allow","Action":"rds:ModifyDBInstance","Resource":"*"}`, unread: true}, want: []string{"unneeded-statement medium/unknown"}},
	})
}

func TestUnrelatedAccess(t *testing.T) {
	const shared = right + `,{"Effect":"Allow","Action":["s3:GetObject","sqs:*"],"Resource":"*"},{"Effect":"Allow","Action":["ec2:Describe*","nosuch:Thing"],"Resource":"*"}`
	runWide(t, []wideCase{
		{name: "a role of its own", world: world{agent: right}},
		{name: "a shared role", world: world{agent: shared}, want: []string{"unrelated-access info"}, says: "ec2 (up to"},
		{name: "capped by the boundary", world: world{agent: right + `,{"Effect":"Allow","Action":["s3:GetObject","sqs:*"],"Resource":"*"}`, boundary: right}},
		{name: "a boundary not read", world: world{agent: shared, unread: true}, want: []string{"unrelated-access info"}},
		{name: "dangerous grants outside the databases' services are left out", world: world{agent: right + `,{"Effect":"Allow","Action":["iam:PassRole","kms:Decrypt","secretsmanager:GetSecretValue"],"Resource":"*"}`, breadth: checks.BreadthDatabases}, want: []string{"unrelated-access info"}},
	})
}

func TestNoBoundaryOnIAMWriter(t *testing.T) {
	const writes = right + `,{"Effect":"Allow","Action":"iam:CreateRole","Resource":"*"}`
	runWide(t, []wideCase{
		{name: "without", world: world{agent: writes}, want: []string{"excess-action high", "no-boundary-on-iam-writer high"}},
		{name: "with a boundary", world: world{agent: writes, boundary: everything}, want: []string{"excess-action high"}},
		{name: "what it makes has a boundary", world: world{agent: right + `,{"Effect":"Allow","Action":"iam:CreateRole","Resource":"*","Condition":{"StringEquals":{"iam:PermissionsBoundary":"arn:aws:iam::111122223333:policy/b"}}}`}, want: []string{"excess-action medium"}},
		{name: "denied", world: world{agent: writes + `,{"Effect":"Deny","Action":"iam:*","Resource":"*"}`}},
		{name: "reading only", world: world{agent: right + `,{"Effect":"Allow","Action":"iam:Get*","Resource":"*"}`}, want: []string{"unrelated-access info"}},
		{name: "under a condition", world: world{agent: right + `,{"Effect":"Allow","Action":"iam:CreateRole","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}`}, want: []string{"excess-action medium", "no-boundary-on-iam-writer medium"}},
	})
}

func TestRedundantStatement(t *testing.T) {
	const again = `{"Sid":"Again","Effect":"Allow","Action":"rds:DescribeDBInstances","Resource":"*"}`
	runWide(t, []wideCase{
		{name: "the same again", world: world{agent: right + "," + again}, want: []string{"redundant-statement info"}, fix: "remove-statement"},
		{name: "a part in another policy", world: world{agent: right, attached: map[string]string{"arn:aws:iam::111122223333:policy/own": again}}, want: []string{"redundant-statement info"}},
		{name: "twice the same is once too many", world: world{agent: right + "," + again + "," + again}, want: []string{"redundant-statement info", "redundant-statement info"}},
		{name: "the other one has a condition", world: world{agent: right + `,{"Effect":"Allow","Action":"rds-db:*","Resource":"arn:aws:rds-db:us-east-1:111122223333:dbuser:db-ABC/app","Condition":{"Bool":{"aws:SecureTransport":"true"}}}`}},
		{name: "nothing in common", world: world{agent: right}},
		{name: "a boundary not read changes nothing", world: world{agent: right + "," + again, unread: true}, want: []string{"redundant-statement info"}},
	})
}
