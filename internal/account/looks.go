package account

import (
	"bytes"
	"slices"
	"strings"
)

const expectedSnapshot = "expected the output of `aws iam get-account-authorization-details` or of `iamcheck snapshot`"

// look is something that people give in place of a snapshot, and the marks by
// which it is known.
type look struct {
	what  string
	marks []string // all must be there
}

// objectLooks are known by their keys; the first that fits is told.
var objectLooks = []look{
	{"a snapshot without the version of its form, \"iamcheck_snapshot\": 1", []string{"authorization_details"}},
	{"a Terraform plan, which `iamcheck plan` reads", []string{"format_version", "resource_changes"}},
	{"a Terraform plan, which `iamcheck plan` reads", []string{"format_version", "planned_values"}},
	{"a Terraform state", []string{"format_version", "values"}},
	{"a Terraform state", []string{"terraform_version", "lineage"}},
	{"a CloudFormation template, which `iamcheck plan` reads", []string{"AWSTemplateFormatVersion"}},
	{"a CloudFormation template, which `iamcheck plan` reads", []string{"Resources"}},
	{"a single policy document", []string{"Statement"}},
	{"a report of iamcheck", []string{"schema_version", "findings"}},
	{"a SARIF log", []string{"runs", "version"}},
	{"a Teleport resource, as `tctl get` prints it, which --teleport-config reads", []string{"kind", "metadata"}},
	{"the output of `aws iam list-roles`, which has no permissions", []string{"Roles"}},
	{"the output of `aws iam list-policies`, which has no documents", []string{"Policies"}},
	{"the output of `aws iam get-role`, which has no permissions", []string{"Role"}},
	{"the output of `aws iam get-role-policy`", []string{"RoleName", "PolicyDocument"}},
	{"the output of `aws iam get-policy-version`", []string{"PolicyVersion"}},
	{"the output of `aws iam get-user`, which has no permissions", []string{"User"}},
	{"one role alone, without the list that holds it", []string{"RoleName", "AssumeRolePolicyDocument"}},
	{"an iamcheck.yaml in JSON, which --config reads", []string{"version", "agents"}},
}

// looksLikeObject says in place of what an object with these keys was given.
func looksLikeObject(keys map[string]bool) string {
	for _, l := range objectLooks {
		if !slices.ContainsFunc(l.marks, func(m string) bool { return !keys[m] }) {
			return "this is " + l.what + "; " + expectedSnapshot
		}
	}
	if len(keys) == 0 {
		return "this is an empty object; " + expectedSnapshot
	}
	return "this is no snapshot: it has neither \"RoleDetailList\" nor \"iamcheck_snapshot\"; " + expectedSnapshot
}

// textLooks are known by how the first bytes of the file begin.
var textLooks = []look{
	{"compressed (gzip); unpack it first", []string{"\x1f\x8b"}},
	{"a zip archive; unpack it first", []string{"PK\x03\x04"}},
	{"UTF-16, as PowerShell writes it when output is redirected; save it as UTF-8", []string{"\xff\xfe"}},
	{"UTF-16; save it as UTF-8", []string{"\xfe\xff"}},
	{"XML or HTML", []string{"<"}},
	{"a JSON list", []string{"["}},
	{"a JSON string", []string{"\""}},
}

// lineLooks are known by keys at the beginnings of lines.
var lineLooks = []look{
	{"a teleport.yaml, which --teleport-config reads", []string{"teleport:"}},
	{"a teleport.yaml, which --teleport-config reads", []string{"db_service:"}},
	{"a Teleport resource, as `tctl get` prints it, which --teleport-config reads", []string{"kind:", "metadata:"}},
	{"an iamcheck.yaml, which --config reads", []string{"agents:"}},
	{"the output of AWS's command line in YAML; run it with --output json", []string{"RoleDetailList:"}},
	{"the output of AWS's command line in YAML; run it with --output json", []string{"UserDetailList:"}},
	{"the output of AWS's command line as text; run it with --output json", []string{"ROLEDETAILLIST"}},
	{"the output of AWS's command line as text; run it with --output json", []string{"USERDETAILLIST"}},
	{"an error message of AWS's command line", []string{"An error occurred ("}},
}

// looksLikeText judges the first bytes of a file. It returns what is wrong, ""
// where they may begin a JSON object or hold nothing but space.
func looksLikeText(head []byte) string {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n")
	if len(head) == 0 || head[0] == '{' {
		return ""
	}
	for _, l := range textLooks {
		if bytes.HasPrefix(head, []byte(l.marks[0])) {
			return "this is " + l.what + "; " + expectedSnapshot
		}
	}
	lines := strings.Split("\n"+strings.ReplaceAll(string(head), "\r", ""), "\n")
	for _, l := range lineLooks {
		if !slices.ContainsFunc(l.marks, func(m string) bool { return !anyBegins(lines, m) }) {
			return "this is " + l.what + "; " + expectedSnapshot
		}
	}
	return "this is not JSON: it begins with " + shown(string(head[:min(len(head), 20)])) + "; " + expectedSnapshot
}

func anyBegins(lines []string, mark string) bool {
	return slices.ContainsFunc(lines, func(line string) bool { return strings.HasPrefix(line, mark) })
}
