package awsread

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/iamcheck/iamcheck/internal/account"
)

// readPolicy reads a managed policy with its default version, the one that is
// in force. A policy that is named and does not exist is absent, and a gap as
// well: what it was meant to allow or to bound is not known.
func (r *reader) readPolicy(ctx context.Context, arn string) {
	out, failed := call(ctx, opGetPolicy, r.iam.GetPolicy, &iam.GetPolicyInput{PolicyArn: &arn},
		func(out *iam.GetPolicyOutput) bool {
			return out.Policy != nil && aws.ToString(out.Policy.Arn) == arn && aws.ToString(out.Policy.DefaultVersionId) != ""
		})
	if failed != nil {
		if failed.code == codeNoSuchEntity && !r.guessed {
			r.missing(opGetPolicy, arn)
		}
		r.gap(arn, failed)
		return
	}
	policy := policyOf(out.Policy)
	version, failed := call(ctx, opGetPolicyVersion, r.iam.GetPolicyVersion, &iam.GetPolicyVersionInput{PolicyArn: &arn, VersionId: &policy.DefaultVersionID},
		func(out *iam.GetPolicyVersionOutput) bool {
			return out.PolicyVersion != nil && aws.ToString(out.PolicyVersion.VersionId) == policy.DefaultVersionID && out.PolicyVersion.Document != nil
		})
	if failed != nil {
		r.gap(arn, failed)
	} else {
		policy.Versions = []account.PolicyVersion{r.version(opGetPolicyVersion, arn, *version.PolicyVersion)}
	}
	keep(r, r.policies, arn, policy)
}

func (r *reader) version(operation, arn string, in types.PolicyVersion) account.PolicyVersion {
	return account.PolicyVersion{
		ID:         aws.ToString(in.VersionId),
		IsDefault:  in.IsDefaultVersion,
		CreateDate: dateOf(in.CreateDate),
		Document:   r.document(operation, arn, in.Document),
	}
}

func policyOf(in *types.Policy) account.ManagedPolicy {
	return account.ManagedPolicy{
		ARN:              aws.ToString(in.Arn),
		Name:             aws.ToString(in.PolicyName),
		ID:               aws.ToString(in.PolicyId),
		Path:             aws.ToString(in.Path),
		DefaultVersionID: aws.ToString(in.DefaultVersionId),
		CreateDate:       dateOf(in.CreateDate),
		UpdateDate:       dateOf(in.UpdateDate),
		AttachmentCount:  int(aws.ToInt32(in.AttachmentCount)),
		BoundaryUsage:    int(aws.ToInt32(in.PermissionsBoundaryUsageCount)),
		IsAttachable:     in.IsAttachable,
	}
}
