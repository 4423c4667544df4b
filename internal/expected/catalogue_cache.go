package expected

import "github.com/iamcheck/iamcheck/internal/config"

// secretActions are what Teleport calls to keep the passwords of managed users:
// CreateSecret with tags, DescribeSecret, TagResource and UpdateSecret where it
// finds one, GetSecretValue and PutSecretValue to rotate, DeleteSecret.
func secretActions() []string {
	return []string{
		"secretsmanager:CreateSecret", "secretsmanager:DeleteSecret", "secretsmanager:DescribeSecret",
		"secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue", "secretsmanager:TagResource",
		"secretsmanager:UpdateSecret",
	}
}

// managedUserEntries are the statements for users whose passwords Teleport
// keeps in Secrets Manager; only the actions on the users themselves differ
// between the two services.
func managedUserEntries(t config.Type, name string, manage []string) []Entry {
	return []Entry{
		{
			ID: string(t) + "/manage-users", SID: name + "ManageUsers", Type: t, Holder: ServiceIdentity,
			Actions:   manage,
			Resources: []string{"*"},
			Purpose:   "to set the passwords of the users that Teleport manages",
			Rule:      WhereManagedUsers,
			Sources:   []string{sourceReference + ", " + name + " managed users", sourceUsers},
		},
		{
			ID: string(t) + "/manage-passwords", SID: name + "ManagePasswords", Type: t, Holder: ServiceIdentity,
			Actions:   secretActions(),
			Resources: []string{"arn:{partition}:secretsmanager:{aws.region}:{aws.account_id}:secret:{aws.secret_store.key_prefix}*"},
			Printed:   []string{"arn:{partition}:secretsmanager:*:{aws.account_id}:secret:{aws.secret_store.key_prefix}*"},
			Purpose:   "to keep the passwords of managed users in Secrets Manager",
			Rule:      WhereManagedUsers,
			Sources:   []string{sourceReference + ", " + name + " managed users", sourceSecrets, sourceSAR + "AWS Secrets Manager"},
		},
		{
			ID: string(t) + "/kms", Type: t, Holder: ServiceIdentity,
			Actions:   []string{"kms:Decrypt", "kms:GenerateDataKey"},
			Resources: []string{"arn:{partition}:kms:{kms.region}:{kms.account_id}:key/{aws.secret_store.kms_key_id}"},
			Printed:   []string{"arn:{partition}:kms:*:{kms.account_id}:key/{aws.secret_store.kms_key_id}"},
			Purpose:   "to encrypt and decrypt the passwords of managed users with the configured KMS key",
			Rule:      WhereCustomKey,
			Sources:   []string{sourceReference + ", " + name + " managed users", sourceSecrets, sourceSAR + "AWS Key Management Service"},
		},
	}
}

func elastiCacheEntries() []Entry {
	const arn = "arn:{partition}:elasticache:{aws.region}:{aws.account_id}:"
	entries := []Entry{
		{
			ID: "elasticache/connect", SID: "ElastiCacheConnect", Type: config.ElastiCache, Holder: ServiceIdentity,
			Actions: []string{"elasticache:Connect"},
			// Both must be allowed: the cache and the user (SAR, Connect).
			Resources: []string{arn + "replicationgroup:{aws.elasticache.replication_group_id}", arn + "user:{db_users}"},
			Printed:   []string{"*", arn + "replicationgroup:{aws.elasticache.replication_group_id}", arn + "user:*"},
			Purpose:   "to log in to the cache with an IAM token",
			Rule:      Always,
			Sources:   []string{sourceReference + ", ElastiCache", sourceSAR + "Amazon ElastiCache", sourceIAMARNs},
		},
		{
			ID: "elasticache/describe-users", SID: "ElastiCacheDescribeUsers", Type: config.ElastiCache, Holder: ServiceIdentity,
			Actions:   []string{"elasticache:DescribeUsers"},
			Resources: []string{"*"},
			Purpose:   "to tell whether a user logs in with IAM; without it Teleport connects with no credentials",
			Rule:      Always,
			Sources:   []string{sourceReference + ", ElastiCache", sourceRedis},
		},
		{
			ID: "elasticache/metadata", SID: "ElastiCacheFetchMetadata", Type: config.ElastiCache, Holder: ServiceIdentity,
			Actions:   []string{"elasticache:DescribeReplicationGroups"},
			Resources: []string{"*"},
			Purpose:   "to fetch the cache's region, account and name, to import its tags and to check its endpoint",
			Rule:      UnlessNamed,
			Fetches:   []string{nameRegion, nameAccount, "aws.elasticache.replication_group_id"},
			Metadata:  true,
			Sources:   []string{sourceReference + ", ElastiCache (later than 2024)", sourceMetadata, sourceURLChecker},
		},
	}
	return append(entries, managedUserEntries(config.ElastiCache, "ElastiCache",
		[]string{"elasticache:DescribeUsers", "elasticache:ModifyUser", "elasticache:ListTagsForResource"})...)
}

func elastiCacheServerlessEntries() []Entry {
	const arn = "arn:{partition}:elasticache:{aws.region}:{aws.account_id}:"
	return []Entry{
		{
			ID: "elasticache-serverless/connect", SID: "ElastiCacheServerlessConnect", Type: config.ElastiCacheServerless, Holder: ServiceIdentity,
			Actions:   []string{"elasticache:Connect"},
			Resources: []string{arn + "serverlesscache:{aws.elasticache_serverless.cache_name}", arn + "user:{db_users}"},
			Printed:   []string{"*", arn + "serverlesscache:{aws.elasticache_serverless.cache_name}", arn + "user:*"},
			Purpose:   "to log in to the cache with an IAM token",
			Rule:      Always,
			Sources:   []string{sourceReference + ", ElastiCache Serverless (include only)", sourceSAR + "Amazon ElastiCache", sourceIAMARNs},
		},
		{
			ID: "elasticache-serverless/describe-users", SID: "ElastiCacheServerlessDescribeUsers", Type: config.ElastiCacheServerless, Holder: ServiceIdentity,
			Actions:   []string{"elasticache:DescribeUsers"},
			Resources: []string{"*"},
			Purpose:   "to tell whether a user logs in with IAM; without it Teleport connects with no credentials",
			Rule:      Always,
			Sources:   []string{sourceReference + ", ElastiCache Serverless (include only)", sourceRedis},
		},
		{
			ID: "elasticache-serverless/metadata", SID: "ElastiCacheServerlessFetchMetadata", Type: config.ElastiCacheServerless, Holder: ServiceIdentity,
			Actions:   []string{"elasticache:DescribeServerlessCaches"},
			Resources: []string{"*"},
			Purpose:   "to fetch the cache's name, to import its tags and to check its endpoint",
			Rule:      UnlessNamed,
			Fetches:   []string{"aws.elasticache_serverless.cache_name"},
			Metadata:  true,
			Sources:   []string{sourceReference + ", ElastiCache Serverless (include only)", sourceMetadata, sourceURLChecker},
		},
	}
}

func memoryDBEntries() []Entry {
	// Slashes: the colon forms that Teleport's documentation has printed match
	// nothing (SAR, Amazon MemoryDB; errata.go).
	const arn = "arn:{partition}:memorydb:{aws.region}:{aws.account_id}:"
	entries := []Entry{
		{
			ID: "memorydb/connect", SID: "MemoryDBConnect", Type: config.MemoryDB, Holder: ServiceIdentity,
			Actions:   []string{"memorydb:Connect"},
			Resources: []string{arn + "cluster/{aws.memorydb.cluster_name}", arn + "user/{db_users}"},
			Printed:   []string{"*", arn + "cluster/{aws.memorydb.cluster_name}", arn + "user/*"},
			Purpose:   "to log in to the cluster with an IAM token",
			Rule:      Always,
			Sources:   []string{sourceReference + ", MemoryDB", sourceSAR + "Amazon MemoryDB", "Amazon MemoryDB Developer Guide, iam.resourcelevelpermissions", sourceIAMARNs},
		},
		{
			ID: "memorydb/describe-users", SID: "MemoryDBDescribeUsers", Type: config.MemoryDB, Holder: ServiceIdentity,
			Actions:   []string{"memorydb:DescribeUsers"},
			Resources: []string{"*"},
			Purpose:   "to tell whether a user logs in with IAM; without it Teleport connects with no credentials",
			Rule:      Always,
			Sources:   []string{sourceReference + ", MemoryDB", sourceRedis},
		},
		{
			ID: "memorydb/metadata", SID: "MemoryDBFetchMetadata", Type: config.MemoryDB, Holder: ServiceIdentity,
			Actions:   []string{"memorydb:DescribeClusters"},
			Resources: []string{"*"},
			Purpose:   "to fetch the cluster's name, to import its tags and to check its endpoint",
			Rule:      UnlessNamed,
			Fetches:   []string{"aws.memorydb.cluster_name"},
			Metadata:  true,
			Sources:   []string{sourceReference + ", MemoryDB (later than 2024)", sourceMetadata, sourceURLChecker},
		},
	}
	return append(entries, managedUserEntries(config.MemoryDB, "MemoryDB",
		[]string{"memorydb:DescribeUsers", "memorydb:UpdateUser", "memorydb:ListTags"})...)
}
