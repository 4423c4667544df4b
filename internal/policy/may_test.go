package policy

import "testing"

// A source that a plan leaves open in part: what is certain of it decides, and
// what may be there makes exactly that unknown which it meets.
func TestMay(t *testing.T) {
	certain := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"rds:Describe*","Resource":"*"}]}`
	tests := []struct {
		name, document, may, action, resource string
		want                                  Decision
	}{
		{"certain", certain, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"rds-db:connect","Resource":"*"}]}`, "rds:DescribeDBInstances", "*", Allowed},
		{"may allow", certain, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"rds-db:connect","Resource":"*"}]}`, "rds-db:connect", "arn:aws:rds-db:us-east-1:111122223333:dbuser:db-A/app", Undecided},
		{"another action", certain, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"rds-db:connect","Resource":"*"}]}`, "redshift:DescribeClusters", "*", ImplicitlyDenied},
		{"another resource", certain, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"rds-db:connect","Resource":"arn:aws:rds-db:eu-west-1:*"}]}`, "rds-db:connect", "arn:aws:rds-db:us-east-1:111122223333:dbuser:db-A/app", ImplicitlyDenied},
		{"may deny", certain, `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"rds:*","Resource":"*"}]}`, "rds:DescribeDBInstances", "*", Undecided},
		{"nothing is certain", "", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"rds-db:connect","Resource":"*"}]}`, "rds:DescribeDBInstances", "*", ImplicitlyDenied},
		{"anything may be there", "", "", "rds:DescribeDBInstances", "*", Undecided},
	}
	parse := func(text string) *Document {
		if text == "" {
			return nil
		}
		doc, err := Parse(KindIdentity, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return doc
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			caller, err := ParseCaller("arn:aws:iam::111122223333:role/agent")
			if err != nil {
				t.Fatal(err)
			}
			source := Source{Name: "p", Kind: "inline", Document: parse(tt.document), May: parse(tt.may)}
			v := Decide(&Request{Principal: caller, Action: tt.action, Resource: tt.resource}, &Policies{Identity: []Source{source}})
			if v.Decision != tt.want {
				t.Fatalf("got %v, want %v", v.Decision, tt.want)
			}
			if unread := len(v.Unread) == 1 && v.Unread[0].Policy == "p" && v.Unread[0].Statement == -1; unread != (tt.want == Undecided) {
				t.Errorf("unread: %+v", v.Unread)
			}
		})
	}
}
