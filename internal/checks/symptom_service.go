package checks

import "github.com/iamcheck/iamcheck/internal/config"

// serviceSymptoms are about the other calls that Teleport makes.
func serviceSymptoms() []*Symptom { //nolint:funlen // a table
	redis := []config.Type{config.ElastiCache, config.MemoryDB}
	return []*Symptom{
		{
			ID: "opensearch-custom-domain", Title: "the custom domain of OpenSearch cannot be validated",
			Phrases: []string{"cannot validate opensearch custom domain", "es:describedomains"},
			Actions: []string{"es:DescribeDomains"},
			Types:   []config.Type{config.OpenSearch}, Requirements: []string{"opensearch/domain-url"}, IAM: Surely,
			Means:   "with a custom endpoint Teleport asks AWS whether the name is the domain's own, and refuses the database where it may not ask",
			Sources: []string{"gravitational/teleport#20168"},
		},
		{
			ID: "metadata", Title: "what AWS knows of a database could not be read",
			Phrases: []string{"no permissions to describe aws resource metadata", "failed to fetch metadata", "{resource_id}"},
			Actions: []string{
				"rds:DescribeDBInstances", "rds:DescribeDBClusters", "rds:DescribeDBProxies", "rds:DescribeDBProxyEndpoints",
				"redshift:DescribeClusters", "redshift-serverless:GetWorkgroup", "redshift-serverless:GetEndpointAccess",
				"elasticache:DescribeReplicationGroups", "elasticache:DescribeServerlessCaches", "memorydb:DescribeClusters",
			},
			Types: []config.Type{
				config.RDS, config.RDSProxy, config.Redshift, config.RedshiftServerless,
				config.ElastiCache, config.ElastiCacheServerless, config.MemoryDB, config.DocDB,
			},
			Requirements: []string{"rds/metadata", "rdsproxy/metadata", "redshift/metadata", "redshift-serverless/metadata", "elasticache/metadata", "elasticache-serverless/metadata", "memorydb/metadata"},
			IAM:          Surely,
			Means:        "Teleport fills in what the configuration leaves out (resource id, account, region) from such calls; without them it builds tokens and ARNs from placeholders",
			Instead:      []string{"a log line of this kind does no harm where the configuration names everything"},
			Sources:      []string{"gravitational/teleport#9412"},
		},
		{
			ID: "describe-users", Title: "the users of a cache could not be listed",
			Actions: []string{"elasticache:DescribeUsers", "memorydb:DescribeUsers"},
			Types:   []config.Type{config.ElastiCache, config.ElastiCacheServerless, config.MemoryDB}, IAM: Surely,
			Requirements: []string{"elasticache/describe-users", "elasticache-serverless/describe-users", "memorydb/describe-users"},
			Means:        "Teleport cannot see which users log in with IAM, and connects without credentials: users see NOAUTH",
			Sources:      []string{"gravitational/teleport#25967", "gravitational/teleport#26648"},
		},
		{
			ID: "secrets", Title: "a secret of a managed user could not be kept",
			Actions: []string{
				"secretsmanager:CreateSecret", "secretsmanager:DeleteSecret", "secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue",
				"secretsmanager:PutSecretValue", "secretsmanager:TagResource", "secretsmanager:UpdateSecret",
			},
			Types: redis, Requirements: []string{"elasticache/manage-passwords", "memorydb/manage-passwords"}, IAM: Surely,
			Means:   "Teleport keeps the passwords of managed cache users in secrets below a prefix, teleport/ unless secret_store.key_prefix says otherwise",
			Instead: []string{"secret_store.key_prefix of the database is the prefix that policies name", "without managed users none of these calls is needed"},
			Sources: []string{"gravitational/teleport#30297"},
		},
		{
			ID: "kms", Title: "the key of a managed user's secret could not be used",
			Actions: []string{"kms:Decrypt", "kms:GenerateDataKey"},
			Types:   redis, Requirements: []string{"elasticache/kms", "memorydb/kms"}, IAM: Surely,
			Means:   "the secrets are encrypted with a key of yours, and both the identity's policies and the key policy decide",
			Instead: []string{"the key policy lets the account's IAM policies decide, or names the identity: iamcheck does not see key policies"},
			Sources: []string{"key-policy-default"},
		},
		{
			ID: "enable-iam-auth", Title: "IAM authentication could not be switched on",
			Actions:      []string{"rds:ModifyDBInstance", "rds:ModifyDBCluster"},
			Types:        []config.Type{config.RDS},
			Requirements: []string{"rds/enable-iam-auth"}, IAM: Surely,
			Means:   "Teleport tries to switch on IAM authentication where it is off; it is harmless where you have done so yourself",
			Instead: []string{"IAM database authentication is switched on for the instance or cluster"},
			Sources: []string{"UsingWithRDS.IAMDBAuth.Enabling"},
		},
		{
			ID: "policy-size", Title: "the role's inline policies are at their size limit",
			Phrases: []string{"maximum policy size of", "limitexceeded: cannot exceed quota"},
			IAM:     Never,
			Means:   "old versions of Teleport write a policy of their own to the role, with a statement for each database, until IAM's quota is reached",
			Instead: []string{
				"give the role a policy that names all databases, and take away its iam:PutRolePolicy: Teleport then leaves the role alone",
				"remove the inline policy that ends in -teleport-database-access",
			},
			Sources: []string{"reference_iam-quotas", "gravitational/teleport#8523", "gravitational/teleport#12871", "gravitational/teleport#43829", "gravitational/teleport#46053"},
		},
		{
			ID: "self-edit", Title: "Teleport may not write its own policy",
			Actions: []string{"iam:PutRolePolicy", "iam:GetRolePolicy", "iam:DeleteRolePolicy", "iam:PutUserPolicy", "iam:GetUserPolicy", "iam:DeleteUserPolicy"},
			IAM:     Never,
			Means:   "old versions of Teleport try to write a policy of their own to the role; that they may not is well, as long as the role's policies hold what the databases need",
			Instead: []string{"leave it refused: a role that may write its own policies may give itself everything"},
			Sources: []string{"gravitational/teleport#46053"},
		},
		{
			ID: "discovery", Title: "databases could not be listed",
			Actions: []string{
				"redshift-serverless:ListWorkgroups", "redshift-serverless:ListEndpointAccess", "es:ListDomainNames", "es:ListTags",
				"elasticache:DescribeCacheClusters", "elasticache:DescribeCacheSubnetGroups", "elasticache:ListTagsForResource",
				"memorydb:DescribeSubnetGroups", "memorydb:ListTags", "rds:ListTagsForResource", "ec2:DescribeSubnets",
			},
			IAM:     Surely,
			Means:   "the Discovery Service may not list databases or their tags; those it does not see, and those whose tags it does not see, never appear",
			Sources: []string{"gravitational/teleport#68986", "gravitational/teleport#9412", "gravitational/teleport#17533", "gravitational/teleport#18328"},
		},
	}
}

// otherSymptoms have nothing to do with what a policy allows.
func otherSymptoms() []*Symptom { //nolint:funlen // a table
	return []*Symptom{
		{
			ID: "no-credentials", Title: "the agent has no AWS credentials",
			Phrases: []string{"nocredentialproviders", "no valid providers in chain", "failed to retrieve credentials", "no ec2 imds role found", "get credentials: failed to refresh cached credentials"},
			IAM:     Never,
			Means:   "the machine or container that the agent runs on has no AWS identity, so that no policy is asked",
			Instead: []string{
				"the instance has an instance profile, the task a task role, or the pod a service account with a role",
				"the agent reaches the metadata endpoint (in containers: the hop limit of IMDSv2 is 2 or more)",
			},
			Sources: []string{"gravitational/teleport#32406"},
		},
		{
			ID: "bad-credentials", Title: "AWS does not accept the agent's credentials",
			Phrases: []string{"invalidclienttokenid", "expiredtoken", "the security token included in the request is", "signaturedoesnotmatch", "unrecognizedclientexception", "invalidaccesskeyid"},
			IAM:     Never,
			Means:   "the credentials are expired, revoked, of another partition, or the clock is wrong: AWS does not know who asks, and asks no policy",
			Instead: []string{
				"the agent's clock is right, and the credentials are of the partition of the region (in GovCloud and China: AWS_REGION is set)",
				"no old AWS_* variables or credentials file on the machine hide its role",
			},
			Sources: []string{"CommonErrors"},
		},
		{
			ID: "certificate", Title: "a certificate is not accepted",
			Phrases: []string{"x509:", "certificate relies on legacy common name", "unknown certificate authority", "cannot validate database's certificate"},
			IAM:     Never,
			Means:   "the TLS connection to the database failed before anybody logged in",
			Instead: []string{
				"a database made before July 2020 has an old certificate: rotate it as AWS describes",
				"the CA bundle in the database's configuration is the one that signed its certificate",
			},
			Sources: []string{"UsingWithRDS.SSL-certificate-rotation", "gravitational/teleport#32406"},
		},
		{
			ID: "timeout", Title: "the database cannot be reached",
			Phrases: []string{"i/o timeout", "connection timed out", "connection refused", "no such host", "no route to host", "dial tcp"},
			IAM:     Never,
			Means:   "the network does not lead from the agent to the database",
			Instead: []string{
				"the security group of the database lets the agent in on its port, and there is a route between their networks",
				"the endpoint's name is right and resolves on the agent's machine",
			},
			Sources: []string{"gravitational/teleport#32406"},
		},
		{
			ID: "throttled", Title: "AWS throttles the calls",
			Phrases: []string{"throttlingexception", "rate exceeded", "toomanyrequests", "requestlimitexceeded"},
			IAM:     Never,
			Means:   "the calls came too fast; nothing was decided",
			Instead: []string{"try again; spread the agents' polling, or ask AWS for a higher rate"},
			Sources: []string{"CommonErrors"},
		},
		{
			ID: "invalid-arn", Title: "an ARN or an account is not valid",
			Phrases: []string{"cross-account pass role is not allowed", "arn is invalid", "invalid arn", "is not a valid aws service name", "is invalid: invalid principal", "malformedpolicydocument"},
			IAM:     Never,
			Means:   "AWS refused the request for what is written in it, not for want of a permission",
			Instead: []string{"the ARN that the message is about: partition, account, path and name of the role"},
			Sources: []string{"CommonErrors"},
		},
	}
}
