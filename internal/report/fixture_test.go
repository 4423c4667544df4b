package report

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/policy"
)

const (
	agentARN  = "arn:aws:iam::111122223333:role/teleport-db-service-role"
	accessARN = "arn:aws:iam::111122223333:role/teleport-access"
	readerARN = "arn:aws:iam::444455556666:role/dynamodb-reader"
	ordersARN = "arn:aws:rds-db:us-east-1:111122223333:dbuser:db-ABCDEFGHIJKL01234/app"
)

// need is a short way to write a verdict.
func need(id, database, action, resource string, status checks.Status) checks.RequirementVerdict {
	kind, _, _ := strings.Cut(id, "/")
	return checks.RequirementVerdict{
		Requirement: expected.Requirement{
			ID: id, Database: database, Type: config.Type(kind), Principal: agentARN, Action: action, Resource: resource,
			Reason: "the database needs it",
		},
		Status: status, Layer: policy.LayerIdentity,
	}
}

func with(v checks.RequirementVerdict, change func(*checks.RequirementVerdict)) checks.RequirementVerdict {
	change(&v)
	return v
}

func ofHop(v *checks.RequirementVerdict) { v.Type, v.Layer = config.ElastiCache, policy.LayerTrust }

func recommended(v *checks.RequirementVerdict) { v.Need = expected.Recommended }

func notNeeded(v *checks.RequirementVerdict) {
	v.Need, v.Layer = expected.NotNeeded, policy.LayerNone
	v.Reason = "IAM authentication is on already"
}

// mixed is a report with a bit of everything that real audits have.
func mixed() *checks.Report {
	return &checks.Report{
		Source: checks.Source{Kind: "snapshot", TakenAt: time.Date(2026, 9, 26, 10, 0, 0, 0, time.UTC)},
		Scope: checks.Scope{
			Accounts: []string{"111122223333", "444455556666"}, Layers: []string{"identity", "boundary", "trust"},
			NotEvaluated: []string{"scp", "rcp", "session"}, Data: "iam-data 2026-09-26",
		},
		Requirements: mixedVerdicts(),
		Findings:     mixedFindings(),
		Gaps: []checks.Gap{
			{Operation: "iam:GetRolePolicy", Subject: "arn:aws:iam::111122223333:role/unrelated", Error: "AccessDenied"},
			{
				Operation: "iam:GetRole", Subject: readerARN, InChain: true,
				Error: "AccessDenied: User: arn:aws:iam::111122223333:user/auditor is not authorized to perform: iam:GetRole on resource: role dynamodb-reader because no identity-based policy allows the iam:GetRole action",
			},
		},
		Notes: []config.Note{{
			Position: config.Position{File: "iamcheck.yaml", Line: 9, Column: 5},
			Message:  "database orders: the type rds was derived from the endpoint orders.abc.us-east-1.rds.amazonaws.com",
		}},
	}
}

func mixedVerdicts() []checks.RequirementVerdict {
	granted := func(v *checks.RequirementVerdict) {
		v.SID = "RDSConnect"
		v.Because = []policy.Citation{{Policy: "teleport", Kind: "inline", Statement: 0, SID: "RDSConnect", Pointer: "/Statement/0", Line: 4}}
	}
	return []checks.RequirementVerdict{
		with(need("rds/connect", "orders", "rds-db:connect", ordersARN, checks.Missing), func(v *checks.RequirementVerdict) { v.SID = "RDSConnect" }),
		need("rds/metadata", "orders", "rds:DescribeDBInstances", "*", checks.Granted),
		with(need("rds/enable-iam-auth", "orders", "rds:ModifyDBInstance", "*", checks.NotNeeded), notNeeded),
		with(need("rds/connect", "billing", "rds-db:connect", "arn:aws:rds-db:us-east-1:111122223333:dbuser:db-BILLING/app", checks.Granted), granted),
		with(need("rds/connect", "billing", "rds-db:connect", "arn:aws:rds-db:us-east-1:111122223333:dbuser:db-BILLING/ops", checks.Partial), func(v *checks.RequirementVerdict) {
			v.Witness = "arn:aws:rds-db:us-east-1:111122223333:dbuser:db-BILLING/ops"
		}),
		with(need("rds/metadata", "billing", "rds:DescribeDBInstances", "*", checks.Missing), recommended),
		with(need("rds/enable-iam-auth", "billing", "rds:ModifyDBInstance", "*", checks.NotNeeded), notNeeded),
		need("elasticache/connect", "sessions", "elasticache:Connect", "arn:aws:elasticache:us-east-1:111122223333:replicationgroup:sessions", checks.Granted),
		need("elasticache/connect", "sessions", "elasticache:Connect", "arn:aws:elasticache:us-east-1:111122223333:user:*", checks.Denied),
		need("elasticache/describe-users", "sessions", "elasticache:DescribeUsers", "*", checks.Granted),
		need("elasticache/metadata", "sessions", "elasticache:DescribeReplicationGroups", "*", checks.Granted),
		need("elasticache/manage-users", "sessions", "elasticache:ModifyUser", "*", checks.Granted),
		need("elasticache/manage-passwords", "sessions", "secretsmanager:GetSecretValue", "arn:aws:secretsmanager:*:111122223333:secret:teleport/*", checks.Conditional),
		need("elasticache/kms", "sessions", "kms:Decrypt", "arn:aws:kms:us-east-1:111122223333:key/1234", checks.Denied),
		with(need("hop/assume-role", "sessions", "sts:AssumeRole", accessARN, checks.Granted), ofHop),
		with(need("hop/trust", "sessions", "sts:AssumeRole", accessARN, checks.Granted), ofHop),
		with(need("hop/external-id", "sessions", "sts:AssumeRole", accessARN, checks.Missing), ofHop),
		with(need("hop/tag-session", "sessions", "sts:TagSession", accessARN, checks.NotNeeded), ofHop),
		with(need("dynamodb/connect-iam-role", "dynamodb", "sts:AssumeRole", readerARN, checks.Granted), func(v *checks.RequirementVerdict) {
			v.Layer, v.Explanation = policy.LayerTrust, "the trust policy names the caller's full ARN, so no identity policy is needed"
		}),
		with(need("dynamodb/role-access", "dynamodb", "dynamodb:*", "*", checks.Undecided), func(v *checks.RequirementVerdict) {
			v.Conditions = []string{"aws:SourceIp"}
		}),
	}
}

func mixedFindings() []checks.Finding {
	return []checks.Finding{
		{
			Check: "missing-permission", Severity: checks.High, Outcome: checks.Fail, Principal: agentARN, Databases: []string{"orders"},
			Requirements: []string{"rds/connect"}, Layer: policy.LayerIdentity, Actions: []string{"rds-db:connect"}, Resources: []string{ordersARN},
			Message: "rds-db:connect on " + ordersARN + " is not allowed; needed to log in with an IAM token",
			Fix: &checks.Fix{Kind: "add-statement", Document: []byte(`{
  "Sid": "RDSConnect",
  "Effect": "Allow",
  "Action": "rds-db:connect",
  "Resource": "` + ordersARN + `"
}`)},
			Fingerprint: "00000000000000aa", Position: config.Position{File: "iamcheck.yaml", Line: 9, Column: 5},
		},
		{
			Check: "denied-permission", Severity: checks.High, Outcome: checks.Fail, Principal: agentARN, Databases: []string{"sessions"},
			Requirements: []string{"elasticache/connect", "elasticache/kms"}, Layer: policy.LayerIdentity,
			Citation: policy.Citation{
				Policy: "arn:aws:iam::111122223333:policy/guardrails", Kind: "managed", Version: "v3",
				Statement: 2, SID: "NoKeys", Pointer: "/Statement/2", Line: 31,
			},
			Actions: []string{"elasticache:Connect", "kms:Decrypt"}, Resources: []string{"arn:aws:elasticache:us-east-1:111122223333:user:*", "arn:aws:kms:us-east-1:111122223333:key/1234"},
			Witness: "arn:aws:elasticache:us-east-1:111122223333:user:app",
			Message: "elasticache:Connect and kms:Decrypt are explicitly denied by statement NoKeys of managed policy arn:aws:iam::111122223333:policy/guardrails; needed to log in with an IAM token",
			Quote:   `{"Sid":"NoKeys","Effect":"Deny","Action":["kms:*","elasticache:Connect"],"Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalTag/team":"<platform>"}}}`,
			Fix: &checks.Fix{
				Kind: "replace-statement", Document: []byte(`{"Sid":"NoKeys","Effect":"Deny","NotAction":["kms:Decrypt","elasticache:Connect"],"Resource":"*"}`),
				Note: "somebody wrote the Deny on purpose: ask first",
			},
			Fingerprint: "00000000000000bb", Position: config.Position{File: "iamcheck.yaml", Line: 14, Column: 5},
		},
		{
			Check: "trust-external-id", Severity: checks.High, Outcome: checks.Fail, Principal: accessARN, Databases: []string{"sessions"},
			Requirements: []string{"hop/external-id"}, Layer: policy.LayerTrust,
			Citation: policy.Citation{Policy: "trust policy", Kind: "trust", Statement: 0, Pointer: "/Statement/0", Line: 4},
			Actions:  []string{"sts:AssumeRole"}, Resources: []string{accessARN},
			Message: `the external ID "example" is configured and the trust policy asks for "sample"; needed to assume ` + accessARN,
			Quote:   "{\n  \"Effect\": \"Allow\",\n  \"Action\": \"sts:AssumeRole\"\n}",
			Fix:     &checks.Fix{Kind: "edit-trust", Document: []byte(`{"Effect":"Allow","Principal":{"AWS":"` + agentARN + `"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"example"}}}`)},

			Fingerprint: "00000000000000cc",
		},
		{
			Check: "conditional-permission", Severity: checks.Medium, Outcome: checks.Unknown, Principal: agentARN, Databases: []string{"sessions"},
			Requirements: []string{"elasticache/manage-passwords"}, Layer: policy.LayerIdentity,
			Actions: []string{"secretsmanager:GetSecretValue"}, Resources: []string{"arn:aws:secretsmanager:*:111122223333:secret:teleport/*"},
			Message: "secretsmanager:GetSecretValue depends on aws:SourceIp, which IAM data does not tell", Fingerprint: "00000000000000dd",
			Fix: &checks.Fix{Kind: "none", Note: "check the address that the agent calls from"},
		},
		{
			Check: "missing-permission", Severity: checks.Low, Outcome: checks.Fail, Principal: agentARN, Databases: []string{"billing"},
			Requirements: []string{"rds/metadata"}, Layer: policy.LayerIdentity, Actions: []string{"rds:DescribeDBInstances"}, Resources: []string{"*"},
			Message: "rds:DescribeDBInstances on * is not allowed; recommended to fill in what the configuration leaves out", Fingerprint: "00000000000000ee",
			Suppressed: &checks.Suppressed{Reason: "the configuration has it all", Expires: "2027-01-01"},
		},
	}
}

// nasty is what a name from a hostile account may hold.
var nasty = "\x1b[31mred\x1b]0;owned\a\r\n| <script>alert(1)</script> \u202etxt.exe\u2066 \xff\xfe \u009b31m \x7f {0} [x](javascript:1) \u2028" + strings.Repeat("A", 10_000)

// hostile has such names wherever an account, or a file about one, may put them.
func hostile() *checks.Report {
	v := need("rds/connect", nasty, nasty, nasty, checks.Partial)
	v.SID, v.Principal, v.Reason, v.Witness, v.Conditions = nasty, nasty, nasty, nasty, []string{nasty}
	c := policy.Citation{Policy: nasty, Kind: "inline", Version: nasty, Statement: 7, SID: nasty, Pointer: nasty, Line: 3}
	v.Because = []policy.Citation{c}
	f := checks.Finding{
		Check: "partial-permission", Severity: checks.Critical, Outcome: checks.Fail, Principal: nasty, Databases: []string{nasty, nasty},
		Requirements: []string{"rds/connect"}, Layer: policy.LayerIdentity, Citation: c, Actions: []string{nasty}, Resources: []string{nasty},
		Witness: nasty, Message: nasty, Quote: nasty + "\n" + strings.Repeat(nasty+"\n", 50), Fingerprint: nasty,
		Fix:      &checks.Fix{Kind: nasty, Document: []byte("{\"Sid\":\"\u202e\u009b31m\xff\"}"), Note: nasty},
		Position: config.Position{File: "a b/../c%d?" + "é\xff:#.yaml", Line: 3},
	}
	broken := f
	broken.Fix = &checks.Fix{Kind: "add-statement", Document: []byte("{\"Sid\":\x1b")}
	aside := f
	aside.Suppressed = &checks.Suppressed{Reason: nasty, Expires: nasty}
	return &checks.Report{
		Source: checks.Source{Kind: "live"},
		Scope:  checks.Scope{Accounts: []string{nasty}, Layers: []string{nasty}, NotEvaluated: []string{nasty}, Data: nasty},
		Requirements: []checks.RequirementVerdict{
			v, with(v, func(v *checks.RequirementVerdict) { v.Database += "2" }),
		},
		Findings: []checks.Finding{f, broken, aside},
		Gaps:     []checks.Gap{{Operation: nasty, Subject: nasty, Error: nasty, InChain: true}, {Operation: nasty}},
		Notes:    []config.Note{{Message: nasty, Position: config.Position{File: nasty, Line: 1}}},
	}
}

// clean is a report with nothing to complain of.
func cleanReport() *checks.Report {
	r := mixed()
	r.Findings, r.Gaps, r.Notes = nil, nil, nil
	for i := range r.Requirements {
		if v := &r.Requirements[i]; v.Status != checks.NotNeeded {
			v.Status = checks.Granted
		}
	}
	return r
}

// many has more databases and findings than one SARIF run may hold, of n
// accounts.
func many(findings, accounts int) *checks.Report {
	r := &checks.Report{Source: checks.Source{Kind: "live"}}
	for i := range findings {
		arn := fmt.Sprintf("arn:aws:iam::%012d:role/r%d", i%accounts, i)
		r.Findings = append(r.Findings, checks.Finding{
			Check: "missing-permission", Severity: checks.High, Outcome: checks.Fail, Principal: arn, Message: "m", Fingerprint: fmt.Sprintf("%016x", i),
		})
	}
	return r
}

// reports are the fixtures by name.
func reports() map[string]*checks.Report {
	return map[string]*checks.Report{
		"mixed": mixed(), "hostile": hostile(), "empty": {}, "clean": cleanReport(),
	}
}

func options() Options {
	return Options{
		Version: "1.2.3", ExitCode: 1, FailOn: checks.High, CommandLine: "iamcheck audit -f sarif",
		Start: time.Date(2026, 9, 26, 10, 0, 0, 0, time.UTC), End: time.Date(2026, 9, 26, 10, 0, 2, 0, time.UTC),
	}
}

// written is a report in a format; it must come out the same twice.
func written(t *testing.T, name string, r *checks.Report, o Options) []byte {
	t.Helper()
	f, ok := ByName(name)
	if !ok {
		t.Fatalf("no format %q", name)
	}
	var first, second bytes.Buffer
	if err := f.Write(&first, r, o); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if err := f.Write(&second, r, o); err != nil {
		t.Fatalf("%s, again: %v", name, err)
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Fatalf("%s: written twice, and different", name)
	}
	return first.Bytes()
}
