package config

import "strings"

// source is a database while it is being read: what it will be, and where each
// of its values stands.
type source struct {
	Database
	r      *reader
	at     map[string]Position // "uri", "aws.region", "aws.rds.resource_id" …
	users  []item
	labels map[string]string
	// described: the configuration tells something of the database itself, not
	// only its type, logins and roles.
	described bool
	dynamic   bool // a resource of the cluster, not an entry of a file
	// declared: iamcheck's own file names it, so that the agent serves it;
	// pinned: and that file says which role to assume.
	declared, pinned bool
	overlaid         bool // another description was taken in
}

// position is where a field stands, the database where it does not.
func (s *source) position(field string) Position {
	if p, ok := s.at[field]; ok {
		return p
	}
	return s.Position
}

// database reads the fields that teleport.yaml, a db resource's spec and
// iamcheck.yaml have in common.
func (r *reader) database(m *mapping) *source {
	s := &source{r: r, at: map[string]Position{}}
	s.Name = m.text("name")
	s.Protocol = strings.ToLower(m.text("protocol"))
	s.URI = m.text("uri")
	for _, key := range []string{"name", "protocol", "uri"} {
		if m.value(key) != nil {
			s.at[key] = m.position(key)
		}
	}
	if admin := m.section("admin_user"); admin != nil {
		s.AdminUser = admin.text("name")
		admin.ignore("default_database")
		admin.done("admin_user")
		s.at["admin_user"] = m.position("admin_user")
	}
	s.AWS = r.aws(m.section("aws"), s.at)
	s.described = s.Protocol != "" || s.URI != "" || s.AdminUser != "" || s.AWS.describes()
	return s
}

// awsField is one text of the aws section.
type awsField struct {
	section, key string // section "" for the aws section itself
	to           *string
	check        func(string) string
}

func (a *AWS) fields() []awsField {
	return []awsField{
		{"", "region", &a.Region, CheckRegion},
		{"", "account_id", &a.AccountID, checkAccount},
		{"", "assume_role_arn", &a.AssumeRoleARN, checkRoleField},
		{"", "external_id", &a.ExternalID, checkExternalID},
		{"rds", "instance_id", &a.RDSInstanceID, checkName},
		{"rds", "cluster_id", &a.RDSClusterID, checkName},
		{"rds", "resource_id", &a.RDSResourceID, checkResourceID("db-", "cluster-")},
		{"rdsproxy", "name", &a.RDSProxyName, checkName},
		{"rdsproxy", "custom_endpoint_name", &a.RDSProxyCustomEndpoint, checkName},
		{"rdsproxy", "resource_id", &a.RDSProxyResourceID, checkResourceID("prx-")},
		{"redshift", "cluster_id", &a.RedshiftClusterID, checkName},
		{"redshift_serverless", "workgroup_name", &a.RedshiftServerlessWorkgroupName, checkName},
		{"redshift_serverless", "endpoint_name", &a.RedshiftServerlessEndpointName, checkName},
		{"redshift_serverless", "workgroup_id", &a.RedshiftServerlessWorkgroupID, checkName},
		{"elasticache", "replication_group_id", &a.ElastiCacheReplicationGroupID, checkName},
		{"elasticache_serverless", "cache_name", &a.ElastiCacheServerlessCacheName, checkName},
		{"memorydb", "cluster_name", &a.MemoryDBClusterName, checkName},
		{"opensearch", "domain_name", &a.OpenSearchDomainName, checkName},
		{"opensearch", "domain_id", &a.OpenSearchDomainID, checkPath}, // ACCOUNT/NAME
		{"opensearch", "endpoint_type", &a.OpenSearchEndpointType, checkName},
		{"docdb", "cluster_id", &a.DocDBClusterID, checkName},
		{"docdb", "instance_id", &a.DocDBInstanceID, checkName},
		{"docdb", "endpoint_type", &a.DocDBEndpointType, checkName},
		{"secret_store", "key_prefix", &a.SecretKeyPrefix, checkPath},
		{"secret_store", "kms_key_id", &a.SecretKMSKeyID, checkPath},
	}
}

// awsIgnored are keys that Teleport knows and that no permission depends on.
func awsIgnored() map[string][]string {
	return map[string][]string{
		"":                       {"iam_policy_status"},
		"rds":                    {"subnets", "vpc_id", "security_groups"},
		"elasticache":            {"user_group_ids", "transit_encryption_enabled", "endpoint_type"},
		"elasticache_serverless": {},
		"memorydb":               {"acl_name", "tls_enabled", "endpoint_type"},
	}
}

func awsSections() []string {
	return []string{
		"", "rds", "rdsproxy", "redshift", "redshift_serverless", "elasticache", "elasticache_serverless",
		"memorydb", "opensearch", "docdb", "secret_store",
	}
}

// aws reads the aws section and notes in at where each value stands.
func (r *reader) aws(m *mapping, at map[string]Position) AWS {
	var a AWS
	if m == nil {
		return a
	}
	fields, ignored := a.fields(), awsIgnored()
	for _, section := range awsSections() {
		s, path := m, "aws."
		if section != "" {
			s, path = m.section(section), "aws."+section+"."
		}
		s.ignore(ignored[section]...)
		for _, f := range fields {
			if f.section == section {
				r.awsText(s, f, path, at)
			}
		}
		if section == "rds" {
			a.RDSIAMAuth = s.flag("iam_auth")
		}
		if section != "" {
			s.done("aws." + section)
		}
	}
	if a.SessionTags = m.textMap("session_tags"); a.SessionTags != nil {
		at["aws.session_tags"] = m.position("session_tags")
	}
	m.done("aws")
	return a
}

func (r *reader) awsText(m *mapping, f awsField, path string, at map[string]Position) {
	n := m.value(f.key)
	if n == nil {
		return
	}
	value := m.r.text(n, path+f.key)
	if value == "" {
		return
	}
	if expected := f.check(value); expected != "" {
		r.errs.add(m.position(f.key), "%s%s: found %s, %s", path, f.key, quote(value), expected)
		return
	}
	*f.to = value
	at[path+f.key] = m.position(f.key)
	if hint := doubtRegion(value); f.key == "region" && hint != "" {
		r.note(m.position(f.key), "region "+quote(value)+" is not one that iamcheck knows; did you mean "+hint+"?")
	}
}

// describes says whether the aws section tells anything beyond whom to become.
func (a AWS) describes() bool {
	for _, f := range a.fields() {
		if f.key != "assume_role_arn" && f.key != "external_id" && *f.to != "" {
			return true
		}
	}
	return a.RDSIAMAuth != nil || len(a.SessionTags) > 0
}

// empty says whether the aws section tells nothing at all.
func (a AWS) empty() bool {
	return !a.describes() && a.AssumeRoleARN == "" && a.ExternalID == ""
}

// fill takes from b what a does not tell.
func (a *AWS) fill(b AWS) {
	from := b.fields()
	for i, f := range a.fields() {
		if *f.to == "" {
			*f.to = *from[i].to
		}
	}
}
