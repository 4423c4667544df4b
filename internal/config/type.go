package config

// Type is a database type by the name that Teleport's --types uses.
type Type string

// The types. MongoDBAtlas and RDSOracle/RDSSQLServer are derived from protocol
// and endpoint only; they cannot be asked for by --types.
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
