package main

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/expected"
)

// place is a partition with what stands for it in generated configurations.
type place struct{ partition, region, suffix string }

var places = []place{
	{"aws", "us-east-1", "amazonaws.com"},
	{"aws-cn", "cn-north-1", "amazonaws.com.cn"},
	{"aws-us-gov", "us-gov-west-1", "amazonaws.com"},
}

const (
	agentAccount = "111122223333"
	otherAccount = "444455556666"
)

// generator makes configurations as people would write them.
type generator struct {
	*rand.Rand
	place
	strings.Builder
	named bool // every name that a requirement may need is given
}

func (g *generator) coin() bool { return g.IntN(2) == 0 }

func (g *generator) line(indent int, format string, args ...any) {
	fmt.Fprintf(g, "%*s"+format+"\n", append([]any{indent, ""}, args...)...)
}

func (g *generator) configuration() string {
	g.line(0, "version: 1")
	g.line(0, "agents:")
	kind, path := "role", ""
	if g.IntN(4) == 0 {
		kind = "user"
	}
	if g.IntN(3) == 0 {
		path = "teleport/agents/"
	}
	g.line(2, "- %s: arn:%s:iam::%s:%s/%sagent", kind, g.partition, agentAccount, kind, path)
	g.line(4, "databases:")
	for i := range 1 + g.IntN(4) {
		g.database(i)
	}
	if g.IntN(3) == 0 {
		g.discovery()
	}
	if g.IntN(4) == 0 {
		g.line(2, "- role: arn:%s:iam::%s:role/second", g.partition, agentAccount)
		g.line(4, "databases:")
		g.database(9)
	}
	return g.String()
}

func (g *generator) discovery() {
	var types []string
	for _, t := range config.Types() {
		if t.Discoverable() && g.coin() {
			types = append(types, string(t))
		}
	}
	if len(types) == 0 {
		types = []string{"rds"}
	}
	g.line(4, "discovery:")
	g.line(6, "types: [%s]", strings.Join(types, ", "))
	if g.coin() {
		g.line(6, "regions: [%s]", g.region)
	}
	if g.coin() {
		g.line(6, "assume_role_arn: arn:%s:iam::%s:role/discoverer", g.partition, otherAccount)
		g.line(6, "external_id: Zr8tVq3LmX5bKw2N")
	}
}

func (g *generator) database(i int) {
	types := config.Types()
	t := types[g.IntN(len(types))]
	g.line(6, "- name: db%d", i)
	g.line(8, "type: %s", t)
	assume := ""
	if g.coin() {
		assume = fmt.Sprintf("arn:%s:iam::%s:role/%s", g.partition, []string{agentAccount, otherAccount}[g.IntN(2)], []string{"access", "path/pathed-access"}[g.IntN(2)])
	}
	users := g.users(t)
	g.line(8, "aws:")
	if g.named || g.coin() {
		g.line(10, "region: %s", g.region)
	}
	account := cmp.Or(strings.Split(assume+":::::", ":")[4], agentAccount)
	g.line(10, "account_id: %q", account)
	if assume != "" {
		g.line(10, "assume_role_arn: %s", assume)
	}
	// A role of another account without an external ID is a finding by itself.
	foreign := strings.Contains(assume, otherAccount)
	if (assume != "" || t.UsersAreRoles()) && (foreign || g.coin()) {
		g.line(10, "external_id: %s", []string{"7f3kQ9vLx2RzT8mB", "pW4nYc6HdJ1sGe5U"}[g.IntN(2)])
	}
	g.names(t)
	if (t == config.ElastiCache || t == config.MemoryDB) && g.coin() {
		g.secrets(account)
	}
	if t == config.DynamoDB && users != "" && g.coin() {
		g.line(10, "session_tags: {team: db, cost-center: \"42\"}")
	}
	if users != "" {
		g.line(8, "db_users: [%s]", users)
	}
	g.more(t)
}

// users are logins of the type, as a YAML list without brackets; "" for none.
func (g *generator) users(t config.Type) string {
	switch {
	case !g.named && g.IntN(3) == 0:
		return ""
	case t.UsersAreRoles():
		return fmt.Sprintf("%s-reader, role/team/%s-writer", t, t)
	case t == config.Redshift && g.coin():
		return []string{"app, role/redshift-reader", "role/redshift-reader"}[g.IntN(2)]
	case g.IntN(4) == 0:
		return `"*"`
	default:
		return "app, reporting"
	}
}

// names gives the names of the aws section.
func (g *generator) names(t config.Type) {
	if !g.named && g.coin() {
		return
	}
	switch t {
	case config.RDS:
		g.line(10, "rds: {resource_id: %s}", []string{"db-ABCDEFGHIJKL", "cluster-ABCDEFGHIJKL"}[g.IntN(2)])
	case config.RDSProxy:
		g.line(10, "rdsproxy: {resource_id: prx-0123456789abcdef}")
	case config.Redshift:
		g.line(10, "redshift: {cluster_id: warehouse}")
	case config.RedshiftServerless:
		g.line(10, "redshift_serverless: {workgroup_name: adhoc, workgroup_id: 0a1b2c3d-0000-1111-2222-333344445555}")
	case config.ElastiCache:
		g.line(10, "elasticache: {replication_group_id: Sessions}")
	case config.ElastiCacheServerless:
		g.line(10, "elasticache_serverless: {cache_name: sessions}")
	case config.MemoryDB:
		g.line(10, "memorydb: {cluster_name: ranks}")
	case config.OpenSearch:
		g.line(10, "opensearch: {domain_name: logs}")
	}
}

// more gives what some types only know.
func (g *generator) more(t config.Type) {
	switch t {
	case config.RDS:
		switch g.IntN(4) {
		case 0:
			g.line(8, "admin_user: {name: teleport-admin}")
		case 1:
			g.line(8, "protocol: sqlserver")
		case 2:
			g.line(8, "discovered: true")
		}
	case config.Redshift:
		if g.named || g.coin() {
			g.line(8, "db_names: [dev, prod]")
		}
	case config.ElastiCache, config.MemoryDB:
		if g.coin() {
			g.line(8, "managed_users: true")
		}
	case config.OpenSearch:
		if g.coin() {
			g.line(8, "uri: https://logs.example.com")
		}
	case config.DocDB:
		if g.coin() {
			g.line(8, "discovered: true")
		}
	}
}

// secrets names where passwords of managed users are kept. The key behind an
// alias is not known.
func (g *generator) secrets(account string) {
	keys := []string{
		"0a1b2c3d-0000-1111-2222-333344445555",
		fmt.Sprintf("arn:%s:kms:%s:%s:key/0a1b2c3d-0000-1111-2222-333344445555", g.partition, g.region, account),
		"alias/teleport",
	}
	if g.named {
		keys = keys[:2]
	}
	g.line(10, "secret_store: {key_prefix: databases/teleport, kms_key_id: %q}", keys[g.IntN(len(keys))])
}

// empty makes accounts that hold the identities of the attachments and what is
// to be attached to them, and no more.
func empty(t *testing.T, g *generator, attachments []expected.Attachment) account.Accounts {
	t.Helper()
	snapshots := map[string]*account.Snapshot{}
	for i := range attachments {
		a := &attachments[i]
		if a.Principal == "" {
			continue // roles that nobody named are in no account
		}
		s := snapshots[a.Account()]
		if s == nil {
			s = &account.Snapshot{Account: a.Account(), Partition: g.partition}
			snapshots[a.Account()] = s
		}
		attach(s, g, a)
	}
	var all []*account.Snapshot
	for _, id := range []string{agentAccount, otherAccount} {
		if s := snapshots[id]; s != nil {
			all = append(all, s)
			delete(snapshots, id)
		}
	}
	if len(snapshots) > 0 {
		t.Fatalf("identities in other accounts: %v", snapshots)
	}
	accounts, err := account.Merge(all)
	if err != nil {
		t.Fatal(err)
	}
	return accounts
}

// attach adds an identity to its account, with a boundary in half of the cases.
func attach(s *account.Snapshot, g *generator, a *expected.Attachment) {
	var inline []account.InlinePolicy
	var attached []account.AttachedPolicy
	managed := func(d *expected.Document) string {
		arn := fmt.Sprintf("arn:%s:iam::%s:policy/%s", g.partition, s.Account, d.Name)
		s.Policies = append(s.Policies, account.ManagedPolicy{
			ARN: arn, Name: d.Name, Path: "/", DefaultVersionID: "v1", IsAttachable: true,
			Versions: []account.PolicyVersion{{ID: "v1", IsDefault: true, Document: account.Document{Text: d.JSON()}}},
		})
		return arn
	}
	for i := range a.Identity {
		if d := &a.Identity[i]; a.Inline {
			inline = append(inline, account.InlinePolicy{Name: d.Name, Document: account.Document{Text: d.JSON()}})
		} else {
			attached = append(attached, account.AttachedPolicy{Name: d.Name, ARN: managed(d)})
		}
	}
	boundary := ""
	if a.Boundary != nil && g.coin() {
		boundary = managed(a.Boundary)
	}
	if a.User() {
		s.Users = append(s.Users, account.User{
			ARN: a.Principal, Name: a.EntityName(), Path: a.EntityPath(), Inline: inline, Attached: attached, Boundary: boundary,
		})
		return
	}
	trust := []byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`)
	if a.Trust != nil {
		trust = a.Trust.JSON()
	}
	s.Roles = append(s.Roles, account.Role{
		ARN: a.Principal, Name: a.EntityName(), Path: a.EntityPath(), Trust: account.Document{Text: trust},
		Inline: inline, Attached: attached, Boundary: boundary,
	})
}

// TestRequiredAuditsClean: what required prints, attached to accounts that hold
// nothing else, passes the audit: whatever is required is granted, and with
// every name given nothing is left open and nothing found.
func TestRequiredAuditsClean(t *testing.T) {
	const runs = 600
	seen := map[config.Type]map[string]bool{}
	for seed := range runs {
		g := &generator{
			Rand: rand.New(rand.NewPCG(uint64(seed), 1)), place: places[seed%len(places)], named: seed%2 == 0,
		}
		text := g.configuration()
		target, err := config.Load("iamcheck.yaml", []byte(text), nil)
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, text)
		}
		for _, problem := range unclean(t, g, target) {
			t.Errorf("seed %d: %s", seed, problem)
		}
		if t.Failed() {
			t.Fatalf("seed %d has the configuration\n%s", seed, text)
		}
		for _, db := range target.Agents[0].Databases {
			if seen[db.Type] == nil {
				seen[db.Type] = map[string]bool{}
			}
			seen[db.Type][g.partition+fmt.Sprint(db.AWS.AssumeRoleARN != "", g.named)] = true
		}
	}
	for _, typ := range config.Types() {
		if len(seen[typ]) != 12 {
			t.Errorf("%s: only %d of 12 combinations of partition, chain and names were generated", typ, len(seen[typ]))
		}
	}
}

// unclean audits the target on accounts that hold what required prints.
func unclean(t *testing.T, g *generator, target *config.Target) []string {
	t.Helper()
	for i := range target.Agents {
		a := &target.Agents[i]
		a.ARN = a.Role + a.User
	}
	requirements, identities, err := expected.For(target, expected.Defaults{})
	if err != nil {
		t.Fatal(err)
	}
	attachments := expected.Attachments(requirements, identities, expected.AttachOptions{Inline: g.coin()})
	accounts := empty(t, g, attachments)
	report := checks.Run(checks.Input{Target: target, Accounts: accounts, Requirements: requirements, Identities: identities})
	var problems []string
	for i := range report.Requirements {
		v := &report.Requirements[i]
		if !met(g, v) {
			problems = append(problems, fmt.Sprintf("%s of %s on %s by %s is %s (%s, open %v, conditions %v)", v.ID, v.Database, v.Resource, v.Principal, v.Status, v.Layer, v.Open, v.Conditions))
		}
	}
	for i := range report.Findings {
		f := &report.Findings[i]
		if f.Severity > checks.Info && !opened(g, report, f) {
			problems = append(problems, fmt.Sprintf("%s %s: %s", f.Severity, f.Check, f.Message))
		}
	}
	return problems
}

// met says whether a verdict is as it should be: granted, or, where a role that
// users log in as or a key is not named, open.
func met(g *generator, v *checks.RequirementVerdict) bool {
	switch v.Status {
	case checks.Granted, checks.NotNeeded:
		return true
	case checks.Conditional:
		return !g.named && (slices.Contains(v.Open, "db_users") && v.Type != config.RDS || slices.Contains(v.Open, "aws.secret_store.kms_key_id"))
	default:
		// Of a group one is enough, and that is what is printed.
		return v.AnyOf != "" && v.Need == expected.Recommended
	}
}

// opened says whether a finding is that such a name is not told.
func opened(g *generator, r *checks.Report, f *checks.Finding) bool {
	if g.named || f.Outcome != checks.Unknown {
		return false
	}
	return !slices.ContainsFunc(r.Requirements, func(v checks.RequirementVerdict) bool {
		return slices.Contains(f.Requirements, v.ID) && slices.Contains(f.Databases, v.Database) && v.Status != checks.Conditional &&
			v.Status != checks.Granted && v.Status != checks.NotNeeded && v.AnyOf == ""
	})
}
