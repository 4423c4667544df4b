package expected

import "github.com/iamcheck/iamcheck/internal/config"

func keyspaceEntries() []Entry {
	return []Entry{
		{
			ID: "keyspace/connect-iam-role", SID: "KeyspacesConnectAsIAMRole", Type: config.Keyspace, Holder: LastCaller,
			Actions:   []string{"sts:AssumeRole"},
			Resources: []string{"{role}"},
			Purpose:   "to assume the IAM role that a user's requests are sent as",
			Rule:      WhereRoleLogins,
			Sources:   []string{sourceReference + ", Keyspaces", sourceSTS},
		},
		{
			ID: "keyspace/role-access", Type: config.Keyspace, Holder: RoleOfUser,
			Actions:   []string{"cassandra:Select", "cassandra:Modify"},
			Resources: []string{"arn:{partition}:cassandra:{aws.region}:{aws.account_id}:/keyspace/*"},
			Purpose:   "to let the role do anything with a keyspace",
			Rule:      RoleAccess,
			AnyOf:     true,
			Sources:   []string{sourceReference + ", IAM role as a Keyspaces database user", sourceSAR + "Amazon Keyspaces (for Apache Cassandra)"},
		},
	}
}

func dynamoDBEntries() []Entry {
	return []Entry{
		{
			ID: "dynamodb/connect-iam-role", SID: "DynamoDBConnectAsIAMRole", Type: config.DynamoDB, Holder: LastCaller,
			Actions:   []string{"sts:AssumeRole"},
			Resources: []string{"{role}"},
			Purpose:   "to assume the IAM role that a user's requests are sent as",
			Rule:      WhereRoleLogins,
			Sources:   []string{sourceReference + ", DynamoDB", sourceSTS},
		},
		{
			ID: "dynamodb/session-tags", SID: "DynamoDBSessionTagging", Type: config.DynamoDB, Holder: LastCaller,
			Actions:   []string{"sts:TagSession"},
			Resources: []string{"{role}"},
			Printed:   []string{"*"},
			Purpose:   "to tag the role's session with aws.session_tags",
			Rule:      WhereSessionTags,
			Sources:   []string{sourceReference + ", DynamoDB", sourceSessionTags, sourceDynamoDB},
		},
		{
			ID: "dynamodb/role-access", Type: config.DynamoDB, Holder: RoleOfUser,
			Actions: []string{
				"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:Scan",
				"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem",
				"dynamodb:PartiQLSelect", "dynamodb:GetRecords",
			},
			Resources: []string{"arn:{partition}:dynamodb:{aws.region}:{aws.account_id}:table/*"},
			Purpose:   "to let the role do anything with a table",
			Rule:      RoleAccess,
			AnyOf:     true,
			Sources:   []string{sourceReference + ", IAM role as a DynamoDB database user", sourceSAR + "Amazon DynamoDB"},
		},
	}
}

func openSearchEntries() []Entry {
	return []Entry{
		{
			ID: "opensearch/connect-iam-role", SID: "OpenSearchConnectAsIAMRole", Type: config.OpenSearch, Holder: LastCaller,
			Actions:   []string{"sts:AssumeRole"},
			Resources: []string{"{role}"},
			Purpose:   "to assume the IAM role that a user's requests are signed as",
			Rule:      WhereRoleLogins,
			Sources:   []string{sourceReference + ", OpenSearch", sourceSTS},
		},
		{
			ID: "opensearch/domain-url", SID: "OpenSearchCheckDomainURL", Type: config.OpenSearch, Holder: ServiceIdentity,
			Actions:   []string{"es:DescribeDomains"},
			Resources: []string{"*"},
			Purpose:   "to check that the endpoint belongs to a domain of the account",
			Rule:      WhereURLChecked,
			Sources:   []string{sourceReference + ", OpenSearch", sourceURLChecker},
		},
		{
			ID: "opensearch/role-access", Type: config.OpenSearch, Holder: RoleOfUser,
			Actions: []string{
				"es:ESHttpGet", "es:ESHttpPost", "es:ESHttpPut", "es:ESHttpHead", "es:ESHttpDelete", "es:ESHttpPatch",
			},
			Resources: []string{"arn:{partition}:es:{aws.region}:{aws.account_id}:domain/{aws.opensearch.domain_name}/*"},
			Purpose:   "to let the role send requests to the domain, unless the domain's access policy already does",
			Rule:      RoleAccess,
			AnyOf:     true,
			Sources:   []string{sourceReference + ", IAM role as an OpenSearch database user", sourceSAR + "Amazon OpenSearch Service"},
		},
	}
}

func docDBEntries() []Entry {
	return []Entry{
		{
			// The role itself needs no permission at all: its ARN is the name
			// of a database user.
			ID: "docdb/connect-iam-role", SID: "DocumentDBConnectAsIAMRole", Type: config.DocDB, Holder: LastCaller,
			Actions:   []string{"sts:AssumeRole"},
			Resources: []string{"{role}"},
			Purpose:   "to assume the IAM role that a user logs in as",
			Rule:      WhereRoleLogins,
			Sources:   []string{sourceReference + ", DocumentDB", sourceSTS},
		},
		{
			ID: "docdb/domain-url", SID: "DocumentDBCheckDomainURL", Type: config.DocDB, Holder: ServiceIdentity,
			Actions:   []string{"rds:DescribeDBClusters"},
			Resources: []string{"*"},
			Purpose:   "to check that the endpoint belongs to a cluster of the account",
			Rule:      WhereURLChecked,
			Sources:   []string{sourceReference + ", DocumentDB", sourceURLChecker},
		},
	}
}

func mongoDBAtlasEntries() []Entry {
	return []Entry{{
		ID: "mongodb-atlas/connect-iam-role", Type: config.MongoDBAtlas, Holder: LastCaller,
		Actions:   []string{"sts:AssumeRole"},
		Resources: []string{"{role}"},
		Purpose:   "to assume the IAM role that a user logs in to Atlas as",
		Rule:      WhereRoleLogins,
		Sources:   []string{"Teleport documentation, MongoDB Atlas with AWS IAM authentication", sourceSTS},
	}}
}
