package expected

import (
	"fmt"
	"strings"

	"github.com/iamcheck/iamcheck/internal/config"
)

// Rule says when an entry of the catalogue is needed.
type Rule uint8

// The rules. The zero value is Always.
const (
	Always Rule = iota
	WhereTokens
	UnlessNamed
	UnlessIAMAuth
	WhereDatabaseLogins
	WhereRoleLogins
	WhereManagedUsers
	WhereCustomKey
	WhereSessionTags
	WhereExternalID
	WhereURLChecked
	RoleAccess
	WhereDiscovering
)

// String says when in words for documentation.
func (r Rule) String() string {
	return [...]string{
		Always:              "always",
		WhereTokens:         "where users log in with an IAM token; RDS for SQL Server and Oracle log in through a directory",
		UnlessNamed:         "unless the database is discovered, or the configuration names what it fetches: then recommended",
		UnlessIAMAuth:       "recommended, unless IAM authentication is already on",
		WhereDatabaseLogins: "unless every login is an IAM role",
		WhereRoleLogins:     "for each IAM role that users log in as",
		WhereManagedUsers:   "only where Teleport manages users' passwords",
		WhereCustomKey:      "only where Teleport manages users' passwords with a KMS key of the configuration",
		WhereSessionTags:    "only with aws.session_tags",
		WhereExternalID:     "where the configuration or the trust policy has an external ID",
		WhereURLChecked:     "for a custom endpoint; recommended where the database is discovered",
		RoleAccess:          "recommended",
		WhereDiscovering:    "only for an identity that discovers",
	}[r]
}

// decide applies the entry's rule to s: the need, and the reason for it. Rules
// of a hop are applied to the hop (hopNeed), not here.
func (e *Entry) decide(s *subject) (Need, string) {
	switch e.Rule {
	case WhereTokens:
		return tokenNeed(s)
	case UnlessNamed:
		return e.fetchNeed(s)
	case UnlessIAMAuth:
		return iamAuthNeed(s)
	case WhereDatabaseLogins:
		return databaseLoginNeed(s)
	case WhereRoleLogins:
		return roleLoginNeed(s)
	case WhereManagedUsers, WhereCustomKey:
		return e.managedUserNeed(s)
	case WhereSessionTags:
		if len(s.db.AWS.SessionTags) == 0 {
			return NotNeeded, "no aws.session_tags are configured"
		}
		return Required, "aws.session_tags are configured"
	case WhereURLChecked:
		return urlNeed(s)
	case RoleAccess:
		return Recommended, "Teleport needs none of it, but the user's requests are sent with the role's rights"
	case WhereDiscovering:
		return Required, "the configuration lets this identity discover databases of this type"
	default:
		return Required, "every database of this type needs it"
	}
}

func tokenNeed(s *subject) (Need, string) {
	if s.db.DirectoryLogin() {
		return NotNeeded, fmt.Sprintf("users of RDS for %s log in through a directory, not with an IAM token", s.db.Protocol)
	}
	return Required, "users log in with an IAM token"
}

// fetchNeed is the rule of the metadata statements (design 5.8). Teleport's
// documentation lets them go for discovered databases; its source still uses
// them there to check endpoints, and logs where it cannot.
func (e *Entry) fetchNeed(s *subject) (Need, string) {
	if s.db.Discovered {
		return Recommended, "the database is discovered, hence registered with its metadata; Teleport still checks its endpoint with it"
	}
	var missing []string
	for _, name := range e.Fetches {
		if s.named(name) == "" {
			missing = append(missing, name)
		}
	}
	if len(missing) == 0 {
		return Recommended, "the configuration names what Teleport would fetch: " + strings.Join(e.Fetches, ", ")
	}
	return Required, "the configuration does not name what Teleport fetches with it: " + strings.Join(missing, ", ")
}

func iamAuthNeed(s *subject) (Need, string) {
	on := s.db.AWS.RDSIAMAuth
	switch {
	case s.db.DirectoryLogin():
		return NotNeeded, fmt.Sprintf("users of RDS for %s log in through a directory, not with an IAM token", s.db.Protocol)
	case on == nil:
		return Recommended, "the configuration does not say that IAM authentication is on (aws.rds.iam_auth)"
	case *on:
		return NotNeeded, "IAM authentication is already on (aws.rds.iam_auth)"
	default:
		return Recommended, "IAM authentication is off (aws.rds.iam_auth)"
	}
}

func databaseLoginNeed(s *subject) (Need, string) {
	switch {
	case len(s.db.DBUsers) == 0:
		return Required, "the configuration names no logins, so database users are assumed"
	case len(s.chain.Logins) > 0:
		return Required, "users log in as database users"
	case s.db.AdminUser != "":
		return Required, "Teleport logs in as admin_user"
	default:
		return NotNeeded, "every login is an IAM role"
	}
}

// roleLoginNeed is NotNeeded where the type takes other logins than roles and
// no role is named.
func roleLoginNeed(s *subject) (Need, string) {
	if len(s.chain.Users) > 0 || s.rolesUnnamed() {
		return Required, "users log in as IAM roles"
	}
	if len(s.db.DBUsers) == 0 {
		return NotNeeded, "the configuration names no logins, so database users are assumed"
	}
	return NotNeeded, "no IAM role is named among the logins"
}

// rolesUnnamed says whether users of s log in as roles that the configuration
// does not name (design 5.9).
func (s *subject) rolesUnnamed() bool {
	if len(s.chain.Users) > 0 {
		return false
	}
	if s.typ == config.MongoDBAtlas {
		return len(s.chain.Logins) == 0 || s.chain.AllUsers
	}
	return s.typ.UsersAreRoles()
}

func (e *Entry) managedUserNeed(s *subject) (Need, string) {
	switch {
	case !s.db.ManagedUsers:
		return NotNeeded, "Teleport manages no users of this database (managed_users)"
	case e.Rule == WhereCustomKey && s.db.AWS.SecretKMSKeyID == "":
		return NotNeeded, "no KMS key is configured (aws.secret_store.kms_key_id), so Secrets Manager uses its own"
	case e.Rule == WhereCustomKey:
		return Required, "a KMS key is configured (aws.secret_store.kms_key_id)"
	default:
		return Required, "Teleport manages users of this database (managed_users)"
	}
}

func urlNeed(s *subject) (Need, string) {
	switch {
	case s.db.CustomEndpoint():
		return Required, "the endpoint is a custom one, which Teleport refuses unless it can check it"
	case s.db.Discovered:
		return Recommended, "the database is discovered, and Teleport checks its endpoint"
	case s.db.TypeOnly:
		return Recommended, "the configuration does not tell whether databases are discovered or have custom endpoints"
	default:
		return NotNeeded, "the database is not discovered and has no custom endpoint"
	}
}
