package expected

// Tell says what stands for a name that the configuration leaves open, and what
// tells it: one clause, such as "any db-… or cluster-… of the account; …". It is
// empty for a name that no requirement leaves open.
func Tell(name string) string {
	const dump = "put the output of `tctl get db` beside the configuration to narrow it"
	return map[string]string{
		nameRegion:                              "region not known: any region; aws.region of the database, its uri or --region tells it",
		nameAccount:                             "account not known: any account; aws.account_id of the database, the agent's ARN or --account tells it",
		nameUsers:                               "logins not known: any login; list them in db_users, or put the output of `tctl get roles` beside the configuration",
		nameDBNames:                             "names of the cluster's databases not known: any name; list them in db_names",
		nameKMSKey:                              "key not known: an alias is configured, and policies name keys; look it up with `aws kms describe-key`",
		"aws.rds.resource_id":                   "resource id not known: any db-* or cluster-* in the account; " + dump,
		"aws.rdsproxy.resource_id":              "resource id of the proxy not known: any prx-* in the account; " + dump,
		"aws.redshift.cluster_id":               "cluster not known: any cluster; aws.redshift.cluster_id or the uri tells it",
		"aws.redshift_serverless.workgroup_id":  "ID of the workgroup (not its name) not known: any workgroup in the account; " + dump,
		"aws.elasticache.replication_group_id":  "cache not known: any replication group; aws.elasticache.replication_group_id or the uri tells it",
		"aws.elasticache_serverless.cache_name": "cache not known: any serverless cache; aws.elasticache_serverless.cache_name or the uri tells it",
		"aws.memorydb.cluster_name":             "cluster not known: any cluster; aws.memorydb.cluster_name or the uri tells it",
		"aws.opensearch.domain_name":            "domain not known: any domain; aws.opensearch.domain_name tells it",
	}[name]
}
