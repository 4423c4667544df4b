package config

import (
	"fmt"
	"slices"
	"strings"
)

// check reports what cannot be in a settled database, and notes what Teleport
// would refuse for want of something that iamcheck knows otherwise.
func (r *reader) check(s *source) {
	r.checkProtocol(s)
	r.checkUsers(s)
	r.checkExternalID(s)
	r.checkAdmin(s)
	r.checkPlaces(s)
	if s.ManagedUsers && s.Type != ElastiCache && s.Type != MemoryDB {
		r.errs.add(s.position("managed_users"), "database %s: managed_users is for elasticache and memorydb, not for %s", quote(s.Name), s.Type)
	}
	if s.Discovered && !s.Type.Discoverable() {
		r.errs.add(s.position("discovered"), "database %s: Teleport does not discover databases of type %s", quote(s.Name), s.Type)
	}
	if len(s.AWS.SessionTags) > 0 && s.Type != DynamoDB {
		r.note(s.position("aws.session_tags"), fmt.Sprintf("database %s: Teleport sends session_tags for dynamodb only, not for %s", quote(s.Name), s.Type))
	}
	if needsAccount(s.Type) && s.described && s.AWS.AccountID == "" && s.AWS.AssumeRoleARN == "" {
		r.note(s.Position, fmt.Sprintf("database %s: Teleport refuses type %s without aws.account_id; the agent's account is assumed", quote(s.Name), s.Type))
	}
}

// needsAccount: the types for which Teleport refuses a database without an
// account.
func needsAccount(t Type) bool {
	return t == DynamoDB || t == Keyspace || t == OpenSearch
}

func (r *reader) checkProtocol(s *source) {
	switch {
	case s.Protocol == "":
	case !slices.Contains(protocols(), s.Protocol):
		expected := "expected one of " + strings.Join(protocols(), ", ")
		if hint := nearest(s.Protocol, protocols()); hint != "" {
			expected = fmt.Sprintf("did you mean %q?", hint)
		}
		r.errs.add(s.position("protocol"), "database %s: unknown protocol %s, %s", quote(s.Name), quote(s.Protocol), expected)
	case !slices.Contains(protocolsOf(s.Type), s.Protocol):
		r.errs.add(s.position("protocol"), "database %s: type %s does not speak %s, expected protocol %s",
			quote(s.Name), s.Type, s.Protocol, strings.Join(protocolsOf(s.Type), " or "))
	}
}

// checkUsers takes the logins over: "*" for all, roles by the rules of RoleARN,
// and no patterns, which a policy would read as more than they say.
func (r *reader) checkUsers(s *source) {
	if s.users == nil {
		return
	}
	s.DBUsers = make([]string, 0, len(s.users))
	seen := make(map[string]bool, len(s.users))
	for _, u := range s.users {
		if seen[u.text] {
			continue
		}
		seen[u.text] = true
		if wrong := s.wrongUser(u.text); wrong != "" {
			r.errs.add(u.at, "database %s: db_users: found %s, %s", quote(s.Name), quote(u.text), wrong)
			continue
		}
		s.DBUsers = append(s.DBUsers, u.text)
	}
}

// wrongUser says what is wrong with a login of the database, "" if nothing is.
func (s *source) wrongUser(user string) string {
	switch {
	case user == "*":
		return ""
	case strings.Contains(user, "{{"):
		return "which only Teleport can resolve; name the logins"
	case strings.Contains(user, "${"):
		return "which a policy would read as a variable"
	case strings.ContainsAny(user, "*?"):
		return `expected a login by its name, or "*" alone for all`
	case s.Type == Redshift && (strings.HasPrefix(user, "IAM:") || strings.HasPrefix(user, "IAMR:")):
		return "which Teleport refuses; for an IAM role write role/NAME or its ARN"
	}
	if s.IsRoleUser(user) {
		if _, err := s.RoleARN(user, ""); err != nil {
			return err.Error()
		}
		return ""
	}
	if strings.HasPrefix(user, "arn:") || strings.HasPrefix(user, "role/") {
		return fmt.Sprintf("an IAM role, but users of type %s log in by name", s.Type)
	}
	for _, c := range user {
		if c < 0x20 || c == 0x7f {
			return "expected a login without control characters"
		}
	}
	return ""
}

// checkExternalID: Teleport sends an external ID only where it assumes a role
// (design 5.13).
func (r *reader) checkExternalID(s *source) {
	if s.AWS.ExternalID == "" || s.AWS.AssumeRoleARN != "" || s.Type.UsersAreRoles() {
		return
	}
	if s.Type.UsersMayBeRoles() {
		if slices.ContainsFunc(s.DBUsers, s.IsRoleUser) || !r.strict && s.DBUsers == nil {
			return
		}
		r.errs.add(s.position("aws.external_id"), "database %s: external_id without assume_role_arn, and no IAM role among db_users to send it to", quote(s.Name))
		return
	}
	r.errs.add(s.position("aws.external_id"), "database %s: external_id without assume_role_arn, and users of type %s are no IAM roles", quote(s.Name), s.Type)
}

// checkAdmin: Teleport provisions users in PostgreSQL and MySQL only, and of
// AWS's in RDS and Redshift.
func (r *reader) checkAdmin(s *source) {
	if s.AdminUser == "" {
		return
	}
	if s.Type != RDS && s.Type != Redshift || s.DirectoryLogin() {
		r.errs.add(s.position("admin_user"), "database %s: Teleport does not provision users in type %s; remove admin_user", quote(s.Name), s.Type)
		return
	}
	if strings.ContainsAny(s.AdminUser, "*?") || strings.HasPrefix(s.AdminUser, "arn:") || strings.HasPrefix(s.AdminUser, "role/") {
		r.errs.add(s.position("admin_user"), "database %s: admin_user: found %s, expected a database user's name", quote(s.Name), quote(s.AdminUser))
	}
}

// checkPlaces compares what uri, aws.region, aws.account_id and
// aws.assume_role_arn say of region, account and partition.
func (r *reader) checkPlaces(s *source) {
	if e, ok := parseEndpoint(s.URI); ok {
		if e.AWS.Region != "" && e.AWS.Region != s.AWS.Region {
			r.errs.add(s.position("aws.region"), "database %s: aws.region is %s, but uri is in %s", quote(s.Name), s.AWS.Region, e.AWS.Region)
		}
		if e.AWS.AccountID != "" && e.AWS.AccountID != s.AWS.AccountID {
			r.errs.add(s.position("aws.account_id"), "database %s: aws.account_id is %s, but uri is in %s", quote(s.Name), s.AWS.AccountID, e.AWS.AccountID)
		}
	}
	want := PartitionOf(s.AWS.Region)
	if a, ok := ParseARN(s.AWS.AssumeRoleARN); ok && want != "" && a.Partition != want {
		r.errs.add(s.position("aws.assume_role_arn"), "database %s: assume_role_arn is in partition %s, but region %s is in %s",
			quote(s.Name), a.Partition, s.AWS.Region, want)
	}
}
