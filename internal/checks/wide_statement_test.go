package checks_test

import (
	"testing"

	"github.com/iamcheck/iamcheck/internal/checks"
)

const everything = `{"Effect":"Allow","Action":"*","Resource":"*"}`

func TestAdminAccess(t *testing.T) {
	runWide(t, []wideCase{
		{name: "nothing to spare", world: world{agent: right}},
		{
			name: "star on star", world: world{agent: everything}, want: []string{"admin-access critical"},
			says: "every action is allowed on every resource", fix: `"Action": "rds-db:connect"`, not: `"Action": "*"`,
		},
		{name: "star and colon", world: world{agent: `{"Effect":"Allow","Action":"*:*","Resource":"*"}`}, want: []string{"admin-access critical"}},
		{
			name: "a boundary leaves what is needed", world: world{agent: everything, boundary: right},
			want: []string{"admin-access low"}, says: "the permissions boundary leaves nothing of it but what is needed",
		},
		{
			name: "a boundary takes IAM away", world: world{agent: everything, boundary: `{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}`},
			want: []string{"admin-access high"}, says: "the permissions boundary takes IAM away",
		},
		{name: "a boundary that is no limit", world: world{agent: everything, boundary: everything}, want: []string{"admin-access critical"}},
		{
			name: "a boundary that was not read", world: world{agent: everything, unread: true},
			want: []string{"admin-access critical/unknown"}, says: "was not read",
		},
		{
			name: "an SCP leaves reading", world: world{agent: everything, scp: `{"Effect":"Allow","Action":["rds-db:connect","rds:Describe*"],"Resource":"*"}`},
			want: []string{"admin-access high"}, // rds-db:connect to other databases is in effect
		},
		{
			name: "under a condition", world: world{agent: `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}`},
			want: []string{"admin-access high"}, says: "aws:SourceIp", fix: `"aws:SourceIp": "10.0.0.0/8"`,
		},
		{name: "under a condition that never holds", world: world{agent: `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"DateLessThan":{"aws:CurrentTime":"2020-01-01T00:00:00Z"}}}`}, want: []string{"admin-access low"}},
		{
			name: "the AWS managed policy", world: world{agent: right, attached: map[string]string{"arn:aws:iam::aws:policy/AdministratorAccess": everything}},
			want: []string{"admin-access critical"}, says: "AdministratorAccess grants everything", fix: "detach arn:aws:iam::aws:policy/AdministratorAccess",
		},
		{
			name: "the AWS managed policy without its document", world: world{agent: right, attached: map[string]string{"arn:aws:iam::aws:policy/AdministratorAccess": ""}},
			want: []string{"admin-access critical"},
		},
		{
			name: "only the databases are judged", world: world{agent: everything, breadth: checks.BreadthDatabases},
			want: []string{"service-wildcard high", "unrelated-access info"},
		},
	})
}

func TestNotActionAndNotResource(t *testing.T) {
	runWide(t, []wideCase{
		{
			name: "all but IAM", world: world{agent: `{"Effect":"Allow","NotAction":["iam:*","organizations:*"],"Resource":"*"}`},
			want: []string{"not-action-allow high"}, fix: `"Action": "rds-db:connect"`,
		},
		{name: "all but reading a bucket", world: world{agent: `{"Effect":"Allow","NotAction":"s3:GetObject","Resource":"*"}`}, want: []string{"not-action-allow critical"}},
		{
			name: "capped", world: world{agent: `{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}`, boundary: right},
			want: []string{"not-action-allow low"},
		},
		{name: "in a boundary it is a ceiling", world: world{agent: right, boundary: `{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}`}},
		{name: "in an SCP too", world: world{agent: right, scp: `{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}`}},
		{name: "a boundary not read", world: world{agent: `{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}`, unread: true}, want: []string{"not-action-allow high/unknown"}},
		{
			name: "NotResource", world: world{agent: right + `,{"Effect":"Allow","Action":"rds-db:connect","NotResource":"arn:aws:rds-db:us-east-1:111122223333:dbuser:db-X/*"}`},
			want: []string{"not-resource-allow high"},
		},
		{
			name: "NotResource with what needs everything", world: world{agent: `{"Effect":"Allow","Action":"rds:DescribeDBInstances","NotResource":"arn:aws:rds:*:*:db:x"}`},
		},
		{
			name: "NotResource with reading", world: world{agent: right + `,{"Effect":"Allow","Action":"rds:DescribeDBSnapshots","NotResource":"arn:aws:rds:*:*:db:x"}`},
			want: []string{"not-resource-allow low"},
		},
		{name: "NotResource in a boundary", world: world{agent: right, boundary: `{"Effect":"Allow","Action":"*","NotResource":"arn:aws:s3:::x"}`}},
		{
			name: "NotResource with a boundary not read", world: world{agent: `{"Effect":"Allow","Action":"rds-db:connect","NotResource":"arn:aws:rds-db:us-east-1:111122223333:dbuser:db-X/*"}`, unread: true},
			want: []string{"not-resource-allow high/unknown"},
		},
	})
}

func TestServiceWildcard(t *testing.T) {
	runWide(t, []wideCase{
		{
			name: "the database's service", world: world{agent: right + `,{"Sid":"All","Effect":"Allow","Action":"rds:*","Resource":"*"}`},
			want: []string{"redundant-statement info", "service-wildcard high"}, says: "rds:* is allowed on *",
		},
		{
			name: "iam", world: world{agent: right + `,{"Effect":"Allow","Action":"iam:*","Resource":"*"}`},
			want: []string{"service-wildcard critical"}, says: "can give itself the rest of the account", fix: "remove-statement",
		},
		{name: "any case, any form", world: world{agent: right + `,{"Effect":"Allow","Action":"KMS:**","Resource":"*"}`}, want: []string{"service-wildcard critical"}},
		{
			name: "another service is unrelated", world: world{agent: right + `,{"Effect":"Allow","Action":"s3:*","Resource":"*"}`},
			want: []string{"unrelated-access info"}, says: "s3 (up to permissions management)",
		},
		{
			name: "capped to reading", world: world{agent: right + `,{"Effect":"Allow","Action":"rds:*","Resource":"*"}`, boundary: `{"Effect":"Allow","Action":["rds-db:*","rds:Describe*"],"Resource":"*"}`},
			want: []string{"redundant-statement info", "service-wildcard low"},
		},
		{name: "wholly denied", world: world{agent: right + `,{"Effect":"Allow","Action":"iam:*","Resource":"*"},{"Effect":"Deny","Action":"iam:*","Resource":"*"}`}},
		{
			name: "sts on the one role that is configured",
			world: world{
				databases: `[{name: d, type: dynamodb, aws: {region: us-east-1, account_id: "111122223333", session_tags: {team: x}}, db_users: [user]}]`,
				agent:     `{"Effect":"Allow","Action":"sts:*","Resource":"arn:aws:iam::111122223333:role/user"}`,
				roles:     []worldRole{{"user", trustsAgent, `{"Effect":"Allow","Action":"dynamodb:*","Resource":"*"}`}},
			},
		},
		{name: "a boundary not read", world: world{agent: `{"Effect":"Allow","Action":"iam:*","Resource":"*"}`, unread: true}, want: []string{"service-wildcard critical/unknown"}},
		{
			name: "a database role's own data", world: world{
				databases: `[{name: d, type: dynamodb, aws: {region: us-east-1, account_id: "111122223333"}, db_users: [user]}]`,
				agent:     `{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:aws:iam::111122223333:role/user"}`,
				roles:     []worldRole{{"user", trustsAgent, `{"Effect":"Allow","Action":["dynamodb:*","rds:*","iam:*"],"Resource":"*"}`}},
			},
			want: []string{"service-wildcard critical", "unrelated-access info"}, says: "iam:* is allowed", not: `"sts:AssumeRole"`,
		},
	})
}

func TestExcessAction(t *testing.T) {
	runWide(t, []wideCase{
		{
			name: "a write", world: world{agent: right + `,{"Sid":"Del","Effect":"Allow","Action":"rds:DeleteDBInstance","Resource":"*"}`},
			want: []string{"excess-action high"}, fix: "remove-statement",
		},
		{
			name: "beside what is needed", world: world{agent: `{"Effect":"Allow","Action":"rds-db:connect","Resource":"arn:aws:rds-db:us-east-1:111122223333:dbuser:db-ABC/app"},
				{"Sid":"Meta","Effect":"Allow","Action":["rds:DescribeDB*","rds:CopyDBSnapshot","s3:GetObject"],"Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}`},
			want: []string{"excess-action high", "unrelated-access info"}, fix: `"s3:GetObject"`, not: "CopyDBSnapshot",
		},
		{name: "reading", world: world{agent: right + `,{"Effect":"Allow","Action":"rds:Describe*","Resource":"*"}`}, want: []string{"excess-action low", "redundant-statement info"}},
		{name: "tagging", world: world{agent: right + `,{"Effect":"Allow","Action":"rds:AddTagsToResource","Resource":"*"}`}, want: []string{"excess-action medium"}},
		{name: "taken away by the boundary", world: world{agent: right + `,{"Effect":"Allow","Action":"rds:DeleteDBInstance","Resource":"*"}`, boundary: right}},
		{name: "taken away by a Deny", world: world{agent: right + `,{"Effect":"Allow","Action":"rds:Delete*","Resource":"*"},{"Effect":"Deny","Action":"rds:D*","Resource":"*"}`}},
		{name: "taken away by an SCP", world: world{agent: right + `,{"Effect":"Allow","Action":"rds:DeleteDBInstance","Resource":"*"}`, scp: everything + `,{"Effect":"Deny","Action":"rds:Delete*","Resource":"*"}`}},
		{
			name: "in part by a Deny under a condition", world: world{agent: right + `,{"Effect":"Allow","Action":"rds:DeleteDBInstance","Resource":"*"},{"Effect":"Deny","Action":"rds:*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"false"}}}`},
			want: []string{"excess-action medium"}, says: "medium, since",
		},
		{name: "undecidable", world: world{agent: right + `,{"Effect":"Allow","Action":"rds:DeleteDBInstance","Resource":"*"}`, unread: true}, want: []string{"excess-action high/unknown"}},
		{name: "on a resource that the action never has", world: world{agent: right + `,{"Effect":"Allow","Action":"rds:DeleteDBInstance","Resource":"arn:aws:s3:::bucket"}`}},
		{
			name: "an AWS managed policy", world: world{
				agent:    `{"Effect":"Allow","Action":"rds-db:connect","Resource":"arn:aws:rds-db:us-east-1:111122223333:dbuser:db-ABC/app"}`,
				attached: map[string]string{"arn:aws:iam::aws:policy/AmazonRDSFullAccess": `{"Effect":"Allow","Action":["rds:*","cloudwatch:GetMetricData"],"Resource":"*"},{"Effect":"Allow","Action":"iam:CreateServiceLinkedRole","Resource":"*"}`},
			},
			want: []string{"excess-action high", "unrelated-access info"}, says: "needed of it: rds:DescribeDBClusters, rds:DescribeDBInstances", fix: "detach arn:aws:iam::aws:policy/AmazonRDSFullAccess",
		},
		{
			name: "the data of a database role", world: world{
				databases: `[{name: o, type: opensearch, protocol: opensearch, aws: {region: us-east-1, account_id: "111122223333", opensearch: {domain_name: logs}}, db_users: [user]}]`,
				agent:     `{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:aws:iam::111122223333:role/user"}`,
				roles:     []worldRole{{"user", trustsAgent, `{"Effect":"Allow","Action":["es:ESHttp*","es:DeleteDomain"],"Resource":"arn:aws:es:us-east-1:111122223333:domain/*"}`}},
			},
			want: []string{"excess-action high"}, says: "es:DeleteDomain", fix: `"es:ESHttp*"`, not: "DeleteDomain",
		},
		{name: "a service-linked role", world: world{agent: right + `,{"Effect":"Allow","Action":"iam:CreateServiceLinkedRole","Resource":"*"}`}, want: []string{"excess-action low"}},
	})
}

func TestExcessResource(t *testing.T) {
	const rest = `{"Effect":"Allow","Action":["rds:DescribeDBInstances","rds:DescribeDBClusters"],"Resource":"*"},`
	connect := func(resource string) string {
		return rest + `{"Sid":"Connect","Effect":"Allow","Action":"rds-db:connect","Resource":"` + resource + `"}`
	}
	runWide(t, []wideCase{
		{
			name: "what the documentation prints", world: world{agent: connect("*")}, want: []string{"excess-resource low"},
			says: "dbuser:db-x/other", fix: `"Resource": "arn:aws:rds-db:us-east-1:111122223333:dbuser:db-ABC/app"`,
		},
		{name: "other logins", world: world{agent: connect("arn:aws:rds-db:us-east-1:111122223333:dbuser:db-ABC/*")}, want: []string{"excess-resource info"}, says: "dbuser:db-ABC/other"},
		{name: "other Regions", world: world{agent: connect("arn:aws:rds-db:*:111122223333:dbuser:db-ABC/app")}, want: []string{"excess-resource info"}, says: "eu-west-1"},
		{name: "capped by the boundary", world: world{agent: connect("*"), boundary: right}},
		{
			name: "a name that the configuration does not tell", world: world{
				agent:     connect("*"),
				databases: `[{name: orders, type: rds, protocol: postgres, aws: {region: us-east-1, account_id: "111122223333"}}]`,
			},
			want: []string{"excess-resource info"}, says: "aws.rds.resource_id",
		},
		{name: "an open part is not too many", world: world{
			agent:     connect("arn:aws:rds-db:us-east-1:111122223333:dbuser:*/*"),
			databases: `[{name: orders, type: rds, protocol: postgres, aws: {region: us-east-1, account_id: "111122223333"}}]`,
		}},
		{
			name: "roles that are named and not needed", world: world{
				databases: `[{name: d, type: dynamodb, aws: {region: us-east-1, account_id: "111122223333"}, db_users: [user]}]`,
				agent:     `{"Effect":"Allow","Action":"sts:AssumeRole","Resource":["arn:aws:iam::111122223333:role/user","arn:aws:iam::111122223333:role/admin"]}`,
				roles:     []worldRole{{"user", trustsAgent, ""}},
			},
			want: []string{"excess-resource medium"}, says: "role/admin", fix: `"Resource": "arn:aws:iam::111122223333:role/user"`,
		},
		{name: "undecidable", world: world{
			databases: `[{name: d, type: dynamodb, aws: {region: us-east-1, account_id: "111122223333"}, db_users: [user]}]`,
			agent:     `{"Effect":"Allow","Action":"sts:AssumeRole","Resource":["arn:aws:iam::111122223333:role/user","arn:aws:iam::111122223333:role/admin"]}`,
			roles:     []worldRole{{"user", trustsAgent, ""}}, unread: true,
		}, want: []string{"excess-resource medium/unknown"}},
		{name: "actions without resource types need *", world: world{agent: right + `,{"Effect":"Allow","Action":"ec2:DescribeInstances","Resource":"*"}`}, want: []string{"unrelated-access info"}},
	})
}
