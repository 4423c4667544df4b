package config

import (
	"slices"
	"strings"
)

// endpoint is what the name of an AWS endpoint tells.
type endpoint struct {
	Type Type
	AWS  AWS
	// AuroraCustom: a custom endpoint of an Aurora cluster, whose name does not
	// tell the cluster.
	AuroraCustom bool
}

// endpointForms are AWS's endpoints by the label of the service that stands
// beside the region: before it (china, memorydb, cassandra, dynamodb) or after
// it. The function is given the labels before these two, and returns false
// where they are of no form that it knows.
func endpointForms() map[string]func(e *endpoint, labels []string) bool {
	return map[string]func(*endpoint, []string) bool{
		"rds":                 rdsEndpoint,
		"redshift":            redshiftEndpoint,
		"redshift-serverless": redshiftServerlessEndpoint,
		"cache":               elastiCacheEndpoint,
		"memorydb":            memoryDBEndpoint,
		"docdb":               docDBEndpoint,
		"es":                  openSearchEndpoint,
		"cassandra":           plainEndpoint(Keyspace),
		"cassandra-fips":      plainEndpoint(Keyspace),
		"dynamodb":            plainEndpoint(DynamoDB),
		"dynamodb-fips":       plainEndpoint(DynamoDB),
		"dax":                 plainEndpoint(DynamoDB),
	}
}

// parseEndpoint takes the host of a uri apart; false where it is not the name
// of an AWS database endpoint.
func parseEndpoint(uri string) (endpoint, bool) {
	h := host(uri)
	if strings.HasSuffix(h, ".mongodb.net") {
		return endpoint{Type: MongoDBAtlas}, true
	}
	labels, ok := cutAWSSuffix(h)
	if n := len(labels); ok && n >= 2 {
		forms := endpointForms()
		for _, at := range [][2]int{{n - 1, n - 2}, {n - 2, n - 1}} { // service, region
			form, known := forms[labels[at[0]]]
			region := labels[at[1]]
			if labels[at[0]] == "cache" {
				region = longRegion(region)
			}
			e := endpoint{AWS: AWS{Region: region}}
			if known && CheckRegion(region) == "" && form(&e, labels[:n-2]) {
				return e, true
			}
		}
	}
	return endpoint{}, false
}

// rdsEndpoint: NAME.HASH of an instance, NAME.cluster-HASH and
// NAME.cluster-ro-HASH of an Aurora cluster, NAME.cluster-custom-HASH,
// NAME.proxy-HASH, NAME.endpoint.proxy-HASH (Aurora.Overview.Endpoints,
// rds-proxy-endpoints).
func rdsEndpoint(e *endpoint, labels []string) bool {
	if len(labels) == 3 && labels[1] == "endpoint" && strings.HasPrefix(labels[2], "proxy-") {
		e.Type, e.AWS.RDSProxyCustomEndpoint = RDSProxy, labels[0]
		return true
	}
	if len(labels) != 2 {
		return false
	}
	e.Type = RDS
	switch kind := labels[1]; {
	case strings.HasPrefix(kind, "cluster-custom-"):
		e.AuroraCustom = true
	case strings.HasPrefix(kind, "cluster-"):
		e.AWS.RDSClusterID = labels[0]
	case strings.HasPrefix(kind, "proxy-"):
		e.Type, e.AWS.RDSProxyName = RDSProxy, labels[0]
	default:
		e.AWS.RDSInstanceID = labels[0]
	}
	return true
}

func redshiftEndpoint(e *endpoint, labels []string) bool {
	if len(labels) != 2 {
		return false
	}
	e.Type, e.AWS.RedshiftClusterID = Redshift, labels[0]
	return true
}

// redshiftServerlessEndpoint: WORKGROUP.ACCOUNT, or NAME-endpoint-HASH.ACCOUNT
// of an endpoint in a VPC.
func redshiftServerlessEndpoint(e *endpoint, labels []string) bool {
	if len(labels) != 2 || !IsAccountID(labels[1]) {
		return false
	}
	e.Type, e.AWS.AccountID = RedshiftServerless, labels[1]
	if name, _, ok := strings.Cut(labels[0], "-endpoint-"); ok {
		e.AWS.RedshiftServerlessEndpointName = name
	} else {
		e.AWS.RedshiftServerlessWorkgroupName = labels[0]
	}
	return true
}

// elastiCacheEndpoint, with and without encryption in transit:
//
//	clustercfg.GROUP.HASH        GROUP.HASH.clustercfg       configuration
//	master.GROUP.HASH            GROUP.HASH.ng.0001          primary
//	replica.GROUP.HASH           GROUP-ro.HASH.ng.0001       reader
//	NODE.GROUP.HASH              GROUP-001.HASH.0001         node
//	NAME-HASH.serverless         NAME-HASH.public.serverless serverless
func elastiCacheEndpoint(e *endpoint, labels []string) bool {
	n := len(labels)
	if n >= 2 && n <= 3 && labels[n-1] == "serverless" {
		e.Type, e.AWS.ElastiCacheServerlessCacheName = ElastiCacheServerless, cutHash(labels[0], 6)
		return true
	}
	e.Type = ElastiCache
	group := &e.AWS.ElastiCacheReplicationGroupID
	switch {
	case n == 4 && isDigits(labels[3], 4):
		*group = strings.TrimSuffix(labels[0], "-ro")
	case n == 3 && labels[0] == "clustercfg":
		*group = labels[1]
	case n == 3 && labels[2] == "clustercfg":
		*group = labels[0]
	case n == 3 && isDigits(labels[2], 4):
		*group = cutNode(labels[0])
	case n == 3:
		*group = labels[1]
	default:
		return false
	}
	return true
}

// memoryDBEndpoint: clustercfg.CLUSTER.HASH and NODE.CLUSTER.HASH with TLS,
// CLUSTER.HASH.clustercfg and NODE.HASH.0001 without.
func memoryDBEndpoint(e *endpoint, labels []string) bool {
	if len(labels) != 3 {
		return false
	}
	e.Type = MemoryDB
	switch {
	case labels[0] == "clustercfg":
		e.AWS.MemoryDBClusterName = labels[1]
	case labels[2] == "clustercfg":
		e.AWS.MemoryDBClusterName = labels[0]
	default:
		e.AWS.MemoryDBClusterName = cutNode(labels[0])
	}
	return true
}

func docDBEndpoint(e *endpoint, labels []string) bool {
	if len(labels) != 2 {
		return false
	}
	e.Type = DocDB
	if strings.HasPrefix(labels[1], "cluster-") {
		e.AWS.DocDBClusterID = labels[0]
	} else {
		e.AWS.DocDBInstanceID = labels[0]
	}
	return true
}

// openSearchEndpoint: search-DOMAIN-HASH or vpc-DOMAIN-HASH.
func openSearchEndpoint(e *endpoint, labels []string) bool {
	if len(labels) != 1 {
		return false
	}
	e.Type = OpenSearch
	for _, prefix := range []string{"search-", "vpc-"} {
		if name, ok := strings.CutPrefix(labels[0], prefix); ok && cutHash(name, 26) != name {
			e.AWS.OpenSearchDomainName = cutHash(name, 26)
		}
	}
	return true
}

// plainEndpoint is that of a service with one endpoint for each region.
func plainEndpoint(t Type) func(*endpoint, []string) bool {
	return func(e *endpoint, labels []string) bool {
		e.Type = t
		return len(labels) == 0 || slices.Equal(labels, []string{"streams"})
	}
}

// cutHash cuts "-HASH" of the given length off a name, if it is there.
func cutHash(name string, length int) string {
	i := strings.LastIndexByte(name, '-')
	if i <= 0 || len(name)-i-1 != length {
		return name
	}
	return name[:i]
}

// cutNode cuts -SHARD-NODE or -NODE (-0001-001, -001) off the name of a node.
func cutNode(name string) string {
	for _, digits := range []int{3, 4} {
		if i := strings.LastIndexByte(name, '-'); i > 0 && isDigits(name[i+1:], digits) {
			name = name[:i]
		}
	}
	return name
}

func isDigits(s string, length int) bool {
	return len(s) == length && strings.Trim(s, "0123456789") == ""
}

// longRegion spells a region out that ElastiCache's endpoints abbreviate: use1
// is us-east-1, usgw1 us-gov-west-1, apne2 ap-northeast-2; "" where it cannot.
func longRegion(short string) string {
	prefix, rest := "", short
	switch {
	case strings.HasPrefix(short, "usg"):
		prefix, rest = "us-gov", short[3:]
	case len(short) > 3:
		prefix, rest = short[:2], short[2:]
	}
	for _, d := range [][2]string{ // longer ones first
		{"nw", "northwest"},
		{"ne", "northeast"},
		{"sw", "southwest"},
		{"se", "southeast"},
		{"n", "north"},
		{"e", "east"},
		{"s", "south"},
		{"w", "west"},
		{"c", "central"},
	} {
		if number, ok := strings.CutPrefix(rest, d[0]); ok {
			return prefix + "-" + d[1] + "-" + number
		}
	}
	return ""
}
