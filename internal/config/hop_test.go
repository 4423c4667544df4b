package config

import "testing"

func TestRoleARN(t *testing.T) {
	const agent = "arn:aws:iam::111122223333:role/agent"
	for _, c := range []struct {
		name, user, agent, want string
		aws                     AWS
		refused                 bool
	}{
		{name: "a bare name has path /", user: "r", agent: agent, want: "arn:aws:iam::111122223333:role/r"},
		{name: "role/ is cut", user: "role/r", agent: agent, want: "arn:aws:iam::111122223333:role/r"},
		{name: "a path is kept", user: "role/a/b/r", agent: agent, want: "arn:aws:iam::111122223333:role/a/b/r"},
		{name: "account_id first", user: "r", agent: agent, aws: AWS{AccountID: "444455556666", AssumeRoleARN: "arn:aws:iam::777788889999:role/x"}, want: "arn:aws:iam::444455556666:role/r"},
		{name: "then assume_role_arn", user: "r", agent: agent, aws: AWS{AssumeRoleARN: "arn:aws:iam::777788889999:role/x"}, want: "arn:aws:iam::777788889999:role/r"},
		{name: "nobody tells the account", user: "r", want: "arn:aws:iam::*:role/r"},
		{name: "the region's partition", user: "r", agent: agent, aws: AWS{Region: "cn-north-1"}, want: "arn:aws-cn:iam::111122223333:role/r"},
		{name: "the agent's partition", user: "r", agent: "arn:aws-us-gov:iam::111122223333:role/agent", want: "arn:aws-us-gov:iam::111122223333:role/r"},
		{name: "an ARN as it is", user: "arn:aws:iam::444455556666:role/p/r", agent: agent, want: "arn:aws:iam::444455556666:role/p/r"},
		{name: "an ARN of another account", user: "arn:aws:iam::444455556666:role/r", agent: agent, aws: AWS{AccountID: "111122223333"}, refused: true},
		{name: "an ARN of another partition", user: "arn:aws:iam::111122223333:role/r", agent: agent, aws: AWS{Region: "us-gov-west-1"}, refused: true},
		{name: "the ARN of a user", user: "arn:aws:iam::111122223333:user/r", agent: agent, refused: true},
		{name: "the ARN of a session", user: "arn:aws:sts::111122223333:assumed-role/r/s", agent: agent, refused: true},
		{name: "an ARN with a pattern", user: "arn:aws:iam::111122223333:role/*", agent: agent, refused: true},
		{name: "no name", user: "role/", agent: agent, refused: true},
		{name: "a name with a space", user: "a b", agent: agent, refused: true},
	} {
		d := Database{Type: DynamoDB, AWS: c.aws}
		got, err := d.RoleARN(c.user, c.agent)
		if (err != nil) != c.refused {
			t.Errorf("%s: got error %v, want refused %v", c.name, err, c.refused)
		}
		if err == nil && got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

func TestIsRoleUser(t *testing.T) {
	for _, c := range []struct {
		typ  Type
		user string
		want bool
	}{
		{RDS, "role/x", false},
		{Redshift, "x", false},
		{Redshift, "role/x", true},
		{Redshift, "arn:aws:iam::111122223333:role/x", true},
		{Redshift, "*", false},
		{MongoDBAtlas, "x", false},
		{MongoDBAtlas, "arn:aws:iam::111122223333:role/x", true},
		{RedshiftServerless, "x", true},
		{DocDB, "role/x", true},
		{DynamoDB, "*", false},
	} {
		if got := (&Database{Type: c.typ}).IsRoleUser(c.user); got != c.want {
			t.Errorf("%s %s: got %v, want %v", c.typ, c.user, got, c.want)
		}
	}
}

// A login that Teleport refuses is no hop, and no login either.
func TestChainRefuses(t *testing.T) {
	d := Database{Type: Redshift, AWS: AWS{AccountID: "111122223333"}, DBUsers: []string{"app", "arn:aws:iam::444455556666:role/r"}}
	c := d.Chain("arn:aws:iam::111122223333:role/agent")
	if len(c.Users) != 0 || len(c.Refused) != 1 || len(c.Logins) != 1 {
		t.Errorf("got %+v, want one login and one refusal", c)
	}
}

// The whole matrix of who gets the external ID and the tags (requirements
// 1.12): only OpenSearch sends the ID with both hops, only DynamoDB sends tags,
// and never with the hop to assume_role_arn.
func TestChainSends(t *testing.T) {
	for _, typ := range append(Types(), MongoDBAtlas) {
		for _, assume := range []string{"", "arn:aws:iam::111122223333:role/access"} {
			d := Database{Type: typ, DBUsers: []string{"role/r"}, AWS: AWS{
				AssumeRoleARN: assume, ExternalID: "ext", SessionTags: map[string]string{"team": "db"},
			}}
			c := d.Chain("arn:aws:iam::111122223333:role/agent")
			if (c.Assume != nil) != (assume != "") {
				t.Fatalf("%s: assume hop %v, assume_role_arn %q", typ, c.Assume, assume)
			}
			if c.Assume != nil && (c.Assume.ExternalID != "ext" || c.Assume.SessionTags != nil) {
				t.Errorf("%s: the hop to assume_role_arn sends %+v", typ, c.Assume)
			}
			roles := typ.UsersAreRoles() || typ.UsersMayBeRoles()
			if (len(c.Users) == 1) != roles {
				t.Fatalf("%s: %d hops to database roles, users are roles: %v", typ, len(c.Users), roles)
			}
			for _, h := range c.Users {
				if got, want := h.ExternalID == "ext", assume == "" || typ == OpenSearch; got != want {
					t.Errorf("%s, assume_role_arn %q: external ID sent to the database role: %v, want %v", typ, assume, got, want)
				}
				if got, want := h.SessionTags != nil, typ == DynamoDB; got != want {
					t.Errorf("%s: tags sent to the database role: %v, want %v", typ, got, want)
				}
				if h.Caller != c.Service {
					t.Errorf("%s: caller %s, want %s", typ, h.Caller, c.Service)
				}
			}
		}
	}
}
