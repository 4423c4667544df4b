package planned

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/iamcheck/iamcheck/internal/account"
)

const (
	testAccount = "111122223333"
	agentARN    = "arn:aws:iam::111122223333:role/agent"
)

func origins(address string) origin {
	return origin{address: address, account: testAccount, partition: "aws"}
}

// Trust policies that name a role which is made anew: by its id where that is
// known, else not known; one that the change writes is looked up anew.
func TestPrincipalsDie(t *testing.T) {
	const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":["%s","arn:aws:iam::111122223333:role/other"]},"Action":"sts:AssumeRole","Condition":{"ArnEquals":{"aws:PrincipalArn":"%s"}}}]}`
	named := fmt.Sprintf(trust, agentARN, agentARN)
	tests := []struct {
		name, id string
		rewrite  string // the trust policy that the change gives the reader
		want     string // "" for not read
	}{
		{"by its id", "AROAEXAMPLEAGENT00001", "", fmt.Sprintf(trust, "AROAEXAMPLEAGENT00001", agentARN)},
		{"without id", "", "", ""},
		{"written as it was", "AROAEXAMPLEAGENT00001", named, fmt.Sprintf(trust, "AROAEXAMPLEAGENT00001", agentARN)},
		{"written anew", "AROAEXAMPLEAGENT00001", strings.Replace(named, "sts:AssumeRole", "sts:*", 1), strings.Replace(named, "sts:AssumeRole", "sts:*", 1)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			base := account.Accounts{{Account: testAccount, Partition: "aws", Roles: []account.Role{
				{ARN: agentARN, Name: "agent", Path: "/", ID: tt.id},
				{ARN: "arn:aws:iam::111122223333:role/reader", Name: "reader", Path: "/", Trust: account.Document{Text: []byte(named)}},
			}}}
			c := &Change{entities: []entity{
				{origin: origins("old"), class: aRole, action: drop, name: "agent", path: "/"},
				{origin: origins("new"), class: aRole, action: put, fresh: true, name: "agent", path: "/"},
			}}
			if tt.rewrite != "" {
				c.entities = append(c.entities, entity{origin: origins("reader"), class: aRole, action: put, name: "reader", path: "/", trust: &document{text: []byte(tt.rewrite)}})
			}
			after, _, err := Overlay(base, c)
			if err != nil {
				t.Fatal(err)
			}
			reader := after.RoleByARN("arn:aws:iam::111122223333:role/reader")
			if got := string(reader.Trust.Text); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if gaps := after[0].GapsOf(reader.ARN); (len(gaps) > 0) != (tt.want == "") {
				t.Errorf("gaps %v", gaps)
			}
		})
	}
}

// A plan of many resources whose holders are not known, over a large account,
// takes neither long nor much memory.
func TestManyUnknownHolders(t *testing.T) {
	base := account.Accounts{{Account: testAccount, Partition: "aws"}}
	for i := range 3000 {
		name := fmt.Sprintf("r%d", i)
		base[0].Roles = append(base[0].Roles, account.Role{ARN: "arn:aws:iam::111122223333:role/" + name, Name: name, Path: "/"})
	}
	c := &Change{}
	for i := range 3000 {
		c.parts = append(c.parts, part{
			origin: origins(fmt.Sprintf("p%d", i)), action: put, trait: inlinePolicy, class: aRole, holders: []word{{why: "w"}},
			name: fmt.Sprintf("p%d", i), document: document{text: []byte(`{}`)},
		})
	}
	start := time.Now()
	after, _, err := Overlay(base, c)
	if err != nil {
		t.Fatal(err)
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("took %s", took)
	}
	if gaps := after[0].GapsOf(base[0].Roles[0].ARN); len(gaps) < 3 {
		t.Errorf("the rest is not open: %v", gaps)
	}
}
