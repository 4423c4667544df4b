package awsread

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// statement is a Permission as a policy document has it.
type statement struct {
	Effect   string
	Action   []string
	Resource []string
}

func documentOf(t *testing.T, permissions []Permission) []byte {
	t.Helper()
	d := struct {
		Version   string
		Statement []statement
	}{Version: "2012-10-17"}
	for _, p := range permissions {
		d.Statement = append(d.Statement, statement{"Allow", p.Actions, p.Resources})
	}
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// readings are the ways to read, with what each needs.
func readings() map[string]Options {
	few := Options{Roles: append([]string{agentARN}, databaseRoles...), MaxBackoff: allOptions().MaxBackoff}
	users := few
	users.Users = []string{"ci/teleport-bot"}
	whole := allOptions()
	organization := few
	organization.Organization = true
	both := whole
	both.Organization = true
	return map[string]Options{"few roles": few, "users with groups": users, "all": whole, "few and organization": organization, "all and organization": both}
}

// With the policy that is printed for a reading, and with nothing else, the
// reading is complete.
func TestPermissionsSuffice(t *testing.T) {
	for name, o := range readings() {
		t.Run(name, func(t *testing.T) {
			server := start(t, organized())
			permissions, err := Permissions(o, Place{})
			if err != nil {
				t.Fatal(err)
			}
			server.EnforcePolicy(t, documentOf(t, permissions))
			got := mustRead(t, o)
			if len(got.Gaps) != 0 || len(got.Absent) != 0 || len(got.Roles) != 4 {
				t.Errorf("gaps %v, absent %v, %d roles", got.Gaps, got.Absent, len(got.Roles))
			}
			if n := server.Count(opGetAccountDetails); n > 0 && !o.All {
				t.Errorf("%d calls for the whole account", n)
			}
		})
	}
}

// Every action of the policy is needed: without it something is left unread.
func TestPermissionsAreNeeded(t *testing.T) {
	tried := 0
	for name, o := range readings() {
		permissions, err := Permissions(o, Place{Partition: "aws", Account: accountNumber})
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range permissions {
			for _, action := range p.Actions {
				tried++
				t.Run(name+" without "+action, func(t *testing.T) {
					less := slices.Clone(permissions)
					less[i].Actions = slices.DeleteFunc(slices.Clone(p.Actions), func(a string) bool { return a == action })
					if len(less[i].Actions) == 0 {
						less = slices.Delete(less, i, i+1)
					}
					server := start(t, organized())
					if len(less) == 0 {
						server.Enforce(func(action, _ string) bool { return action == opGetCallerIdentity })
					} else {
						server.EnforcePolicy(t, documentOf(t, less))
					}
					got := mustRead(t, o)
					if len(got.Gaps) == 0 {
						t.Errorf("nothing is missing without it")
					}
					for _, g := range got.Gaps {
						if g.Operation != action || !strings.HasPrefix(g.Error, "AccessDenied") {
							t.Errorf("gap %v, want one of %s", g, action)
						}
					}
				})
			}
		}
	}
	if tried < len(Operations()) {
		t.Errorf("only %d actions were tried", tried)
	}
}

// Together, the policies have every listed operation but the one that needs no
// permission.
func TestPermissionsAreOfOperations(t *testing.T) {
	var actions []string
	for _, o := range []Options{{Roles: []string{"r"}, Users: []string{"u"}, Organization: true, Verify: true, Decode: true}, {All: true}} {
		permissions, err := Permissions(o, Place{})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range permissions {
			actions = append(actions, p.Actions...)
		}
	}
	for _, o := range Operations() {
		if want := o.Purpose != ForIdentity; slices.Contains(actions, o.Action) != want {
			t.Errorf("%s in the policies: %v, want %v", o.Action, !want, want)
		}
	}
}

func TestPermissionResources(t *testing.T) {
	tests := []struct {
		name  string
		o     Options
		place Place
		sid   string
		want  []string
	}{
		{"a bare name may be under any path", Options{Roles: []string{"agent"}}, Place{}, "ReadRoles", []string{"arn:aws:iam::*:role/*/agent", "arn:aws:iam::*:role/agent"}},
		{"path and name", Options{Roles: []string{"team/agent"}}, Place{}, "ReadRoles", []string{"arn:aws:iam::*:role/agent", "arn:aws:iam::*:role/team/agent"}},
		{"ARN", Options{Roles: []string{agentARN}}, Place{}, "ReadRoles", []string{agentARN}},
		{"the partition of an ARN", Options{Roles: []string{"arn:aws-cn:iam::111122223333:role/agent"}}, Place{}, "ReadPolicies", []string{"arn:aws-cn:iam::*:policy/*"}},
		{"a partition that is told", Options{Users: []string{"bot"}}, Place{Partition: "aws-us-gov", Account: accountNumber}, "ReadGroups", []string{"arn:aws-us-gov:iam::111122223333:group/*"}},
		{"another account", Options{Roles: []string{"agent", "arn:aws:iam::444455556666:role/other"}}, Place{Account: accountNumber}, "ReadRoles", []string{"arn:aws:iam::111122223333:role/*/agent", "arn:aws:iam::111122223333:role/agent"}},
		{"AWS's own policies alone", Options{All: true}, Place{}, "ReadPolicies", []string{"arn:aws:iam::aws:policy/*"}},
		{"simulator", Options{Roles: []string{agentARN}, Users: []string{userARN}, Verify: true}, Place{}, "AskSimulator", []string{agentARN, "arn:aws:iam::111122223333:user/ci/teleport-bot", "arn:aws:iam::111122223333:user/teleport-bot"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			permissions, err := Permissions(tt.o, tt.place)
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(permissions, func(p Permission) bool { return p.SID == tt.sid })
			if i < 0 {
				t.Fatalf("no statement %s in %v", tt.sid, permissions)
			}
			got := slices.Clone(permissions[i].Resources)
			want := slices.Clone(tt.want)
			slices.Sort(got)
			slices.Sort(want)
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("resources (-want +got):\n%s", d)
			}
		})
	}
	if _, err := Permissions(Options{Roles: []string{"a b"}}, Place{}); err == nil {
		t.Error("a name that is none was taken")
	}
}
