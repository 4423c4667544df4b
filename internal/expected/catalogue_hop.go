package expected

// The ids of the requirements of a hop.
//
// HopExternalID is always Required here, since only the target's trust policy
// tells whether an external ID matters: where Hop.ExternalID is empty and the
// trust policy asks for none, it is not needed (design 5.5).
const (
	HopAssumeRole = "hop/assume-role"
	HopTrust      = "hop/trust"
	HopExternalID = "hop/external-id"
	HopTagSession = "hop/tag-session"
)

func hopEntries() []Entry {
	return []Entry{
		{
			ID: HopAssumeRole, Holder: HopCaller,
			Actions:   []string{"sts:AssumeRole"},
			Resources: []string{"{role}"},
			Purpose:   "to assume the role of assume_role_arn",
			Rule:      Always,
			Sources:   []string{sourceReference + ", Configure Permissions Policies", sourceSTS},
		},
		{
			ID: HopTrust, Holder: HopTarget,
			Actions:   []string{"sts:AssumeRole"},
			Resources: []string{"{role}"},
			Purpose:   "to let the previous identity of the chain assume the role",
			Rule:      Always,
			Sources:   []string{sourceReference + ", Configure Trust Relationships", sourceSTS},
		},
		{
			ID: HopExternalID, Holder: HopTarget,
			Actions:   []string{"sts:AssumeRole"},
			Resources: []string{"{role}"},
			Purpose:   "to assume the role with the external ID that Teleport sends",
			Rule:      WhereExternalID,
			Sources:   []string{sourceReference + ", Configure Trust Relationships", sourceExternalID, sourceAuth},
		},
		{
			ID: HopTagSession, Holder: HopTarget,
			Actions:   []string{"sts:TagSession"},
			Resources: []string{"{role}"},
			Purpose:   "to let the previous identity of the chain tag the session",
			Rule:      WhereSessionTags,
			Sources:   []string{sourceSessionTags, sourceDynamoDB},
		},
	}
}
