package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/iamcheck/iamcheck/internal/report"
)

// readSchema compiles a JSON Schema.
func readSchema(t *testing.T, text []byte) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// schemas are those that a format of reports has.
func schemas(t *testing.T) map[string]*jsonschema.Schema {
	t.Helper()
	sarif, err := os.ReadFile("../../internal/report/testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	return map[string]*jsonschema.Schema{"json": readSchema(t, report.Schema()), "sarif": readSchema(t, sarif)}
}

// TestDemoIsValid holds the demonstration's report to the schemas.
func TestDemoIsValid(t *testing.T) {
	all := schemas(t)
	t.Chdir(t.TempDir())
	auditValid(t, all, exitFindings, "demo")
}

// TestExampleAccount audits roles and users of a real account, which nobody made
// for iamcheck, in every format.
func TestExampleAccount(t *testing.T) {
	path, err := filepath.Abs("../../../shared/data/account-example.json")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		t.Skip("there is no shared/data beside the repository")
	}
	all := schemas(t)
	t.Chdir(t.TempDir())
	for _, c := range []struct {
		agent, types, login string
		code                int
	}{
		{"--role=MyRole", "rds,rdsproxy,redshift,elasticache,elasticache-serverless,memorydb", "", exitFindings},
		{"--role=OverprivilegedEC2", "dynamodb,keyspace,opensearch,docdb,redshift-serverless", "MyOtherRole", exitFindings},
		{"--role=OrganizationAccountAccessRole", "rds,dynamodb", "privesc-AssumeRole-ending-role", exitFindings},
		{"--role=privesc-AssumeRole-starting-role", "dynamodb", "privesc-AssumeRole-intermediate-role", exitClean},
		{"--role=privesc-permissive-role-trust", "rds", "", exitFindings},
		{"--role=fn4-exploitableNotAction-role", "rds,redshift,memorydb", "", exitFindings},
		{"--role=fp2-allow-and-deny-multiple-policies-role", "rds", "", exitFindings},
		{"--role=fp5-nonExploitableConditionConstraint-role", "rds", "", exitFindings},
		{"--role=AWSReservedSSO_AdministratorAccess_dc6414f7f2ab04fc", "rds,opensearch", "", exitFindings},
		{"--role=AWSServiceRoleForConfig", "elasticache", "", exitFindings},
		{"--user=obama", "rds,dynamodb", "MyRole", exitFindings},
		{"--user=userwithlotsofpermissions", "rds,docdb", "MyRole", exitFindings},
		{"--user=privesc11-PutGroupPolicy-user", "rds", "", exitFindings},
		{"--user=privesc-AssumeRole-start-user", "dynamodb", "privesc-AssumeRole-starting-role", exitFindings},
	} {
		t.Run(c.agent, func(t *testing.T) {
			args := []string{"audit", "--snapshot", path, c.agent, "--types", c.types}
			if c.login != "" {
				args = append(args, "--db-role", c.login)
			}
			auditValid(t, all, c.code, args...)
		})
	}
}

// auditValid runs an audit in every format: it says nothing on stderr, gives the
// same code each time, and what has a schema keeps to it.
func auditValid(t *testing.T, schemas map[string]*jsonschema.Schema, code int, args ...string) {
	t.Helper()
	for i, format := range report.Formats() {
		name := "report" + strconv.Itoa(i)
		r := runHere(t, append(args, "-f", format.Name+"="+name)...)
		if r.code != code || r.stdout != "" || r.stderr != "" {
			t.Errorf("%s: exit code %d, want %d, with a silent stdout and stderr:\n%s\n%s", format.Name, r.code, code, r.stderr, r.stdout)
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil || len(text) == 0 {
			t.Errorf("%s: no report was written: %v", format.Name, err)
			continue
		}
		schema := schemas[format.Name]
		if schema == nil {
			continue
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err == nil {
			err = schema.Validate(doc)
		}
		if err != nil {
			t.Errorf("%s: %v", format.Name, err)
		}
	}
}
