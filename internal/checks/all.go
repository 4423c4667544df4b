package checks

// All returns every check, in the order of the documentation. The caller may
// keep the slice.
func All() []*Check {
	return []*Check{
		// Needed, and not there.
		missingPermission(),
		partialPermission(),
		deniedPermission(),
		boundaryBlocks(),
		orgBlocks(),
		conditionalPermission(),
		roleNotFound(),
		trustMissing(),
		trustExternalID(),
		trustTagSession(),
		trustDeadPrincipal(),
		layerUnread(),
		// There, and cannot work.
		resourceNeverMatches(),
		wrongPartitionAccountRegion(),
		unknownAction(),
		actionNeedsStar(),
		unsupportedConditionKey(),
		inertVariable(),
		neverTrueCondition(),
		// Wider than needed.
		adminAccess(),
		notActionAllow(),
		notResourceAllow(),
		serviceWildcard(),
		excessAction(),
		excessResource(),
		assumeAnyRole(),
		selfEscalation(),
		privilegeEscalation(),
		passRoleAny(),
		secretsOutsidePrefix(),
		kmsAnyKey(),
		unneededStatement(),
		unrelatedAccess(),
		// Trust that is too open.
		trustPublic(),
		trustCrossAccountNoExternalID(),
		trustAccountRoot(),
		trustExtraPrincipal(),
		trustNotPrincipal(),
		trustWildcardPrincipal(),
		trustOIDCUnscoped(),
		trustServiceUnscoped(),
		weakExternalID(),
		// The document itself.
		invalidPolicy(),
		oldPolicyVersion(),
		setOperatorMisuse(),
		wildcardWithoutLike(),
		redundantStatement(),
		policySize(),
		noBoundaryOnIAMWriter(),
	}
}

// ByID returns the check with the given id, nil where there is none.
func ByID(id string) *Check {
	for _, c := range All() {
		if c.ID == id {
			return c
		}
	}
	return nil
}
