package expected

import "github.com/iamcheck/iamcheck/internal/config"

func rdsEntries() []Entry {
	return []Entry{
		{
			ID: "rds/connect", SID: "RDSConnect", Type: config.RDS, Holder: ServiceIdentity,
			Actions: []string{"rds-db:connect"},
			// The resource ID (db-…, or cluster-… for Aurora) and never the
			// instance's name: UsingWithRDS.IAMDBAuth.IAMPolicy.
			Resources: []string{"arn:{partition}:rds-db:{aws.region}:{aws.account_id}:dbuser:{aws.rds.resource_id}/{db_users}"},
			Printed:   []string{"*"},
			Purpose:   "to log in to the database with an IAM token",
			Rule:      WhereTokens,
			Sources:   []string{sourceReference + ", RDS", sourceRDSPolicy, sourceSAR + "Amazon RDS IAM Authentication", sourceIAMARNs},
		},
		{
			ID: "rds/metadata", SID: "RDSFetchMetadata", Type: config.RDS, Holder: ServiceIdentity,
			Actions:   []string{"rds:DescribeDBClusters", "rds:DescribeDBInstances"},
			Resources: []string{"*"},
			Purpose:   "to fetch the database's region, account and resource ID, to import its tags and to check its endpoint",
			Rule:      UnlessNamed,
			Fetches:   []string{nameRegion, nameAccount, "aws.rds.resource_id"},
			Metadata:  true,
			Sources:   []string{sourceReference + ", RDS", sourceMetadata, sourceURLChecker},
		},
		{
			ID: "rds/enable-iam-auth", SID: "RDSAutoEnableIAMAuth", Type: config.RDS, Holder: ServiceIdentity,
			Actions:   []string{"rds:ModifyDBCluster", "rds:ModifyDBInstance"},
			Resources: []string{"*"},
			Purpose:   "to turn on IAM authentication where it is off",
			Rule:      UnlessIAMAuth,
			Sources:   []string{sourceReference + ", RDS", "Teleport source, lib/srv/db/cloud/aws.go"},
		},
	}
}

func rdsProxyEntries() []Entry {
	return []Entry{
		{
			ID: "rdsproxy/connect", SID: "RDSProxyConnect", Type: config.RDSProxy, Holder: ServiceIdentity,
			Actions:   []string{"rds-db:connect"},
			Resources: []string{"arn:{partition}:rds-db:{aws.region}:{aws.account_id}:dbuser:{aws.rdsproxy.resource_id}/{db_users}"},
			Printed:   []string{"*"},
			Purpose:   "to log in through the proxy with an IAM token",
			Rule:      WhereTokens,
			Sources:   []string{sourceReference + ", RDS Proxy", sourceRDSPolicy, sourceSAR + "Amazon RDS IAM Authentication", sourceIAMARNs},
		},
		{
			ID: "rdsproxy/metadata", SID: "RDSProxyFetchMetadata", Type: config.RDSProxy, Holder: ServiceIdentity,
			Actions:   []string{"rds:DescribeDBProxies", "rds:DescribeDBProxyEndpoints"},
			Resources: []string{"*"},
			Purpose:   "to fetch the proxy's region, account and resource ID, to import its tags and to check its endpoint",
			Rule:      UnlessNamed,
			Fetches:   []string{nameRegion, nameAccount, "aws.rdsproxy.resource_id"},
			Metadata:  true,
			Sources:   []string{sourceReference + ", RDS Proxy", sourceMetadata, sourceURLChecker},
		},
	}
}
