package awsfake

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/iamcheck/iamcheck/internal/account"
)

func example() *account.Snapshot {
	return &account.Snapshot{
		Account: "111122223333", Partition: "aws",
		Roles: []account.Role{{
			ARN: "arn:aws:iam::111122223333:role/agent", Name: "agent", ID: "AROA1", Path: "/",
			Trust:  account.Document{Text: []byte(`{"a b":"+*-_.~é"}`)},
			Inline: []account.InlinePolicy{{Name: "one"}, {Name: "two & more"}, {Name: "three"}},
		}},
	}
}

// post sends a signed request and returns status and body.
func post(t *testing.T, s *Server, service string, form url.Values, key string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if key != "" {
		r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+key+"/20260101/us-east-1/"+service+"/aws4_request, SignedHeaders=host, Signature=0")
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

func form(pairs ...string) url.Values {
	v := url.Values{"Version": {"2010-05-08"}}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

func TestAnswers(t *testing.T) {
	tests := []struct {
		name    string
		service string
		form    url.Values
		key     string
		status  int
		want    string
	}{
		{"document", "iam", form("Action", "GetRole", "RoleName", "agent"), AccessKey, 200, "<AssumeRolePolicyDocument>%7B%22a%20b%22%3A%22%2B%2A-_.~%C3%A9%22%7D</AssumeRolePolicyDocument>"},
		{"namespace", "iam", form("Action", "GetRole", "RoleName", "agent"), AccessKey, 200, `<GetRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetRoleResult>`},
		{"first page", "iam", form("Action", "ListRolePolicies", "RoleName", "agent", "MaxItems", "2"), AccessKey, 200, "<PolicyNames><member>one</member><member>two &amp; more</member></PolicyNames><IsTruncated>true</IsTruncated><Marker>" + marker(2) + "</Marker>"},
		{"last page", "iam", form("Action", "ListRolePolicies", "RoleName", "agent", "MaxItems", "2", "Marker", marker(2)), AccessKey, 200, "<PolicyNames><member>three</member></PolicyNames><IsTruncated>false</IsTruncated><"},
		{"empty list", "iam", form("Action", "ListAttachedRolePolicies", "RoleName", "agent"), AccessKey, 200, "<AttachedPolicies></AttachedPolicies>"},
		{"caller", "sts", url.Values{"Version": {"2011-06-15"}, "Action": {"GetCallerIdentity"}}, AccessKey, 200, "<Account>111122223333</Account>"},
		{"filter", "iam", form("Action", "GetAccountAuthorizationDetails", "Filter.member.1", "User"), AccessKey, 200, "<RoleDetailList></RoleDetailList>"},
		{"page too large", "iam", form("Action", "ListRolePolicies", "RoleName", "agent", "MaxItems", "1001"), AccessKey, 400, "ValidationError"},
		{"marker of nobody", "iam", form("Action", "ListRolePolicies", "RoleName", "agent", "Marker", "x"), AccessKey, 400, "ValidationError"},
		{"absent", "iam", form("Action", "GetRole", "RoleName", "other"), AccessKey, 404, "<Code>NoSuchEntity</Code>"},
		{"write", "iam", form("Action", "DeleteRole", "RoleName", "agent"), AccessKey, 400, "<Code>InvalidAction</Code>"},
		{"other service's action", "sts", url.Values{"Version": {"2011-06-15"}, "Action": {"GetRole"}}, AccessKey, 400, "<Code>InvalidAction</Code>"},
		{"odd version", "iam", url.Values{"Version": {"2011-06-15"}, "Action": {"GetRole"}}, AccessKey, 400, "ValidationError"},
		{"unsigned", "iam", form("Action", "GetRole"), "", 403, "MissingAuthenticationToken"},
		{"another key", "iam", form("Action", "GetRole"), "AKIAOTHER", 403, "InvalidClientTokenId"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			status, body := post(t, New(t, example()), tt.service, tt.form, tt.key)
			if status != tt.status || !strings.Contains(body, tt.want) {
				t.Errorf("%d %s; want %d with %s", status, body, tt.status, tt.want)
			}
		})
	}
}

func TestEnforceAndRecord(t *testing.T) {
	s := New(t, example())
	s.Enforce(func(action, resource string) bool {
		return action == "iam:GetRole" && strings.HasSuffix(resource, ":role/agent")
	})
	for name, want := range map[string]int{"agent": 200, "other": 403} {
		if status, body := post(t, s, "iam", form("Action", "GetRole", "RoleName", name), AccessKey); status != want {
			t.Errorf("%s: %d %s, want %d", name, status, body, want)
		}
	}
	want := []Call{{Action: "iam:GetRole", Resource: "arn:aws:iam::111122223333:role/agent"}, {Action: "iam:GetRole", Resource: "arn:aws:iam::111122223333:role/other"}}
	if got := s.Calls(); !slices.Equal(got, want) {
		t.Errorf("calls %v, want %v", got, want)
	}
}

func TestFaultsComeInTurn(t *testing.T) {
	s := New(t, example())
	s.Fault(Fault{Kind: Throttle, After: 1, Times: 2})
	s.Fault(Fault{Kind: Denied, Resource: "arn:aws:iam::111122223333:role/other"})
	var got []int
	for range 5 {
		status, _ := post(t, s, "iam", form("Action", "GetRole", "RoleName", "agent"), AccessKey)
		got = append(got, status)
	}
	if want := []int{200, 400, 400, 200, 200}; !slices.Equal(got, want) {
		t.Errorf("status %v, want %v", got, want)
	}
}
