package checks_test

import (
	"testing"

	"github.com/iamcheck/iamcheck/internal/checks"
)

const aDynamoDB = `[{name: d, type: dynamodb, aws: {region: us-east-1, account_id: "111122223333"}, db_users: [user]}]`

func TestAssumeAnyRole(t *testing.T) {
	user := worldRole{"user", trustsAgent, ""}
	admin := worldRole{"admin", trustsRoot, ""}
	assume := func(resource, condition string) string {
		return `{"Sid":"Assume","Effect":"Allow","Action":"sts:AssumeRole","Resource":"` + resource + `"` + condition + `}`
	}
	const tagged = `,"Condition":{"StringEquals":{"iam:ResourceTag/TeleportDatabaseService":"Allowed"}}`
	runWide(t, []wideCase{
		{name: "the role that is named", world: world{databases: aDynamoDB, agent: assume("arn:aws:iam::111122223333:role/user", ""), roles: []worldRole{user, admin}}},
		{
			name: "every role", world: world{databases: aDynamoDB, agent: assume("*", ""), roles: []worldRole{user, admin}},
			want: []string{"assume-any-role high"}, says: "so also on arn:aws:iam::111122223333:role/admin", fix: `"Resource": "arn:aws:iam::111122223333:role/user"`,
		},
		{name: "every role of the account", world: world{databases: aDynamoDB, agent: assume("arn:aws:iam::111122223333:role/*", ""), roles: []worldRole{user}}, want: []string{"assume-any-role high"}},
		{name: "of every account", world: world{databases: aDynamoDB, agent: assume("arn:aws:iam::*:role/db-*", ""), roles: []worldRole{user}}, want: []string{"assume-any-role critical"}},
		{name: "a prefix that takes in another role", world: world{databases: aDynamoDB, agent: assume("arn:aws:iam::111122223333:role/u*", ""), roles: []worldRole{user, {"unix", trustsRoot, ""}}}, want: []string{"assume-any-role medium"}, says: "role/unix"},
		{name: "a prefix that takes in no other role", world: world{databases: aDynamoDB, agent: assume("arn:aws:iam::111122223333:role/u*", ""), roles: []worldRole{user, admin}}, want: []string{"assume-any-role info"}},
		{name: "a prefix, and the roles were not all read", world: world{databases: aDynamoDB, agent: assume("arn:aws:iam::111122223333:role/u*", ""), roles: []worldRole{user}, partial: true}, want: []string{"assume-any-role medium"}},
		{name: "roles by their tag", world: world{databases: aDynamoDB, agent: assume("*", tagged), roles: []worldRole{user, admin}}, want: []string{"assume-any-role info"}, says: "iam:ResourceTag/TeleportDatabaseService"},
		{name: "by their tag, not all read", world: world{databases: aDynamoDB, agent: assume("*", tagged), roles: []worldRole{user}, partial: true}, want: []string{"assume-any-role low"}},
		{name: "no role is needed", world: world{agent: right + "," + assume("*", "")}, want: []string{"assume-any-role high"}, fix: "remove-statement"},
		{name: "no role is told", world: world{databases: `[{name: d, type: dynamodb, aws: {region: us-east-1, account_id: "111122223333"}}]`, agent: assume("arn:aws:iam::111122223333:role/*", "")}},
		{name: "capped by the boundary", world: world{databases: aDynamoDB, agent: assume("*", ""), boundary: assume("arn:aws:iam::111122223333:role/user", ""), roles: []worldRole{user, admin}}},
		{name: "a boundary not read", world: world{databases: aDynamoDB, agent: assume("*", ""), unread: true, roles: []worldRole{user, admin}}, want: []string{"assume-any-role high/unknown"}},
	})
}

func TestSelfEscalation(t *testing.T) {
	edit := func(resource string) string {
		return right + `,{"Sid":"Edit","Effect":"Allow","Action":["iam:GetRolePolicy","iam:PutRolePolicy","iam:DeleteRolePolicy"],"Resource":"` + resource + `"}`
	}
	runWide(t, []wideCase{
		{name: "Teleport's legacy policy", world: world{agent: edit(self)}, want: []string{"self-escalation critical"}, says: "iam:PutRolePolicy is allowed on " + self, fix: "remove-statement"},
		{name: "on every role", world: world{agent: edit("*")}, want: []string{"self-escalation critical"}},
		{name: "on another role", world: world{agent: edit("arn:aws:iam::111122223333:role/app")}, want: []string{"excess-action high", "no-boundary-on-iam-writer high"}},
		{name: "with a boundary", world: world{agent: edit(self), boundary: everything}, want: []string{"self-escalation high"}, says: "the permissions boundary caps"},
		{
			name: "with a boundary that it can take off", want: []string{"self-escalation critical"}, says: "its permissions boundary too",
			world: world{agent: right + `,{"Effect":"Allow","Action":["iam:PutRolePolicy","iam:DeleteRolePermissionsBoundary"],"Resource":"` + self + `"}`, boundary: everything},
		},
		{name: "the boundary denies it", world: world{agent: edit(self), boundary: everything + `,{"Effect":"Deny","Action":"iam:*","Resource":"*"}`}},
		{name: "a Deny takes it", world: world{agent: edit(self) + `,{"Effect":"Deny","Action":"iam:Put*","Resource":"*"}`}, want: []string{"excess-action high"}},
		{name: "a boundary not read", world: world{agent: edit(self), unread: true}, want: []string{"self-escalation high/unknown"}},
		{name: "only taking away", world: world{agent: right + `,{"Effect":"Allow","Action":"iam:DeleteRolePolicy","Resource":"` + self + `"}`}, want: []string{"excess-action high"}},
		{
			name: "its own managed policy", want: []string{"self-escalation critical"}, says: "policy/own",
			world: world{agent: right, attached: map[string]string{"arn:aws:iam::111122223333:policy/own": `{"Effect":"Allow","Action":"iam:CreatePolicyVersion","Resource":"arn:aws:iam::111122223333:policy/own"}`}},
		},
		{name: "under a condition", world: world{agent: right + `,{"Effect":"Allow","Action":"iam:AttachRolePolicy","Resource":"` + self + `","Condition":{"ArnEquals":{"iam:PolicyARN":"arn:aws:iam::aws:policy/ReadOnlyAccess"}}}`}, want: []string{"self-escalation high"}, says: "iam:PolicyARN"},
		{name: "all of IAM on itself", world: world{agent: right + `,{"Effect":"Allow","Action":"iam:*","Resource":"` + self + `"}`}, want: []string{"self-escalation critical"}},
		{name: "all of IAM is more", world: world{agent: right + `,{"Effect":"Allow","Action":"iam:*","Resource":"*"}`}, want: []string{"service-wildcard critical"}},
		{name: "outside the databases' services", world: world{agent: edit(self), breadth: checks.BreadthDatabases}, want: []string{"unrelated-access info"}},
	})
}

func TestPrivilegeEscalation(t *testing.T) {
	lambda := worldRole{"lambda", `{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}`, ""}
	const functions = `{"Effect":"Allow","Action":["lambda:CreateFunction","lambda:InvokeFunction"],"Resource":"*"}`
	pass := func(resource, condition string) string {
		return right + `,` + functions + `,{"Effect":"Allow","Action":"iam:PassRole","Resource":"` + resource + `"` + condition + `}`
	}
	const toEC2 = `,"Condition":{"StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}}`
	const toLambda = `,"Condition":{"StringEquals":{"iam:PassedToService":"lambda.amazonaws.com"}}`
	const role = "arn:aws:iam::111122223333:role/lambda"
	runWide(t, []wideCase{
		{name: "a role to a function", world: world{agent: pass(role, ""), roles: []worldRole{lambda}}, want: []string{"privilege-escalation high"}, says: "lambda-001 (iam:PassRole + lambda:CreateFunction + lambda:InvokeFunction)"},
		{name: "to that service only", world: world{agent: pass(role, toLambda), roles: []worldRole{lambda}}, want: []string{"privilege-escalation high"}},
		{name: "to another service only", world: world{agent: pass(role, toEC2), roles: []worldRole{lambda}}, want: []string{"excess-action low", "unrelated-access info"}},
		{name: "the role trusts another service", world: world{agent: pass(role, ""), roles: []worldRole{{"lambda", trustsEC2, ""}}}, want: []string{"excess-action medium", "unrelated-access info"}},
		{name: "itself only", world: world{agent: pass(self, ""), roles: []worldRole{lambda}}, want: []string{"excess-action medium", "unrelated-access info"}},
		{name: "no role trusts the service yet", world: world{agent: pass("arn:aws:iam::111122223333:role/app-*", "")}, want: []string{"pass-role-any medium", "privilege-escalation medium"}, says: "no role of the account, as it was read"},
		{name: "a step is denied", world: world{agent: pass(role, "") + `,{"Effect":"Deny","Action":"lambda:Create*","Resource":"*"}`, roles: []worldRole{lambda}}, want: []string{"excess-action medium", "unrelated-access info"}},
		{name: "a step is beyond the boundary", world: world{agent: pass(role, ""), boundary: right + `,{"Effect":"Allow","Action":["lambda:*","rds:*"],"Resource":"*"}`, roles: []worldRole{lambda}}, want: []string{"unrelated-access info"}},
		{name: "the boundary was not read", world: world{agent: pass(role, ""), unread: true, roles: []worldRole{lambda}}, want: []string{"privilege-escalation high/unknown"}},
		{name: "its actions are another role's", world: world{
			databases: aDynamoDB, agent: `{"Effect":"Allow","Action":["sts:AssumeRole","iam:PassRole"],"Resource":["arn:aws:iam::111122223333:role/user","` + role + `"]}`,
			roles: []worldRole{lambda, {"user", trustsAgent, functions}},
		}, want: []string{"excess-action medium", "excess-resource medium", "unrelated-access info"}},
		{
			name: "keys of users", world: world{agent: right + `,{"Effect":"Allow","Action":"iam:CreateAccessKey","Resource":"*"}`, users: []string{"ops"}},
			want: []string{"no-boundary-on-iam-writer high", "privilege-escalation high"}, says: "iam-002",
		},
		{name: "keys of a user that is not there", world: world{agent: right + `,{"Effect":"Allow","Action":"iam:CreateAccessKey","Resource":"arn:aws:iam::111122223333:user/gone"}`, users: []string{"ops"}}, want: []string{"excess-action high", "no-boundary-on-iam-writer high"}},
		{
			name: "steps on one role", world: world{agent: right + `,{"Effect":"Allow","Action":["iam:AttachRolePolicy","sts:AssumeRole"],"Resource":"arn:aws:iam::111122223333:role/app"}`, roles: []worldRole{{"app", trustsRoot, ""}}},
			want: []string{"no-boundary-on-iam-writer high", "privilege-escalation high"}, says: "iam-014",
		},
		{
			name: "steps that do not meet", world: world{agent: right + `,{"Effect":"Allow","Action":"iam:AttachRolePolicy","Resource":"arn:aws:iam::111122223333:role/app"},{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:aws:iam::111122223333:role/web"}`, roles: []worldRole{{"app", trustsRoot, ""}, {"web", trustsRoot, ""}}},
			want: []string{"excess-action high", "excess-action medium", "no-boundary-on-iam-writer high"},
		},
		{name: "what runs already", world: world{agent: right + `,{"Effect":"Allow","Action":"lambda:UpdateFunctionCode","Resource":"*"}`}, want: []string{"privilege-escalation medium"}, says: "IAM data does not tell"},
	})
}

func TestPassRoleAny(t *testing.T) {
	pass := func(rest string) string { return right + `,{"Effect":"Allow","Action":"iam:PassRole",` + rest + `}` }
	runWide(t, []wideCase{
		{name: "every role", world: world{agent: pass(`"Resource":"*"`)}, want: []string{"pass-role-any high"}, fix: "remove-statement"},
		{name: "a pattern of names", world: world{agent: pass(`"Resource":"arn:aws:iam::111122223333:role/app-*"`)}, want: []string{"pass-role-any medium"}},
		{name: "to one service", world: world{agent: pass(`"Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}}`)}, want: []string{"excess-action low"}},
		{name: "to any service after all", world: world{agent: pass(`"Resource":"*","Condition":{"StringLike":{"iam:PassedToService":"*"}}`)}, want: []string{"pass-role-any high"}},
		{name: "one role", world: world{agent: pass(`"Resource":"arn:aws:iam::*:role/app"`)}, want: []string{"excess-action medium"}},
		{name: "beyond the boundary", world: world{agent: pass(`"Resource":"*"`), boundary: right}},
		{name: "a boundary not read", world: world{agent: pass(`"Resource":"*"`), unread: true}, want: []string{"pass-role-any high/unknown"}},
	})
}
