package account

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// lookupAccounts are two accounts: the first with roles of one name at two
// paths.
func lookupAccounts(t *testing.T) Accounts {
	t.Helper()
	pathed := aRole("reporting")
	pathed.ARN, pathed.Path = "arn:aws:iam::"+home+":role/team/db/reporting", "/team/db/"
	first := aSnapshot("a.json", aRole("teleport-db-service-role"), aRole("reporting"), pathed)
	first.Users = []User{{ARN: "arn:aws:iam::" + home + ":user/ci", Name: "ci", Path: "/"}}
	first.Policies = []ManagedPolicy{{ARN: "arn:aws:iam::aws:policy/ReadOnlyAccess", Name: "ReadOnlyAccess"}}
	second := &Snapshot{Account: other, Partition: "aws", Roles: []Role{{ARN: "arn:aws:iam::" + other + ":role/reporting", Name: "reporting", Path: "/"}}}
	accounts, err := Merge([]*Snapshot{first, second})
	if err != nil {
		t.Fatal(err)
	}
	return accounts
}

func TestRolesByName(t *testing.T) {
	const path = "arn:aws:iam::111122223333:role/team/db/reporting"
	root, far := roleARN("reporting"), "arn:aws:iam::"+other+":role/reporting"
	tests := []struct{ name, want string }{
		{"teleport-db-service-role", roleARN("teleport-db-service-role")},
		{"reporting", root + " " + path + " " + far},
		{"/reporting", root + " " + far},
		{"team/db/reporting", path},
		{"/team/db/reporting", path},
		{"db/reporting", ""},
		{path, path},
		{root, root},
		{"arn:aws:iam::999988887777:role/reporting", ""},
		{"Reporting", ""},
		{"", ""},
		{"*", ""},
	}
	indexed := lookupAccounts(t)
	plain := Accounts{}
	for _, s := range indexed {
		c := *s
		c.Index = nil
		plain = append(plain, &c)
	}
	for _, tt := range tests {
		for kind, accounts := range map[string]Accounts{"with index": indexed, "without": plain} {
			var got []string
			for _, r := range accounts.RolesByName(tt.name) {
				got = append(got, r.ARN)
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("%q %s (-want +got):\n%s", tt.name, kind, diff)
			}
		}
	}
}

func TestUsersAndPolicies(t *testing.T) {
	accounts := lookupAccounts(t)
	if got := accounts.UsersByName("ci"); len(got) != 1 || accounts.UserByARN(got[0].ARN) != got[0] {
		t.Errorf("got %v for the user ci", got)
	}
	if got := accounts.UsersByName("team/ci"); len(got) != 0 {
		t.Errorf("got %v for a user of another path", got)
	}
	if accounts.PolicyByARN("arn:aws:iam::aws:policy/ReadOnlyAccess") == nil {
		t.Error("AWS's managed policy was not found")
	}
	if accounts.PolicyByARN("arn:aws:iam::"+home+":policy/ReadOnlyAccess") != nil {
		t.Error("a customer managed policy was found that does not exist")
	}
}

// TestStaleIndex changes the list after it was indexed: lookups must see the
// change.
func TestStaleIndex(t *testing.T) {
	s := lookupAccounts(t)[0]
	s.Roles = append(s.Roles, aRole("new"))
	if s.Role(roleARN("new")) == nil || len(Accounts{s}.RolesByName("new")) != 1 {
		t.Error("an appended role is not found")
	}
	s.Roles = s.Roles[1:]
	if s.Role(roleARN("teleport-db-service-role")) != nil {
		t.Error("a removed role is found")
	}
	s.Gaps = append(s.Gaps, Gap{"iam:GetRole", roleARN("x"), "AccessDenied"})
	if len(s.GapsOf(roleARN("x"))) != 1 {
		t.Error("an appended gap is not found")
	}
	s.NewIndex()
	if s.Role(roleARN("new")) == nil {
		t.Error("an appended role is not found with a new index")
	}
}

func TestAbsent(t *testing.T) {
	gone := roleARN("gone")
	tests := []struct {
		name   string
		arn    string
		change func(*Snapshot)
		want   bool
	}{
		{"not in a whole account", gone, func(*Snapshot) {}, true},
		{"there", roleARN("here"), func(*Snapshot) {}, false},
		{"not in a partial account", gone, func(s *Snapshot) { s.Partial = true }, false},
		{"asked for in a partial account", gone, func(s *Snapshot) { s.Partial = true; s.Absent = []string{gone} }, true},
		{"refused", gone, func(s *Snapshot) { s.Gaps = []Gap{{"iam:GetRole", gone, "AccessDenied"}} }, false},
		{"a list refused", gone, func(s *Snapshot) { s.Gaps = []Gap{{"iam:ListRoles", "", "AccessDenied"}} }, false},
		{"a page cut", gone, func(s *Snapshot) {
			s.Gaps = []Gap{{readOperation, "arn:aws:iam::" + home + ":root", "unexpected EOF"}}
		}, false},
		{"another role refused", gone, func(s *Snapshot) { s.Gaps = []Gap{{"iam:GetRole", roleARN("x"), "AccessDenied"}} }, true},
		{"the organization refused", gone, func(s *Snapshot) { s.Gaps = []Gap{{"organizations:ListPolicies", "", "AccessDenied"}} }, true},
		{"another account", "arn:aws:iam::" + other + ":role/gone", func(*Snapshot) {}, false},
		{"another partition", "arn:aws-cn:iam::" + home + ":role/gone", func(*Snapshot) {}, false},
		{"a session", "arn:aws:sts::" + home + ":assumed-role/gone/x", func(*Snapshot) {}, false},
		{"AWS's policy", "arn:aws:iam::aws:policy/Gone", func(*Snapshot) {}, false},
		{"no ARN", "gone", func(*Snapshot) {}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := aSnapshot("a.json", aRole("here"))
			tt.change(s)
			if got := (Accounts{s}).Absent(tt.arn); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestNearest(t *testing.T) {
	accounts := lookupAccounts(t)
	tests := []struct {
		name string
		n    int
		want string
	}{
		{"teleport-db-servce-role", 3, "teleport-db-service-role"},
		{"teleport-db", 3, "teleport-db-service-role"},
		{"Reportings", 3, "reporting"},
		{"Reportings", 0, ""},
		{"nothing-like-it", 3, ""},
		{"", 3, ""},
		{strings.Repeat("x", 1<<20), 3, ""},
		{"arn:aws:iam::111122223333:role/reportin", 1, "arn:aws:iam::111122223333:role/reporting"},
	}
	for _, tt := range tests {
		if got := strings.Join(accounts.NearestRoles(tt.name, tt.n), " "); got != tt.want {
			t.Errorf("%.40q: got %q, want %q", tt.name, got, tt.want)
		}
	}
	if got := accounts.NearestUsers("c1", 1); len(got) != 1 || got[0] != "ci" {
		t.Errorf("got %v, want ci", got)
	}
}

func TestDistance(t *testing.T) {
	tests := []struct {
		a, b string
		most int
		want int
	}{
		{"", "", 3, 0},
		{"abc", "abc", 3, 0},
		{"abc", "abd", 3, 1},
		{"abc", "ab", 3, 1},
		{"abc", "xabc", 3, 1},
		{"kitten", "sitting", 3, 3},
		{"kitten", "sitting", 2, 3},
		{"abc", "", 2, 3},
	}
	for _, tt := range tests {
		if got := distance(tt.a, tt.b, tt.most); got != tt.want {
			t.Errorf("%q to %q: got %d, want %d", tt.a, tt.b, got, tt.want)
		}
		if got := distance(tt.b, tt.a, tt.most); got != tt.want {
			t.Errorf("%q to %q: got %d, want %d", tt.b, tt.a, got, tt.want)
		}
	}
}
