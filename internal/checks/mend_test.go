package checks

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/expected"
)

const (
	mendRole = "arn:aws:iam::111122223333:role/agent"
	mendUser = "arn:aws:iam::111122223333:user/agent"
	connect  = `{"Sid":"RDSConnect","Effect":"Allow","Action":"rds-db:connect","Resource":"arn:aws:rds-db:us-east-1:111122223333:dbuser:db-A/app"}`
	metadata = `{"Effect":"Allow","Action":["rds:DescribeDBInstances","rds:DescribeDBClusters"],"Resource":"*"}`
	nothing  = `{"Effect":"Allow","Action":"s3:ListAllMyBuckets","Resource":"*"}`
	rdsOne   = `{type: rds, name: a, aws: {region: us-east-1, account_id: "111122223333", rds: {resource_id: db-A, iam_auth: true}}, db_users: [app]}`
	rdsTwo   = `{type: rds, name: b, aws: {region: us-east-1, account_id: "111122223333", rds: {resource_id: db-B, iam_auth: true}}, db_users: [app]}`
)

func document(statements ...string) account.Document {
	return account.Document{Text: []byte(`{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`)}
}

// long is a statement that takes up room.
func long(characters int) string {
	return `{"Effect":"Allow","Action":"s3:ListAllMyBuckets","Resource":"arn:aws:s3:::` + strings.Repeat("x", characters) + `"}`
}

func managed(arn string, attachments int, d account.Document) account.ManagedPolicy {
	return account.ManagedPolicy{
		ARN: arn, Name: arn[strings.LastIndexByte(arn, '/')+1:], Path: "/", DefaultVersionID: "v7", AttachmentCount: attachments, IsAttachable: true,
		Versions: []account.PolicyVersion{{ID: "v7", IsDefault: true, Document: d}, {ID: "v6"}, {ID: "v5"}, {ID: "v10"}, {ID: "v4"}},
	}
}

func attachedTo(arns ...string) []account.AttachedPolicy {
	var out []account.AttachedPolicy
	for _, arn := range arns {
		out = append(out, account.AttachedPolicy{Name: arn, ARN: arn})
	}
	return out
}

// proposed is the proposal for an agent with databases in an account.
func proposedFor(t *testing.T, agent string, s *account.Snapshot, o MendOptions, databases ...string) *Mend {
	t.Helper()
	kind := "role"
	if agent == mendUser {
		kind = "user"
	}
	text := "version: 1\nagents:\n  - " + kind + ": " + agent + "\n    databases: [" + strings.Join(databases, ", ") + "]\n"
	target, err := config.Load("iamcheck.yaml", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	s.Account, s.Partition = "111122223333", "aws"
	accounts, err := account.Merge([]*account.Snapshot{s})
	if err != nil {
		t.Fatal(err)
	}
	if err := Resolve(target, accounts); err != nil {
		t.Fatal(err)
	}
	requirements, identities, err := expected.For(target, expected.Defaults{})
	if err != nil {
		t.Fatal(err)
	}
	return Propose(Input{Target: target, Accounts: accounts, Requirements: requirements, Identities: identities}, o)
}

// summary is what is done with which documents, and what is refused.
func summary(m *Mend) string {
	var out []string
	for i := range m.Documents {
		d := &m.Documents[i]
		how := "change"
		switch {
		case d.Attach:
			how = "attach"
		case d.Detach:
			how = "detach"
		case d.Before == nil:
			how = "new"
		case d.After == nil:
			how = "delete"
		}
		name := " " + d.Policy[strings.LastIndexByte(d.Policy, '/')+1:]
		if d.Kind == "trust" {
			name = "" // there is but one
		}
		out = append(out, how+" "+d.Kind+name)
	}
	for _, r := range m.Refused {
		out = append(out, "refuse: "+r.Why)
	}
	return strings.Join(out, "; ")
}

func agentRole(inline account.Document, attached ...string) account.Role {
	r := account.Role{ARN: mendRole, Name: "agent", Path: "/", Trust: document(`{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}`)}
	if inline.Text != nil {
		r.Inline = []account.InlinePolicy{{Name: "own", Document: inline}}
	}
	r.Attached = attachedTo(attached...)
	return r
}

// TestProposePlaces: where a missing statement goes.
func TestProposePlaces(t *testing.T) {
	const own, shared = "arn:aws:iam::111122223333:policy/own", "arn:aws:iam::111122223333:policy/shared"
	many := make([]string, 10)
	full := &account.Snapshot{}
	for i := range many {
		many[i] = fmt.Sprintf("arn:aws:iam::111122223333:policy/p%d", i)
		full.Policies = append(full.Policies, managed(many[i], 2, document(nothing)))
	}
	full.Roles = []account.Role{agentRole(document(long(10000)), many...)}
	tests := []struct {
		name, agent string
		snapshot    *account.Snapshot
		want        string
	}{
		{"nothing is there", mendRole, &account.Snapshot{Roles: []account.Role{agentRole(account.Document{})}}, "new inline TeleportDatabaseAccess"},
		{"an inline policy serves", mendRole, &account.Snapshot{Roles: []account.Role{agentRole(document(metadata))}}, "change inline own"},
		{"one that serves something else is left alone", mendRole, &account.Snapshot{Roles: []account.Role{agentRole(document(nothing))}}, "new inline TeleportDatabaseAccess"},
		{"a managed policy of its own", mendRole, &account.Snapshot{
			Roles: []account.Role{agentRole(account.Document{}, own)}, Policies: []account.ManagedPolicy{managed(own, 1, document(metadata))},
		}, "change managed own"},
		{"a managed policy that another role has", mendRole, &account.Snapshot{
			Roles:    []account.Role{agentRole(account.Document{}, shared), {ARN: mendRole + "2", Name: "agent2", Path: "/", Trust: document(), Attached: attachedTo(shared)}},
			Policies: []account.ManagedPolicy{managed(shared, 2, document(metadata))},
		}, "new inline TeleportDatabaseAccess"},
		{"a managed policy that somebody has who was not read", mendRole, &account.Snapshot{
			Roles: []account.Role{agentRole(account.Document{}, shared)}, Policies: []account.ManagedPolicy{managed(shared, 3, document(metadata))},
		}, "new inline TeleportDatabaseAccess"},
		{"a managed policy without room", mendRole, &account.Snapshot{
			Roles: []account.Role{agentRole(account.Document{}, own)}, Policies: []account.ManagedPolicy{managed(own, 1, document(metadata, long(5950)))},
		}, "new inline TeleportDatabaseAccess"},
		{"no room for an inline policy", mendRole, &account.Snapshot{Roles: []account.Role{agentRole(document(metadata, long(9900)))}}, "attach managed TeleportDatabaseAccess-agent"},
		{"no room for one of a user", mendUser, &account.Snapshot{Users: []account.User{{
			ARN: mendUser, Name: "agent", Path: "/", Inline: []account.InlinePolicy{{Name: "own", Document: document(metadata, long(1800))}},
		}}}, "attach managed TeleportDatabaseAccess-agent"},
		{"that name is taken", mendRole, &account.Snapshot{
			Roles:    []account.Role{agentRole(document(metadata, long(9900)))},
			Policies: []account.ManagedPolicy{managed("arn:aws:iam::111122223333:policy/TeleportDatabaseAccess-agent", 1, document(nothing))},
		}, "attach managed TeleportDatabaseAccess-agent-2"},
		{"no room at all", mendRole, full, "refuse: the inline policies would have 1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := proposedFor(t, test.agent, test.snapshot, MendOptions{Only: MendMissing}, rdsOne)
			got := summary(m)
			if test.agent == mendRole && test.snapshot == full {
				if !strings.HasPrefix(got, test.want) || strings.Contains(got, "inline own") {
					t.Errorf("got %q, want %q", got, test.want)
				}
				return
			}
			if got != test.want || m.After.Fails(High) {
				t.Errorf("got %q, want %q; %d findings remain", got, test.want, len(m.Left))
			}
		})
	}
}

// TestProposeWidens: a statement like the missing one is given its resources, and
// no other.
func TestProposeWidens(t *testing.T) {
	conditional := strings.Replace(connect, `"Resource"`, `"Condition":{"Bool":{"aws:SecureTransport":"true"}},"Resource"`, 1)
	for _, test := range []struct {
		name, first string
		statements  int
	}{
		{"plain", connect, 2},
		{"another case", strings.Replace(connect, "rds-db:connect", "RDS-DB:Connect", 1), 2},
		{"with a condition", conditional, 3},
	} {
		m := proposedFor(t, mendRole, &account.Snapshot{Roles: []account.Role{agentRole(document(test.first, metadata))}}, MendOptions{}, rdsOne, rdsTwo)
		var after struct{ Statement []map[string]any }
		if len(m.Documents) != 1 || json.Unmarshal(m.Documents[0].After, &after) != nil || m.After.Fails(Low) {
			t.Fatalf("%s: got %q", test.name, summary(m))
		}
		var sids []any
		for _, s := range after.Statement {
			sids = append(sids, s["Sid"])
		}
		if len(after.Statement) != test.statements || slices.Contains(sids[1:], any("RDSConnect")) {
			t.Errorf("%s: got %d statements, want %d: %s", test.name, len(after.Statement), test.statements, m.Documents[0].After)
		}
	}
}

// TestProposeBoundary: what a boundary lacks goes into its next version, as wide
// as its quota makes it.
func TestProposeBoundary(t *testing.T) {
	const arn = "arn:aws:iam::111122223333:policy/ceiling"
	with := func(p account.ManagedPolicy) *account.Snapshot {
		role := agentRole(document(connect, metadata, strings.Replace(strings.Replace(connect, "db-A", "db-B", 1), "RDSConnect", "B", 1)))
		role.Boundary = p.ARN
		return &account.Snapshot{Roles: []account.Role{role, {ARN: mendRole + "2", Name: "agent2", Path: "/", Trust: document(), Boundary: p.ARN}}, Policies: []account.ManagedPolicy{p}}
	}
	m := proposedFor(t, mendRole, with(managed(arn, 0, document(metadata))), MendOptions{}, rdsOne, rdsTwo)
	if got := summary(m); got != "change managed ceiling" || m.After.Fails(Low) {
		t.Fatalf("got %q", got)
	}
	d := &m.Documents[0]
	if !d.Boundary || d.Versions != 5 || d.Oldest != "v4" || len(d.Notes) != 1 || !strings.Contains(d.Notes[0], "role/agent2") {
		t.Errorf("got %v %d %q %q", d.Boundary, d.Versions, d.Oldest, d.Notes)
	}
	if strings.Contains(string(d.After), `"Resource": "arn:aws:rds-db:*`) || !strings.Contains(string(d.After), "db-B/app") {
		t.Errorf("the boundary is wider than it need be:\n%s", d.After)
	}
	if p := m.Accounts.PolicyByARN(arn); p.DefaultVersionID != "v11" || p.DefaultVersion() == nil {
		t.Errorf("got default version %q", p.DefaultVersionID)
	}
	m = proposedFor(t, mendRole, with(managed(arn, 0, document(metadata, long(5800)))), MendOptions{}, rdsOne, rdsTwo)
	if got := summary(m); got != "change managed ceiling" || strings.Contains(string(m.Documents[0].After), "dbuser") {
		t.Errorf("nearly full: got %q", got)
	}
	m = proposedFor(t, mendRole, with(managed(arn, 0, document(metadata, long(5900)))), MendOptions{}, rdsOne, rdsTwo)
	if got := summary(m); !strings.Contains(got, "refuse: the policy "+arn+" would have") {
		t.Errorf("full: got %q", got)
	}
	m = proposedFor(t, mendRole, with(managed("arn:aws:iam::aws:policy/ReadOnlyAccess", 0, document(metadata))), MendOptions{}, rdsOne)
	if got := summary(m); !strings.Contains(got, "refuse: the boundary is a policy of AWS's own") {
		t.Errorf("AWS's own: got %q", got)
	}
}

// TestProposeTrust: what is done with trust policies, and what is not.
func TestProposeTrust(t *testing.T) {
	const reader = "arn:aws:iam::111122223333:role/reader"
	hop := `{"Sid":"H","Effect":"Allow","Action":"sts:AssumeRole","Resource":"` + reader + `"}`
	access := document(`{"Effect":"Allow","Action":"dynamodb:Query","Resource":"arn:aws:dynamodb:us-east-1:111122223333:table/x"}`)
	trusting := func(who, more string) string {
		return `{"Effect":"Allow","Principal":{"AWS":` + who + `},"Action":"sts:AssumeRole"` + more + `}`
	}
	const other = `"arn:aws:iam::111122223333:role/other"`
	external := func(id string) string { return `,"Condition":{"StringEquals":{"sts:externalid":"` + id + `"}}` }
	tests := []struct {
		name, aws, trust string
		want             string
		holds            []string
	}{
		{"beside another", "", trusting(other, ""), "change trust", []string{`role/other"`, `role/agent"`}},
		{"apart from a condition", "", trusting(other, `,"Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`), "change trust", []string{"TeleportAssumeRole", "MultiFactor"}},
		{"an external ID of the caller's own", "external_id: Zr8tVq3LmX5bKw2N", trusting(`"`+mendRole+`"`, external("another")), "change trust", []string{`"sts:ExternalId": "Zr8tVq3LmX5bKw2N"`}},
		{"an external ID of others too", "external_id: Zr8tVq3LmX5bKw2N", trusting(`["`+mendRole+`",`+other+`]`, external("another")), "change trust", []string{"another", "Zr8tVq3LmX5bKw2N"}},
		{"an external ID that is not configured", "", trusting(`"`+mendRole+`"`, external("another")), "", nil},
		{"tags", "session_tags: {team: db}", trusting(`"`+mendRole+`"`, ""), "change trust", []string{"TeleportTagSession"}},
		{"full", "", trusting(other, `,"Condition":{"StringLike":{"aws:PrincipalTag/x":"`+strings.Repeat("x", 1850)+`"}}`), "refuse: the trust policy would have", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := &account.Snapshot{Roles: []account.Role{
				agentRole(document(hop, strings.Replace(strings.Replace(hop, "AssumeRole", "TagSession", 1), `"H"`, `"T"`, 1))),
				{ARN: reader, Name: "reader", Path: "/", Trust: document(test.trust), Inline: []account.InlinePolicy{{Name: "access", Document: access}}},
			}}
			db := `{type: dynamodb, name: d, aws: {region: us-east-1, account_id: "111122223333", ` + strings.TrimSuffix(test.aws+", ", ", ") + `}, db_users: [reader]}`
			m := proposedFor(t, mendRole, s, MendOptions{Only: MendMissing}, db)
			if got := summary(m); got != test.want && (test.holds != nil || !strings.HasPrefix(got, test.want)) {
				t.Fatalf("got %q, want %q", got, test.want)
			}
			if test.holds == nil {
				if len(m.Documents) > 0 || len(m.Left) == 0 || m.Left[0].Tell == "" {
					t.Errorf("got %q; %d findings remain", summary(m), len(m.Left))
				}
				return
			}
			for _, word := range test.holds {
				if !strings.Contains(string(m.Documents[0].After), word) {
					t.Errorf("the trust policy lacks %s:\n%s", word, m.Documents[0].After)
				}
			}
			if m.After.Fails(High) {
				t.Errorf("%s remains", m.Left[0].Message)
			}
		})
	}
}

// TestProposeAnotherAccount: a caller of another account that the configuration
// names is let in; that no external ID is asked for is less grave, and remains.
func TestProposeAnotherAccount(t *testing.T) {
	const far = "arn:aws:iam::444455556666:role/agent"
	text := "version: 1\nagents:\n  - role: " + far + "\n    databases: [{type: dynamodb, name: d, aws: {region: us-east-1, account_id: \"111122223333\"}, db_users: [" + mendRole + "]}]\n"
	target, err := config.Load("iamcheck.yaml", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	away := &account.Snapshot{Account: "444455556666", Partition: "aws", Roles: []account.Role{{
		ARN: far, Name: "agent", Path: "/", Trust: agentRole(account.Document{}).Trust,
		Inline: []account.InlinePolicy{{Name: "hop", Document: document(`{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"` + mendRole + `"}`)}},
	}}}
	here := &account.Snapshot{Account: "111122223333", Partition: "aws", Roles: []account.Role{agentRole(document(`{"Effect":"Allow","Action":"dynamodb:*","Resource":"*"}`))}}
	accounts, err := account.Merge([]*account.Snapshot{here, away})
	if err != nil {
		t.Fatal(err)
	}
	if err := Resolve(target, accounts); err != nil {
		t.Fatal(err)
	}
	requirements, identities, err := expected.For(target, expected.Defaults{})
	if err != nil {
		t.Fatal(err)
	}
	m := Propose(Input{Target: target, Accounts: accounts, Requirements: requirements, Identities: identities}, MendOptions{Only: MendMissing})
	if got := summary(m); got != "change trust" || m.After.Fails(High) ||
		!slices.ContainsFunc(m.Left, func(u Unmended) bool { return u.Check == "trust-cross-account-no-external-id" && u.Tell != "" }) {
		t.Errorf("got %q", got)
	}
}

// TestProposeRecommended: what is only recommended can be left out.
func TestProposeRecommended(t *testing.T) {
	db := strings.Replace(rdsOne, ", iam_auth: true", "", 1)
	s := func() *account.Snapshot {
		return &account.Snapshot{Roles: []account.Role{agentRole(document(connect, metadata))}}
	}
	if got := summary(proposedFor(t, mendRole, s(), MendOptions{}, db)); got != "change inline own" {
		t.Errorf("got %q", got)
	}
	if got := summary(proposedFor(t, mendRole, s(), MendOptions{RequiredOnly: true}, db)); got != "" {
		t.Errorf("required only: got %q", got)
	}
}
