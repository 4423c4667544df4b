package checks

import "github.com/iamcheck/iamcheck/internal/config"

// roleSymptoms are about assuming roles and about the credentials that services
// make for a login.
func roleSymptoms() []*Symptom { //nolint:funlen // a table
	return []*Symptom{
		{
			ID: "redshift-credentials", Title: "no credentials for Redshift could be made",
			Phrases: []string{"could not generate redshift iam"},
			Actions: []string{"redshift:GetClusterCredentials", "redshift:GetClusterCredentialsWithIAM"},
			Types:   []config.Type{config.Redshift}, IAM: Surely,
			Requirements: []string{"redshift/connect-db-user", "redshift/role-credentials", "redshift/connect-iam-role", "hop/trust"},
			Means:        "AWS gave Teleport no temporary password: a role could not be assumed, or the identity may not ask for credentials of this user and database",
			Instead: []string{
				"the login exists in the cluster: Teleport never creates it",
				"a login is written role/NAME or as an ARN where a role is meant; a login that begins IAM: or IAMR: is refused",
			},
			Sources: []string{"API_GetClusterCredentials", "gravitational/teleport#27383", "gravitational/teleport#34723", "gravitational/teleport#34940"},
		},
		{
			ID: "redshift-serverless-credentials", Title: "no credentials for Redshift Serverless could be made",
			Phrases: []string{"could not generate redshift serverless"},
			Actions: []string{"redshift-serverless:GetCredentials"},
			Types:   []config.Type{config.RedshiftServerless}, IAM: Surely,
			Requirements: []string{"redshift-serverless/role-credentials", "redshift-serverless/connect-iam-role", "hop/trust"},
			Means:        "the role that the user logs in as may not ask for credentials of the workgroup: the permission is needed by that role and not by the agent, and it names the workgroup's id and not its name",
			Instead:      []string{"the role is known to the workgroup's database as IAMR:NAME and may use it there"},
			Sources:      []string{"API_GetCredentials", "gravitational/teleport#18651", "gravitational/teleport#19043", "gravitational/teleport#20168"},
		},
		{
			ID: "session-tags", Title: "sts:TagSession is refused",
			Actions: []string{"sts:TagSession"},
			Types:   []config.Type{config.DynamoDB}, IAM: Surely,
			Requirements: []string{"dynamodb/session-tags", "hop/tag-session"},
			Means:        "the database has session_tags, and both the caller's policies and the role's trust policy must allow sts:TagSession",
			Sources:      []string{"id_session-tags", "gravitational/teleport#35376", "gravitational/teleport#36064", "gravitational/teleport#33131", "gravitational/teleport#35145"},
		},
		{
			ID: "trust-relationship", Title: "Teleport asks for a trust relationship",
			Phrases: []string{"has a trust relationship with teleport database"},
			Wrapper: true, IAM: Surely, Requirements: []string{"hop/trust"},
			Means:   "a role could not be assumed; any of both sides of the hop may be the cause, not only the trust policy that the hint names",
			Sources: []string{"gravitational/teleport#32406"},
		},
		{
			ID: "assume-role", Title: "sts:AssumeRole is refused",
			Actions: []string{"sts:AssumeRole"}, Phrases: []string{"operation error sts: assumerole", "error assuming role", "failed to assume role"},
			IAM: Surely, Requirements: []string{"hop/trust", "hop/assume-role", "hop/external-id"},
			Means:   "a hop of the chain is refused: by the caller's policies or boundary, by the role's trust policy, or by the external ID",
			Sources: []string{"API_AssumeRole", "gravitational/teleport#32406", "gravitational/teleport#20215", "gravitational/teleport#67517", "gravitational/teleport#23680"},
		},
		{
			ID: "role-account", Title: "the role is in another account or partition than the database",
			Phrases: []string{"expected aws account id * but got", "expected aws partition * but got", "expected partition * but got", "does not match the database's account"},
			IAM:     Never,
			Means:   "Teleport itself refuses a login that is the ARN of a role elsewhere than the database, before it asks AWS",
			Instead: []string{
				"the database's aws.account_id and aws.region are those of the role",
				"a login in another account needs assume_role_arn there, and a role of that account",
			},
			Sources: []string{"gravitational/teleport#23680"},
		},
		{
			ID: "account-mismatch", Title: "agent and database are in different accounts",
			Phrases: []string{"have different aws account ids"},
			Requirements: []string{
				"hop/assume-role", "hop/trust",
			},
			Means: "the agent looked at a discovered database of another account, which it cannot reach with its own identity",
			Instead: []string{
				"the database, or the matcher that discovers it, names a role of its account as assume_role_arn",
				"the resources of db_service whose labels take this database in set the same role",
			},
			Sources: []string{"gravitational/teleport#8741", "gravitational/teleport#15024", "gravitational/teleport#21872", "gravitational/teleport#22866", "gravitational/teleport#25687"},
		},
		{
			ID: "role-chaining-hour", Title: "the session of an assumed role may not last so long",
			Phrases: []string{"1 hour session limit for roles assumed by role chaining", "exceeds the maxsessionduration"},
			IAM:     Never,
			Means:   "a role that is assumed by another role's session lasts an hour at most, whatever its maximum is",
			Instead: []string{"ask for an hour or less; this is a quota and no permission"},
			Sources: []string{"id_roles_terms-and-concepts"},
		},
	}
}
