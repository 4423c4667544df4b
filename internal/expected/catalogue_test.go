package expected_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/expected"
)

// published are the ids that reports use: users filter on them, so none may
// go. docs and configurations refer to them.
func published() []string {
	ids := []string{
		"rds/connect", "rds/metadata", "rds/enable-iam-auth",
		"rdsproxy/connect", "rdsproxy/metadata",
		"redshift/connect-db-user", "redshift/connect-iam-role", "redshift/metadata", "redshift/role-credentials",
		"redshift-serverless/connect-iam-role", "redshift-serverless/metadata", "redshift-serverless/role-credentials",
		"elasticache/connect", "elasticache/describe-users", "elasticache/metadata",
		"elasticache/manage-users", "elasticache/manage-passwords", "elasticache/kms",
		"elasticache-serverless/connect", "elasticache-serverless/describe-users", "elasticache-serverless/metadata",
		"memorydb/connect", "memorydb/describe-users", "memorydb/metadata",
		"memorydb/manage-users", "memorydb/manage-passwords", "memorydb/kms",
		"dynamodb/connect-iam-role", "dynamodb/session-tags",
		"keyspace/connect-iam-role",
		"opensearch/connect-iam-role", "opensearch/domain-url",
		"docdb/connect-iam-role", "docdb/domain-url",
		"mongodb-atlas/connect-iam-role",
		"dynamodb/role-access", "keyspace/role-access", "opensearch/role-access",
		"hop/assume-role", "hop/trust", "hop/external-id", "hop/tag-session",
	}
	for _, t := range config.Types() {
		if t.Discoverable() {
			ids = append(ids, string(t)+"/discovery")
		}
	}
	for _, t := range []string{"rdsproxy", "redshift-serverless", "elasticache", "elasticache-serverless", "memorydb", "opensearch"} {
		ids = append(ids, t+"/discovery-metadata")
	}
	return ids
}

func TestCatalogueHasThePublishedIDs(t *testing.T) {
	var got []string
	for _, e := range expected.Catalogue() {
		got = append(got, e.ID)
	}
	want := published()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("catalogue has the ids\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestEveryIDIsDerived: an entry that no configuration leads to is dead.
func TestEveryIDIsDerived(t *testing.T) {
	needed := map[string]bool{}
	spared := map[string]bool{}
	for _, target := range fixtures(t) {
		requirements, _ := derive(t, target)
		for _, r := range requirements {
			if r.Need == expected.NotNeeded {
				spared[r.ID] = true
			} else {
				needed[r.ID] = true
			}
		}
	}
	for _, e := range expected.Catalogue() {
		if !needed[e.ID] {
			t.Errorf("no fixture needs %s", e.ID)
		}
		if mayBeSpared(e) && !spared[e.ID] {
			t.Errorf("no fixture does without %s, though its rule is %q", e.ID, e.Rule)
		}
	}
}

func mayBeSpared(e expected.Entry) bool {
	switch e.Rule {
	case expected.UnlessIAMAuth, expected.WhereDatabaseLogins, expected.WhereManagedUsers, expected.WhereCustomKey,
		expected.WhereSessionTags, expected.WhereURLChecked:
		return true
	case expected.WhereTokens:
		return e.Type == config.RDS
	case expected.WhereRoleLogins:
		return e.Type == config.Redshift
	}
	return false
}

func TestCatalogueIsComplete(t *testing.T) {
	action := regexp.MustCompile(`^[a-z0-9-]+:[A-Za-z]+$`)
	sid := regexp.MustCompile(`^[A-Za-z0-9]*$`)
	purpose := regexp.MustCompile(`^to [a-z].*[^.]$`)
	for _, e := range expected.Catalogue() {
		if len(e.Actions) == 0 || len(e.Resources) == 0 || len(e.Sources) == 0 {
			t.Errorf("%s lacks actions, resources or sources: %+v", e.ID, e)
		}
		for _, a := range e.Actions {
			if !action.MatchString(a) {
				t.Errorf("%s: action %q", e.ID, a)
			}
		}
		if !sid.MatchString(e.SID) {
			t.Errorf("%s: Sid %q", e.ID, e.SID)
		}
		if !purpose.MatchString(e.Purpose) {
			t.Errorf("%s: purpose %q does not complete \"needed …\"", e.ID, e.Purpose)
		}
		if e.Rule.String() == "" || e.Holder.String() == "" {
			t.Errorf("%s: rule %d or holder %d has no words", e.ID, e.Rule, e.Holder)
		}
		if (e.Rule == expected.UnlessNamed) != (len(e.Fetches) > 0) {
			t.Errorf("%s: rule %q with fetched names %q", e.ID, e.Rule, e.Fetches)
		}
		if got, ok := expected.Lookup(e.ID); !ok || got.ID != e.ID {
			t.Errorf("Lookup(%q) = %q, %t", e.ID, got.ID, ok)
		}
	}
	if _, ok := expected.Lookup("rds/none"); ok {
		t.Error("Lookup finds an id that is not there")
	}
}

// TestSIDsAreThoseOfTheDocumentation holds the Sids to Teleport's reference:
// people search their policies for them.
func TestSIDsAreThoseOfTheDocumentation(t *testing.T) {
	for id, want := range map[string]string{
		"rds/connect": "RDSConnect", "rds/metadata": "RDSFetchMetadata", "rds/enable-iam-auth": "RDSAutoEnableIAMAuth",
		"rdsproxy/connect": "RDSProxyConnect", "rdsproxy/metadata": "RDSProxyFetchMetadata",
		"redshift/connect-db-user": "RedshiftConnectAsDBUser", "redshift/connect-iam-role": "RedshiftConnectAsIAMRole",
		"redshift/metadata": "RedshiftFetchMetadata", "redshift/role-credentials": "RedshiftConnectWithIAM",
		"redshift-serverless/connect-iam-role": "RedshiftServerlessConnectAsIAMRole",
		"redshift-serverless/metadata":         "RedshiftServerlessFetchMetadata",
		"redshift-serverless/role-credentials": "RedshiftServerlessConnect",
		"elasticache/connect":                  "ElastiCacheConnect", "elasticache/describe-users": "ElastiCacheDescribeUsers",
		"elasticache/metadata": "ElastiCacheFetchMetadata", "elasticache/manage-users": "ElastiCacheManageUsers",
		"elasticache/manage-passwords": "ElastiCacheManagePasswords", "elasticache/kms": "",
		"elasticache-serverless/connect":        "ElastiCacheServerlessConnect",
		"elasticache-serverless/describe-users": "ElastiCacheServerlessDescribeUsers",
		"elasticache-serverless/metadata":       "ElastiCacheServerlessFetchMetadata",
		"memorydb/connect":                      "MemoryDBConnect", "memorydb/manage-users": "MemoryDBManageUsers",
		"memorydb/manage-passwords": "MemoryDBManagePasswords",
		"dynamodb/connect-iam-role": "DynamoDBConnectAsIAMRole", "dynamodb/session-tags": "DynamoDBSessionTagging",
		"keyspace/connect-iam-role":   "KeyspacesConnectAsIAMRole",
		"opensearch/connect-iam-role": "OpenSearchConnectAsIAMRole", "opensearch/domain-url": "OpenSearchCheckDomainURL",
		"docdb/connect-iam-role": "DocumentDBConnectAsIAMRole", "docdb/domain-url": "DocumentDBCheckDomainURL",
		"rdsproxy/discovery": "RDSProxyDiscovery", "rdsproxy/discovery-metadata": "RDSProxyFetchMetadata",
	} {
		if e, _ := expected.Lookup(id); e.SID != want {
			t.Errorf("%s has the Sid %q, want %q", id, e.SID, want)
		}
	}
}

func TestTypesAreComplete(t *testing.T) {
	var got []config.Type
	for _, info := range expected.Types() {
		got = append(got, info.Type)
		if info.Title == "" || info.Logins == "" || len(info.Entries) == 0 {
			t.Errorf("%s lacks title, logins or entries", info.Type)
		}
		if (len(info.Discovery) > 0) != info.Type.Discoverable() {
			t.Errorf("%s has %d discovery entries, discoverable is %t", info.Type, len(info.Discovery), info.Type.Discoverable())
		}
		if len(info.Errata) == 0 {
			t.Errorf("%s has no errata; those of every type concern it too", info.Type)
		}
	}
	if want := append(config.Types(), config.MongoDBAtlas); !slices.Equal(got, want) {
		t.Errorf("types are %v, want %v", got, want)
	}
}

func TestErrataAreComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range expected.Errata() {
		if e.ID == "" || e.Where == "" || e.Printed == "" || e.Correct == "" || e.Effect == "" || len(e.Sources) == 0 {
			t.Errorf("erratum lacks something: %+v", e)
		}
		if seen[e.ID] {
			t.Errorf("erratum %s is there twice", e.ID)
		}
		seen[e.ID] = true
		if e.Requirement == "" {
			continue
		}
		if _, ok := expected.Lookup(e.Requirement); !ok {
			t.Errorf("erratum %s concerns %q, which the catalogue does not have", e.ID, e.Requirement)
		}
	}
	if len(seen) < 7 {
		t.Errorf("%d errata, want at least the 7 that are known", len(seen))
	}
}
