package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/config"
)

// writeMendTerraform writes the resources that hold the mended documents. What
// exists is imported; whose code has it already takes the document alone.
func writeMendTerraform(w io.Writer, m *checks.Mend, o Options) error {
	file := hclwrite.NewEmptyFile()
	t := &mendTerraform{terraform{body: file.Body(), names: uniqueNames{}}}
	accounts := mendAccounts(m)
	t.several = len(accounts) > 1
	if len(m.Documents) > 0 {
		t.comment("Written by iamcheck fix. Where your code has one of these resources already, put the new document there and leave the block and its import out.")
	}
	if t.several {
		t.providers(accounts)
	}
	for i := range m.Documents {
		if err := t.document(&m.Documents[i], o); err != nil {
			return err
		}
	}
	if len(m.Documents) > 0 {
		t.body.AppendNewline()
	}
	r := mendNotes{ascii: o.ASCII}
	r.rest(m)
	t.comment(r.lines...)
	_, err := w.Write(hclwrite.Format(file.Bytes()))
	return err
}

// mendTerraform is a Terraform file while it is written.
type mendTerraform struct{ terraform }

func mendAccounts(m *checks.Mend) []string {
	var out []string
	seen := map[string]bool{}
	for i := range m.Documents {
		if id := mendAccount(&m.Documents[i]); !seen[id] && config.IsAccountID(id) {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

func (t *mendTerraform) document(d *checks.MendedDocument, o Options) error {
	t.body.AppendNewline()
	r := mendNotes{ascii: o.ASCII}
	r.document(d)
	t.comment(r.lines...)
	kind, name := entityOf(d)
	label := identifier(name, '_')
	switch {
	case d.After == nil && d.Detach:
		t.comment("Take the aws_iam_" + kind + "_policy_attachment of " + d.Policy + " out of your code.")
		return nil
	case d.After == nil:
		t.comment("Take the aws_iam_" + kind + "_policy " + d.Policy + " out of your code.")
		return nil
	case d.Kind == "trust":
		label = t.names.of(label+"_role", "_")
		b := t.begin(d, "aws_iam_role", label, name)
		b.SetAttributeValue("name", cty.StringVal(name))
		if path := entityPath(d.Principal); path != "/" {
			b.SetAttributeValue("path", cty.StringVal(path))
		}
		if err := setDocument(b, "assume_role_policy", d.After); err != nil {
			return err
		}
		keep(b, "description", "max_session_duration", "permissions_boundary", "tags", "tags_all")
		return nil
	case d.Kind == "inline":
		label = t.names.of(label+"_"+identifier(d.Policy, '_'), "_")
		b := t.begin(d, "aws_iam_"+kind+"_policy", label, name+":"+d.Policy)
		b.SetAttributeValue("name", cty.StringVal(d.Policy))
		b.SetAttributeValue(kind, cty.StringVal(name))
		return setDocument(b, "policy", d.After)
	default:
		return t.managed(d, kind, name)
	}
}

func (t *mendTerraform) managed(d *checks.MendedDocument, kind, name string) error {
	label := t.names.of(identifier(policyName(d), '_'), "_")
	b := t.begin(d, "aws_iam_policy", label, d.Policy)
	b.SetAttributeValue("name", cty.StringVal(policyName(d)))
	if path := entityPath(d.Policy); path != "/" {
		b.SetAttributeValue("path", cty.StringVal(path))
	}
	if err := setDocument(b, "policy", d.After); err != nil {
		return err
	}
	if !d.Attach {
		keep(b, "description", "tags", "tags_all")
		return nil
	}
	t.body.AppendNewline()
	b = t.resourceIn(d, "aws_iam_"+kind+"_policy_attachment", label)
	b.SetAttributeValue(kind, cty.StringVal(name))
	b.SetAttributeRaw("policy_arn", traversal("aws_iam_policy", label, "arn"))
	return nil
}

// begin begins a resource, behind the block that imports what is there already.
func (t *mendTerraform) begin(d *checks.MendedDocument, kind, label, id string) *hclwrite.Body {
	if d.Before != nil {
		b := t.body.AppendNewBlock("import", nil).Body()
		b.SetAttributeRaw("to", traversal(kind, label))
		b.SetAttributeValue("id", cty.StringVal(id))
		t.body.AppendNewline()
	}
	return t.resourceIn(d, kind, label)
}

// keep leaves attributes of what is imported as they are: Terraform would take a
// role's boundary away, and make a policy anew for its description.
func keep(b *hclwrite.Body, attributes ...string) {
	var names []hclwrite.Tokens
	for _, a := range attributes {
		names = append(names, hclwrite.TokensForIdentifier(a))
	}
	b.AppendNewline()
	b.AppendNewBlock("lifecycle", nil).Body().SetAttributeRaw("ignore_changes", hclwrite.TokensForTuple(names))
}

func (t *mendTerraform) resourceIn(d *checks.MendedDocument, kind, label string) *hclwrite.Body {
	b := t.body.AppendNewBlock("resource", []string{kind, label}).Body()
	if t.several && config.IsAccountID(mendAccount(d)) {
		b.SetAttributeRaw("provider", traversal("aws", "account_"+mendAccount(d)))
	}
	return b
}

// entityPath is the path in an ARN of IAM, with a slash at both ends.
func entityPath(arn string) string {
	a := checks.MendedDocument{Principal: arn}
	parsed, _ := config.ParseARN(a.Principal)
	kind, name := entityOf(&a)
	if len(parsed.Resource) <= len(kind)+1+len(name) {
		return "/"
	}
	return parsed.Resource[len(kind) : len(parsed.Resource)-len(name)]
}

func setDocument(b *hclwrite.Body, attribute string, document []byte) error {
	text, err := inWords(document)
	if err != nil {
		return err
	}
	tokens, err := hclPolicy(text, nil)
	if err != nil {
		return err
	}
	b.SetAttributeRaw(attribute, tokens)
	return nil
}

// inWords writes the numbers and booleans of a policy as strings, which IAM reads
// the same (reference_policies_grammar); elements keep their order.
func inWords(document []byte) ([]byte, error) {
	d := json.NewDecoder(bytes.NewReader(document))
	d.UseNumber()
	var out bytes.Buffer
	last := int64(0)
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			out.Write(document[last:])
			return out.Bytes(), nil
		}
		if err != nil {
			return nil, fmt.Errorf("policy document: %w", err)
		}
		var word string
		switch v := token.(type) {
		case bool:
			word = fmt.Sprint(v)
		case json.Number:
			word = v.String()
		default:
			continue
		}
		end := d.InputOffset()
		out.Write(document[last : end-int64(len(word))])
		out.WriteString(`"` + word + `"`)
		last = end
	}
}
