package awsread

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/iamcheck/iamcheck/internal/account"
)

// maxItems is the largest page that IAM gives.
const maxItems = 1000

// inlineCalls are the calls for the inline policies of a role, user or group.
type inlineCalls struct {
	list, get string // operations
	names     func(marker *string) (page[string], *failure)
	policy    func(name string) (*string, *failure)
}

// inline reads the inline policies of the entity subject. A policy whose
// document could not be read is there without it.
func (r *reader) inline(subject string, c inlineCalls) []account.InlinePolicy {
	var names []string
	failed := each(c.list, c.names, func(items []string) { names = append(names, items...) })
	if failed != nil {
		r.gap(subject, failed)
	}
	var policies []account.InlinePolicy
	for _, n := range names {
		p := account.InlinePolicy{Name: n}
		if text, failed := c.policy(n); failed != nil {
			r.gap(subject, failed)
		} else {
			p.Document = r.document(c.get, subject, text)
		}
		policies = append(policies, p)
	}
	return policies
}

// attached reads which managed policies are attached to the entity subject.
func (r *reader) attached(subject, operation string, fetch func(marker *string) (page[types.AttachedPolicy], *failure)) []account.AttachedPolicy {
	var policies []account.AttachedPolicy
	failed := each(operation, fetch, func(items []types.AttachedPolicy) { policies = append(policies, attachedOf(items)...) })
	if failed != nil {
		r.gap(subject, failed)
	}
	return policies
}

func attachedOf(items []types.AttachedPolicy) []account.AttachedPolicy {
	var policies []account.AttachedPolicy
	for _, p := range items {
		policies = append(policies, account.AttachedPolicy{Name: aws.ToString(p.PolicyName), ARN: aws.ToString(p.PolicyArn)})
	}
	return policies
}

// ask is call with the parts that a page needs.
func ask[In, Out, Opt, T any](ctx context.Context, operation string, do func(context.Context, *In, ...func(*Opt)) (*Out, error), in *In, read func(*Out) page[T]) (page[T], *failure) {
	out, failed := call(ctx, operation, do, in, func(out *Out) bool { return read(out).items != nil })
	if failed != nil {
		return page[T]{}, failed
	}
	return read(out), nil
}
