package config

// Position is a place in a configuration file. Line and Column count from 1;
// the zero value means that the value came from the command line.
type Position struct {
	File         string
	Line, Column int
}

// Target is everything that an audit is asked to judge.
type Target struct {
	Agents   []Agent
	Suppress []Suppression
	FailOn   string // "" where the file does not say
	// Part: flags selected some of what the file declares. The rest needs
	// permissions too, which are then not to be seen.
	Part bool
	// Notes are what the reader should know about how the input was understood:
	// a derived type that would surprise, a trait that cannot be resolved.
	Notes []Note
}

// Note is a remark on an input that is not an error.
type Note struct {
	Position Position
	Message  string
}

// Agent is an identity that the Teleport Database Service (or the Discovery
// Service) runs as.
type Agent struct {
	// Role or User is a name, path/name or ARN, as written; exactly one is set.
	Role string
	User string
	// ARN is set once the name was looked up in an account; For needs it.
	ARN string

	Databases []Database
	Discovery *Discovery // nil where the agent does not discover
	Position  Position
}

// Discovery is what an agent discovers, and as whom.
type Discovery struct {
	Matchers []Matcher
}

// Matcher is one discovery matcher.
type Matcher struct {
	Types         []Type
	Regions       []string
	AssumeRoleARN string
	ExternalID    string
	Position      Position
}

// Database is one database as Teleport knows it, with what Teleport's own
// configuration does not hold.
type Database struct {
	Name     string
	Type     Type
	Protocol string
	URI      string
	AWS      AWS
	// AdminUser is admin_user.name: Teleport logs in as it to provision users.
	AdminUser string

	// DBUsers are the logins; nil where the configuration does not tell (5.3 of
	// the design: unknown, not all), ["*"] for all. For the types whose users
	// are IAM roles they are role names, role/NAME or ARNs.
	DBUsers []string
	// DBNames are the names of databases in a Redshift cluster; nil: not told.
	DBNames      []string
	Discovered   bool // registered by the Discovery Service
	ManagedUsers bool // ElastiCache/MemoryDB users with passwords in Secrets Manager
	// TypeOnly: the configuration names a type and nothing else, so the type's
	// whole statement set is needed.
	TypeOnly bool
	// ToFind: no database yet, but what a matcher will find and the agent serve.
	ToFind   bool
	Position Position
}

// AWS is the aws section of a database resource, with Teleport's field names.
// Empty strings are what the configuration does not tell.
type AWS struct {
	Region        string
	AccountID     string
	AssumeRoleARN string
	ExternalID    string

	RDSInstanceID          string
	RDSClusterID           string
	RDSResourceID          string
	RDSIAMAuth             *bool // nil: not told
	RDSProxyName           string
	RDSProxyCustomEndpoint string
	RDSProxyResourceID     string

	RedshiftClusterID               string
	RedshiftServerlessWorkgroupName string
	RedshiftServerlessEndpointName  string
	RedshiftServerlessWorkgroupID   string

	ElastiCacheReplicationGroupID  string
	ElastiCacheServerlessCacheName string
	MemoryDBClusterName            string

	OpenSearchDomainName   string
	OpenSearchDomainID     string
	OpenSearchEndpointType string // "custom": es:DescribeDomains is required

	DocDBClusterID    string
	DocDBInstanceID   string
	DocDBEndpointType string

	SecretKeyPrefix string
	SecretKMSKeyID  string // key id, alias or ARN
	SessionTags     map[string]string
}

// Suppression hides a finding for a reason until a date.
type Suppression struct {
	Check     string
	Principal string
	Reason    string
	Expires   string
	Position  Position
}
