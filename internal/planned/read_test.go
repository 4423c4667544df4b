package planned

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// What is given in place of a plan is named, and every error has its place.
func TestReadRefuses(t *testing.T) {
	role := "Resources:\n  R:\n    Type: AWS::IAM::Role\n"
	tests := []struct{ name, text, want string }{
		{"empty", " \n", "f: this is empty; "},
		{"a binary plan", "PK\x03\x04rest", "f: this is a Terraform plan file in its own form; run terraform show -json on it; "},
		{"compressed", "\x1f\x8b\x08", "f: this is compressed (gzip)"},
		{"UTF-16", "\xff\xfe{\x00", "f: this is UTF-16"},
		{"not UTF-8", "\xc3\x28", "f: this is not text in UTF-8"},
		{"a plan for people", "Terraform will perform the following actions:", "f: this is what terraform plan prints for people; run terraform show -json; "},
		{"a log", `{"@level":"info"}` + "\n" + `{"@level":"info"}`, "f: this is the log of terraform plan -json; "},
		{"source", "resource \"aws_iam_role\" \"r\" {\n}\n", "f: this is Terraform's source; "},
		{"a state file", `{"version":4,"terraform_version":"1.9","lineage":"x","resources":[]}`, "f: this is Terraform's state file; run terraform show -json; "},
		{"an empty state", `{"format_version":"1.0"}`, "f: this is a Terraform plan or state that is empty; "},
		{"a change set", `{"Changes":[],"StackName":"s"}`, "f: this is a change set, which --change-set reads beside its template; "},
		{"a snapshot", `{"RoleDetailList":[]}`, "f: this is a snapshot, which --snapshot reads; "},
		{"a document", `{"Version":"2012-10-17","Statement":[]}`, "f: this is a single policy document; "},
		{"something else", `{"a":1}`, `f: this is no plan and no template: it has neither "resource_changes" nor "Resources"; `},
		{"a cut plan", "{\"format_version\": \"1.2\",\n \"resource_changes\": [", "f:2:22: not JSON: unexpected end of JSON input"},
		{"a list", "[]", "f:1:1: is array; expected what terraform show -json prints"},
		{"a later plan", `{"format_version":"2.0","resource_changes":[]}`, `f: format_version: is "2.0"; expected 1.x, which this iamcheck reads`},
		{"a wrong kind", "{\"format_version\":\"1.2\",\"resource_changes\":\n{}}", "f:2:1: resource_changes: is object; expected what terraform show -json prints"},
		{"an unknown action", `{"format_version":"1.2","resource_changes":[{"address":"aws_iam_role.r","type":"aws_iam_role","change":{"actions":["invent"]}}]}`, `f: aws_iam_role.r: actions "invent" are not known; `},
		{"a key twice", `{"format_version":"1.2","resource_changes":[{"address":"aws_iam_role.r","type":"aws_iam_role","change":{"actions":["create"],"after":{"name":"a","name":"b"}}}]}`, `f: aws_iam_role.r: change.after: the key "name" is written twice; expected it once`},
		{"YAML that is none", "Resources:\n  - a\n b: [", "f:3:"},
		{"two documents", role + "---\n" + role, "f:"},
		{"no resources", "AWSTemplateFormatVersion: 2010-09-09\n", "f:1:1: this has no Resources"},
		{"a resource without type", "Resources:\n  R:\n    Properties: {}\n", "f:2:3: Resources.R: has no Type; "},
		{"a condition that is not there", role + "    Condition: Gone\n", `f:4:5: Resources.R.Condition: there is no condition "Gone"`},
		{"an alias", "Resources:\n  A: &a {Type: AWS::IAM::Role}\n  B: *a\n", "f:3:6: anchors and aliases are not read; "},
		{"a key twice in YAML", role + "    Type: AWS::IAM::User\n", `f:4:5: the key "Type" is written twice; `},
		{"deep YAML", "Resources: " + strings.Repeat("[", 200) + strings.Repeat("]", 200), "f:"},
		{"deep JSON", `{"Resources": ` + strings.Repeat("[", 200) + strings.Repeat("]", 200) + "}", "f:1:115: nested deeper than 100 levels"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := Read("f", []byte(tt.text), Options{})
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("got %v and %v, want an *Error", c, err)
			}
			if !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got  %s\nwant %s", err, tt.want)
			}
		})
	}
}

func TestChangeSetRefuses(t *testing.T) {
	template := []byte("Resources: {R: {Type: AWS::IAM::Role}}")
	for _, tt := range []struct{ name, text, want string }{
		{"another file", `{}`, `set.json: this is no change set: it has no list "Changes"; `},
		{"one that failed", `{"Changes":[],"Status":"FAILED"}`, "set.json: Status: the change set failed"},
		{"a page", `{"Changes":[],"NextToken":"x"}`, "set.json: NextToken: more changes follow; "},
		{"no id", `{"Changes":[{"Type":"Resource"}]}`, "set.json: Changes[0].ResourceChange: has no LogicalResourceId; "},
		{"not JSON", `{"Changes":`, "set.json:1:12: the text ends in the middle of a value"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Read("t.yaml", template, Options{ChangeSet: []byte(tt.text), ChangeSetFile: "set.json"})
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
}

func TestParameters(t *testing.T) {
	template := []byte("Parameters: {Name: {Type: String}, Other: {Type: String, Default: x}}\n" +
		"Resources: {R: {Type: AWS::IAM::Role, Properties: {RoleName: !Sub \"${Name}-${AWS::StackName}\"}}}")
	c, err := Read("t.yaml", template, Options{Account: "111122223333", Parameters: map[string]string{"Name": "agent", "AWS::StackName": "prod"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := c.entities[0].name; got != "agent-prod" {
		t.Errorf("got the role %q, want agent-prod", got)
	}
	_, err = Read("t.yaml", template, Options{Parameters: map[string]string{"Nome": "agent"}})
	if want := `t.yaml: Parameters: there is no parameter "Nome"; there are Name, Other`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestFolder(t *testing.T) {
	base := readBase(t)
	files := fstest.MapFS{
		"README.md": {Data: []byte("x")},
		"teleport-db-service-role/teleport-rds.json":      {Data: []byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"rds-db:connect","Resource":"*"}]}`)},
		"teleport-db-service-role/teleport-metadata.json": {Data: []byte(`{"Version":"2012-10-17","Statement":[]}`)},
		"teleport-db-service-role/boundary.json":          {Data: []byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"rds*:*","Resource":"*"}]}`)},
		"reader-role/trust.json":                          {Data: []byte(`{"Version":"2012-10-17","Statement":[]}`)},
		"reader-role/attached.json":                       {Data: []byte(`["arn:aws:iam::111122223333:policy/shared"]`)},
		"brand-new/own.json":                              {Data: []byte(`{"Version":"2012-10-17","Statement":[]}`)},
	}
	c, err := ReadFolder("policies", files, Options{Account: "111122223333", Partition: "aws"})
	if err != nil {
		t.Fatal(err)
	}
	after, notes, err := Overlay(base, c)
	if err != nil || len(notes) > 0 {
		t.Fatal(err, notes)
	}
	var b strings.Builder
	tell(&b, after[0], base[0])
	want := `  arn:aws:iam::111122223333:role/teleport-db-service-role
    trust {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"ec2.amazonaws.com"}}]}
    inline teleport-rds {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"rds-db:connect","Resource":"*"}]}
    attached arn:aws:iam::111122223333:policy/teleport-metadata
    attached arn:aws:iam::111122223333:policy/shared
    boundary arn:aws:iam::111122223333:policy/teleport-db-service-role-boundary
    tag team=db
  arn:aws:iam::111122223333:role/reader-role
    trust {"Version":"2012-10-17","Statement":[]}
    inline tables {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"dynamodb:*","Resource":"*"}]}
    attached arn:aws:iam::111122223333:policy/shared
  arn:aws:iam::111122223333:role/brand-new
    trust unread
    inline own {"Version":"2012-10-17","Statement":[]}
  arn:aws:iam::111122223333:policy/teleport-metadata
    planned {"Version":"2012-10-17","Statement":[]}
  arn:aws:iam::111122223333:policy/teleport-db-service-role-boundary
    planned {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"rds*:*","Resource":"*"}]}
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
	l, ok := c.Sources(nil).Find("arn:aws:iam::111122223333:role/reader-role", "trust policy")
	if want := (Location{"policies/reader-role/trust.json", 1, 1}); !ok || l != want {
		t.Errorf("got %v, want %v", l, want)
	}
	l, ok = c.Sources(nil).Find("arn:aws:iam::111122223333:role/brand-new", "own")
	if want := (Location{"policies/brand-new/own.json", 1, 1}); !ok || l != want {
		t.Errorf("got %v, want %v", l, want)
	}
}

func TestFolderRefuses(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files fstest.MapFS
		want  string
	}{
		{"nothing", fstest.MapFS{"x.txt": {}}, "d: holds no policies; "},
		{"beside the roles", fstest.MapFS{"trust.json": {Data: []byte("{}")}}, "d/trust.json: stands beside the roles; "},
		{"no document", fstest.MapFS{"r/a.json": {Data: []byte("{}")}}, "d/r/a.json:1:1: this is no policy document: it has no Statement"},
		{"not JSON", fstest.MapFS{"r/a.json": {Data: []byte("{\n\"a\"")}}, "d/r/a.json:2:"},
		{"no ARN", fstest.MapFS{"r/attached.json": {Data: []byte(`["shared"]`)}}, "d/r/attached.json:1:"},
		{"no list", fstest.MapFS{"r/attached.json": {Data: []byte(`{}`)}}, "d/r/attached.json:1:"},
		{"too large", fstest.MapFS{"r/a.json": {Data: make([]byte, maxDocument+1)}}, "d/r/a.json: is larger than 1 MiB"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := ReadFolder("d", tt.files, Options{}); err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func TestSources(t *testing.T) {
	c, err := Read("plan.json", readFile(t, "testdata/terraform/modules.json"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := c.Sources(fstest.MapFS{
		"main.tf":                {Data: []byte("# resource \"aws_iam_role\" \"agent\" {\n\nresource \"aws_iam_role\" \"agent\" {\n}\n")},
		"modules/policy/main.tf": {Data: []byte("variable \"x\" {}\n  resource \"aws_iam_policy\" \"this\" {\n")},
		"other/main.tf":          {Data: []byte("resource \"aws_iam_policy\" \"this\" {\n")},
		"modules/attach/a.tf":    {Data: []byte("resource   \"aws_iam_role_policy_attachment\"   \"this\"   {\n")},
	})
	const agent = "arn:aws:iam::111122223333:role/agent-three"
	for _, tt := range []struct {
		principal, policy string
		want              Location
	}{
		{agent, "", Location{"main.tf", 3, 1}},
		{agent, "trust policy", Location{"main.tf", 3, 1}},
		{agent, "arn:aws:iam::111122223333:policy/from-module", Location{"modules/policy/main.tf", 2, 3}},
		{"arn:aws:iam::444455556666:role/agent-three", "", Location{}},
		{"arn:aws:iam::111122223333:role/other", "", Location{}},
	} {
		if l, ok := s.Find(tt.principal, tt.policy); l != tt.want || ok != (tt.want != Location{}) {
			t.Errorf("%s %s: got %v %v, want %v", tt.principal, tt.policy, l, ok, tt.want)
		}
	}
	y, err := Read("stack/t.yaml", readFile(t, "testdata/cloudformation/mappings.yaml"), Options{Account: "111122223333", Region: "us-east-1"})
	if err != nil {
		t.Fatal(err)
	}
	l, ok := y.Sources(nil).Find("arn:aws:iam::111122223333:role/redshift-agent", "redshift")
	if want := (Location{"stack/t.yaml", 11, 3}); !ok || l != want {
		t.Errorf("got %v %v, want %v", l, ok, want)
	}
}

// Which account a plan is for comes from the plan; an account that is not known
// is an error, never a guess.
func TestAccount(t *testing.T) {
	plan := `{"format_version":"1.2","resource_changes":[{"address":"aws_iam_role.r","type":"aws_iam_role","name":"r","mode":"managed","change":{"actions":["create"],"after":{"name":"r"}}}]%s}`
	provider := `,"configuration":{"provider_config":{"aws":{"name":"aws","expressions":{%s}}},"root_module":{"resources":[{"mode":"managed","type":"aws_iam_role","name":"r","provider_config_key":"aws"}]}}`
	for _, tt := range []struct{ name, more, account, want string }{
		{"nothing tells", "", "", ""},
		{"the caller", "", "111122223333", "111122223333"},
		{"the plan over the caller", strings.Replace(provider, "%s", `"assume_role":[{"role_arn":{"constant_value":"arn:aws-cn:iam::444455556666:role/deploy"}}]`, 1), "111122223333", "444455556666"},
		{"allowed accounts", strings.Replace(provider, "%s", `"allowed_account_ids":{"constant_value":["444455556666"]}`, 1), "", "444455556666"},
		{"data", `,"prior_state":{"values":{"root_module":{"resources":[{"mode":"data","type":"aws_caller_identity","name":"c","values":{"arn":"arn:aws:sts::444455556666:assumed-role/a/b"}}]}}}`, "", "444455556666"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, err := Read("p", []byte(strings.Replace(plan, "%s", tt.more, 1)), Options{Account: tt.account})
			if err != nil {
				t.Fatal(err)
			}
			after, _, err := Overlay(nil, c)
			switch {
			case tt.want == "":
				if err == nil || !strings.Contains(err.Error(), "--account") {
					t.Errorf("got %v, want an error that asks for --account", err)
				}
			case err != nil || len(after) != 1 || after[0].Account != tt.want:
				t.Errorf("got %v %v, want account %s", after, err, tt.want)
			}
		})
	}
}
