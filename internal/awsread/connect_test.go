package awsread

import (
	"context"
	"encoding/pem"
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/awsfake"
)

// secret stands in places that the SDK likes to quote.
const secret = "a-secret-in-a-configuration-file"

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// withoutKeys leaves the SDK to the configuration file.
func withoutKeys(t *testing.T, configuration string) {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "")
	t.Setenv("AWS_SESSION_TOKEN", "")
	t.Setenv("AWS_CONFIG_FILE", write(t, configuration))
}

// What keeps a reading from beginning says what to do, and quotes no secret.
func TestReadCannotBegin(t *testing.T) {
	fault := func(kind awsfake.Kind) func(*testing.T, *awsfake.Server) {
		return func(_ *testing.T, s *awsfake.Server) { s.Fault(awsfake.Fault{Kind: kind, Action: opGetCallerIdentity}) }
	}
	tests := []struct {
		name   string
		before func(*testing.T, *awsfake.Server)
		o      Options
		want   string
	}{
		{"profile that is not there", nil, Options{Profile: "nosuch"}, `the AWS profile "nosuch" does not exist`},
		{"no credentials", func(t *testing.T, _ *awsfake.Server) { withoutKeys(t, "") }, Options{}, "no usable AWS credentials were found; set AWS_PROFILE or --profile"},
		{"single sign-on not done", func(t *testing.T, _ *awsfake.Server) {
			t.Setenv("HOME", t.TempDir())
			withoutKeys(t, "[profile work]\nsso_start_url = https://example.com/start\nsso_region = us-east-1\nsso_account_id = 111122223333\nsso_role_name = auditor\n")
		}, Options{Profile: "work"}, "single sign-on session has expired; run `aws sso login --profile work`"},
		{"credential process that talks nonsense", func(t *testing.T, _ *awsfake.Server) {
			withoutKeys(t, "[default]\ncredential_process = echo "+secret+"\n")
		}, Options{}, "the credential_process of the AWS profile failed"},
		{"configuration that is no INI file", func(t *testing.T, _ *awsfake.Server) {
			withoutKeys(t, "[default\naws_secret_access_key = "+secret+"\n")
		}, Options{}, "no usable AWS credentials were found"},
		{"CA bundle that is not there", func(t *testing.T, _ *awsfake.Server) { t.Setenv("AWS_CA_BUNDLE", "/nonexistent/ca.pem") }, Options{}, "/nonexistent/ca.pem, which could not be opened"},
		{"profile whose role is refused", func(t *testing.T, _ *awsfake.Server) {
			withoutKeys(t, assumingProfile("wrong"))
		}, Options{Profile: "audit"}, "AWS refused to give credentials (AccessDenied); look at the role_arn, external_id"},
		{"profile whose role can't be asked for", func(t *testing.T, s *awsfake.Server) {
			withoutKeys(t, assumingProfile("a+b c%20é"))
			s.Fault(awsfake.Fault{Kind: awsfake.CutBody, Action: "sts:AssumeRole"})
		}, Options{Profile: "audit"}, "STS gave no answer to AssumeRole"},
		{"expired token", fault(awsfake.Expired), Options{}, "the AWS credentials have expired (ExpiredToken)"},
		{"unknown key", fault(awsfake.InvalidToken), Options{}, "AWS does not accept these credentials in us-east-1 (InvalidClientTokenId)"},
		{"account that can't be told", fault(awsfake.Denied), Options{Roles: []string{"dynamodb-user"}}, "AWS did not tell which account this is"},
		{"service down", fault(awsfake.Unavailable), Options{}, "AWS did not tell which account this is (sts:GetCallerIdentity in us-east-1: HTTP status 503)"},
		{"answer that is none", fault(awsfake.EmptyBody), Options{}, codeBroken},
		{"odd region", nil, Options{Region: "us-east-1.example.com/"}, "is not an AWS region"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := start(t, world())
			if tt.before != nil {
				tt.before(t, server)
			}
			tt.o.MaxBackoff = 5 * time.Millisecond
			got, err := Read(t.Context(), tt.o)
			if err == nil || got != nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("snapshot %v, error %v; want an error with %q", got, err, tt.want)
			}
			t.Log(err)
			noSecrets(t, err.Error())
			if strings.HasSuffix(err.Error(), ".") || len(err.Error()) > 250 {
				t.Errorf("error ends in a period or is long: %v", err)
			}
		})
	}
}

func noSecrets(t *testing.T, shown string) {
	t.Helper()
	for _, s := range []string{awsfake.SecretKey, awsfake.SessionToken, awsfake.AccessKey, secret} {
		if strings.Contains(shown, s) {
			t.Errorf("%q shows %q", shown, s)
		}
	}
}

func TestGapsHoldNoSecrets(t *testing.T) {
	for _, kind := range []awsfake.Kind{awsfake.Expired, awsfake.Denied, awsfake.InvalidToken, awsfake.BadDocument} {
		server := start(t, world())
		server.Fault(awsfake.Fault{Kind: kind, Action: opGetRole})
		got := mustRead(t, fewOptions())
		if len(got.Gaps) == 0 {
			t.Errorf("kind %d: no gaps", kind)
		}
		for _, g := range got.Gaps {
			noSecrets(t, g.Operation+g.Subject+g.Error)
		}
	}
}

func assumingProfile(externalID string) string {
	return "[profile base]\naws_access_key_id = " + awsfake.AccessKey + "\naws_secret_access_key = " + awsfake.SecretKey +
		"\n[profile audit]\nrole_arn = " + agentARN + "\nsource_profile = base\nexternal_id = " + externalID + "\n"
}

func TestReadWithAssumedRole(t *testing.T) {
	server := start(t, world())
	withoutKeys(t, assumingProfile("a+b c%20é"))
	o := fewOptions()
	o.Profile = "audit"
	diff(t, bySingleCalls(world()), mustRead(t, o))
	if server.Count("sts:AssumeRole") != 1 {
		t.Errorf("%d calls of AssumeRole, want 1", server.Count("sts:AssumeRole"))
	}
}

func TestRegion(t *testing.T) {
	tests := []struct {
		name   string
		region string
		roles  []string
		warns  string
	}{
		{name: "set", region: "eu-central-1", roles: []string{"dynamodb-user"}},
		{name: "unset", roles: []string{"dynamodb-user"}, warns: "using us-east-1"},
		{name: "told by an ARN", roles: []string{"arn:aws-us-gov:iam::111122223333:role/x"}, warns: "using us-gov-west-1"},
		{name: "told by an ARN of China", roles: []string{"x", "arn:aws-cn:iam::111122223333:role/x"}, warns: "using cn-north-1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			start(t, world())
			t.Setenv("AWS_REGION", tt.region)
			var warnings []string
			mustRead(t, Options{Roles: tt.roles, Warn: func(m string) { warnings = append(warnings, m) }})
			if got := strings.Join(warnings, "\n"); (tt.warns == "") != (got == "") || !strings.Contains(got, tt.warns) {
				t.Errorf("warnings %q, want %q", got, tt.warns)
			}
		})
	}
}

func TestPartitionIsTheCallers(t *testing.T) {
	s := world()
	s.Partition = "aws-us-gov"
	start(t, s)
	got := mustRead(t, Options{Roles: []string{"gone"}})
	if got.Partition != "aws-us-gov" || !slices.Equal(got.Absent, []string{"arn:aws-us-gov:iam::111122223333:role/gone"}) {
		t.Errorf("partition %q, absent %v", got.Partition, got.Absent)
	}
}

func TestPartitionOfRegion(t *testing.T) {
	for region, want := range map[string]string{"us-east-1": "aws", "us-gov-east-1": "aws-us-gov", "cn-northwest-1": "aws-cn", "eusc-de-east-1": "aws-eusc", "us-isob-east-1": "aws-iso-b", "us-iso-west-1": "aws-iso"} {
		if got := partitionOf(region); got != want {
			t.Errorf("partitionOf(%q) = %q, want %q", region, got, want)
		}
		if !regionName.MatchString(region) {
			t.Errorf("%q is refused", region)
		}
	}
}

// Where AWS does not say who is asking, an ARN tells the account; then nothing
// is called absent.
func TestIdentityRefused(t *testing.T) {
	server := start(t, world())
	server.Fault(awsfake.Fault{Kind: awsfake.Denied, Action: opGetCallerIdentity})
	gone := "arn:aws:iam::111122223333:role/gone"
	got := mustRead(t, Options{Roles: []string{agentARN, gone}})
	want := []account.Gap{
		{Operation: opGetRole, Subject: gone, Error: codeNoSuchEntity},
		{Operation: opGetCallerIdentity, Subject: root, Error: "AccessDenied"},
	}
	if d := cmp.Diff(want, got.Gaps); d != "" {
		t.Errorf("gaps (-want +got):\n%s", d)
	}
	if got.Account != accountNumber || len(got.Roles) != 1 || len(got.Absent) != 0 {
		t.Errorf("account %q, %d roles, absent %v", got.Account, len(got.Roles), got.Absent)
	}
}

// The guess may be wrong: the ARN names another account than the caller's.
func TestIdentityGuessedWrong(t *testing.T) {
	server := start(t, world())
	server.Fault(awsfake.Fault{Kind: awsfake.Denied, Action: opGetCallerIdentity})
	asked := "arn:aws:iam::444455556666:role/teleport-db-service-role"
	got := mustRead(t, Options{Roles: []string{asked}})
	if got.Account != accountNumber || len(got.Absent) != 0 || !slices.ContainsFunc(got.Gaps, func(g account.Gap) bool { return g.Subject == asked }) {
		t.Errorf("account %q, absent %v, gaps %v", got.Account, got.Absent, got.Gaps)
	}
}

// AWS_CA_BUNDLE breaks the SDK where a client of one's own is set too early.
func TestReadWithCABundle(t *testing.T) {
	tls := httptest.NewTLSServer(nil)
	defer tls.Close()
	bundle := write(t, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: tls.Certificate().Raw})))
	start(t, world())
	t.Setenv("AWS_CA_BUNDLE", bundle)
	diff(t, bySingleCalls(world()), mustRead(t, fewOptions()))
}

func TestStoppedBeforeTheBeginning(t *testing.T) {
	server := start(t, world())
	server.Fault(awsfake.Fault{Kind: awsfake.Hang, Action: opGetCallerIdentity})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if got, err := Read(ctx, fewOptions()); got != nil || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, %v", got, err)
	}
}

// A network that is down is reported soon, not after ten attempts.
func TestNobodyListens(t *testing.T) {
	server := start(t, world())
	nobody := httptest.NewServer(nil)
	nobody.Close()
	t.Setenv("AWS_ENDPOINT_URL", nobody.URL)
	t.Setenv("AWS_ENDPOINT_URL_STS", nobody.URL)
	_, err := Read(t.Context(), Options{Roles: []string{"x"}, MaxBackoff: time.Millisecond})
	if err == nil || !strings.Contains(err.Error(), "no answer") {
		t.Errorf("error %v", err)
	}
	if len(server.Calls()) != 0 {
		t.Error("the other server was called")
	}
}
