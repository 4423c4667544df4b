package awsread

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"github.com/iamcheck/iamcheck/internal/account"
)

// maxDepth bounds the way from an account to the root: organizational units
// nest five deep (orgs_reference_limits).
const maxDepth = 16

// The refusals that are answers: there is nothing of the kind to read.
const (
	codeNoOrganization = "AWSOrganizationsNotInUseException"
	codeTypeDisabled   = "PolicyTypeNotEnabledException"
	codeTypeUnknown    = "PolicyTypeNotAvailableForOrganizationException"
)

// The forms of ids (API reference of Organizations).
var (
	organizationID = regexp.MustCompile(`^o-[a-z0-9]{10,32}$`)
	containerID    = regexp.MustCompile(`^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$`)
	policyID       = regexp.MustCompile(`^p-[0-9a-zA-Z_]{8,128}$`)
)

// organization reads what AWS Organizations puts above the account. Its calls
// go out one after another and each policy is read once: Organizations throttles
// far sooner than IAM.
type organization struct {
	*reader
	policies map[string]account.OrganizationPolicy // by id
}

// readOrganization stores the account's organization: without policies where
// none bind the account, and not at all where its description was refused. Every
// member may be let describe it; all else is for the management account and
// delegated administrators (orgs_integrate_delegated_admin).
func (r *reader) readOrganization(ctx context.Context) {
	o := organization{r, map[string]account.OrganizationPolicy{}}
	about, failed := o.describe(ctx)
	switch {
	case failed == nil:
	case failed.code == codeNoOrganization:
		r.organization = &account.Organization{}
		return
	default:
		r.gap(r.root(), failed)
		return
	}
	r.organization = &account.Organization{ID: aws.ToString(about.Id), ManagementAccount: aws.ToString(about.MasterAccountId)}
	if !binds(about, r.account) {
		return
	}
	path, failed := o.path(ctx)
	if failed != nil {
		r.gap(r.root(), failed)
		return
	}
	r.organization.SCPs = o.levels(ctx, path, types.PolicyTypeServiceControlPolicy)
	r.organization.RCPs = o.levels(ctx, path, types.PolicyTypeResourceControlPolicy)
}

// binds tells whether the organization's policies can bind an account: not the
// management account (orgs_manage_policies_scps, orgs_manage_policies_rcps), and
// none without all features (orgs_manage_org_support-all-features).
func binds(about *types.Organization, id string) bool {
	return aws.ToString(about.MasterAccountId) != id && about.FeatureSet != types.OrganizationFeatureSetConsolidatedBilling
}

func (o *organization) describe(ctx context.Context) (*types.Organization, *failure) {
	out, failed := call(ctx, opDescribeOrganization, o.organizations.DescribeOrganization, &organizations.DescribeOrganizationInput{},
		func(out *organizations.DescribeOrganizationOutput) bool {
			return out.Organization != nil && organizationID.MatchString(aws.ToString(out.Organization.Id)) && accountID.MatchString(aws.ToString(out.Organization.MasterAccountId))
		})
	if failed != nil {
		return nil, failed
	}
	return out.Organization, nil
}

// path is the way from the root to the account, by id.
func (o *organization) path(ctx context.Context) ([]string, *failure) {
	path := []string{o.account}
	for range maxDepth {
		parent, failed := o.parent(ctx, path[0])
		if failed != nil {
			return nil, failed
		}
		if slices.Contains(path, parent) {
			break
		}
		path = slices.Insert(path, 0, parent)
		if strings.HasPrefix(parent, "r-") {
			return path, nil
		}
	}
	return nil, &failure{operation: opListParents, code: "the way to the organization's root does not end"}
}

// parent is the one container that an account or organizational unit is in.
func (o *organization) parent(ctx context.Context, child string) (string, *failure) {
	var parents []types.Parent
	failed := each(opListParents, func(token *string) (page[types.Parent], *failure) {
		in := &organizations.ListParentsInput{ChildId: &child, NextToken: token}
		return ask(ctx, opListParents, o.organizations.ListParents, in, func(out *organizations.ListParentsOutput) page[types.Parent] {
			return page[types.Parent]{items: out.Parents, marker: out.NextToken}
		})
	}, func(items []types.Parent) { parents = append(parents, items...) })
	if failed != nil {
		return "", failed
	}
	if len(parents) != 1 || !containerID.MatchString(aws.ToString(parents[0].Id)) {
		return "", brokenAnswer(opListParents)
	}
	return aws.ToString(parents[0].Id), nil
}

// levels reads the policies of one type along the path. Nil means that the type
// is not enabled: each entity has at least one policy of a type that is
// (orgs_manage_policies_scps_attach, orgs_manage_policies_rcps_attach). After a
// failure no level is told, so that none is taken for another.
func (o *organization) levels(ctx context.Context, path []string, kind types.PolicyType) [][]account.OrganizationPolicy {
	var levels [][]account.OrganizationPolicy
	empty := 0
	for _, target := range path {
		summaries, failed := o.attached(ctx, target, kind)
		if failed != nil {
			if failed.code != codeTypeDisabled && failed.code != codeTypeUnknown {
				o.gap(o.root(), failed)
			}
			return nil
		}
		if len(summaries) == 0 {
			empty++
		}
		level := []account.OrganizationPolicy{}
		for _, s := range summaries {
			level = append(level, o.policy(ctx, s, kind))
		}
		levels = append(levels, level)
	}
	switch empty {
	case 0:
		return levels
	case len(path):
		return nil
	default:
		o.gap(o.root(), &failure{operation: opListPoliciesForTarget, code: "no " + strings.ToLower(string(kind)) + " came for a level that must have one"})
		return nil
	}
}

// attached lists the policies of one type that are attached to a target.
func (o *organization) attached(ctx context.Context, target string, kind types.PolicyType) ([]types.PolicySummary, *failure) {
	var all []types.PolicySummary
	failed := each(opListPoliciesForTarget, func(token *string) (page[types.PolicySummary], *failure) {
		in := &organizations.ListPoliciesForTargetInput{TargetId: &target, Filter: kind, NextToken: token}
		return ask(ctx, opListPoliciesForTarget, o.organizations.ListPoliciesForTarget, in, func(out *organizations.ListPoliciesForTargetOutput) page[types.PolicySummary] {
			return page[types.PolicySummary]{items: wellFormed(out.Policies, kind), marker: out.NextToken}
		})
	}, func(items []types.PolicySummary) { all = append(all, items...) })
	return all, failed
}

// wellFormed is nil, which marks a broken answer, where a summary lacks what
// tells which policy it is.
func wellFormed(summaries []types.PolicySummary, kind types.PolicyType) []types.PolicySummary {
	for _, s := range summaries {
		if !policyID.MatchString(aws.ToString(s.Id)) || aws.ToString(s.Arn) == "" || s.Type != kind {
			return nil
		}
	}
	return summaries
}

// policy reads a policy's document. One that could not be read is there without
// it.
func (o *organization) policy(ctx context.Context, summary types.PolicySummary, kind types.PolicyType) account.OrganizationPolicy {
	id := aws.ToString(summary.Id)
	if known, ok := o.policies[id]; ok {
		return known
	}
	p := account.OrganizationPolicy{Name: aws.ToString(summary.Arn)}
	out, failed := call(ctx, opDescribePolicy, o.organizations.DescribePolicy, &organizations.DescribePolicyInput{PolicyId: &id},
		func(out *organizations.DescribePolicyOutput) bool {
			about := out.Policy
			return about != nil && about.Content != nil && about.PolicySummary != nil && aws.ToString(about.PolicySummary.Id) == id && about.PolicySummary.Type == kind
		})
	if failed != nil {
		o.gap(p.Name, failed)
	} else {
		p.Document = o.document(opDescribePolicy, p.Name, out.Policy.Content)
	}
	o.policies[id] = p
	return p
}
