package expected

import (
	"path"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/config"
)

// The names of what a configuration may leave open.
const (
	nameRegion  = "aws.region"
	nameAccount = "aws.account_id"
	nameUsers   = "db_users"
	nameDBNames = "db_names"
	nameKMSKey  = "aws.secret_store.kms_key_id"
)

// subject is what requirements are derived for: a database with the chain that
// acts for it, or a discovery matcher, whose db holds its region and no more.
type subject struct {
	db        *config.Database
	chain     config.Chain
	label     string // Requirement.Database
	typ       config.Type
	partition string
	account   string // "" not known
	matcher   *config.Matcher
	position  config.Position
}

func databaseSubject(db *config.Database, agent string) *subject {
	s := &subject{
		db: db, chain: db.Chain(agent), label: db.Name, typ: db.Type,
		partition: db.Partition(agent), account: db.Account(agent), position: db.Position,
	}
	if s.label == "" {
		s.label = string(db.Type)
	}
	if s.account == "*" {
		s.account = ""
	}
	return s
}

// value returns what stands for a placeholder of a template, at least one.
func (s *subject) value(name string) []value {
	switch name {
	case "partition":
		return []value{{text: s.partition}}
	case nameAccount:
		return told(s.account, nameAccount)
	case nameUsers:
		return s.logins()
	case nameDBNames:
		return s.databaseNames()
	case "aws.secret_store.key_prefix":
		return []value{{text: secretPrefix(s.db.AWS.SecretKeyPrefix)}}
	case "kms.region", "kms.account_id", nameKMSKey:
		return s.keyValue(name)
	}
	return told(s.named(name), name)
}

// named returns what the configuration tells of a name, "" where it does not.
//
// ElastiCache and MemoryDB keep the names of caches in lower case, and match
// them so in policies (ElastiCache User Guide, IAM.APIReference; MemoryDB
// Developer Guide, iam.resourcelevelpermissions).
func (s *subject) named(name string) string {
	a := s.db.AWS
	switch name {
	case nameRegion:
		return a.Region
	case nameAccount:
		return a.AccountID
	case "aws.rds.resource_id":
		return a.RDSResourceID
	case "aws.rdsproxy.resource_id":
		return a.RDSProxyResourceID
	case "aws.redshift.cluster_id":
		return a.RedshiftClusterID
	case "aws.redshift_serverless.workgroup_name":
		return a.RedshiftServerlessWorkgroupName
	case "aws.redshift_serverless.workgroup_id":
		return a.RedshiftServerlessWorkgroupID
	case "aws.elasticache.replication_group_id":
		return strings.ToLower(a.ElastiCacheReplicationGroupID)
	case "aws.elasticache_serverless.cache_name":
		return strings.ToLower(a.ElastiCacheServerlessCacheName)
	case "aws.memorydb.cluster_name":
		return strings.ToLower(a.MemoryDBClusterName)
	case "aws.opensearch.domain_name":
		return a.OpenSearchDomainName
	}
	return ""
}

// logins are the database users that the service identity must be able to log
// in as. Where admin_user is set, Teleport logs in as it to provision users, so
// it is one of them.
func (s *subject) logins() []value {
	var out []value
	switch {
	case s.chain.AllUsers:
		return []value{{text: "*"}} // all, and so the admin user too
	case len(s.db.DBUsers) == 0:
		out = told("", nameUsers)
	default:
		for _, user := range s.chain.Logins {
			out = append(out, value{text: user})
		}
	}
	if admin := s.db.AdminUser; admin != "" && !slices.Contains(out, value{text: admin}) {
		out = append(out, value{text: admin})
	}
	return out
}

func (s *subject) databaseNames() []value {
	if len(s.db.DBNames) == 0 {
		return told("", nameDBNames)
	}
	var out []value
	for _, name := range s.db.DBNames {
		out = append(out, value{text: name})
	}
	return out
}

// secretPrefix is what the names of Teleport's secrets begin with. Teleport
// joins prefix and key as a path, so a prefix without its slash gets one.
func secretPrefix(prefix string) string {
	if prefix == "" {
		prefix = "teleport/"
	}
	const key = "x"
	return strings.TrimSuffix(path.Join(prefix, key), key)
}

// keyValue reads aws.secret_store.kms_key_id: a key's ID, its ARN, or an alias
// or an alias's ARN. Policies on keys name the key and never its alias (KMS
// Developer Guide, alias-authorization), so the key behind an alias stays open.
func (s *subject) keyValue(name string) []value {
	key, region, account := s.db.AWS.SecretKMSKeyID, s.db.AWS.Region, s.account
	if arn, ok := config.ParseARN(key); ok {
		key, region, account = arn.Resource, arn.Region, arn.Account
	}
	switch name {
	case "kms.region":
		return told(region, nameRegion)
	case "kms.account_id":
		return told(account, nameAccount)
	}
	if strings.HasPrefix(key, "alias/") {
		key = ""
	}
	return told(strings.TrimPrefix(key, "key/"), nameKMSKey)
}
