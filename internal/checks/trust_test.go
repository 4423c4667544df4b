package checks

import (
	"slices"
	"testing"
	"time"

	"github.com/iamcheck/iamcheck/internal/policy"
)

const (
	testRole   = "arn:aws:iam::111122223333:role/db-access"
	testCaller = "arn:aws:iam::111122223333:role/team/teleport-agent"
)

// openingOf parses a trust policy and takes its first statement.
func openingOf(t *testing.T, text string) opening {
	t.Helper()
	d, err := policy.Parse(policy.KindTrust, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	w := &party{arn: testRole, callers: []string{testCaller}}
	return opening{paper{w, &policy.Source{Name: trustPolicy, Kind: "trust", Document: d}, policy.LayerTrust}, &d.Statements[0]}
}

func trusting(principal, condition, rest string) string {
	return `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": ` + principal + `, "Action": "sts:AssumeRole", "Condition": ` + condition + `}` + rest + `]}`
}

// TestPins: an external ID is asked for only where no request without the right
// one gets in.
func TestPins(t *testing.T) {
	deny := func(principal, condition string) string {
		return `, {"Effect": "Deny", "Principal": ` + principal + `, "Action": "sts:AssumeRole", "Condition": ` + condition + `}`
	}
	for _, c := range []struct {
		name, condition, rest string
		want                  bool
	}{
		{"equals", `{"StringEquals": {"sts:ExternalId": "x"}}`, "", true},
		{"other case of the key", `{"StringEquals": {"STS:externalid": "x"}}`, "", true},
		{"pattern", `{"StringLike": {"sts:ExternalId": "x*"}}`, "", true},
		{"any value", `{"StringLike": {"sts:ExternalId": "*"}}`, "", false},
		{"present", `{"Null": {"sts:ExternalId": "false"}}`, "", false},
		{"if it exists", `{"StringEqualsIfExists": {"sts:ExternalId": "x"}}`, "", false},
		{"for all values", `{"ForAllValues:StringEquals": {"sts:ExternalId": "x"}}`, "", false},
		{"not equals", `{"StringNotEquals": {"sts:ExternalId": "x"}}`, "", false},
		{"another key", `{"StringEquals": {"aws:PrincipalOrgID": "o-x"}}`, "", false},
		{"nothing", `{}`, "", false},
		{"deny without it", `{}`, deny(`"*"`, `{"StringNotEquals": {"sts:ExternalId": "x"}}`), true},
		{"deny of somebody else", `{}`, deny(`{"AWS": "444455556666"}`, `{"StringNotEquals": {"sts:ExternalId": "x"}}`), false},
		{"deny with more conditions", `{}`, deny(`"*"`, `{"StringNotEquals": {"sts:ExternalId": "x", "aws:PrincipalAccount": "1"}}`), false},
	} {
		o := openingOf(t, trusting(`{"AWS": "444455556666"}`, c.condition, c.rest))
		if got := o.pins(externalKey); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

// TestNarrowing: what strangers choose themselves keeps none of them out.
func TestNarrowing(t *testing.T) {
	for _, c := range []struct {
		condition string
		want      []string
	}{
		{`{}`, nil},
		{`{"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}`, []string{"aws:PrincipalOrgID"}},
		{`{"StringLike": {"aws:PrincipalOrgID": "o-*"}}`, nil},
		{`{"StringNotEquals": {"aws:PrincipalAccount": "444455556666"}}`, nil},
		{`{"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/*"}}`, []string{"aws:PrincipalArn"}},
		{`{"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}}`, nil},
		{`{"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}`, []string{"aws:SourceIp"}},
		{`{"StringEquals": {"sts:ExternalId": "x"}}`, []string{"sts:ExternalId"}},
		{`{"Null": {"sts:ExternalId": "false"}}`, nil},
		{`{"StringEquals": {"sts:RoleSessionName": "x", "aws:PrincipalTag/team": "x", "aws:UserAgent": "x"}}`, nil},
		{`{"Bool": {"aws:SecureTransport": "true", "aws:MultiFactorAuthPresent": "true"}}`, nil},
	} {
		o := openingOf(t, trusting(`"*"`, c.condition, ""))
		if got := narrowing(o.statement, strangerContext(time.Time{})); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.condition, got, c.want)
		}
	}
}

func TestWeakness(t *testing.T) {
	o := openingOf(t, trusting(`{"AWS": "444455556666"}`, `{}`, ""))
	for id, want := range map[string]bool{
		"5d0c8a52-9a3e-4c1b-8f7d-2b6e1a90c4d3": false, "partner-7f3a": false, "f81d4fae-7dec-11d0": false,
		"example-external-id": true, "<EXTERNAL_ID>": true, "abc": true, "": true, "111122223333": true, "aaaaaaaaaaaa": true,
		"db-access": true, "teleport-agent": true, testRole: true, "prefix-of-many-*": true,
	} {
		if got := weakness(o, id, true); (got != "") != want {
			t.Errorf("%q: got %q, want weak to be %v", id, got, want)
		}
	}
	if got := weakness(o, "prefix-of-many-*", false); got != "" {
		t.Errorf("an asterisk that does not count: got %q", got)
	}
}

func TestLooseSubjects(t *testing.T) {
	const github, eks = "token.actions.githubusercontent.com", "oidc.eks.us-east-1.amazonaws.com/id/0123"
	for _, c := range []struct {
		provider, value string
		want            Severity // Info is not loose
	}{
		{github, "repo:acme/api:ref:refs/heads/main", Info},
		{github, "repo:acme/*", Info},
		{github, "repo:acme*/api:*", High},
		{github, "repo:*", High},
		{github, "*", High},
		{eks, "system:serviceaccount:teleport:agent", Info},
		{eks, "system:serviceaccount:teleport:*", Info},
		{eks, "system:serviceaccount:*:agent", Medium},
		{eks, "system:serviceaccount:*:*", High},
		{eks, "system:serviceaccount:*", High},
		{"login.example.com", "user-*", Info},
		{"login.example.com", "?*", High},
	} {
		got := Info
		if loose := looseSubjects(c.provider, []string{c.value}); len(loose) > 0 {
			got = loose[0].severity
		}
		if got != c.want {
			t.Errorf("%s %s: got %s, want %s", c.provider, c.value, got, c.want)
		}
	}
}

// TestPrincipals: whom the forms of a principal stand for.
func TestPrincipals(t *testing.T) {
	for value, want := range map[string]struct {
		account string
		whole   bool
	}{
		"111122223333":                        {"111122223333", true},
		"arn:aws:iam::111122223333:root":      {"111122223333", true},
		"arn:aws:iam::111122223333:role/root": {"111122223333", false},
		"arn:aws:iam::*:root":                 {"", false},
		"AROAEXAMPLEDELETED2345":              {"", false},
		"*":                                   {"", false},
		"11112222333x":                        {"", false},
	} {
		if account, whole := accountOf(value), wholeAccount(value); account != want.account || whole != want.whole {
			t.Errorf("%s: got %q and %v, want %q and %v", value, account, whole, want.account, want.whole)
		}
	}
	for principal, want := range map[string]bool{
		testCaller: true,
		"arn:aws:sts::111122223333:assumed-role/teleport-agent/i-1": true, // without the path
		"arn:aws:sts::444455556666:assumed-role/teleport-agent/i-1": false,
		"arn:aws:iam::111122223333:role/teleport-agent":             false,
	} {
		if got := names(principal, testCaller); got != want {
			t.Errorf("%s: got %v, want %v", principal, got, want)
		}
	}
	for principal, want := range map[string]string{
		"states.amazonaws.com": "states", "states.us-east-1.amazonaws.com": "states", "dms.cn-north-1.amazonaws.com.cn": "dms",
		"states.example.com": "", "amazonaws.com": "",
	} {
		if got := serviceName(principal); got != want {
			t.Errorf("%s: got %q, want %q", principal, got, want)
		}
	}
}

// TestNearestAction: a name that AWS has retired is not taken for one of another
// service.
func TestNearestAction(t *testing.T) {
	for raw, want := range map[string]string{
		"rds:connect": "rds-db:connect", "rdsdb:connect": "rds-db:connect", "secretmanager:GetSecretValue": "secretsmanager:GetSecretValue",
		"sts:AssumRole": "sts:AssumeRole", "deepcomposer:GetModel": "", "elastic-inference:ListTagsForResource": "", "rds:FrobnicateThing": "",
	} {
		if got := nearestAction(raw); got != want {
			t.Errorf("%s: got %q, want %q", raw, got, want)
		}
	}
}

func TestStandsForAction(t *testing.T) {
	for raw, want := range map[string]bool{
		"rds:connect": true, "rds:conn*": true, "rdsdb:*": true, "rds-db:connct": true, "rds:Describe*": false, "s3:GetObject": false,
	} {
		if got := len(standsForAction([]string{raw}, "rds-db:connect")) > 0; got != want {
			t.Errorf("%s: got %v, want %v", raw, got, want)
		}
	}
}
