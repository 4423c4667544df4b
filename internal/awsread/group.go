package awsread

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/iamcheck/iamcheck/internal/account"
)

// readGroup reads the policies of a group that ListGroupsForUser told of.
func (r *reader) readGroup(ctx context.Context, in types.Group) {
	group := account.Group{
		ARN:        aws.ToString(in.Arn),
		Name:       aws.ToString(in.GroupName),
		ID:         aws.ToString(in.GroupId),
		Path:       aws.ToString(in.Path),
		CreateDate: dateOf(in.CreateDate),
	}
	group.Inline = r.inline(group.ARN, r.groupInline(ctx, group.Name))
	group.Attached = r.attached(group.ARN, opListAttachedGroupPolicies, r.groupAttached(ctx, group.Name))
	keep(r, r.groups, group.ARN, group)
}

func (r *reader) groupInline(ctx context.Context, group string) inlineCalls {
	return inlineCalls{
		list: opListGroupPolicies,
		get:  opGetGroupPolicy,
		names: func(marker *string) (page[string], *failure) {
			in := &iam.ListGroupPoliciesInput{GroupName: &group, Marker: marker, MaxItems: aws.Int32(maxItems)}
			return ask(ctx, opListGroupPolicies, r.iam.ListGroupPolicies, in, func(out *iam.ListGroupPoliciesOutput) page[string] {
				return page[string]{out.PolicyNames, out.Marker, out.IsTruncated}
			})
		},
		policy: func(name string) (*string, *failure) {
			out, failed := call(ctx, opGetGroupPolicy, r.iam.GetGroupPolicy, &iam.GetGroupPolicyInput{GroupName: &group, PolicyName: &name},
				func(out *iam.GetGroupPolicyOutput) bool { return out.PolicyDocument != nil })
			if failed != nil {
				return nil, failed
			}
			return out.PolicyDocument, nil
		},
	}
}

func (r *reader) groupAttached(ctx context.Context, group string) func(marker *string) (page[types.AttachedPolicy], *failure) {
	return func(marker *string) (page[types.AttachedPolicy], *failure) {
		in := &iam.ListAttachedGroupPoliciesInput{GroupName: &group, Marker: marker, MaxItems: aws.Int32(maxItems)}
		return ask(ctx, opListAttachedGroupPolicies, r.iam.ListAttachedGroupPolicies, in, func(out *iam.ListAttachedGroupPoliciesOutput) page[types.AttachedPolicy] {
			return page[types.AttachedPolicy]{out.AttachedPolicies, out.Marker, out.IsTruncated}
		})
	}
}
