package awsread

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/iamcheck/iamcheck/internal/account"
)

// readUser reads a user with calls of its own and notes its groups for
// readGroups.
func (r *reader) readUser(ctx context.Context, n name) {
	out, failed := call(ctx, opGetUser, r.iam.GetUser, &iam.GetUserInput{UserName: aws.String(n.base)},
		func(out *iam.GetUserOutput) bool {
			return out.User != nil && aws.ToString(out.User.UserName) == n.base && aws.ToString(out.User.Arn) != "" && boundaryTold(out.User.PermissionsBoundary)
		})
	switch {
	case failed == nil:
	case failed.code == codeNoSuchEntity:
		r.missing(opGetUser, n.arn(r.identity))
		return
	default:
		r.gap(n.arn(r.identity), failed)
		return
	}
	user := userOf(out.User)
	user.Inline = r.inline(user.ARN, r.userInline(ctx, n.base))
	user.Attached = r.attached(user.ARN, opListAttachedUserPolicies, r.userAttached(ctx, n.base))
	failed = each(opListGroupsForUser, r.userGroups(ctx, n.base), func(groups []types.Group) {
		for _, g := range groups {
			user.Groups = append(user.Groups, aws.ToString(g.GroupName))
			keep(r, r.unreadGroups, aws.ToString(g.Arn), g)
		}
	})
	if failed != nil {
		r.gap(user.ARN, failed)
	}
	keep(r, r.users, user.ARN, user)
	r.settle(n)
}

func userOf(in *types.User) account.User {
	return account.User{
		ARN:        aws.ToString(in.Arn),
		Name:       aws.ToString(in.UserName),
		ID:         aws.ToString(in.UserId),
		Path:       aws.ToString(in.Path),
		CreateDate: dateOf(in.CreateDate),
		Boundary:   boundaryOf(in.PermissionsBoundary),
		Tags:       tagsOf(in.Tags),
	}
}

func (r *reader) userInline(ctx context.Context, user string) inlineCalls {
	return inlineCalls{
		list: opListUserPolicies,
		get:  opGetUserPolicy,
		names: func(marker *string) (page[string], *failure) {
			in := &iam.ListUserPoliciesInput{UserName: &user, Marker: marker, MaxItems: aws.Int32(maxItems)}
			return ask(ctx, opListUserPolicies, r.iam.ListUserPolicies, in, func(out *iam.ListUserPoliciesOutput) page[string] {
				return page[string]{out.PolicyNames, out.Marker, out.IsTruncated}
			})
		},
		policy: func(name string) (*string, *failure) {
			out, failed := call(ctx, opGetUserPolicy, r.iam.GetUserPolicy, &iam.GetUserPolicyInput{UserName: &user, PolicyName: &name},
				func(out *iam.GetUserPolicyOutput) bool { return out.PolicyDocument != nil })
			if failed != nil {
				return nil, failed
			}
			return out.PolicyDocument, nil
		},
	}
}

func (r *reader) userAttached(ctx context.Context, user string) func(marker *string) (page[types.AttachedPolicy], *failure) {
	return func(marker *string) (page[types.AttachedPolicy], *failure) {
		in := &iam.ListAttachedUserPoliciesInput{UserName: &user, Marker: marker, MaxItems: aws.Int32(maxItems)}
		return ask(ctx, opListAttachedUserPolicies, r.iam.ListAttachedUserPolicies, in, func(out *iam.ListAttachedUserPoliciesOutput) page[types.AttachedPolicy] {
			return page[types.AttachedPolicy]{out.AttachedPolicies, out.Marker, out.IsTruncated}
		})
	}
}

func (r *reader) userGroups(ctx context.Context, user string) func(marker *string) (page[types.Group], *failure) {
	return func(marker *string) (page[types.Group], *failure) {
		in := &iam.ListGroupsForUserInput{UserName: &user, Marker: marker, MaxItems: aws.Int32(maxItems)}
		return ask(ctx, opListGroupsForUser, r.iam.ListGroupsForUser, in, func(out *iam.ListGroupsForUserOutput) page[types.Group] {
			return page[types.Group]{out.Groups, out.Marker, out.IsTruncated}
		})
	}
}
