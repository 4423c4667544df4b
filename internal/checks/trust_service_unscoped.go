package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/policy"
)

func trustServiceUnscoped() *Check {
	return &Check{
		ID:       "trust-service-unscoped",
		Title:    "a service is trusted whoever makes it call",
		Severity: Medium,
		Doc: Doc{
			What: "A statement trusts a service whose documentation says that it sends aws:SourceArn and aws:SourceAccount when it assumes a role, and has no condition on those nor on aws:SourceOrgID or aws:SourceOrgPaths. " +
				"Services that run with the role themselves (ec2, ecs-tasks, pods.eks) and those that send no source are never reported.",
			Why:      "The service may be made to use the role for somebody else's resource: the confused deputy. It does not mean that the role is public: whoever names the role to the service needs iam:PassRole in this account, save where the service itself has a flaw.",
			Mend:     "Add StringEquals on aws:SourceAccount with the role's account, and ArnLike on aws:SourceArn where the resource is known.",
			Suppress: "When the service is known not to act for other accounts.",
			Sources:  []string{"confused-deputy", "access-analyzer-reference-policy-checks, Restrict access to service principal"},
		},
		Run: runTrustServiceUnscoped,
	}
}

// sourceSenders are services that send their source when they assume a role,
// each with the page of its guide that prints a trust policy with such a
// condition. What is not here is not known to: a condition would break it.
var sourceSenders = map[string]string{
	"appstream":   "Amazon WorkSpaces Applications guide, example-fleet-machine",
	"bedrock":     "Amazon Bedrock user guide, cross-service-confused-deputy-prevention",
	"codebuild":   "AWS CodeBuild user guide, cross-service-confused-deputy-prevention",
	"dms":         "AWS DMS user guide, cross-service-confused-deputy-prevention",
	"fis":         "AWS Resilience Hub and FIS user guides, execution role",
	"personalize": "Amazon Personalize developer guide, cross-service-confused-deputy-prevention",
	"pipes":       "Amazon EventBridge user guide, cross-service-confused-deputy-prevention",
	"sagemaker":   "Amazon SageMaker AI developer guide, security-confused-deputy-prevention",
	"scheduler":   "Amazon EventBridge Scheduler user guide, cross-service-confused-deputy-prevention",
	"ssm":         "AWS Systems Manager user guide, cross-service-confused-deputy-prevention",
	"states":      "AWS Step Functions developer guide, procedure-create-iam-role",
	"transfer":    "AWS Transfer Family user guide, confused-deputy",
}

// sourceKeys are the keys by which a service tells for whom it calls
// (reference_policies_condition-keys).
var sourceKeys = []string{"aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID", "aws:SourceOrgPaths"}

func runTrustServiceUnscoped(p *Pass) {
	for _, o := range p.openings() {
		if o.statement.Principals.Not || slices.ContainsFunc(sourceKeys, o.pins) {
			continue
		}
		var services []string
		for _, e := range o.statement.Principals.Entries {
			if e.Type == policy.PrincipalService && sourceSenders[serviceName(e.Value)] != "" {
				services = append(services, e.Value)
			}
		}
		if len(services) > 0 {
			p.reportService(o, sortedSet(services))
		}
	}
}

func (p *Pass) reportService(o opening, services []string) {
	f := p.finding(o.paper, o.statement)
	f.Resources = services
	f.Message = fmt.Sprintf("%s may assume the role for whoever makes it call: no condition on aws:SourceAccount or aws:SourceArn (%s)",
		list(services, 3), sourceSenders[serviceName(services[0])])
	f.Fix = &Fix{Kind: "edit-trust", Note: fmt.Sprintf(`add the condition {"StringEquals": {"aws:SourceAccount": %q}} to the statement`, o.account())}
	p.Report(f)
}

// serviceName is the first label of a service principal, where it is one of
// AWS's public forms: SERVICE.amazonaws.com, SERVICE.REGION.amazonaws.com, and
// those of China (reference_policies_elements_principal).
func serviceName(principal string) string {
	name, rest, _ := strings.Cut(principal, ".")
	if strings.HasSuffix(rest, "amazonaws.com") || strings.HasSuffix(rest, "amazonaws.com.cn") {
		return name
	}
	return ""
}
