package awsread

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// Simulation is one question for iam:SimulatePrincipalPolicy: may Principal
// perform each of Actions on Resource, with these context keys and no others?
type Simulation struct {
	Principal string // ARN of a role or user
	Actions   []string
	Resource  string // ARN without wildcards, or "*"
	Context   []ContextKey
}

// ContextKey is a condition key of a simulated request.
type ContextKey struct {
	Name   string
	Values []string
	Multi  bool // a key of several values, even if it has one
}

// Simulated is the simulator's answer about one action: the decision of identity
// policies, boundary and SCPs together. Undecided means that there is none.
type Simulated struct {
	Decision policy.Decision
	// ByOrganization: the organization's SCPs, which the simulator knows
	// whether or not they were read, do not allow the action.
	ByOrganization bool
}

// pauseBetween is how long Simulate waits from one question to the next: AWS
// meters the simulator most strictly of all of IAM.
const pauseBetween = 200 * time.Millisecond

// Simulate asks AWS's own simulator, one question after another. Answers are in
// the order of the questions, each with one Simulated for every action; those of
// a question that failed are Undecided, and the gaps say why. After a refusal
// the principal's other questions are not asked.
//
// It fails where asking could not begin, as Read does, and with ctx's error
// where ctx ends on the way.
func Simulate(ctx context.Context, o Options, questions []Simulation) ([][]Simulated, []account.Gap, error) {
	s, err := connect(ctx, o, nil)
	if err != nil {
		return nil, nil, err
	}
	defer s.close()
	r := newReader(s, o)
	answers := make([][]Simulated, len(questions))
	refused := map[string]bool{}
	for i, q := range questions {
		answers[i] = make([]Simulated, len(q.Actions))
		if refused[q.Principal] {
			continue
		}
		if i > 0 && !o.rest(ctx) {
			r.gap(q.Principal, failureOf(ctx, opSimulate, ctx.Err()))
			break
		}
		if failed := r.simulate(ctx, q, answers[i]); failed != nil {
			refused[q.Principal] = true
			r.gap(q.Principal, failed)
		}
		r.count(1)
	}
	return answers, r.snapshot().Gaps, r.stopped
}

// rest waits between two questions; false where ctx ended.
func (o Options) rest(ctx context.Context) bool {
	pause := pauseBetween
	if o.MaxBackoff > 0 {
		pause = min(pause, o.MaxBackoff)
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// simulate asks one question and fills in the answers.
func (r *reader) simulate(ctx context.Context, q Simulation, answers []Simulated) *failure {
	in := &iam.SimulatePrincipalPolicyInput{
		PolicySourceArn: &q.Principal, ActionNames: q.Actions, ResourceArns: []string{q.Resource}, ContextEntries: entriesOf(q.Context),
	}
	answered := 0
	failed := each(opSimulate, func(marker *string) (page[types.EvaluationResult], *failure) {
		in.Marker = marker
		return ask(ctx, opSimulate, r.iam.SimulatePrincipalPolicy, in, func(out *iam.SimulatePrincipalPolicyOutput) page[types.EvaluationResult] {
			return page[types.EvaluationResult]{out.EvaluationResults, out.Marker, out.IsTruncated}
		})
	}, func(results []types.EvaluationResult) {
		for _, result := range results {
			at := slices.IndexFunc(q.Actions, func(a string) bool { return strings.EqualFold(a, aws.ToString(result.EvalActionName)) })
			if at >= 0 && answers[at].Decision == policy.Undecided {
				answers[at] = simulated(result)
				answered++
			}
		}
	})
	if failed == nil && answered != len(q.Actions) {
		failed = brokenAnswer(opSimulate)
	}
	return failed
}

// simulated reads one result. Where a resource was named, the answer about it is
// among the results of single resources.
func simulated(result types.EvaluationResult) Simulated {
	decision := result.EvalDecision
	if len(result.ResourceSpecificResults) == 1 {
		decision = result.ResourceSpecificResults[0].EvalResourceDecision
	}
	organization := result.OrganizationsDecisionDetail
	s := Simulated{ByOrganization: organization != nil && !organization.AllowedByOrganizations}
	switch decision {
	case types.PolicyEvaluationDecisionTypeAllowed:
		s.Decision = policy.Allowed
	case types.PolicyEvaluationDecisionTypeExplicitDeny:
		s.Decision = policy.ExplicitlyDenied
	case types.PolicyEvaluationDecisionTypeImplicitDeny:
		s.Decision = policy.ImplicitlyDenied
	}
	return s
}

func entriesOf(keys []ContextKey) []types.ContextEntry {
	var out []types.ContextEntry
	for _, k := range keys {
		out = append(out, types.ContextEntry{ContextKeyName: aws.String(k.Name), ContextKeyType: typeOf(k), ContextKeyValues: k.Values})
	}
	return out
}

// typeOf is the type of a global key that is no text
// (reference_policies_condition-keys).
func typeOf(k ContextKey) types.ContextKeyTypeEnum {
	switch strings.ToLower(k.Name) {
	case "aws:currenttime":
		return types.ContextKeyTypeEnumDate
	case "aws:epochtime":
		return types.ContextKeyTypeEnumNumeric
	case "aws:securetransport", "aws:viaawsservice", "aws:principalisawsservice":
		return types.ContextKeyTypeEnumBoolean
	}
	if k.Multi {
		return types.ContextKeyTypeEnumStringList
	}
	return types.ContextKeyTypeEnumString
}
