package checks_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/expected"
)

// world is an account with one agent, as a case tells it. Statements are JSON,
// one or a list.
type world struct {
	databases string // of the configuration, YAML; "" is one RDS instance with one login
	agent     string // statements of the agent's inline policy
	attached  map[string]string
	boundary  string
	scp       string
	unread    bool // the boundary's document was not read
	discovers bool
	partial   bool
	roles     []worldRole
	users     []string
	breadth   checks.Breadth
}

type worldRole struct{ name, trust, policy string }

const (
	anRDS = `[{name: orders, type: rds, protocol: postgres, aws: {region: us-east-1, account_id: "111122223333", rds: {resource_id: db-ABC, iam_auth: true}}, db_users: [app]}]`
	// right is what the default database needs.
	right = `{"Effect":"Allow","Action":"rds-db:connect","Resource":"arn:aws:rds-db:us-east-1:111122223333:dbuser:db-ABC/app"},
		{"Effect":"Allow","Action":["rds:DescribeDBInstances","rds:DescribeDBClusters"],"Resource":"*"}`
	trustsEC2   = `{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}`
	trustsAgent = `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/agent"},"Action":"sts:AssumeRole"}`
	trustsRoot  = `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"sts:AssumeRole"}`
	self        = "arn:aws:iam::111122223333:role/agent"
)

func document(statements string) json.RawMessage {
	return json.RawMessage(`{"Version":"2012-10-17","Statement":[` + strings.Trim(strings.TrimSpace(statements), "[]") + `]}`)
}

// snapshot is the account in the form that --snapshot takes.
func (w *world) snapshot(t *testing.T) account.Accounts {
	t.Helper()
	type object = map[string]any
	policies, attached := []object{}, []object{}
	managed := func(arn, statements string) {
		version := object{"VersionId": "v1", "IsDefaultVersion": true}
		if statements != "" {
			version["Document"] = document(statements)
		}
		name := arn[strings.LastIndexByte(arn, '/')+1:]
		policies = append(policies, object{"PolicyName": name, "Arn": arn, "Path": "/", "DefaultVersionId": "v1", "PolicyVersionList": []object{version}})
	}
	for _, arn := range slices.Sorted(mapKeys(w.attached)) {
		managed(arn, w.attached[arn])
		attached = append(attached, object{"PolicyName": arn[strings.LastIndexByte(arn, '/')+1:], "PolicyArn": arn})
	}
	agent := object{
		"Path": "/", "RoleName": "agent", "Arn": self, "RoleId": "AROAAGENT", "AssumeRolePolicyDocument": document(trustsEC2), "AttachedManagedPolicies": attached,
		"RolePolicyList": []object{{"PolicyName": "p", "PolicyDocument": document(w.agent)}},
	}
	if w.boundary != "" || w.unread {
		arn := "arn:aws:iam::111122223333:policy/ceiling"
		agent["PermissionsBoundary"] = object{"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn}
		managed(arn, w.boundary)
	}
	roles := []object{agent}
	for _, r := range w.roles {
		role := object{"Path": "/", "RoleName": r.name, "Arn": "arn:aws:iam::111122223333:role/" + r.name, "RoleId": "AROA" + r.name, "AssumeRolePolicyDocument": document(r.trust), "AttachedManagedPolicies": []object{}, "RolePolicyList": []object{}}
		if r.policy != "" {
			role["RolePolicyList"] = []object{{"PolicyName": "p", "PolicyDocument": document(r.policy)}}
		}
		roles = append(roles, role)
	}
	users := []object{}
	for _, name := range w.users {
		users = append(users, object{"Path": "/", "UserName": name, "Arn": "arn:aws:iam::111122223333:user/" + name, "UserId": "AIDA" + name})
	}
	s := object{
		"iamcheck_snapshot": 1, "account": "111122223333", "partition": "aws",
		"authorization_details": object{"UserDetailList": users, "GroupDetailList": []object{}, "RoleDetailList": roles, "Policies": policies},
	}
	if w.scp != "" {
		s["organization"] = object{"scps": [][]json.RawMessage{{document(w.scp)}}, "rcps": [][]json.RawMessage{}}
	}
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	read, err := account.Read("snapshot.json", strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	for _, snapshot := range read {
		snapshot.Partial = w.partial
	}
	accounts, err := account.Merge(read)
	if err != nil {
		t.Fatal(err)
	}
	return accounts
}

func mapKeys[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// audit runs all checks over a world.
func (w *world) audit(t *testing.T) *checks.Report {
	t.Helper()
	return checks.Run(w.input(t))
}

// input is what an audit of the world takes.
func (w *world) input(t *testing.T) checks.Input {
	t.Helper()
	databases := w.databases
	if databases == "" {
		databases = anRDS
	}
	discovery := ""
	if w.discovers {
		discovery = "\n    discovery: {types: [elasticache]}"
	}
	text := fmt.Sprintf("version: 1\nagents:\n  - role: agent\n    databases: %s%s\n", databases, discovery)
	target, err := config.Load("iamcheck.yaml", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	accounts := w.snapshot(t)
	if err := checks.Resolve(target, accounts); err != nil {
		t.Fatal(err)
	}
	requirements, identities, err := expected.For(target, expected.Defaults{Account: "111122223333", Partition: "aws"})
	if err != nil {
		t.Fatal(err)
	}
	return checks.Input{
		Target: target, Accounts: accounts, Requirements: requirements, Identities: identities,
		Source: checks.Source{Kind: "snapshot"}, Now: time.Date(2026, time.June, 1, 12, 0, 0, 0, time.UTC), Breadth: w.breadth,
	}
}

// wide are the checks that these tests are about.
var wide = []string{
	"admin-access", "not-action-allow", "not-resource-allow", "service-wildcard", "excess-action", "excess-resource", "assume-any-role",
	"self-escalation", "privilege-escalation", "pass-role-any", "secrets-outside-prefix", "kms-any-key", "unneeded-statement",
	"unrelated-access", "redundant-statement", "no-boundary-on-iam-writer",
}

// lines are the findings of those checks, as "check severity[/unknown]".
func lines(r *checks.Report) []string {
	out := []string{}
	for i := range r.Findings {
		f := &r.Findings[i]
		if !slices.Contains(wide, f.Check) {
			continue
		}
		line := f.Check + " " + f.Severity.String()
		if f.Outcome == checks.Unknown {
			line += "/unknown"
		}
		out = append(out, line)
	}
	slices.Sort(out)
	return out
}

type wideCase struct {
	name  string
	world world
	want  []string
	says  string // part of a message
	fix   string // part of a fix
	not   string // no part of any fix
}

func runWide(t *testing.T, tests []wideCase) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			report := tt.world.audit(t)
			want := slices.Clone(tt.want)
			slices.Sort(want)
			if want == nil {
				want = []string{}
			}
			var all, fixes []string
			for i := range report.Findings {
				f := &report.Findings[i]
				if !slices.Contains(wide, f.Check) {
					continue
				}
				all = append(all, f.Check+": "+f.Message)
				if f.Fix == nil {
					t.Errorf("%s has no fix", f.Check)
					continue
				}
				fixes = append(fixes, f.Fix.Kind+" "+string(f.Fix.Document)+" "+f.Fix.Note)
				if f.Fix.Document != nil && !json.Valid(f.Fix.Document) {
					t.Errorf("%s: the fix is no JSON: %s", f.Check, f.Fix.Document)
				}
			}
			if diff := cmp.Diff(want, lines(report)); diff != "" {
				t.Errorf("findings differ (-want +got):\n%s%s", diff, strings.Join(all, "\n"))
			}
			if text := strings.Join(all, "\n"); !strings.Contains(text, tt.says) {
				t.Errorf("no message says %q:\n%s", tt.says, text)
			}
			text := strings.Join(strings.Fields(strings.Join(fixes, "\n")), " ")
			if !strings.Contains(text, tt.fix) {
				t.Errorf("no fix holds %q:\n%s", tt.fix, text)
			}
			if tt.not != "" && strings.Contains(text, tt.not) {
				t.Errorf("a fix holds %q:\n%s", tt.not, text)
			}
		})
	}
}
