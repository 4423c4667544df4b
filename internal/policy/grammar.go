package policy

// presence says whether a kind of policy takes an element.
type presence uint8

const (
	forbidden presence = iota
	required
)

// grammar is what distinguishes the kinds of policy document.
type grammar struct {
	name      string   // as messages say it
	principal presence // Principal or NotPrincipal
	resource  presence // Resource or NotResource
	// notPrincipal: the NotPrincipal element may be used
	// (reference_policies_elements_notprincipal: not in identity-based policies
	// nor in trust policies).
	notPrincipal bool
	// notAction: RCPs do not take it (orgs_manage_policies_rcps_syntax).
	notAction bool
	// iam: IAM itself stores the document and checks its Sids
	// (reference_policies_elements_sid).
	iam bool
	// arns: a resource is "*" or an ARN. Some services' own policies take other
	// forms, such as API Gateway's "execute-api:/*".
	arns bool
	// stsOnly: a trust policy names actions of sts.
	stsOnly bool
	// denyOnly: only AWS's own RCPFullAWSAccess allows
	// (orgs_manage_policies_rcps_syntax).
	denyOnly bool
}

// grammarOf returns the rules of a kind (reference_policies_grammar;
// orgs_manage_policies_scps_syntax; orgs_manage_policies_rcps_syntax).
func grammarOf(kind Kind) grammar {
	identity := grammar{name: "an identity-based policy", resource: required, notAction: true, iam: true, arns: true}
	switch kind {
	case KindBoundary:
		identity.name = "a permissions boundary"
	case KindSession:
		identity.name = "a session policy"
	case KindTrust:
		return grammar{name: "a trust policy", principal: required, notAction: true, iam: true, stsOnly: true}
	case KindResource:
		return grammar{name: "a resource-based policy", principal: required, resource: required, notPrincipal: true, notAction: true}
	case KindSCP:
		return grammar{name: "a service control policy", resource: required, notAction: true, arns: true}
	case KindRCP:
		return grammar{name: "a resource control policy", principal: required, resource: required, arns: true, denyOnly: true}
	}
	return identity
}
