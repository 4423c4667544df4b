package config

import (
	"fmt"
	"strings"
)

// Type is a database type by the name that Teleport's --types uses.
type Type string

// The types. MongoDBAtlas is derived from protocol and endpoint only; it cannot
// be asked for by --types. RDS for SQL Server and for Oracle are RDS with the
// protocol sqlserver or oracle (Database.DirectoryLogin).
const (
	RDS                   Type = "rds"
	RDSProxy              Type = "rdsproxy"
	Redshift              Type = "redshift"
	RedshiftServerless    Type = "redshift-serverless"
	ElastiCache           Type = "elasticache"
	ElastiCacheServerless Type = "elasticache-serverless"
	MemoryDB              Type = "memorydb"
	Keyspace              Type = "keyspace"
	DynamoDB              Type = "dynamodb"
	OpenSearch            Type = "opensearch"
	DocDB                 Type = "docdb"
	MongoDBAtlas          Type = "mongodb-atlas"
)

// Types are the types that can be asked for, in the order of Teleport's
// documentation.
func Types() []Type {
	return []Type{
		RDS, RDSProxy, Redshift, RedshiftServerless, ElastiCache, ElastiCacheServerless,
		MemoryDB, Keyspace, DynamoDB, OpenSearch, DocDB,
	}
}

// typeAliases are names that people write for a type: AWS's spelling, Teleport's
// resource kinds, the names of engines that are one type only.
func typeAliases() map[string]Type {
	return map[string]Type{
		"aurora":                 RDS,
		"rds-oracle":             RDS,
		"rds-proxy":              RDSProxy,
		"rds_proxy":              RDSProxy,
		"redshift_serverless":    RedshiftServerless,
		"redshiftserverless":     RedshiftServerless,
		"elasticache_serverless": ElastiCacheServerless,
		"elasticacheserverless":  ElastiCacheServerless,
		"memory-db":              MemoryDB,
		"keyspaces":              Keyspace,
		"dynamo":                 DynamoDB,
		"documentdb":             DocDB,
		"document-db":            DocDB,
	}
}

// ParseType reads a type's name or alias, in any case. The error names the
// nearest type, or all of them.
func ParseType(s string) (Type, error) {
	name := strings.ToLower(s)
	aliases := typeAliases()
	var names []string
	for _, t := range Types() {
		if name == string(t) {
			return t, nil
		}
		names = append(names, string(t))
	}
	if t, ok := aliases[name]; ok {
		return t, nil
	}
	if name == string(MongoDBAtlas) {
		return "", fmt.Errorf("type %s cannot be asked for: set protocol: mongodb and the cluster's uri", quote(s))
	}
	if hint := nearest(name, append(names, sortedKeys(aliases)...)); hint != "" {
		return "", fmt.Errorf("unknown type %s, did you mean %q?", quote(s), hint)
	}
	return "", fmt.Errorf("unknown type %s, expected one of %s", quote(s), strings.Join(names, ", "))
}

// UsersAreRoles says whether every login of this type is an IAM role.
//
// requirements: Keyspaces, DynamoDB, OpenSearch, Redshift Serverless and
// DocumentDB know no other login through Teleport.
func (t Type) UsersAreRoles() bool {
	switch t {
	case Keyspace, DynamoDB, OpenSearch, RedshiftServerless, DocDB:
		return true
	}
	return false
}

// UsersMayBeRoles says whether a login of this type is an IAM role where it is
// written as role/NAME or as an ARN, and a database user otherwise.
func (t Type) UsersMayBeRoles() bool {
	return t == Redshift || t == MongoDBAtlas
}

// Discoverable says whether Teleport has a discovery matcher for this type.
func (t Type) Discoverable() bool {
	switch t {
	case DynamoDB, Keyspace, MongoDBAtlas, "":
		return false
	}
	return true
}
