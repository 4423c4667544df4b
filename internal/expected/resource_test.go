package expected_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/expected"
)

// wellFormed are the resources that the services know, from the Service
// Authorization Reference, by the action's service.
func wellFormed() map[string]*regexp.Regexp {
	const place = `^arn:aws(-cn|-us-gov)?:`
	const where = `:(\*|[a-z]{2}(-[a-z]+)+-\d):(\*|\d{12}):`
	at := func(service, resource string) *regexp.Regexp {
		return regexp.MustCompile(place + service + where + resource + `$`)
	}
	return map[string]*regexp.Regexp{
		"rds-db":              at("rds-db", `dbuser:(\*|(db|cluster|prx)-[A-Za-z0-9]+)/[^/]+`),
		"redshift":            at("redshift", `(dbuser|dbname):[a-z0-9*-]+/[^/]+`),
		"redshift-serverless": at("redshift-serverless", `workgroup/(\*|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})`),
		"elasticache":         at("elasticache", `(replicationgroup|serverlesscache|user):[a-z0-9*-]+`),
		"memorydb":            at("memorydb", `(cluster|user)/[a-z0-9*-]+`),
		"secretsmanager":      at("secretsmanager", `secret:[A-Za-z0-9/_+=.@-]+/\*`),
		"kms":                 at("kms", `key/(\*|[0-9a-z-]+)`),
		"dynamodb":            at("dynamodb", `table/\*`),
		"cassandra":           at("cassandra", `/keyspace/\*`),
		"es":                  at("es", `domain/[a-z0-9*-]+/\*`),
		"sts":                 regexp.MustCompile(place + `iam::(\*|\d{12}):role/([A-Za-z0-9_+=,.@/-]+|\*)$`),
	}
}

func TestResourcesAreWellFormed(t *testing.T) {
	forms := wellFormed()
	seen := map[string]bool{}
	for name, target := range fixtures(t) {
		requirements, _ := derive(t, target)
		for _, r := range requirements {
			if strings.ContainsAny(r.Resource, "{}") {
				t.Errorf("%s: %s has an unfilled resource %s", name, r.ID, r.Resource)
			}
			if r.Resource == "*" {
				continue
			}
			service, _, _ := strings.Cut(r.Action, ":")
			form, ok := forms[service]
			if !ok || !form.MatchString(r.Resource) {
				t.Errorf("%s: %s: %s on %s is not a resource of that service", name, r.ID, r.Action, r.Resource)
			}
			seen[service] = true
		}
	}
	for service := range forms {
		if !seen[service] {
			t.Errorf("no fixture has a resource of %s", service)
		}
	}
}

// TestOpenNames: a "*" stands for a name that is not told exactly where Open
// says so, save where all is meant.
func TestOpenNames(t *testing.T) {
	for name, target := range fixtures(t) {
		requirements, _ := derive(t, target)
		for _, r := range requirements {
			if len(r.Open) > 0 && !strings.Contains(r.Resource, "*") && r.Principal != "" {
				t.Errorf("%s: %s on %s has the open names %q and no *", name, r.ID, r.Resource, r.Open)
			}
			if r.Need == expected.NotNeeded && len(r.Open) > 0 {
				t.Errorf("%s: %s is not needed and has open names %q", name, r.ID, r.Open)
			}
			if slices.Contains(r.Open, "") {
				t.Errorf("%s: %s has an open name without a name", name, r.ID)
			}
			if r.Principal == "" && r.Need != expected.NotNeeded && !slices.Contains(r.Open, "db_users") {
				t.Errorf("%s: %s has no holder and does not say that db_users are open", name, r.ID)
			}
		}
	}
}

// TestRequirementsAreWhole: what messages and reports are made of is there.
func TestRequirementsAreWhole(t *testing.T) {
	for name, target := range fixtures(t) {
		requirements, _ := derive(t, target)
		seen := map[string]bool{}
		for _, r := range requirements {
			if r.Reason == "" || r.Purpose == "" || r.Database == "" || r.Action == "" || r.Resource == "" {
				t.Errorf("%s: %s lacks something: %+v", name, r.ID, r)
			}
			entry, ok := expected.Lookup(r.ID)
			if !ok || !slices.Contains(entry.Actions, r.Action) {
				t.Errorf("%s: %s has the action %s, which the catalogue does not", name, r.ID, r.Action)
			}
			if (r.Side == expected.TrustSide) != (entry.Holder == expected.HopTarget) {
				t.Errorf("%s: %s stands on the %s side", name, r.ID, r.Side)
			}
			key := strings.Join([]string{r.Database, r.ID, r.Action, r.Resource, r.Principal}, " ")
			if seen[key] {
				t.Errorf("%s: twice: %s", name, key)
			}
			seen[key] = true
		}
	}
}

// TestIdentitiesCoverPrincipals: whoever must hold something is an identity of
// the configuration.
func TestIdentitiesCoverPrincipals(t *testing.T) {
	for name, target := range fixtures(t) {
		requirements, identities := derive(t, target)
		known := map[string]bool{"": true}
		for _, id := range identities {
			known[id.ARN] = true
			if (id.Kind == expected.Agent) == (len(id.Callers) > 0) {
				t.Errorf("%s: %s %s has the callers %q", name, id.Kind, id.ARN, id.Callers)
			}
		}
		for _, r := range requirements {
			if !known[r.Principal] {
				t.Errorf("%s: %s is held by %s, which is no identity", name, r.ID, r.Principal)
			}
			if r.Side == expected.TrustSide && !known[r.Resource] {
				t.Errorf("%s: %s is about %s, which is no identity", name, r.ID, r.Resource)
			}
		}
	}
}

func TestForRefuses(t *testing.T) {
	agent := "arn:aws:iam::111122223333:role/agent"
	for _, test := range []struct {
		name   string
		agent  config.Agent
		errors string
	}{
		{"discovery of DynamoDB", config.Agent{ARN: agent, Discovery: &config.Discovery{
			Matchers: []config.Matcher{{Types: []config.Type{config.DynamoDB}}},
		}}, `discovers no databases of the type "dynamodb"`},
		{"discovery of Keyspaces", config.Agent{ARN: agent, Discovery: &config.Discovery{
			Matchers: []config.Matcher{{Types: []config.Type{config.Keyspace}}},
		}}, `discovers no databases of the type "keyspace"`},
		{"no type", config.Agent{ARN: agent, Databases: []config.Database{{Name: "x"}}}, `database "x": no requirements are known`},
		{"no name", config.Agent{}, "names neither a role nor a user"},
		{"role of another account", config.Agent{ARN: agent, Databases: []config.Database{{
			Name: "x", Type: config.DynamoDB, AWS: config.AWS{AccountID: "444455556666"},
			DBUsers: []string{"arn:aws:iam::777788889999:role/reader"},
		}}}, "777788889999"},
	} {
		t.Run(test.name, func(t *testing.T) {
			requirements, _, err := expected.For(&config.Target{Agents: []config.Agent{test.agent}}, expected.Defaults{})
			if err == nil || !strings.Contains(err.Error(), test.errors) {
				t.Errorf("got %d requirements and the error %v, want an error with %q", len(requirements), err, test.errors)
			}
			if len(requirements) > 0 {
				t.Errorf("got %d requirements with the error", len(requirements))
			}
		})
	}
}

// TestDefaults: an agent's bare name becomes an ARN of the default account.
func TestDefaults(t *testing.T) {
	target := &config.Target{Agents: []config.Agent{{Role: "path/agent", Databases: []config.Database{{Type: config.RDS, TypeOnly: true}}}}}
	for _, test := range []struct {
		defaults expected.Defaults
		want     string
	}{
		{expected.Defaults{}, "arn:aws:iam::*:role/path/agent"},
		{expected.Defaults{Account: "111122223333", Partition: "aws-cn"}, "arn:aws-cn:iam::111122223333:role/path/agent"},
	} {
		requirements, identities, err := expected.For(target, test.defaults)
		if err != nil || identities[0].ARN != test.want || requirements[0].Principal != test.want {
			t.Errorf("with %+v the agent is %v (%v), want %s", test.defaults, identities, err, test.want)
		}
	}
}
