package account

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"
)

func bytesOf(text []byte) io.Reader { return bytes.NewReader(text) }

const (
	home  = "111122223333"
	other = "222233334444"
)

func roleARN(name string) string { return "arn:aws:iam::" + home + ":role/" + name }

func aRole(name string) Role {
	return Role{ARN: roleARN(name), Name: name, Path: "/", Trust: Document{Text: []byte(`{"Statement": []}`), Line: 7}, LastUsed: []byte(`{}`)}
}

func aSnapshot(file string, roles ...Role) *Snapshot {
	return &Snapshot{Account: home, Partition: "aws", File: file, Roles: roles}
}

func TestMerge(t *testing.T) {
	a := aSnapshot("a.json", aRole("one"), aRole("two"))
	a.TakenAt = time.Unix(100, 0)
	a.Gaps = []Gap{{"iam:GetRole", roleARN("x"), "AccessDenied"}}
	again := aRole("two")
	again.LastUsed = []byte(`{"Region": "us-east-1"}`)
	again.Trust = Document{Text: []byte("{\n\"Statement\":[] }"), Line: 3}
	b := aSnapshot("b.json", again, aRole("three"))
	b.TakenAt = time.Unix(200, 0)
	b.Partial = true
	b.Absent = []string{roleARN("gone")}
	b.Gaps = []Gap{{"iam:GetRole", roleARN("x"), "AccessDenied"}, {"iam:GetRole", roleARN("y"), "AccessDenied"}}
	b.Organization = &Organization{ID: "o-1"}
	c := &Snapshot{Account: other, Partition: "aws"}
	d := &Snapshot{Account: "000011112222", Partition: "aws-cn"}

	accounts, err := Merge([]*Snapshot{a, c, b, d})
	if err != nil {
		t.Fatal(err)
	}
	if len(accounts) != 3 || accounts[0].Account != d.Account || accounts[1].Account != home || accounts[2].Account != other {
		t.Fatalf("got %d accounts in the wrong order", len(accounts))
	}
	m := accounts.Account(home)
	var names []string
	for _, r := range m.Roles {
		names = append(names, r.Name)
	}
	if got := strings.Join(names, " "); got != "one two three" {
		t.Errorf("got roles %s, want one two three", got)
	}
	if m.Roles[1].Trust.Line != 7 || m.Roles[2].Trust.Line != 0 {
		t.Errorf("got lines %d and %d; want 7 of a.json, and none of b.json", m.Roles[1].Trust.Line, m.Roles[2].Trust.Line)
	}
	if m.Partial || len(m.Gaps) != 2 || m.Organization == nil || !m.TakenAt.Equal(b.TakenAt) || len(m.Absent) != 1 || m.File != "a.json" {
		t.Errorf("got %+v", m)
	}
	if len(a.Roles) != 2 || a.Index != nil || len(a.Gaps) != 1 || b.Roles[1].Trust.Line != 7 {
		t.Error("Merge changed what it was given")
	}
}

func TestMergeConflicts(t *testing.T) {
	changed := aRole("one")
	changed.Trust = Document{Text: []byte(`{"Statement": [{}]}`)}
	tagged := aRole("one")
	tagged.Tags = []Tag{{"a", "b"}}
	unread := aRole("one")
	unread.Trust = Document{}
	absent := aSnapshot("b.json")
	absent.Absent = []string{roleARN("one")}
	china := aSnapshot("b.json")
	china.Partition = "aws-cn"
	organized := func(file, id string) *Snapshot {
		s := aSnapshot(file)
		s.Organization = &Organization{ID: id}
		return s
	}
	policied := func(file string, p ManagedPolicy) *Snapshot {
		s := aSnapshot(file)
		p.ARN = "arn:aws:iam::aws:policy/X"
		s.Policies = []ManagedPolicy{p}
		return s
	}
	one := aSnapshot("a.json", aRole("one"))
	tests := []struct {
		name string
		a, b *Snapshot
		want string
	}{
		{"trust policy", one, aSnapshot("b.json", changed), roleARN("one") + " is different in a.json and b.json; give only one of them"},
		{"tags", one, aSnapshot("b.json", tagged), roleARN("one") + " is different in a.json and b.json; give only one of them"},
		{"not read", one, aSnapshot("", unread), roleARN("one") + " is different in a.json and the live read; give only one of them"},
		{"absent in the second", one, absent, roleARN("one") + " does not exist by b.json, and is in a.json; give only one of them"},
		{"absent in the first", absent, one, roleARN("one") + " does not exist by b.json, and is in a.json; give only one of them"},
		{"partition", one, china, "account 111122223333 is of partition aws in a.json, and of aws-cn in b.json; give only one of them"},
		{"organization", organized("a.json", "o-1"), organized("b.json", "o-2"), "the organization of account 111122223333 is different in a.json and b.json; give only one of them"},
		{"default version", policied("a.json", ManagedPolicy{DefaultVersionID: "v1"}), policied("b.json", ManagedPolicy{DefaultVersionID: "v2"}), "arn:aws:iam::aws:policy/X is different in a.json and b.json; give only one of them"},
		{"no account", one, &Snapshot{Account: "*", File: "b.json"}, `b.json: the account is "*"; expected twelve digits`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Merge([]*Snapshot{tt.a, tt.b})
			if err == nil || err.Error() != tt.want {
				t.Errorf("got %v\nwant %s", err, tt.want)
			}
		})
	}
}

func TestMergeOrderOfLists(t *testing.T) {
	a, b := aRole("one"), aRole("one")
	a.Tags = []Tag{{"a", "1"}, {"b", "2"}}
	b.Tags = []Tag{{"b", "2"}, {"a", "1"}}
	a.Attached = []AttachedPolicy{{"x", "arn:aws:iam::aws:policy/x"}, {"y", "arn:aws:iam::aws:policy/y"}}
	b.Attached = []AttachedPolicy{{"y", "arn:aws:iam::aws:policy/y"}, {"x", "arn:aws:iam::aws:policy/x"}}
	if _, err := Merge([]*Snapshot{aSnapshot("a.json", a), aSnapshot("b.json", b)}); err != nil {
		t.Error(err)
	}
}
