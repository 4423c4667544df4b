package checks

import (
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/iamdata"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// servicesOf are the services that have to do with a type of database: those
// whose actions its requirements name, and those that reach its data.
var servicesOf = map[config.Type][]string{
	config.RDS:                   {"rds", "rds-db", "rds-data"},
	config.RDSProxy:              {"rds", "rds-db"},
	config.Redshift:              {"redshift", "redshift-data"},
	config.RedshiftServerless:    {"redshift-serverless", "redshift-data"},
	config.ElastiCache:           {"elasticache", "secretsmanager", "kms"},
	config.ElastiCacheServerless: {"elasticache"},
	config.MemoryDB:              {"memorydb", "secretsmanager", "kms"},
	config.Keyspace:              {"cassandra"},
	config.DynamoDB:              {"dynamodb", "dax"},
	config.OpenSearch:            {"es"},
	config.DocDB:                 {"rds"},
	config.MongoDBAtlas:          nil,
}

// dataOf are the actions that users of a database role send through Teleport:
// what they may do with data is not ours to judge (design 5.17). Teleport passes
// the whole API of DynamoDB and every CQL statement on.
var dataOf = map[config.Type][]string{
	config.DynamoDB:           {"dynamodb:*", "dax:*"},
	config.Keyspace:           {"cassandra:*"},
	config.OpenSearch:         {"es:eshttp*"},
	config.Redshift:           {"redshift-data:*"},
	config.RedshiftServerless: {"redshift-data:*"},
}

// powerful are services of which all actions together come to administration:
// a wildcard over one of them is critical (checks.md, service-wildcard).
var powerful = []string{"iam", "kms", "organizations", "sts"}

// assuming are the actions of STS with which one identity becomes another. The
// others give nothing that the caller does not have.
var assuming = []string{"sts:AssumeRole", "sts:AssumeRoot", "sts:GetFederationToken", "sts:TagSession"}

// concerns tells whether an action is judged on its own, and not as something
// that has nothing to do with the databases.
func (s *subject) concerns(action string) bool {
	service, _, _ := strings.Cut(strings.ToLower(action), ":")
	switch {
	case service == "sts" && s.breadth != BreadthAll && len(s.needed(assumeRole)) == 0:
		return false
	case service == "sts":
		return slices.ContainsFunc(assuming, func(a string) bool { return strings.EqualFold(a, action) })
	case service == "kms":
		// Making keys and the like is no business of the databases'.
		return s.serves(service) && (slices.ContainsFunc(keyActions, func(a string) bool { return strings.EqualFold(a, action) }) || accessOf(action) == iamdata.PermissionsManagement)
	case s.serves(service) || len(s.needed(action)) > 0:
		return true
	case service == "iam" && s.breadth == BreadthAll:
		a, _ := iamdata.Lookup(action)
		return a.Access > iamdata.Read
	default:
		return false
	}
}

// serves tells whether a service has to do with one of the subject's databases.
func (s *subject) serves(service string) bool {
	for _, t := range s.types {
		if slices.Contains(servicesOf[t], service) {
			return true
		}
	}
	return false
}

// isData tells whether an action is one that users of the subject, a database
// role, may send to their own database.
func (s *subject) isData(action string) bool {
	if !slices.Contains(s.kinds, expected.DatabaseRole) {
		return false
	}
	for _, t := range s.types {
		for _, pattern := range dataOf[t] {
			if policy.CompilePattern(pattern).Match(strings.ToLower(action)) {
				return true
			}
		}
	}
	return false
}

// accessOf is an action's access level.
func accessOf(action string) iamdata.Access {
	a, _ := iamdata.Lookup(action)
	return a.Access
}

// weigh is the severity of an action that nothing needs, by its access level
// (checks.md, excess-action).
func weigh(action string) Severity {
	switch {
	case strings.EqualFold(action, "iam:CreateServiceLinkedRole"):
		return Low // makes a role that only its service can use, with rights that AWS fixed
	case strings.EqualFold(action, assumeRole), strings.EqualFold(action, passRole):
		return Medium // of roles that are named one by one, or to named services; the rest is assume-any-role's and pass-role-any's
	}
	switch accessOf(action) {
	case iamdata.PermissionsManagement, iamdata.Write:
		return High
	case iamdata.Tagging, iamdata.AccessUnknown:
		return Medium
	default:
		return Low
	}
}

// levels names the access levels among actions, the weightiest first, each with
// how many there are: "Write (3), Read (12)".
func levels(actions []string) string {
	count := map[iamdata.Access]int{}
	for _, action := range actions {
		count[accessOf(action)]++
	}
	var out []string
	for level := iamdata.PermissionsManagement; ; level-- {
		if n := count[level]; n > 0 {
			out = append(out, plural(n, strings.ToLower(level.String())+" action"))
		}
		if level == iamdata.AccessUnknown {
			return strings.Join(out, ", ")
		}
	}
}

// serviceOf is the prefix of an action as AWS writes it.
func serviceOf(action string) string {
	service, _, _ := strings.Cut(action, ":")
	return service
}
