package policy

import "strings"

// rcpApplies tells whether resource control policies bind a request:
// kms:RetireGrant is exempt, and so is the assumption of a service-linked role
// (orgs_manage_policies_rcps). Which services support them changes often; a
// Deny is taken at its word for all of them, since AWS refuses an RCP that
// names another service.
func rcpApplies(req *Request, trust bool) bool {
	if trust && strings.Contains(req.Resource, ":role/aws-service-role/") {
		return false
	}
	return !strings.EqualFold(req.Action, "kms:RetireGrant")
}
