package expected

import "github.com/iamcheck/iamcheck/internal/config"

// discoveryEntries are what the Discovery Service needs for each type of
// matcher, all on "*". Without the second statement databases are found, and
// selectors on their tags do not match, with no error shown.
func discoveryEntries() []Entry {
	rows := []struct {
		typ              config.Type
		name             string // prefix of the Sids
		find, describing []string
	}{
		{config.RDS, "RDS", []string{"rds:DescribeDBClusters", "rds:DescribeDBInstances"}, nil},
		{
			config.RDSProxy, "RDSProxy",
			[]string{"rds:DescribeDBProxies"},
			[]string{"rds:DescribeDBProxyEndpoints", "rds:ListTagsForResource"},
		},
		{config.Redshift, "Redshift", []string{"redshift:DescribeClusters"}, nil},
		{
			config.RedshiftServerless, "RedshiftServerless",
			[]string{"redshift-serverless:ListWorkgroups"},
			[]string{"redshift-serverless:ListEndpointAccess", "redshift-serverless:ListTagsForResource"},
		},
		{
			config.ElastiCache, "ElastiCache",
			[]string{"elasticache:DescribeReplicationGroups"},
			[]string{"elasticache:DescribeCacheClusters", "elasticache:DescribeCacheSubnetGroups", "elasticache:ListTagsForResource"},
		},
		{
			config.ElastiCacheServerless, "ElastiCacheServerless",
			[]string{"elasticache:DescribeServerlessCaches"},
			[]string{"ec2:DescribeSubnets", "elasticache:ListTagsForResource"},
		},
		{
			config.MemoryDB, "MemoryDB",
			[]string{"memorydb:DescribeClusters"},
			[]string{"memorydb:DescribeSubnetGroups", "memorydb:ListTags"},
		},
		{config.OpenSearch, "OpenSearch", []string{"es:DescribeDomains", "es:ListDomainNames"}, []string{"es:ListTags"}},
		{config.DocDB, "DocumentDB", []string{"rds:DescribeDBClusters"}, nil},
	}
	var out []Entry
	for _, r := range rows {
		out = append(out, Entry{
			ID: string(r.typ) + "/discovery", SID: r.name + "Discovery", Type: r.typ, Holder: Discoverer,
			Actions:   r.find,
			Resources: []string{"*"},
			Purpose:   "to find databases of this type",
			Rule:      WhereDiscovering,
			Sources:   []string{sourceDiscovery + ", " + r.name},
		})
		if r.describing == nil {
			continue
		}
		out = append(out, Entry{
			ID: string(r.typ) + "/discovery-metadata", SID: r.name + "FetchMetadata", Type: r.typ, Holder: Discoverer,
			Actions:   r.describing,
			Resources: []string{"*"},
			Purpose:   "to read the tags and endpoints of the databases that are found, which matchers select by",
			Rule:      WhereDiscovering,
			Metadata:  true,
			Sources:   []string{sourceDiscovery + ", " + r.name},
		})
	}
	return out
}
