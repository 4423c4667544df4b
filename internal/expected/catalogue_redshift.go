package expected

import "github.com/iamcheck/iamcheck/internal/config"

func redshiftEntries() []Entry {
	return []Entry{
		{
			ID: "redshift/connect-db-user", SID: "RedshiftConnectAsDBUser", Type: config.Redshift, Holder: ServiceIdentity,
			Actions: []string{"redshift:GetClusterCredentials"},
			// A dbgroup ARN, which the documentation also prints, belongs to
			// redshift:JoinGroup; Teleport asks for no groups and creates no users.
			Resources: []string{
				"arn:{partition}:redshift:{aws.region}:{aws.account_id}:dbuser:{aws.redshift.cluster_id}/{db_users}",
				"arn:{partition}:redshift:{aws.region}:{aws.account_id}:dbname:{aws.redshift.cluster_id}/{db_names}",
			},
			Printed: []string{"*"},
			Purpose: "to log in as an existing database user",
			Rule:    WhereDatabaseLogins,
			Sources: []string{sourceReference + ", Redshift", sourceSAR + "Amazon Redshift", sourceAuth},
		},
		{
			ID: "redshift/connect-iam-role", SID: "RedshiftConnectAsIAMRole", Type: config.Redshift, Holder: LastCaller,
			Actions:   []string{"sts:AssumeRole"},
			Resources: []string{"{role}"},
			Purpose:   "to assume the IAM role that a user logs in as",
			Rule:      WhereRoleLogins,
			Sources:   []string{sourceReference + ", Redshift", sourceSTS},
		},
		{
			ID: "redshift/metadata", SID: "RedshiftFetchMetadata", Type: config.Redshift, Holder: ServiceIdentity,
			Actions:   []string{"redshift:DescribeClusters"},
			Resources: []string{"*"},
			Purpose:   "to fetch the cluster's region, account and name, to import its tags and to check its endpoint",
			Rule:      UnlessNamed,
			Fetches:   []string{nameRegion, nameAccount, "aws.redshift.cluster_id"},
			Metadata:  true,
			Sources:   []string{sourceReference + ", Redshift", sourceMetadata, sourceURLChecker},
		},
		{
			ID: "redshift/role-credentials", SID: "RedshiftConnectWithIAM", Type: config.Redshift, Holder: RoleOfUser,
			Actions:   []string{"redshift:GetClusterCredentialsWithIAM"},
			Resources: []string{"arn:{partition}:redshift:{aws.region}:{aws.account_id}:dbname:{aws.redshift.cluster_id}/{db_names}"},
			Printed:   []string{"*"},
			Purpose:   "to get credentials of the database user that the role is mapped to",
			Rule:      WhereRoleLogins,
			Sources:   []string{sourceReference + ", IAM role as a Redshift database user", sourceSAR + "Amazon Redshift"},
		},
	}
}

func redshiftServerlessEntries() []Entry {
	const id = "arn:{partition}:redshift-serverless:{aws.region}:{aws.account_id}:workgroup/{aws.redshift_serverless.workgroup_id}"
	return []Entry{
		{
			ID: "redshift-serverless/connect-iam-role", SID: "RedshiftServerlessConnectAsIAMRole", Type: config.RedshiftServerless, Holder: LastCaller,
			Actions:   []string{"sts:AssumeRole"},
			Resources: []string{"{role}"},
			Purpose:   "to assume the IAM role that a user logs in as",
			Rule:      WhereRoleLogins,
			Sources:   []string{sourceReference + ", Redshift Serverless", sourceSTS},
		},
		{
			ID: "redshift-serverless/metadata", SID: "RedshiftServerlessFetchMetadata", Type: config.RedshiftServerless, Holder: ServiceIdentity,
			Actions:   []string{"redshift-serverless:GetEndpointAccess", "redshift-serverless:GetWorkgroup"},
			Resources: []string{"*"},
			Purpose:   "to fetch the workgroup's region, account and ID, to import its tags and to check its endpoint",
			Rule:      UnlessNamed,
			Fetches:   []string{nameRegion, nameAccount, "aws.redshift_serverless.workgroup_name", "aws.redshift_serverless.workgroup_id"},
			Metadata:  true,
			Sources:   []string{sourceReference + ", Redshift Serverless", sourceMetadata, sourceURLChecker},
		},
		{
			ID: "redshift-serverless/role-credentials", SID: "RedshiftServerlessConnect", Type: config.RedshiftServerless, Holder: RoleOfUser,
			Actions: []string{"redshift-serverless:GetCredentials"},
			// The workgroup's ID, a UUID, and not its name.
			Resources: []string{id},
			Printed:   []string{"*", id},
			Purpose:   "to get credentials to connect to the workgroup",
			Rule:      WhereRoleLogins,
			Sources:   []string{sourceReference + ", IAM role as a Redshift Serverless database user", sourceSAR + "Amazon Redshift Serverless"},
		},
	}
}
