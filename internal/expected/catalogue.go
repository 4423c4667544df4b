package expected

import (
	"slices"

	"github.com/iamcheck/iamcheck/internal/config"
)

// Holder tells which identity of a chain must hold a statement.
type Holder uint8

// The holders. The zero value is ServiceIdentity.
const (
	// ServiceIdentity is the agent, or the role of assume_role_arn where the
	// database names one.
	ServiceIdentity Holder = iota
	// LastCaller is the same identity, where it assumes a database role: the
	// identity side of the last hop.
	LastCaller
	// RoleOfUser is each database role.
	RoleOfUser
	// HopCaller and HopTarget are the two sides of every hop.
	HopCaller
	HopTarget
	// Discoverer is the identity that makes the Discovery Service's calls.
	Discoverer
)

// String returns the words that documentation uses.
func (h Holder) String() string {
	return [...]string{
		"service identity", "service identity", "database role",
		"calling identity of the hop", "target role of the hop (trust policy)", "discovering identity",
	}[h]
}

// Entry is one requirement of the catalogue: a statement of Teleport's
// documentation, or a fact that it leaves out. Every action is needed on every
// resource.
type Entry struct {
	ID     string
	SID    string // "" where the documentation has none
	Type   config.Type
	Holder Holder
	// Actions are "service:Name" in AWS's spelling.
	Actions []string
	// Resources are templates; a placeholder's name is what design 5.3 calls
	// the name when it is not told: {aws.region}, {aws.rds.resource_id},
	// {db_users} … besides {partition} and {role}.
	Resources []string
	// Printed are the resources of the documentation, in the same notation,
	// where they differ from Resources.
	Printed []string
	// Purpose completes "needed …".
	Purpose string
	Rule    Rule
	// Fetches are the names that the statement lets Teleport fetch; where the
	// configuration tells all of them it is only recommended (design 5.8).
	Fetches []string
	// AnyOf: one of the actions on any part of the resources is enough.
	AnyOf bool
	// Metadata: a missing one is of medium severity.
	Metadata bool
	Sources  []string
}

// Catalogue returns every entry: the hops, the types in the order of
// Teleport's documentation, then discovery. The caller may keep the slice.
func Catalogue() []Entry {
	return slices.Concat(
		hopEntries(),
		rdsEntries(),
		rdsProxyEntries(),
		redshiftEntries(),
		redshiftServerlessEntries(),
		elastiCacheEntries(),
		elastiCacheServerlessEntries(),
		memoryDBEntries(),
		keyspaceEntries(),
		dynamoDBEntries(),
		openSearchEntries(),
		docDBEntries(),
		mongoDBAtlasEntries(),
		discoveryEntries(),
	)
}

// Lookup returns the entry with the given id; false where there is none.
func Lookup(id string) (Entry, bool) {
	for _, e := range Catalogue() {
		if e.ID == id {
			return e, true
		}
	}
	return Entry{}, false
}

// The sources that entries cite.
const (
	sourceReference   = "Teleport documentation, Database Access AWS IAM Reference"
	sourceDiscovery   = "Teleport documentation, Auto-Discovery AWS IAM Reference"
	sourceSAR         = "AWS Service Authorization Reference, "
	sourceURLChecker  = "Teleport source, lib/srv/db/cloud/resource_checker_url_aws.go"
	sourceMetadata    = "Teleport source, lib/srv/db/cloud/meta.go"
	sourceIAMARNs     = "Teleport source, lib/srv/db/common/iam/aws.go"
	sourceAuth        = "Teleport source, lib/srv/db/common/auth.go"
	sourceRedis       = "Teleport source, lib/srv/db/redis/engine.go"
	sourceSecrets     = "Teleport source, lib/srv/db/secrets/aws_secrets_manager.go"
	sourceUsers       = "Teleport source, lib/srv/db/cloud/users"
	sourceDynamoDB    = "Teleport source, lib/srv/db/dynamodb/engine.go"
	sourceSTS         = "AWS STS API Reference, AssumeRole"
	sourceSessionTags = "AWS IAM User Guide, id_session-tags"
	sourceExternalID  = "AWS IAM User Guide, id_roles_common-scenarios_third-party"
	sourceRDSPolicy   = "Amazon RDS User Guide, UsingWithRDS.IAMDBAuth.IAMPolicy"
)

// of returns the entries of one type, without discovery.
func of(t config.Type) []Entry {
	var out []Entry
	for _, e := range Catalogue() {
		if e.Type == t && e.Holder != Discoverer && e.Holder != HopCaller && e.Holder != HopTarget {
			out = append(out, e)
		}
	}
	return out
}

// discoveryOf returns the entries of the discovery of one type.
func discoveryOf(t config.Type) []Entry {
	var out []Entry
	for _, e := range discoveryEntries() {
		if e.Type == t {
			out = append(out, e)
		}
	}
	return out
}
