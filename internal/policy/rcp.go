package policy

import "strings"

// rcpApplies tells whether resource control policies bind an action:
// kms:RetireGrant is exempt (orgs_manage_policies_rcps). Which services support
// them changes often; a Deny is taken at its word for all of them, since AWS
// refuses an RCP that names another service.
func rcpApplies(action string) bool {
	return !strings.EqualFold(action, "kms:RetireGrant")
}
