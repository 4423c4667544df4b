package main

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

// sample is the package's form in small.
func sample() fstest.MapFS {
	return fstest.MapFS{
		"package.json":                   file(`{"version": "0.21.202609261", "updatedAt": "2026-09-26T04:46:59.905Z"}`),
		"data/services.json":             file(`["rds-db", "lex"]`),
		"data/serviceNames.json":         file(`{"rds-db": "Amazon RDS IAM Authentication", "lex": "Amazon Lex"}`),
		"data/rcpSupportedServices.json": file(`["sts", "s3"]`),
		"data/actions/rds-db.json": file(`{"connect": {"name": "connect", "accessLevel": "Permissions management, Write",
			"resourceTypes": [{"name": "db-user", "required": true, "conditionKeys": []}], "conditionKeys": []}}`),
		"data/resourceTypes/rds-db.json": file(`{"db-user": {"key": "db-user", "arn": "arn:${Partition}:rds-db:x"}}`),
		"data/conditionKeys/rds-db.json": file(`{}`),
		"data/actions/lex.json": file(`{"delete": {"name": "Delete", "accessLevel": "Write",
			"resourceTypes": [{"name": "bot alias", "required": false, "conditionKeys": ["lex:Z", "aws:TagKeys"]}], "conditionKeys": ["lex:New"]},
			"alter": {"name": "Alter", "accessLevel": "Tagging, Write", "resourceTypes": [], "conditionKeys": []}}`),
		"data/resourceTypes/lex.json": file(`{"bot alias": {"key": "bot alias", "arn": "arn:a, arn:b", "conditionKeys": ["aws:TagKeys"]}}`),
		"data/conditionKeys/lex.json": file(`{"lex:z": {"key": "lex:Z", "type": "Bool"}, "aws:tagkeys": {"key": "aws:TagKeys", "type": "ArrayOfString"}}`),
		"dist/esm/globalConditionKeys.js": file(`export const globalConditionKeys = [
    { key: 'aws:RequestTag/tag-key',
        category: 'request',
        type: 'String', description: '' },
    { key: 'aws:CurrentTime',
        category: 'network',
        type: 'Date', //or a number
    }];`),
	}
}

const sampleText = `iam-data	0.21.202609261	2026-09-26
!	aws:CurrentTime	D
!	aws:RequestTag/${TagKey}	S
^	s3 sts
@	lex	Amazon Lex
+	aws:TagKeys	s
+	lex:New	S
+	lex:Z	B
=	bot alias	0	arn:a	arn:b
-	Alter	T		
-	Delete	W	0:0,2	1
@	rds-db	Amazon RDS IAM Authentication
=	db-user		arn:${Partition}:rds-db:x
-	connect	P	0!	
`

func TestText(t *testing.T) {
	for range 5 { // a map's order would show
		s, err := read(sample())
		if err != nil {
			t.Fatal(err)
		}
		got, err := text(s)
		if err != nil {
			t.Fatal(err)
		}
		if got != sampleText {
			t.Fatalf("got:\n%s\nwant:\n%s", got, sampleText)
		}
	}
}

func TestRejects(t *testing.T) {
	tests := []struct{ name, path, old, replacement, want string }{
		{"access level", "data/actions/rds-db.json", "Permissions management", "Ruling", "access level"},
		{"action's case", "data/actions/rds-db.json", `"name": "connect"`, `"name": "Konnect"`, "Konnect"},
		{"resource type", "data/actions/rds-db.json", `"name": "db-user"`, `"name": "nobody"`, "nobody"},
		{"ARN", "data/resourceTypes/rds-db.json", "arn:", "urn:", "urn:"},
		{"key type", "data/conditionKeys/lex.json", `"Bool"`, `"Float"`, "Float"},
		{"tab", "data/serviceNames.json", "Amazon Lex", `Amazon\tLex`, "field"},
		{"no service name", "data/serviceNames.json", `"lex"`, `"rex"`, "lex"},
		{"date", "package.json", "2026-09-26T", "26.9.2026 ", "updatedAt"},
		{"global keys", "dist/esm/globalConditionKeys.js", "key: 'aws:CurrentTime'", "Key: 'aws:CurrentTime'", "1 of 2"},
		{"broken JSON", "data/services.json", "]", "", "services.json"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := maps.Clone(sample())
			broken := strings.Replace(string(dir[tt.path].Data), tt.old, tt.replacement, 1)
			dir[tt.path] = file(broken)
			err := fromTo(dir)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got error %v, want one about %q", err, tt.want)
			}
		})
	}
}

func fromTo(dir fs.FS) error {
	s, err := read(dir)
	if err != nil {
		return err
	}
	_, err = text(s)
	return err
}

// A package that has lost most of its data must not replace what is there.
func TestGenerateRefusesTooLittle(t *testing.T) {
	output := filepath.Join(t.TempDir(), "out.gz")
	if err := generate(sample(), output); err == nil || !strings.Contains(err.Error(), "only 2 services") {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(output); err == nil {
		t.Error("the output was written")
	}
}

func TestWriteLeavesTheSameTextAlone(t *testing.T) {
	output := filepath.Join(t.TempDir(), "out.gz")
	if err := write(output, sampleText); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(output, 0o400); err != nil {
		t.Fatal(err)
	}
	before, err := os.Stat(output)
	if err != nil {
		t.Fatal(err)
	}
	if err := write(output, sampleText); err != nil {
		t.Fatal(err)
	}
	if after, err := os.Stat(output); err != nil || !after.ModTime().Equal(before.ModTime()) {
		t.Errorf("written again: %v, %v", after, err)
	}
	if err := os.Chmod(output, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := write(output, sampleText+"-\tMore\tR\t\t\n"); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(output)
	if err != nil || holds(b, sampleText) || !holds(b, sampleText+"-\tMore\tR\t\t\n") {
		t.Errorf("not replaced: %v", err)
	}
}
