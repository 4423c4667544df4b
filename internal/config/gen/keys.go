package main

// section is a mapping of iamcheck.yaml, with its keys.
type section struct {
	path  string // "" for the file itself
	title string
	about string
	keys  []key
}

// key is one key of a section.
type key struct {
	name    string
	kind    string
	def     string // what holds where the key is absent
	example string // as it stands in YAML, with the key
	about   string
}

// sections are all keys that iamcheck's reader knows; a test compares them with
// the reader.
func sections() []section {
	out := []section{file(), agent(), database(), adminUser(), aws()}
	out = append(out, awsSections()...)
	return append(out, discovery(), suppress())
}

func file() section {
	return section{"", "The file", "Paths in the file are relative to its directory. Unknown keys, and values of the wrong kind, are errors.", []key{
		{"version", "`1`", "`1`", "version: 1", "The version of this format."},
		{"agents", "list of agents", "none: at least one is needed", "agents: [{role: teleport, databases: [{type: rds}]}]", "The identities that Teleport's Database Service (and Discovery Service) runs as."},
		{"suppress", "list of suppressions", "none", "suppress: []", "Findings that are accepted for a reason and until a date."},
		{"fail_on", "`critical`, `high`, `medium`, `low`, `info`, `none`", "`high`", "fail_on: medium", "The severity from which findings make the exit code 1. `--fail-on` outdoes it."},
		{"accounts", "not read", "", "", "Not read by this version: an error. Give a `--snapshot` for each account."},
	}}
}

func agent() section {
	return section{"agents[]", "An agent", "Exactly one of `role` and `user`, and at least one of `databases`, `teleport_config` and `discovery`.", []key{
		{"role", "name, path/name or ARN", "", "role: teleport-db-service-role", "The IAM role. A bare name is looked up in the account whatever its path."},
		{"user", "name, path/name or ARN", "", "user: teleport", "The IAM user, for agents that are no roles."},
		{"databases", "list of databases", "none", "databases: [{type: rds}]", "The databases that it serves."},
		{"teleport_config", "list of paths", "none", "teleport_config: [teleport.yaml, databases.yaml]", "Files of Teleport's: teleport.yaml, or the output of `tctl get` for `db`, `db_server`, `discovery_config` or `role`. Databases of the same name are joined with those of `databases`, which speak first."},
		{"discovery", "a matcher, or a list of them", "none: the agent discovers nothing", "discovery: {types: [rds]}", "What the agent discovers."},
	}}
}

func database() section {
	return section{"agents[].databases[]", "A database", "The fields of Teleport's own database resource, with its names and nesting, and some that Teleport does not know. A database with a `type` alone needs all that its type may need.", []key{
		{"name", "text", "the type's name", "name: orders", "Its name, by which it is joined with Teleport's files."},
		{"type", "`rds`, `rdsproxy`, `redshift`, `redshift-serverless`, `elasticache`, `elasticache-serverless`, `memorydb`, `keyspace`, `dynamodb`, `opensearch`, `docdb`", "what `protocol`, `uri` and `aws` tell, as Teleport derives it", "type: rds", "The type, where the other fields do not tell it. Aliases such as `aurora` and `documentdb` are read, too."},
		{"protocol", "Teleport's protocol", "not told", "protocol: postgres", "`postgres`, `mysql`, `mongodb`, `redis`, `cassandra`, `dynamodb`, `opensearch`, `sqlserver`, `oracle` …"},
		{"uri", "endpoint", "not told", "uri: orders.abc.us-east-1.rds.amazonaws.com:5432", "The endpoint; it tells the type, region, account and names as far as AWS's endpoints do."},
		{"aws", "mapping", "not told", "aws: {region: us-east-1}", "What AWS knows of it."},
		{"admin_user", "mapping", "no user provisioning", "admin_user: {name: teleport-admin}", "The database user that provisions others; Teleport logs in as it, too."},
		{"db_users", "list of logins", "not known: a grant on some is undecided, one on all is enough", "db_users: [app, reporting]", "The logins. `[\"*\"]` means all. For the types whose users are IAM roles: names, `role/path/name` or ARNs of roles; for Redshift `role/NAME` or an ARN is a role, any other text a database user."},
		{"db_names", "list of names", "not known", "db_names: [prod]", "The databases in a Redshift cluster."},
		{"discovered", "boolean", "`false`", "discovered: true", "The Discovery Service registered it."},
		{"managed_users", "boolean", "`false`", "managed_users: true", "ElastiCache and MemoryDB: Teleport keeps users' passwords in Secrets Manager."},
		{"description", "any", "", "", "Teleport's; without effect here."},
		{"static_labels", "any", "", "", "Teleport's; without effect here."},
		{"dynamic_labels", "any", "", "", "Teleport's; without effect here."},
		{"tls", "any", "", "", "Teleport's; without effect here."},
		{"ca_cert_file", "any", "", "", "Teleport's; without effect here."},
		{"mysql", "any", "", "", "Teleport's; without effect here."},
		{"ad", "any", "", "", "Teleport's; without effect here."},
		{"oracle", "any", "", "", "Teleport's; without effect here."},
		{"mongo_atlas", "any", "", "", "Teleport's; without effect here."},
	}}
}

func adminUser() section {
	return section{"agents[].databases[].admin_user", "admin_user", "", []key{
		{"name", "database user", "not told", "name: teleport-admin", "The user; RDS (PostgreSQL, MySQL) and Redshift only."},
		{"default_database", "any", "", "", "Teleport's; without effect here."},
	}}
}

func aws() section {
	return section{"agents[].databases[].aws", "aws", "", []key{
		{"region", "region", "that of `uri`, else not known", "region: us-east-1", "The database's region; it tells the partition, too."},
		{"account_id", "12 digits", "that of `uri`, of `assume_role_arn`, else the agent's", "account_id: \"111122223333\"", "The database's account."},
		{"assume_role_arn", "ARN of a role", "none: the agent acts itself", "assume_role_arn: arn:aws:iam::111122223333:role/db-access", "The role that the agent assumes for this database; it must hold the permissions."},
		{"external_id", "2 to 1224 characters", "none", "external_id: 7f3kQ9vLx2RzT8mB", "Sent with the hop to `assume_role_arn`; without that, with the hop to the role that users log in as."},
		{"rds", "mapping", "not told", "rds: {resource_id: db-ABCDEFGHIJKL}", "RDS and Aurora."},
		{"rdsproxy", "mapping", "not told", "rdsproxy: {resource_id: prx-0123456789abcdef0}", "RDS Proxy."},
		{"redshift", "mapping", "not told", "redshift: {cluster_id: warehouse}", "Redshift."},
		{"redshift_serverless", "mapping", "not told", "redshift_serverless: {workgroup_name: adhoc}", "Redshift Serverless."},
		{"elasticache", "mapping", "not told", "elasticache: {replication_group_id: sessions}", "ElastiCache."},
		{"elasticache_serverless", "mapping", "not told", "elasticache_serverless: {cache_name: sessions}", "ElastiCache Serverless."},
		{"memorydb", "mapping", "not told", "memorydb: {cluster_name: ranks}", "MemoryDB."},
		{"opensearch", "mapping", "not told", "opensearch: {domain_name: logs}", "OpenSearch."},
		{"docdb", "mapping", "not told", "docdb: {cluster_id: catalogue}", "DocumentDB."},
		{"secret_store", "mapping", "Teleport's defaults", "secret_store: {key_prefix: teleport/}", "Where passwords of managed users are kept."},
		{"session_tags", "mapping of texts", "none", "session_tags: {team: db}", "Tags of the session of the role that users log in as; DynamoDB only."},
		{"iam_policy_status", "any", "", "", "Teleport's; without effect here."},
	}}
}

func awsSections() []section {
	const in = "agents[].databases[].aws."
	return []section{
		{in + "rds", "aws.rds", "", []key{
			{"resource_id", "`db-…` or `cluster-…`", "not known: any", "resource_id: db-ABCDEFGHIJKL", "The resource id that AWS gave to the instance, or to the Aurora cluster; not its name."},
			{"instance_id", "name", "not told", "instance_id: orders", "The instance's name."},
			{"cluster_id", "name", "not told", "cluster_id: orders", "The Aurora cluster's name."},
			{"iam_auth", "boolean", "not known", "iam_auth: true", "Whether IAM authentication is on; where it is, Teleport need not turn it on."},
			{"subnets", "any", "", "", "Teleport's; without effect here."},
			{"vpc_id", "any", "", "", "Teleport's; without effect here."},
			{"security_groups", "any", "", "", "Teleport's; without effect here."},
		}},
		{in + "rdsproxy", "aws.rdsproxy", "", []key{
			{"resource_id", "`prx-…`", "not known: any", "resource_id: prx-0123456789abcdef0", "The resource id of the proxy."},
			{"name", "name", "not told", "name: orders-proxy", "The proxy's name."},
			{"custom_endpoint_name", "name", "not told", "custom_endpoint_name: readers", "The name of a custom endpoint."},
		}},
		{in + "redshift", "aws.redshift", "", []key{
			{"cluster_id", "name", "that of `uri`, else any", "cluster_id: warehouse", "The cluster's name."},
		}},
		{in + "redshift_serverless", "aws.redshift_serverless", "", []key{
			{"workgroup_name", "name", "that of `uri`, else not told", "workgroup_name: adhoc", "The workgroup's name."},
			{"endpoint_name", "name", "not told", "endpoint_name: adhoc-vpc", "The name of an endpoint in a VPC."},
			{"workgroup_id", "UUID", "not known: any", "workgroup_id: 01234567-89ab-cdef-0123-456789abcdef", "The workgroup's ID, which policies name; not its name."},
		}},
		{in + "elasticache", "aws.elasticache", "", []key{
			{"replication_group_id", "name", "that of `uri`, else any", "replication_group_id: sessions", "The cache's name."},
			{"user_group_ids", "any", "", "", "Teleport's; without effect here."},
			{"transit_encryption_enabled", "any", "", "", "Teleport's; without effect here."},
			{"endpoint_type", "any", "", "", "Teleport's; without effect here."},
		}},
		{in + "elasticache_serverless", "aws.elasticache_serverless", "", []key{
			{"cache_name", "name", "that of `uri`, else any", "cache_name: sessions", "The cache's name."},
		}},
		{in + "memorydb", "aws.memorydb", "", []key{
			{"cluster_name", "name", "that of `uri`, else any", "cluster_name: ranks", "The cluster's name."},
			{"acl_name", "any", "", "", "Teleport's; without effect here."},
			{"tls_enabled", "any", "", "", "Teleport's; without effect here."},
			{"endpoint_type", "any", "", "", "Teleport's; without effect here."},
		}},
		{in + "opensearch", "aws.opensearch", "", []key{
			{"domain_name", "name", "not known: any", "domain_name: logs", "The domain's name."},
			{"domain_id", "ACCOUNT/NAME", "not told", "domain_id: 111122223333/logs", "The domain's ID."},
			{"endpoint_type", "`default`, `custom`, `vpc`", "that of `uri`", "endpoint_type: custom", "`custom`: Teleport must be able to check the endpoint."},
		}},
		{in + "docdb", "aws.docdb", "", []key{
			{"cluster_id", "name", "that of `uri`, else not told", "cluster_id: catalogue", "The cluster's name."},
			{"instance_id", "name", "not told", "instance_id: catalogue-1", "The instance's name."},
			{"endpoint_type", "text", "not told", "endpoint_type: cluster", "Teleport's word for the kind of endpoint."},
		}},
		{in + "secret_store", "aws.secret_store", "", []key{
			{"key_prefix", "path", "`teleport/`", "key_prefix: custom/teleport", "What the names of secrets begin with."},
			{"kms_key_id", "key ID, alias or ARN", "Secrets Manager's own key", "kms_key_id: 01234567-89ab-cdef-0123-456789abcdef", "The key that encrypts them."},
		}},
	}
}

func discovery() section {
	return section{"agents[].discovery", "discovery", "A matcher of Teleport's Discovery Service, or a list of them.", []key{
		{"types", "list of types", "none: needed", "types: [rds, redshift]", "All types but `dynamodb` and `keyspace`, which Teleport does not discover."},
		{"regions", "list of regions", "any", "regions: [us-east-1]", "Where."},
		{"assume_role_arn", "ARN of a role", "none: the agent acts itself", "assume_role_arn: arn:aws:iam::111122223333:role/discovery", "The role that it discovers with."},
		{"external_id", "2 to 1224 characters", "none", "external_id: 7f3kQ9vLx2RzT8mB", "Sent with that hop."},
	}}
}

func suppress() section {
	return section{"suppress[]", "A suppression", "All four keys are needed.", []key{
		{"check", "id of a check", "", "check: excess-resource", "Which findings."},
		{"principal", "name or ARN of a role or user, or `\"*\"`", "", "principal: teleport-db-service-role", "Whose."},
		{"reason", "text", "", "reason: narrowed with the next release", "Why they are accepted."},
		{"expires", "date", "", "expires: 2030-01-31", "The last day on which they are."},
	}}
}
