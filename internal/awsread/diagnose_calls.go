package awsread

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
)

// Stand-ins where there is nothing to ask about.
const (
	anyInline        = "iamcheck-doctor" // an inline policy that need not exist
	anyVersion       = "v1"
	anyPolicy        = ":iam::aws:policy/ReadOnlyAccess"
	fullAccess       = "p-FullAWSAccess"
	anyAction        = "sts:GetCallerIdentity"
	onePage    int32 = 1
)

// watched is the client, with a place where it notes its endpoint.
func watched(client *iam.Client) (*iam.Client, *string) {
	endpoint := new(string)
	o := client.Options()
	o.APIOptions = append(o.APIOptions[:len(o.APIOptions):len(o.APIOptions)], endpointOf(endpoint))
	return iam.New(o), endpoint
}

// entities asks what a reading asks of roles, users and their policies.
func (d *doctor) entities(ctx context.Context, o Options, names []name) {
	if o.All {
		in := &iam.GetAccountAuthorizationDetailsInput{MaxItems: aws.Int32(onePage)}
		try(ctx, d, opGetAccountDetails, d.root(), d.iam.GetAccountAuthorizationDetails, in)
	}
	for _, n := range names {
		switch {
		case o.All:
		case n.kind == "role":
			d.role(ctx, n)
		default:
			d.user(ctx, n)
		}
		if o.Verify {
			arn := n.arn(d.identity)
			try(ctx, d, opSimulate, arn, d.iam.SimulatePrincipalPolicy, &iam.SimulatePrincipalPolicyInput{PolicySourceArn: &arn, ActionNames: []string{anyAction}})
		}
	}
	if !o.All && len(names) == 0 {
		return
	}
	if len(d.policies) == 0 {
		d.policies = []string{"arn:" + d.partition + anyPolicy}
	}
	for _, arn := range d.policies {
		d.policy(ctx, arn)
	}
}

func (d *doctor) role(ctx context.Context, n name) {
	role, arn := &n.base, n.arn(d.identity)
	if out := try(ctx, d, opGetRole, arn, d.iam.GetRole, &iam.GetRoleInput{RoleName: role}); out != nil && out.Role != nil {
		d.boundary(out.Role.PermissionsBoundary)
	}
	inline := anyInline
	if out := try(ctx, d, opListRolePolicies, arn, d.iam.ListRolePolicies, &iam.ListRolePoliciesInput{RoleName: role}); out != nil && len(out.PolicyNames) > 0 {
		inline = out.PolicyNames[0]
	}
	try(ctx, d, opGetRolePolicy, arn, d.iam.GetRolePolicy, &iam.GetRolePolicyInput{RoleName: role, PolicyName: &inline})
	if out := try(ctx, d, opListAttachedRolePolicies, arn, d.iam.ListAttachedRolePolicies, &iam.ListAttachedRolePoliciesInput{RoleName: role}); out != nil {
		d.attached(out.AttachedPolicies)
	}
}

func (d *doctor) user(ctx context.Context, n name) {
	user, arn := &n.base, n.arn(d.identity)
	if out := try(ctx, d, opGetUser, arn, d.iam.GetUser, &iam.GetUserInput{UserName: user}); out != nil && out.User != nil {
		d.boundary(out.User.PermissionsBoundary)
	}
	inline := anyInline
	if out := try(ctx, d, opListUserPolicies, arn, d.iam.ListUserPolicies, &iam.ListUserPoliciesInput{UserName: user}); out != nil && len(out.PolicyNames) > 0 {
		inline = out.PolicyNames[0]
	}
	try(ctx, d, opGetUserPolicy, arn, d.iam.GetUserPolicy, &iam.GetUserPolicyInput{UserName: user, PolicyName: &inline})
	if out := try(ctx, d, opListAttachedUserPolicies, arn, d.iam.ListAttachedUserPolicies, &iam.ListAttachedUserPoliciesInput{UserName: user}); out != nil {
		d.attached(out.AttachedPolicies)
	}
	if out := try(ctx, d, opListGroupsForUser, arn, d.iam.ListGroupsForUser, &iam.ListGroupsForUserInput{UserName: user}); out != nil {
		for _, g := range out.Groups {
			d.group(ctx, g)
		}
	}
}

func (d *doctor) group(ctx context.Context, g iamtypes.Group) {
	arn, inline := aws.ToString(g.Arn), anyInline
	if out := try(ctx, d, opListGroupPolicies, arn, d.iam.ListGroupPolicies, &iam.ListGroupPoliciesInput{GroupName: g.GroupName}); out != nil && len(out.PolicyNames) > 0 {
		inline = out.PolicyNames[0]
	}
	try(ctx, d, opGetGroupPolicy, arn, d.iam.GetGroupPolicy, &iam.GetGroupPolicyInput{GroupName: g.GroupName, PolicyName: &inline})
	if out := try(ctx, d, opListAttachedGroupPolicies, arn, d.iam.ListAttachedGroupPolicies, &iam.ListAttachedGroupPoliciesInput{GroupName: g.GroupName}); out != nil {
		d.attached(out.AttachedPolicies)
	}
}

func (d *doctor) boundary(in *iamtypes.AttachedPermissionsBoundary) {
	if arn := boundaryOf(in); arn != "" {
		d.policies = append(d.policies, arn)
	}
}

func (d *doctor) attached(in []iamtypes.AttachedPolicy) {
	for _, p := range in {
		if arn := aws.ToString(p.PolicyArn); arn != "" {
			d.policies = append(d.policies, arn)
		}
	}
}

func (d *doctor) policy(ctx context.Context, arn string) {
	version := anyVersion
	if out := try(ctx, d, opGetPolicy, arn, d.iam.GetPolicy, &iam.GetPolicyInput{PolicyArn: &arn}); out != nil && out.Policy != nil && out.Policy.DefaultVersionId != nil {
		version = *out.Policy.DefaultVersionId
	}
	try(ctx, d, opGetPolicyVersion, arn, d.iam.GetPolicyVersion, &iam.GetPolicyVersionInput{PolicyArn: &arn, VersionId: &version})
}

// askOrganization asks what a reading asks of an organization whose policies
// bind the account.
func (d *doctor) askOrganization(ctx context.Context) {
	about := try(ctx, d, opDescribeOrganization, d.root(), d.organizations.DescribeOrganization, &organizations.DescribeOrganizationInput{})
	if about == nil && d.found.Probes[len(d.found.Probes)-1].Status == Answered || about != nil && about.Organization != nil && !binds(about.Organization, d.account) {
		return // there is no organization, or its policies bind others
	}
	try(ctx, d, opListParents, d.root(), d.organizations.ListParents, &organizations.ListParentsInput{ChildId: &d.account})
	policy := fullAccess
	in := &organizations.ListPoliciesForTargetInput{TargetId: &d.account, Filter: types.PolicyTypeServiceControlPolicy}
	if out := try(ctx, d, opListPoliciesForTarget, d.root(), d.organizations.ListPoliciesForTarget, in); out != nil && len(out.Policies) > 0 && out.Policies[0].Id != nil {
		policy = *out.Policies[0].Id
	}
	try(ctx, d, opDescribePolicy, d.root(), d.organizations.DescribePolicy, &organizations.DescribePolicyInput{PolicyId: &policy})
}
