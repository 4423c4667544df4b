package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/expected"
)

// object is a JSON object that keeps the order of its keys.
type object []member

type member struct {
	key   string
	value any
}

// MarshalJSON implements json.Marshaler.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		// Without the escapes for HTML, which writeIndented does not want either.
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(m.key); err != nil {
			return nil, err
		}
		b.WriteByte(':')
		if err := e.Encode(m.value); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// template is a CloudFormation template while it is written. Where identities
// are in several accounts, each resource has the condition that the stack is in
// its account: one template serves all of them.
type template struct {
	names      uniqueNames
	parameters object
	conditions object
	resources  object
	several    bool
}

func writeRequiredCloudFormation(w io.Writer, attachments []expected.Attachment, _ Options) error {
	t := &template{names: uniqueNames{}}
	accounts, unknown := accountsOf(attachments)
	t.several = len(accounts) > 1 || len(accounts) == 1 && unknown
	t.declare(attachments, accounts, unknown)
	for i := range attachments {
		if err := t.attachment(&attachments[i]); err != nil {
			return err
		}
	}
	description := "What Teleport's databases need of IAM, written by iamcheck required. Needs CAPABILITY_NAMED_IAM."
	if t.several {
		description += " Create a stack in each of the accounts: each has its own resources."
	}
	out := object{{"AWSTemplateFormatVersion", "2010-09-09"}, {"Description", description}}
	for _, m := range []member{{"Parameters", t.parameters}, {"Conditions", t.conditions}} {
		if o, ok := m.value.(object); ok && len(o) > 0 {
			out = append(out, m)
		}
	}
	return writeIndented(w, append(out, member{"Resources", t.resources}))
}

// declare writes parameters for what has to be filled in, and the conditions.
func (t *template) declare(attachments []expected.Attachment, accounts []string, unknown bool) {
	declared := map[string]bool{}
	declare := func(name, description string) {
		if !declared[name] {
			declared[name] = true
			t.parameters = append(t.parameters, member{name, object{{"Type", "String"}, {"Description", description}}})
		}
	}
	for _, p := range allPlaceholders(attachments) {
		declare(parameterOf(p.Text), p.Tell())
	}
	for i := range attachments {
		if a := &attachments[i]; a.Principal == "" {
			declare(unnamedParameter(a), "a role that users of "+string(a.Type)+" log in as")
		}
	}
	if t.several {
		t.declareAccounts(accounts, unknown)
	}
}

// declareAccounts writes a condition for each account that a stack may be in.
// Fn::Or takes ten conditions, so that more are taken by tens.
func (t *template) declareAccounts(accounts []string, unknown bool) {
	here := object{{"Ref", "AWS::AccountId"}}
	var others []any
	for _, account := range accounts {
		equal := object{{"Fn::Equals", []any{here, account}}}
		t.conditions = append(t.conditions, member{"In" + account, equal})
		others = append(others, object{{"Condition", "In" + account}})
	}
	if !unknown {
		return
	}
	for len(others) > 1 {
		var tens []any
		for ten := range slices.Chunk(others, 10) {
			if len(ten) == 1 {
				tens = append(tens, ten[0])
				continue
			}
			tens = append(tens, object{{"Fn::Or", ten}})
		}
		others = tens
	}
	t.conditions = append(t.conditions, member{"Elsewhere", object{{"Fn::Not", others}}})
}

// parameterOf names the parameter of a placeholder: <ACCOUNT_ID> is AccountId.
func parameterOf(placeholder string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(strings.Trim(placeholder, "<>"), "_") {
		b.WriteString(word[:1] + strings.ToLower(word[1:]))
	}
	return b.String()
}

func unnamedParameter(a *expected.Attachment) string {
	return parameterOf(strings.ToUpper(unnamedVariable(a)))
}

func (t *template) attachment(a *expected.Attachment) error {
	name := identifier(a.EntityName(), 0)
	var entity any = a.EntityName()
	if a.Principal == "" {
		name, entity = unnamedParameter(a), object{{"Ref", unnamedParameter(a)}}
	}
	if a.Trust != nil {
		id := t.names.of("Role"+name, "x")
		if err := t.role(a, id, entity); err != nil {
			return err
		}
		entity = object{{"Ref", id}} // the role's name
	}
	for n := range a.Identity {
		if err := t.policy(a, n, t.names.of("Policy"+name, "x"), entity); err != nil {
			return err
		}
	}
	return nil
}

func (t *template) role(a *expected.Attachment, id string, name any) error {
	document, err := cloudFormationPolicy(a.Trust.JSON(), a.Placeholders)
	if err != nil {
		return err
	}
	properties := object{{"RoleName", name}}
	if path := a.EntityPath(); a.Principal != "" && path != "/" {
		properties = append(properties, member{"Path", path})
	}
	return t.add(a, id, "AWS::IAM::Role", append(properties, member{"AssumeRolePolicyDocument", document}), nil)
}

func (t *template) policy(a *expected.Attachment, n int, id string, entity any) error {
	d := &a.Identity[n]
	document, err := cloudFormationPolicy(d.JSON(), a.Placeholders)
	if err != nil {
		return err
	}
	entities := "Roles"
	if a.User() {
		entities = "Users"
	}
	properties := object{{"ManagedPolicyName", d.Name}, {entities, []any{entity}}, {"PolicyDocument", document}}
	kind := "AWS::IAM::ManagedPolicy"
	if a.Inline {
		kind = "AWS::IAM::Policy"
		properties[0].key = "PolicyName"
	}
	var boundary any
	switch {
	case n > 0 || a.Boundary == nil:
	case sameBoundary(a):
		boundary = "the statements of this policy"
	default:
		if boundary, err = cloudFormationPolicy(a.Boundary.JSON(), nil); err != nil {
			return err
		}
	}
	return t.add(a, id, kind, properties, boundary)
}

// add adds a resource; remarks, and what a permissions boundary must allow, go
// into its metadata.
func (t *template) add(a *expected.Attachment, id, kind string, properties object, boundary any) error {
	resource := object{{"Type", kind}}
	if t.several {
		condition := "Elsewhere"
		if account := a.Account(); account != "" {
			condition = "In" + account
		}
		resource = append(resource, member{"Condition", condition})
	}
	if kind == "AWS::IAM::Role" {
		// A role that is deleted and made anew is another one to those who trust it.
		resource = append(resource, member{"DeletionPolicy", "Retain"}, member{"UpdateReplacePolicy", "Retain"})
	}
	var metadata object
	if remarks := requiredRemarks(a); len(remarks) > 0 && kind != "AWS::IAM::Role" {
		metadata = append(metadata, member{"Remarks", remarks})
	}
	if boundary != nil {
		metadata = append(metadata, member{"PermissionsBoundaryMustAllow", boundary})
	}
	if len(metadata) > 0 {
		resource = append(resource, member{"Metadata", object{{"iamcheck", metadata}}})
	}
	t.resources = append(t.resources, member{id, append(resource, member{"Properties", properties})})
	return nil
}

// cloudFormationPolicy is a document with its placeholders as parameters.
func cloudFormationPolicy(document []byte, placeholders []expected.Placeholder) (any, error) {
	if len(placeholders) == 0 {
		return json.RawMessage(document), nil
	}
	return orderedJSON(json.NewDecoder(bytes.NewReader(document)), func(s string) any {
		parts := cutPlaceholders(s, placeholders)
		if len(parts) == 1 && parts[0].placeholder == "" {
			return s
		}
		var b strings.Builder
		for _, p := range parts {
			if p.placeholder != "" {
				b.WriteString("${" + parameterOf(p.placeholder) + "}")
				continue
			}
			b.WriteString(strings.ReplaceAll(p.text, "${", "${!"))
		}
		return object{{"Fn::Sub", b.String()}}
	})
}

// orderedJSON reads a value with its objects' keys in their order, and lets text
// replace the strings.
func orderedJSON(d *json.Decoder, text func(string) any) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		out := object{}
		for d.More() {
			key, err := d.Token()
			if err != nil {
				return nil, err
			}
			value, err := orderedJSON(d, text)
			if err != nil {
				return nil, err
			}
			out = append(out, member{fmt.Sprint(key), value})
		}
		_, err = d.Token()
		return out, err
	case json.Delim('['):
		out := []any{}
		for d.More() {
			value, err := orderedJSON(d, text)
			if err != nil {
				return nil, err
			}
			out = append(out, value)
		}
		_, err = d.Token()
		return out, err
	}
	s, ok := token.(string)
	if !ok {
		return nil, fmt.Errorf("policy document: %v in a place for text", token)
	}
	return text(s), nil
}
