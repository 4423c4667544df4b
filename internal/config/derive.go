package config

import (
	"fmt"
	"slices"
	"strings"
)

// protocols are the protocols of Teleport's Database Service.
func protocols() []string {
	return []string{
		"cassandra", "clickhouse", "clickhouse-http", "cockroachdb", "dynamodb", "elasticsearch", "mongodb", "mysql",
		"opensearch", "oracle", "postgres", "redis", "snowflake", "spanner", "sqlserver",
	}
}

// protocolsOf are the protocols that a type of database speaks.
func protocolsOf(t Type) []string {
	switch t {
	case RDS:
		return []string{"postgres", "mysql", "sqlserver", "oracle"}
	case RDSProxy:
		return []string{"postgres", "mysql", "sqlserver"}
	case Redshift, RedshiftServerless:
		return []string{"postgres"}
	case ElastiCache, ElastiCacheServerless, MemoryDB:
		return []string{"redis"}
	case Keyspace:
		return []string{"cassandra"}
	case DynamoDB:
		return []string{"dynamodb"}
	case OpenSearch:
		return []string{"opensearch"}
	}
	return []string{"mongodb"}
}

// derivation is what Teleport would make of a database.
type derivation struct {
	Type Type // "" where it is not one of AWS's
	// Weak: only aws.region says so, which for Teleport makes any database RDS.
	Weak bool
	// Doubt says why the type cannot be trusted, and what to write; "" if it can.
	Doubt string
}

// derive finds the type of a database as Teleport's getAWSType does, and fills
// region, account and names from the endpoint.
func derive(d *Database) derivation {
	e, isEndpoint := parseEndpoint(d.URI)
	if isEndpoint {
		d.AWS.fill(e.AWS)
	}
	switch {
	case d.Protocol == "cassandra" && !d.AWS.empty():
		return derivation{Type: Keyspace}
	case d.Protocol == "dynamodb":
		return derivation{Type: DynamoDB}
	case d.Protocol == "opensearch":
		return derivation{Type: OpenSearch}
	}
	if t := typeOfNames(d.AWS); t != "" {
		return derivation{Type: t}
	}
	if isEndpoint {
		return derivation{Type: e.Type}
	}
	if d.AWS.Region == "" {
		return derivation{}
	}
	return regionOnly(d)
}

// typeOfNames goes by the names of the aws section, in Teleport's order; the
// types that came later (docdb, elasticache-serverless) stand before rds, which
// is the last.
func typeOfNames(a AWS) Type {
	for _, rule := range []struct {
		t     Type
		names []string
	}{
		{Redshift, []string{a.RedshiftClusterID}},
		{RedshiftServerless, []string{a.RedshiftServerlessWorkgroupName, a.RedshiftServerlessEndpointName}},
		{ElastiCache, []string{a.ElastiCacheReplicationGroupID}},
		{ElastiCacheServerless, []string{a.ElastiCacheServerlessCacheName}},
		{MemoryDB, []string{a.MemoryDBClusterName}},
		{RDSProxy, []string{a.RDSProxyName, a.RDSProxyCustomEndpoint, a.RDSProxyResourceID}},
		{DocDB, []string{a.DocDBClusterID, a.DocDBInstanceID}},
		{OpenSearch, []string{a.OpenSearchDomainName, a.OpenSearchDomainID}},
		{RDS, []string{a.RDSInstanceID, a.RDSClusterID, a.RDSResourceID}},
	} {
		if slices.ContainsFunc(rule.names, func(s string) bool { return s != "" }) {
			return rule.t
		}
	}
	return ""
}

// regionOnly is Teleport's last rule: whatever has a region is RDS. That is
// right for PostgreSQL and MySQL behind a name of one's own, and a trap for the
// rest.
func regionOnly(d *Database) derivation {
	switch d.Protocol {
	case "redis":
		return derivation{Type: RDS, Weak: true, Doubt: "only aws.region tells that this redis is one of AWS's, and Teleport would take it for rds; " +
			"set aws.elasticache.replication_group_id or aws.memorydb.cluster_name"}
	case "mongodb":
		return derivation{Type: RDS, Weak: true, Doubt: "only aws.region tells that this mongodb is one of AWS's, and Teleport would take it for rds; " +
			"use the cluster's own endpoint (*.docdb.amazonaws.com)"}
	case "postgres", "mysql", "sqlserver", "oracle", "":
		return derivation{Type: RDS, Weak: true}
	}
	return derivation{}
}

// settle decides the type of a database of the given file: the one that is
// written, else the derived one. false: it is none of AWS's, or an error says
// why it cannot be told.
func (r *reader) settle(s *source) bool {
	written := s.Type
	got := derive(&s.Database)
	switch {
	case written != "":
		s.Type = written
		r.contradiction(s, got)
	case got.Doubt != "":
		hint := ""
		if r.strict {
			hint = ", or add type"
		}
		r.errs.add(s.position("protocol"), "database %s: %s%s", quote(s.Name), got.Doubt, hint)
		return false
	case got.Type == "":
		return r.notAWS(s)
	default:
		s.Type = got.Type
	}
	if got.Weak && written == "" {
		r.note(s.position("uri"), fmt.Sprintf("database %s is taken for rds, as Teleport does, since only aws.region tells that it is one of AWS's", quote(s.Name)))
	}
	r.customAurora(s)
	if s.Type == OpenSearch && customHost(s.URI) {
		s.AWS.OpenSearchEndpointType = "custom"
	}
	return true
}

func (r *reader) notAWS(s *source) bool {
	if r.strict {
		r.errs.add(s.Position, "database %s: neither protocol, uri nor aws tell its type; add type, one of %s", quote(s.Name), typeNames())
		return false
	}
	r.note(s.Position, fmt.Sprintf("database %s is not one of AWS's and needs no permission there; it is left out", quote(s.Name)))
	return false
}

// contradiction reports a type that is written and that the endpoint or the
// names in aws speak against.
func (r *reader) contradiction(s *source, got derivation) {
	if got.Type == "" || got.Weak || got.Type == s.Type {
		return
	}
	r.errs.add(s.position("type"), "database %s: type %s, but protocol, uri and aws are those of %s", quote(s.Name), s.Type, got.Type)
}

// customAurora notes a custom endpoint whose cluster is not named: Teleport
// refuses such a database.
func (r *reader) customAurora(s *source) {
	if e, ok := parseEndpoint(s.URI); ok && e.AuroraCustom && s.AWS.RDSClusterID == "" {
		r.note(s.position("uri"), fmt.Sprintf("database %s has a custom endpoint of an Aurora cluster, which does not tell the cluster; "+
			"Teleport asks for aws.rds.cluster_id", quote(s.Name)))
	}
}

func typeNames() string {
	var names []string
	for _, t := range Types() {
		names = append(names, string(t))
	}
	return strings.Join(names, ", ")
}
