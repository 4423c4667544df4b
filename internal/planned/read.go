package planned

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

// Options are what a reader of plans has to be told besides the file.
type Options struct {
	// Account and Partition are those that a plan is for where it does not tell
	// itself: those of the picture. "" where there is none.
	Account, Partition string
	// Region is AWS::Region in templates; "" where not known.
	Region string
	// Parameters of a template.
	Parameters map[string]string
	// ChangeSet is what `aws cloudformation describe-change-set` prints for the
	// template; nil where there is none. ChangeSetFile is its name.
	ChangeSet     []byte
	ChangeSetFile string
}

// Read reads a plan, a state or a template, by its content. Errors are *Error
// where the text is at fault.
func Read(file string, text []byte, o Options) (*Change, error) {
	if len(text) > maxSize {
		return nil, &Error{File: file, Message: fmt.Sprintf("is larger than %d MiB; expected a plan or template, which is not", maxSize>>20)}
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if what := looksLike(text); what != "" {
		return nil, &Error{File: file, Message: "this is " + what + "; " + expectedPlan}
	}
	if !isJSON(text) {
		return readTemplate(file, text, o)
	}
	var top map[string]json.RawMessage
	if err := json.Unmarshal(text, &top); err != nil {
		return nil, jsonError(file, text, err)
	}
	has := func(keys ...string) bool {
		for _, key := range keys {
			if _, ok := top[key]; !ok {
				return false
			}
		}
		return true
	}
	switch {
	case has("format_version", "resource_changes"), has("format_version", "planned_values"), has("format_version", "values"):
		return readTerraform(file, text, o)
	case has("Resources"):
		return readTemplate(file, text, o)
	}
	for _, l := range jsonLooks {
		if has(l.keys...) {
			return nil, &Error{File: file, Message: "this is " + l.what + "; " + expectedPlan}
		}
	}
	return nil, &Error{File: file, Message: "this is no plan and no template: it has neither \"resource_changes\" nor \"Resources\"; " + expectedPlan}
}

const expectedPlan = "expected what `terraform show -json` prints, a CloudFormation template, or a folder of policies"

func isJSON(text []byte) bool {
	text = bytes.TrimLeft(text, " \t\r\n")
	return len(text) > 0 && (text[0] == '{' || text[0] == '[')
}

// jsonLooks are objects that people give in place of a plan, by their keys.
var jsonLooks = []struct {
	what string
	keys []string
}{
	{"Terraform's state file; run terraform show -json", []string{"terraform_version", "lineage"}},
	{"a Terraform plan or state that is empty", []string{"format_version"}},
	{"a change set, which --change-set reads beside its template", []string{"Changes", "StackName"}},
	{"a change set, which --change-set reads beside its template", []string{"ChangeSetName"}},
	{"a snapshot, which --snapshot reads", []string{"iamcheck_snapshot"}},
	{"a snapshot, which --snapshot reads", []string{"RoleDetailList"}},
	{"a single policy document; put it into a folder with the name of its role", []string{"Statement"}},
	{"a report of iamcheck", []string{"schema_version", "findings"}},
	{"the output of aws cloudformation describe-stack-resources", []string{"StackResources"}},
	{"a template as get-template prints it; take what is under TemplateBody", []string{"TemplateBody"}},
}

// looksLike says what a text is that is neither JSON nor a template, "" where it
// may be one.
func looksLike(text []byte) string {
	head := bytes.TrimLeft(text[:min(len(text), 4096)], " \t\r\n")
	switch {
	case len(head) == 0:
		return "empty"
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return "a Terraform plan file in its own form; run terraform show -json on it"
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		return "compressed (gzip); unpack it first"
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return "UTF-16; save it as UTF-8"
	case bytes.HasPrefix(head, []byte(`{"@level"`)):
		return "the log of terraform plan -json; run terraform show -json on the plan file"
	case bytes.HasPrefix(head, []byte("<")):
		return "XML or HTML"
	case !utf8.Valid(text):
		return "not text in UTF-8"
	case bytes.HasPrefix(head, []byte("Terraform ")), bytes.HasPrefix(head, []byte("\x1b[")):
		return "what terraform plan prints for people; run terraform show -json"
	case bytes.HasPrefix(head, []byte("resource \"")), bytes.HasPrefix(head, []byte("terraform {")), bytes.HasPrefix(head, []byte("provider \"")):
		return "Terraform's source; run terraform show -json on a plan of it"
	}
	return ""
}
