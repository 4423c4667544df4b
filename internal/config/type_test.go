package config

import (
	"strings"
	"testing"
)

func TestParseType(t *testing.T) {
	for _, typ := range Types() {
		for _, s := range []string{string(typ), strings.ToUpper(string(typ))} {
			if got, err := ParseType(s); err != nil || got != typ {
				t.Errorf("ParseType(%q) = %q, %v", s, got, err)
			}
		}
	}
	for s, want := range map[string]Type{"keyspaces": Keyspace, "documentdb": DocDB, "aurora": RDS, "rds-proxy": RDSProxy} {
		if got, err := ParseType(s); err != nil || got != want {
			t.Errorf("ParseType(%q) = %q, %v, want %q", s, got, err, want)
		}
	}
	for s, want := range map[string]string{
		"rdsx":                   `unknown type "rdsx", did you mean "rds"?`,
		"elasticashe":            `unknown type "elasticashe", did you mean "elasticache"?`,
		"elasticache-serverles":  `unknown type "elasticache-serverles", did you mean "elasticache-serverless"?`,
		"dynmaodb":               `unknown type "dynmaodb", did you mean "dynamodb"?`,
		"documnetdb":             `unknown type "documnetdb", did you mean "documentdb"?`,
		"postgres":               `unknown type "postgres", expected one of rds, rdsproxy, redshift, redshift-serverless, elasticache, elasticache-serverless, memorydb, keyspace, dynamodb, opensearch, docdb`,
		"mongodb-atlas":          `type "mongodb-atlas" cannot be asked for: set protocol: mongodb and the cluster's uri`,
		"":                       `unknown type "", expected one of rds, rdsproxy, redshift, redshift-serverless, elasticache, elasticache-serverless, memorydb, keyspace, dynamodb, opensearch, docdb`,
		strings.Repeat("é", 100): `unknown type "` + strings.Repeat("é", 60) + `"…, expected one of rds, rdsproxy, redshift, redshift-serverless, elasticache, elasticache-serverless, memorydb, keyspace, dynamodb, opensearch, docdb`,
	} {
		if _, err := ParseType(s); err == nil || err.Error() != want {
			t.Errorf("ParseType(%q): got error %v, want %s", s, err, want)
		}
	}
}

// Every alias is a name of a type that can be asked for, and no type's own.
func TestTypeAliases(t *testing.T) {
	own := map[Type]bool{}
	for _, typ := range Types() {
		own[typ] = true
	}
	for alias, typ := range typeAliases() {
		if !own[typ] || own[Type(alias)] {
			t.Errorf("alias %s of %s", alias, typ)
		}
	}
}

func TestNearest(t *testing.T) {
	names := []string{"databases", "discovery", "role", "user", "teleport_config"}
	for s, want := range map[string]string{
		"databses": "databases", "dtaabases": "databases", "roles": "role", "usr": "user", "teleport-config": "teleport_config",
		"xyz": "", "": "", "r": "",
	} {
		if got := nearest(s, names); got != want {
			t.Errorf("nearest(%q) = %q, want %q", s, got, want)
		}
	}
}

func TestQuoteEscapes(t *testing.T) {
	for s, want := range map[string]string{
		"plain":          `"plain"`,
		"\x1b[31m\u202e": `"\x1b[31m\u202e"`,
		"a\nb\u2028":     `"a\nb\u2028"`,
		"\xff":           `"\xff"`,
	} {
		if got := quote(s); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if got := quote(strings.Repeat("x", 500)); len(got) > shownLimit+10 {
		t.Errorf("got %d bytes", len(got))
	}
}
