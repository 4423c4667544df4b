package checks

import "github.com/iamcheck/iamcheck/internal/config"

// loginSymptoms are what databases themselves say when a login fails.
func loginSymptoms() []*Symptom { //nolint:funlen // a table
	rds := []config.Type{config.RDS, config.RDSProxy}
	redis := []config.Type{config.ElastiCache, config.ElastiCacheServerless, config.MemoryDB}
	return []*Symptom{
		{
			ID: "rdsproxy-no-credentials", Title: "the RDS proxy has no credentials for the user",
			Phrases: []string{"rds proxy has no credentials for the role", "one of the secrets manager secrets associated with the rds proxy"},
			Types:   []config.Type{config.RDSProxy}, Requirements: []string{"rdsproxy/connect"},
			Means: "the proxy knows no secret of that database user, or takes no IAM token for it",
			Instead: []string{
				"the proxy has a Secrets Manager secret for this database user, with the user's name and password in it",
				"IAM authentication is set to required for that secret in the proxy's settings",
				"the proxy's own service role may read the secret (secretsmanager:GetSecretValue, and kms:Decrypt for a key of yours)",
				"policies name the proxy by its id, prx-..., and not the instance behind it by db-...",
			},
			Sources: []string{"rds-proxy.troubleshooting", "rds-proxy-setup", "gravitational/teleport#9820"},
		},
		{
			ID: "rdsproxy-iam-failed", Title: "the RDS proxy refuses the IAM token",
			Phrases: []string{"the iam authentication failed for the role"},
			Types:   []config.Type{config.RDSProxy}, Requirements: []string{"rdsproxy/connect"},
			Means: "the proxy asked IAM whether the identity may connect as this user, and IAM said no, or the token was bad",
			Instead: []string{
				"policies name the proxy by its id, prx-..., and not the instance behind it by db-...",
				"the agent's clock is right: a token is good for 15 minutes",
			},
			Sources: []string{"rds-proxy.troubleshooting"},
		},
		{
			ID: "rds-pam", Title: "PAM authentication failed (PostgreSQL on RDS)",
			Phrases: []string{"pam authentication failed for user", "pam_authenticate failed", `has "rds_iam" role`},
			Types:   rds, Protocols: []string{"postgres"}, Requirements: []string{"rds/connect", "rdsproxy/connect"},
			Means: "the server took the login for one with an IAM token and IAM did not accept it: AWS reports a missing rds-db:connect in no other way",
			Instead: []string{
				"the database user exists and has the role: GRANT rds_iam TO the user",
				"IAM database authentication is switched on for the instance or cluster",
				"the resource id is right: db-... of an instance, cluster-... of Aurora, prx-... of a proxy, never the name",
				"the user has no other login method that takes precedence, and the server is not out of memory for IAM authentication",
				"the agent's clock is right: a token is good for 15 minutes; changes of IAM take some minutes to arrive",
			},
			Sources: []string{"UsingWithRDS.IAMDBAuth.Troubleshooting", "UsingWithRDS.IAMDBAuth.IAMPolicy", "gravitational/teleport#17972", "gravitational/teleport#7369"},
		},
		{
			ID: "rds-1045", Title: "access denied for user (MySQL and MariaDB on RDS)",
			Phrases: []string{"error 1045", "(28000): access denied for user", "iam auth is enabled for mysql user", "error 1698"},
			Types:   rds, Protocols: []string{"mysql"}, Requirements: []string{"rds/connect", "rdsproxy/connect"},
			Means: "the server refused the login: IAM did not accept the token, or the database user is not one that logs in with tokens",
			Instead: []string{
				"the database user exists, and was made with IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'",
				"IAM database authentication is switched on for the instance or cluster",
				"the resource id is right: db-... of an instance, cluster-... of Aurora, prx-... of a proxy, never the name",
				"the agent's clock is right: a token is good for 15 minutes; changes of IAM take some minutes to arrive",
			},
			Sources: []string{"UsingWithRDS.IAMDBAuth.Troubleshooting", "UsingWithRDS.IAMDBAuth.DBAccounts", "gravitational/teleport#7369"},
		},
		{
			ID: "rds-password", Title: "password authentication failed (PostgreSQL)",
			Phrases: []string{"password authentication failed for user"},
			Types:   []config.Type{config.RDS, config.RDSProxy, config.Redshift}, Protocols: []string{"postgres"},
			IAM:   Never,
			Means: "the server took the login for one with a password, so that it did not even look at the IAM token",
			Instead: []string{
				"the database user has the role: GRANT rds_iam TO the user; without it PostgreSQL asks for a password",
				"IAM database authentication is switched on for the instance or cluster",
			},
			Sources: []string{"UsingWithRDS.IAMDBAuth.DBAccounts"},
		},
		{
			ID: "redis-wrongpass", Title: "WRONGPASS: the cache refuses the IAM token",
			Phrases: []string{"wrongpass", `agent's iam policy has "elasticache:connect"`, `must have "memorydb:connect"`, "iam auth is enabled for elasticache user", "iam auth is enabled for memorydb user"},
			Types:   redis, Requirements: []string{"elasticache/connect", "elasticache-serverless/connect", "memorydb/connect"},
			Means: "the cache asked IAM whether the identity may connect, for the cache and for the user, and got a no for one of them, or the user is none of IAM's",
			Instead: []string{
				"the cache user's authentication is IAM, its id and its name are the same, in lower case",
				"the user is in the user group of the cache (ElastiCache), or in the ACL of the cluster (MemoryDB)",
				"names in policies are in lower case, as AWS compares them; MemoryDB's ARNs have slashes, cluster/... and user/...",
				"the engine is version 7.0 or later, and encryption in transit is on",
			},
			Sources: []string{"auth-iam", "iam.resourcelevelpermissions", "gravitational/teleport#33937", "gravitational/teleport#55259", "gravitational/teleport#55260"},
		},
		{
			ID: "redis-noauth", Title: "NOAUTH: no credentials were sent to the cache",
			Phrases: []string{"noauth authentication required"},
			Types:   redis,
			Requirements: []string{
				"elasticache/describe-users", "elasticache-serverless/describe-users", "memorydb/describe-users",
				"elasticache/connect", "elasticache-serverless/connect", "memorydb/connect",
			},
			Means: "Teleport could not see that the user logs in with IAM, and connected without credentials: it says no word of a missing DescribeUsers",
			Instead: []string{
				"the cache user's authentication is IAM: Teleport sends a token for no other",
				"the login that was asked for is the name of that user",
			},
			Sources: []string{"gravitational/teleport#25967", "gravitational/teleport#26648"},
		},
		{
			ID: "managed-user", Title: "the database user is not managed",
			Phrases: []string{"user * is not managed", "is not managed by teleport"},
			Types:   redis,
			Requirements: []string{
				"elasticache/manage-users", "memorydb/manage-users", "elasticache/manage-passwords", "memorydb/manage-passwords",
			},
			Means: "Teleport found no user of that name that it keeps the password of",
			Instead: []string{
				"the cache user is tagged teleport.dev/managed=true",
				"the user is in the user group of the cache (ElastiCache), or in the ACL of the cluster (MemoryDB)",
				"with IAM authentication no managed user is needed",
			},
			Sources: []string{"gravitational/teleport#30297", "gravitational/teleport#46052"},
		},
		{
			ID: "docdb-mechanism", Title: "MONGODB-AWS: authentication failed",
			Phrases: []string{`mechanism "mongodb-aws"`, "mongodb-aws"},
			Types:   []config.Type{config.DocDB, config.MongoDBAtlas}, Requirements: []string{"docdb/connect-iam-role", "mongodb-atlas/connect-iam-role", "hop/trust"},
			Means: "the role was assumed or not, and the server knows no user for it",
			Instead: []string{
				"there is a user in the database $external whose name is the role's ARN, path included, with the mechanism MONGODB-AWS",
				"the cluster is instance-based, DocumentDB 5.0 or later, with TLS on (for Atlas: the role is a database user with AWS IAM)",
			},
			Sources: []string{"iam-identity-auth", "gravitational/teleport#43888", "gravitational/teleport#43867", "gravitational/teleport#11665"},
		},
		{
			ID: "opensearch-fgac", Title: "OpenSearch: no permissions for the action",
			Phrases: []string{"no permissions for [", "security_exception"},
			Types:   []config.Type{config.OpenSearch}, Requirements: []string{"opensearch/role-access", "hop/trust"},
			Means: "the request came in with the role's credentials, and the domain's fine-grained access control does not let the role do this",
			Instead: []string{
				"the role's ARN is mapped to a role of OpenSearch as a backend role (Security, Roles, Mapped users)",
				"the domain's access policy lets the role in",
			},
			Sources: []string{"fgac", "ac"},
		},
		{
			ID: "keyspaces-unauthorized", Title: "Keyspaces: the role has no permissions",
			Phrases: []string{"has no permissions", "code=2100 [unauthorized]", "permission on <", "user * has no select permission", "user * has no modify permission"},
			Types:   []config.Type{config.Keyspace}, Requirements: []string{"keyspace/role-access"},
			Means: "the request came in with the role's credentials, and the role's policies do not allow cassandra:Select or Modify there",
			Instead: []string{
				"drivers read system tables: cassandra:Select on keyspace/system*",
				"a VPC endpoint's policy, where the agent reaches Keyspaces through one",
			},
			Sources: []string{"troubleshooting.security", "security_iam_id-based-policy-examples"},
		},
	}
}
