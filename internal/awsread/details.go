package awsread

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/iamcheck/iamcheck/internal/account"
)

// readAccount reads the account with GetAccountAuthorizationDetails: all of it,
// or the kinds that names need. Where that is refused or breaks off and names
// are all that is wanted, single calls fill in and nothing is lost; where the
// whole account was asked for, the failure is a gap.
func (r *reader) readAccount(ctx context.Context, all bool, names []name) {
	r.all = all
	in := &iam.GetAccountAuthorizationDetailsInput{Filter: filters(all, names), MaxItems: aws.Int32(maxItems)}
	failed := each(opGetAccountDetails, func(marker *string) (page[*iam.GetAccountAuthorizationDetailsOutput], *failure) {
		in.Marker = marker
		return ask(ctx, opGetAccountDetails, r.iam.GetAccountAuthorizationDetails, in, detailsPage)
	}, func(answers []*iam.GetAccountAuthorizationDetailsOutput) {
		for _, out := range answers {
			r.keepDetails(out)
		}
	})
	r.whole = failed == nil
	r.expect(r.done) // how many there would be was not known on the way
	if failed != nil && (all || failed.stopped != nil) {
		r.gap(r.root(), failed)
	}
}

// detailsPage takes the answer as the one item of its page; an answer without
// any of the lists, or with an entity that lacks its ARN or its boundary's, has
// none and is broken.
func detailsPage(out *iam.GetAccountAuthorizationDetailsOutput) page[*iam.GetAccountAuthorizationDetailsOutput] {
	p := page[*iam.GetAccountAuthorizationDetailsOutput]{marker: out.Marker, truncated: out.IsTruncated}
	lists := out.UserDetailList != nil || out.GroupDetailList != nil || out.RoleDetailList != nil || out.Policies != nil
	garbled := slices.ContainsFunc(out.UserDetailList, func(d types.UserDetail) bool {
		return aws.ToString(d.Arn) == "" || !boundaryTold(d.PermissionsBoundary)
	}) ||
		slices.ContainsFunc(out.GroupDetailList, func(d types.GroupDetail) bool { return aws.ToString(d.Arn) == "" }) ||
		slices.ContainsFunc(out.RoleDetailList, func(d types.RoleDetail) bool {
			return aws.ToString(d.Arn) == "" || !boundaryTold(d.PermissionsBoundary)
		}) ||
		slices.ContainsFunc(out.Policies, func(d types.ManagedPolicyDetail) bool { return aws.ToString(d.Arn) == "" })
	if lists && !garbled {
		p.items = []*iam.GetAccountAuthorizationDetailsOutput{out}
	}
	return p
}

// filters asks for managed policies in any case: without AWSManagedPolicy the
// documents of AWS's own policies are left out.
func filters(all bool, names []name) []types.EntityType {
	f := []types.EntityType{types.EntityTypeLocalManagedPolicy, types.EntityTypeAWSManagedPolicy}
	wanted := map[string]bool{}
	for _, n := range names {
		wanted[n.kind] = true
	}
	if all || wanted["role"] {
		f = append(f, types.EntityTypeRole)
	}
	if all || wanted["user"] {
		f = append(f, types.EntityTypeUser, types.EntityTypeGroup)
	}
	return f
}

func (r *reader) keepDetails(out *iam.GetAccountAuthorizationDetailsOutput) {
	for _, d := range out.UserDetailList {
		keep(r, r.users, aws.ToString(d.Arn), r.userDetail(d))
	}
	for _, d := range out.GroupDetailList {
		keep(r, r.groups, aws.ToString(d.Arn), r.groupDetail(d))
	}
	for _, d := range out.RoleDetailList {
		keep(r, r.roles, aws.ToString(d.Arn), r.roleDetail(d))
	}
	for _, d := range out.Policies {
		keep(r, r.policies, aws.ToString(d.Arn), r.policyDetail(d))
	}
	r.count(len(out.UserDetailList) + len(out.GroupDetailList) + len(out.RoleDetailList) + len(out.Policies))
}

func (r *reader) userDetail(d types.UserDetail) account.User {
	arn := aws.ToString(d.Arn)
	return account.User{
		ARN:        arn,
		Name:       aws.ToString(d.UserName),
		ID:         aws.ToString(d.UserId),
		Path:       aws.ToString(d.Path),
		CreateDate: dateOf(d.CreateDate),
		Inline:     r.inlineDetails(arn, d.UserPolicyList),
		Attached:   attachedOf(d.AttachedManagedPolicies),
		Groups:     d.GroupList,
		Boundary:   boundaryOf(d.PermissionsBoundary),
		Tags:       tagsOf(d.Tags),
	}
}

func (r *reader) groupDetail(d types.GroupDetail) account.Group {
	arn := aws.ToString(d.Arn)
	return account.Group{
		ARN:        arn,
		Name:       aws.ToString(d.GroupName),
		ID:         aws.ToString(d.GroupId),
		Path:       aws.ToString(d.Path),
		CreateDate: dateOf(d.CreateDate),
		Inline:     r.inlineDetails(arn, d.GroupPolicyList),
		Attached:   attachedOf(d.AttachedManagedPolicies),
	}
}

func (r *reader) roleDetail(d types.RoleDetail) account.Role {
	arn := aws.ToString(d.Arn)
	return account.Role{
		ARN:              arn,
		Name:             aws.ToString(d.RoleName),
		ID:               aws.ToString(d.RoleId),
		Path:             aws.ToString(d.Path),
		CreateDate:       dateOf(d.CreateDate),
		Trust:            r.document(opGetAccountDetails, arn, d.AssumeRolePolicyDocument),
		Inline:           r.inlineDetails(arn, d.RolePolicyList),
		Attached:         attachedOf(d.AttachedManagedPolicies),
		Boundary:         boundaryOf(d.PermissionsBoundary),
		Tags:             tagsOf(d.Tags),
		InstanceProfiles: profilesOf(d.InstanceProfileList),
		LastUsed:         lastUsedOf(d.RoleLastUsed),
	}
}

func (r *reader) policyDetail(d types.ManagedPolicyDetail) account.ManagedPolicy {
	policy := policyOf(&types.Policy{
		Arn: d.Arn, PolicyName: d.PolicyName, PolicyId: d.PolicyId, Path: d.Path, DefaultVersionId: d.DefaultVersionId,
		CreateDate: d.CreateDate, UpdateDate: d.UpdateDate, AttachmentCount: d.AttachmentCount,
		PermissionsBoundaryUsageCount: d.PermissionsBoundaryUsageCount, IsAttachable: d.IsAttachable,
	})
	for _, v := range d.PolicyVersionList {
		policy.Versions = append(policy.Versions, r.version(opGetAccountDetails, policy.ARN, v))
	}
	if !slices.ContainsFunc(policy.Versions, func(v account.PolicyVersion) bool { return v.ID == policy.DefaultVersionID }) {
		r.gap(policy.ARN, &failure{operation: opGetAccountDetails, code: "the policy came without its default version"})
	}
	return policy
}

func (r *reader) inlineDetails(subject string, in []types.PolicyDetail) []account.InlinePolicy {
	var policies []account.InlinePolicy
	for _, p := range in {
		policies = append(policies, account.InlinePolicy{
			Name:     aws.ToString(p.PolicyName),
			Document: r.document(opGetAccountDetails, subject, p.PolicyDocument),
		})
	}
	return policies
}
