package awsread

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/iamcheck/iamcheck/internal/account"
)

// readRole reads a role with calls of its own. GetRole comes first and is
// needed: the List operations leave out boundary and tags (API_ListRoles), and
// a role without a boundary must not be concluded from silence.
func (r *reader) readRole(ctx context.Context, n name) {
	out, failed := call(ctx, opGetRole, r.iam.GetRole, &iam.GetRoleInput{RoleName: aws.String(n.base)},
		func(out *iam.GetRoleOutput) bool {
			return out.Role != nil && aws.ToString(out.Role.RoleName) == n.base && aws.ToString(out.Role.Arn) != "" &&
				out.Role.AssumeRolePolicyDocument != nil && boundaryTold(out.Role.PermissionsBoundary)
		})
	switch {
	case failed == nil:
	case failed.code == codeNoSuchEntity:
		r.missing(opGetRole, n.arn(r.identity))
		return
	default:
		r.gap(n.arn(r.identity), failed)
		return
	}
	role := roleOf(out.Role)
	role.Trust = r.document(opGetRole, role.ARN, out.Role.AssumeRolePolicyDocument)
	role.Inline = r.inline(role.ARN, r.roleInline(ctx, n.base))
	role.Attached = r.attached(role.ARN, opListAttachedRolePolicies, r.roleAttached(ctx, n.base))
	keep(r, r.roles, role.ARN, role)
	r.settle(n)
}

func roleOf(in *types.Role) account.Role {
	return account.Role{
		ARN:        aws.ToString(in.Arn),
		Name:       aws.ToString(in.RoleName),
		ID:         aws.ToString(in.RoleId),
		Path:       aws.ToString(in.Path),
		CreateDate: dateOf(in.CreateDate),
		Boundary:   boundaryOf(in.PermissionsBoundary),
		Tags:       tagsOf(in.Tags),
		LastUsed:   lastUsedOf(in.RoleLastUsed),
	}
}

func (r *reader) roleInline(ctx context.Context, role string) inlineCalls {
	return inlineCalls{
		list: opListRolePolicies,
		get:  opGetRolePolicy,
		names: func(marker *string) (page[string], *failure) {
			in := &iam.ListRolePoliciesInput{RoleName: &role, Marker: marker, MaxItems: aws.Int32(maxItems)}
			return ask(ctx, opListRolePolicies, r.iam.ListRolePolicies, in, func(out *iam.ListRolePoliciesOutput) page[string] {
				return page[string]{out.PolicyNames, out.Marker, out.IsTruncated}
			})
		},
		policy: func(name string) (*string, *failure) {
			out, failed := call(ctx, opGetRolePolicy, r.iam.GetRolePolicy, &iam.GetRolePolicyInput{RoleName: &role, PolicyName: &name},
				func(out *iam.GetRolePolicyOutput) bool { return out.PolicyDocument != nil })
			if failed != nil {
				return nil, failed
			}
			return out.PolicyDocument, nil
		},
	}
}

func (r *reader) roleAttached(ctx context.Context, role string) func(marker *string) (page[types.AttachedPolicy], *failure) {
	return func(marker *string) (page[types.AttachedPolicy], *failure) {
		in := &iam.ListAttachedRolePoliciesInput{RoleName: &role, Marker: marker, MaxItems: aws.Int32(maxItems)}
		return ask(ctx, opListAttachedRolePolicies, r.iam.ListAttachedRolePolicies, in, func(out *iam.ListAttachedRolePoliciesOutput) page[types.AttachedPolicy] {
			return page[types.AttachedPolicy]{out.AttachedPolicies, out.Marker, out.IsTruncated}
		})
	}
}
