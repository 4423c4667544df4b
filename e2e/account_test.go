//go:build e2e

package e2e

import (
	"net/http"
	"os"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// number is moto's account.
const number = "123456789012"

const (
	agentRole    = "teleport-db-service-role"
	dynamoRole   = "dynamodb-user"
	redshiftRole = "redshift-user"
	botUser      = "teleport-bot"
	botGroup     = "bots"

	connectPolicy  = "arn:aws:iam::123456789012:policy/teleport/rds-connect"
	boundaryPolicy = "arn:aws:iam::123456789012:policy/ceiling"
	managedPolicy  = "arn:aws:iam::aws:policy/AmazonRDSReadOnlyAccess"
)

// The documents of the account. The trust policy has the characters on which
// decoding goes wrong.
const (
	ec2Trust      = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	agentTrust    = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:role/teleport-db-service-role"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"a+b c%20d"}}}]}`
	connectV1     = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"rds-db:connect","Resource":"*"}]}`
	connectV2     = `{"Version":"2012-10-17","Statement":[{"Sid":"RDSConnect","Effect":"Allow","Action":"rds-db:connect","Resource":"arn:aws:rds-db:us-east-1:123456789012:dbuser:db-ABCDEFGHIJKL/app"}]}`
	ceiling       = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["rds-db:*","rds:*","redshift:*","sts:AssumeRole"],"Resource":"*"}]}`
	assumeRoles   = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":["arn:aws:iam::123456789012:role/dynamodb-user","arn:aws:iam::123456789012:role/redshift-user"]}]}`
	dynamoData    = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["dynamodb:GetItem","dynamodb:Query"],"Resource":"arn:aws:dynamodb:us-east-1:123456789012:table/orders"}]}`
	redshiftLogin = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"redshift:GetClusterCredentialsWithIAM","Resource":"arn:aws:redshift:us-east-1:123456789012:dbname:warehouse/*"}]}`
	readMetadata  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"rds:DescribeDBInstances","Resource":"*"}]}`
)

// maker makes the account through the SDK's write calls; the first that fails
// ends the test.
type maker struct {
	t   *testing.T
	iam *iam.Client
}

// newAccount empties moto and fills it.
func newAccount(t *testing.T) {
	t.Helper()
	reset(t)
	cfg, err := config.LoadDefaultConfig(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	m := maker{t, iam.NewFromConfig(cfg)}
	m.policies()
	m.roles()
	m.user()
}

// reset empties moto.
func reset(t *testing.T) {
	t.Helper()
	url := os.Getenv("AWS_ENDPOINT_URL")
	if url == "" {
		t.Fatal("AWS_ENDPOINT_URL is not set; run these tests with e2e/run.sh")
	}
	r, err := http.Post(url+"/moto-api/reset", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusOK {
		t.Fatalf("moto did not reset: %s", r.Status)
	}
}

func (m maker) must(_ any, err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

func (m maker) policies() {
	ctx := m.t.Context()
	m.must(m.iam.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("rds-connect"), Path: aws.String("/teleport/"), PolicyDocument: aws.String(connectV1)}))
	m.must(m.iam.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{PolicyArn: aws.String(connectPolicy), PolicyDocument: aws.String(connectV2), SetAsDefault: true}))
	m.must(m.iam.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("ceiling"), PolicyDocument: aws.String(ceiling)}))
}

func (m maker) roles() {
	ctx := m.t.Context()
	m.must(m.iam.CreateRole(ctx, &iam.CreateRoleInput{
		RoleName: aws.String(agentRole), AssumeRolePolicyDocument: aws.String(ec2Trust), PermissionsBoundary: aws.String(boundaryPolicy),
		Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("platform & data")}},
	}))
	m.must(m.iam.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: aws.String(agentRole), PolicyArn: aws.String(connectPolicy)}))
	m.must(m.iam.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: aws.String(agentRole), PolicyArn: aws.String(managedPolicy)}))
	m.inline(agentRole, "assume-database-roles", assumeRoles)
	for role, document := range map[string]string{dynamoRole: dynamoData, redshiftRole: redshiftLogin} {
		m.must(m.iam.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String(role), AssumeRolePolicyDocument: aws.String(agentTrust)}))
		m.inline(role, "data", document)
	}
	m.must(m.iam.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("bystander"), Path: aws.String("/other/"), AssumeRolePolicyDocument: aws.String(ec2Trust)}))
}

func (m maker) inline(role, name, document string) {
	m.t.Helper()
	m.must(m.iam.PutRolePolicy(m.t.Context(), &iam.PutRolePolicyInput{RoleName: aws.String(role), PolicyName: aws.String(name), PolicyDocument: aws.String(document)}))
}

// user makes no boundary for the user: moto forgets it.
func (m maker) user() {
	ctx := m.t.Context()
	m.must(m.iam.CreateGroup(ctx, &iam.CreateGroupInput{GroupName: aws.String(botGroup)}))
	m.must(m.iam.PutGroupPolicy(ctx, &iam.PutGroupPolicyInput{GroupName: aws.String(botGroup), PolicyName: aws.String("metadata"), PolicyDocument: aws.String(readMetadata)}))
	m.must(m.iam.AttachGroupPolicy(ctx, &iam.AttachGroupPolicyInput{GroupName: aws.String(botGroup), PolicyArn: aws.String(managedPolicy)}))
	m.must(m.iam.CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String(botUser), Path: aws.String("/ci/")}))
	m.must(m.iam.AddUserToGroup(ctx, &iam.AddUserToGroupInput{GroupName: aws.String(botGroup), UserName: aws.String(botUser)}))
	m.must(m.iam.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: aws.String(botUser), PolicyName: aws.String("own"), PolicyDocument: aws.String(assumeRoles)}))
	m.must(m.iam.AttachUserPolicy(ctx, &iam.AttachUserPolicyInput{UserName: aws.String(botUser), PolicyArn: aws.String(connectPolicy)}))
}
