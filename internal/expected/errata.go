package expected

import (
	"slices"

	"github.com/iamcheck/iamcheck/internal/config"
)

// Erratum is a known error of Teleport's published documentation or tools.
type Erratum struct {
	ID    string        // stable, kebab-case
	Types []config.Type // nil: every type
	// Requirement is the entry that it concerns; "" where it concerns none.
	Requirement string
	Where       string // the document or tool that has it
	Printed     string // what it says
	Correct     string // what holds
	Effect      string // what happens to who follows it
	// Resources are the resources that it prints and that can never match,
	// with "*" for names; nil where the error is another.
	Resources []string
	Sources   []string
}

// Errata are the known errors, in the order of the types they concern.
func Errata() []Erratum { //nolint:funlen // a table
	return []Erratum{
		{
			ID: "memorydb-connect-arn", Types: []config.Type{config.MemoryDB}, Requirement: "memorydb/connect",
			Where:   sourceReference + ", MemoryDB",
			Printed: "memorydb:Connect on replicationgroup:NAME (2024) or cluster:NAME (later), and on user:*",
			Correct: "memorydb:Connect on cluster/NAME and user/NAME, with slashes",
			Effect:  "the statement matches nothing, and logins fail with WRONGPASS",
			Resources: []string{
				"arn:*:memorydb:*:*:replicationgroup:*", "arn:*:memorydb:*:*:replicationgroup/*",
				"arn:*:memorydb:*:*:cluster:*", "arn:*:memorydb:*:*:user:*",
			},
			Sources: []string{sourceSAR + "Amazon MemoryDB", sourceIAMARNs},
		},
		{
			ID: "redshift-dbgroup-arn", Types: []config.Type{config.Redshift}, Requirement: "redshift/connect-db-user",
			Where:     sourceReference + ", Redshift",
			Printed:   "redshift:GetClusterCredentials can be narrowed to dbgroup:CLUSTER/GROUP",
			Correct:   "dbgroup is a resource of redshift:JoinGroup, which Teleport never calls",
			Effect:    "the ARN is superfluous; alone it grants nothing",
			Resources: []string{"arn:*:redshift:*:*:dbgroup:*"},
			Sources:   []string{sourceSAR + "Amazon Redshift", sourceAuth},
		},
		{
			ID: "tag-session-trust", Types: []config.Type{config.DynamoDB}, Requirement: HopTagSession,
			Where:   sourceReference + ", DynamoDB",
			Printed: "aws.session_tags need sts:TagSession of the service identity",
			Correct: "the trust policy of the database role must allow sts:TagSession too, and so must a boundary",
			Effect:  "sts:AssumeRole with tags is refused",
			Sources: []string{sourceSessionTags, "Teleport pull request 35376"},
		},
		{
			ID: "metadata-of-discovered",
			Types: []config.Type{
				config.RDS, config.RDSProxy, config.Redshift, config.RedshiftServerless, config.OpenSearch,
			},
			Where:   sourceReference,
			Printed: "the FetchMetadata statements can be left out where every database is discovered",
			Correct: "Teleport checks the endpoints of discovered databases with the same permissions",
			Effect:  "endpoints are checked by their form only, and custom OpenSearch endpoints are refused",
			Sources: []string{sourceURLChecker, "Teleport source, lib/configurators/aws/aws.go"},
		},
		{
			ID: "kms-key-arn", Types: []config.Type{config.ElastiCache, config.MemoryDB},
			Where:   "teleport db configure aws print-iam",
			Printed: "key/ followed by secret_store.kms_key_id, whatever it is",
			Correct: "an ARN stands as it is, and an alias must be resolved to its key",
			Effect:  "with an alias or an ARN configured the statement matches nothing",
			Sources: []string{"Teleport source, lib/configurators/aws/aws.go"},
		},
		{
			ID:      "print-iam-wide",
			Where:   "teleport db configure aws print-iam",
			Printed: "every statement of the type, discovery and managed users included, on \"*\"",
			Correct: "what the configured databases use, on their own resources",
			Effect:  "the identity may do much that Teleport never does",
			Sources: []string{"Teleport source, lib/configurators/aws/aws.go"},
		},
		{
			ID:      "static-partition",
			Where:   sourceReference,
			Printed: "arn:aws: in every ARN",
			Correct: "arn:aws-cn: in China, arn:aws-us-gov: in GovCloud",
			Effect:  "in these partitions the statements match nothing",
			Sources: []string{"Teleport source, api/utils/aws/partition.go"},
		},
		{
			ID: "omission-redshift", Types: []config.Type{config.Redshift}, Requirement: "redshift/connect-iam-role",
			Where:   sourceReference + ", Redshift",
			Printed: "the statement can be left out where the role names the service identity as a trusted principal",
			Correct: "only where the role is in the same account and its trust policy names the identity's full ARN; naming the account is not enough",
			Effect:  "sts:AssumeRole is refused",
			Sources: []string{sourceReference + ", Configure Permissions Policies", sourceSTS},
		},
	}
}

func errataOf(t config.Type) []Erratum {
	var out []Erratum
	for _, e := range Errata() {
		if e.Types == nil || slices.Contains(e.Types, t) {
			out = append(out, e)
		}
	}
	return out
}
