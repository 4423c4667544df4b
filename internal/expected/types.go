package expected

import "github.com/iamcheck/iamcheck/internal/config"

// TypeInfo is what is known of a database type, for people to read.
type TypeInfo struct {
	Type   config.Type
	Title  string // AWS's name for it
	Logins string // how users log in, one clause
	// Entries are the type's statements, Discovery those of an identity that
	// discovers it; Discovery is nil where Teleport has no matcher for it.
	Entries   []Entry
	Discovery []Entry
	Errata    []Erratum // errors of the published documentation that concern it
}

// Types describes every type, in the order of Teleport's documentation.
func Types() []TypeInfo {
	out := []TypeInfo{
		{Type: config.RDS, Title: "Amazon RDS and Aurora", Logins: "database users with an IAM token; SQL Server and Oracle through a directory"},
		{Type: config.RDSProxy, Title: "Amazon RDS Proxy", Logins: "database users with an IAM token"},
		{Type: config.Redshift, Title: "Amazon Redshift", Logins: "database users with temporary credentials, or IAM roles (role/NAME or an ARN)"},
		{Type: config.RedshiftServerless, Title: "Amazon Redshift Serverless", Logins: "IAM roles"},
		{Type: config.ElastiCache, Title: "Amazon ElastiCache (Redis OSS, Valkey)", Logins: "users with an IAM token, or with a password that Teleport manages"},
		{Type: config.ElastiCacheServerless, Title: "Amazon ElastiCache Serverless", Logins: "users with an IAM token"},
		{Type: config.MemoryDB, Title: "Amazon MemoryDB", Logins: "users with an IAM token, or with a password that Teleport manages"},
		{Type: config.Keyspace, Title: "Amazon Keyspaces (for Apache Cassandra)", Logins: "IAM roles"},
		{Type: config.DynamoDB, Title: "Amazon DynamoDB", Logins: "IAM roles"},
		{Type: config.OpenSearch, Title: "Amazon OpenSearch Service", Logins: "IAM roles"},
		{Type: config.DocDB, Title: "Amazon DocumentDB", Logins: "IAM roles"},
		{Type: config.MongoDBAtlas, Title: "MongoDB Atlas with AWS IAM", Logins: "IAM roles (role/NAME or an ARN)"},
	}
	for i := range out {
		out[i].Entries = of(out[i].Type)
		out[i].Discovery = discoveryOf(out[i].Type)
		out[i].Errata = errataOf(out[i].Type)
	}
	return out
}
