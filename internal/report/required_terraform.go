package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/iamcheck/iamcheck/internal/expected"
)

// terraform is a Terraform file while it is written.
type terraform struct {
	body  *hclwrite.Body
	names uniqueNames
	// several: the identities are in several accounts, each with a provider of
	// its own.
	several bool
}

func writeRequiredTerraform(w io.Writer, attachments []expected.Attachment, _ Options) error {
	file := hclwrite.NewEmptyFile()
	t := &terraform{body: file.Body(), names: uniqueNames{}}
	accounts, unknown := accountsOf(attachments)
	t.several = len(accounts) > 1 || len(accounts) == 1 && unknown
	t.comment("Written by iamcheck required: what Teleport's databases need of IAM.")
	if t.several {
		t.providers(accounts)
	}
	t.variables(attachments)
	for i := range attachments {
		if err := t.attachment(&attachments[i]); err != nil {
			return err
		}
	}
	_, err := w.Write(hclwrite.Format(file.Bytes()))
	return err
}

// comment writes clean lines behind "# ".
func (t *terraform) comment(lines ...string) {
	for _, l := range lines {
		t.body.AppendUnstructuredTokens(hclwrite.Tokens{{Type: hclsyntax.TokenComment, Bytes: []byte("# " + clean(l, maxText, false) + "\n")}})
	}
}

// providers declares one for each account; the caller says how to reach it.
func (t *terraform) providers(accounts []string) {
	t.body.AppendNewline()
	t.comment("One provider for each account; add how to reach it (profile, or assume_role).")
	for i, account := range accounts {
		if i > 0 {
			t.body.AppendNewline()
		}
		b := t.body.AppendNewBlock("provider", []string{"aws"}).Body()
		b.SetAttributeValue("alias", cty.StringVal("account_"+account))
		b.SetAttributeValue("allowed_account_ids", cty.ListVal([]cty.Value{cty.StringVal(account)}))
	}
}

// variables declares what has to be filled in.
func (t *terraform) variables(attachments []expected.Attachment) {
	declare := func(name, description string) {
		t.body.AppendNewline()
		b := t.body.AppendNewBlock("variable", []string{name}).Body()
		b.SetAttributeRaw("type", hclwrite.TokensForIdentifier("string"))
		b.SetAttributeValue("description", cty.StringVal(description))
	}
	declared := map[string]bool{}
	for _, p := range allPlaceholders(attachments) {
		declared[hclVariable(p.Text)] = true
		declare(hclVariable(p.Text), p.Tell())
	}
	for i := range attachments {
		if a := &attachments[i]; a.Principal == "" && !declared[unnamedVariable(a)] {
			declare(unnamedVariable(a), "a role that users of "+string(a.Type)+" log in as")
		}
	}
}

// unnamedVariable is the variable that holds the name of a role that is not
// named; it is that of the placeholder in its caller's policy.
func unnamedVariable(a *expected.Attachment) string {
	return strings.ReplaceAll(string(a.Type), "-", "_") + "_role"
}

func (t *terraform) attachment(a *expected.Attachment) error {
	label := t.names.of(identifier(a.EntityName(), '_'), "_")
	if a.Principal == "" {
		label = t.names.of(unnamedVariable(a), "_")
	}
	t.body.AppendNewline()
	t.comment(strings.TrimSpace(attachmentTitle(a) + " " + a.Principal))
	t.comment(requiredRemarks(a)...)
	entity := t.entity(a)
	if a.Trust != nil {
		if err := t.role(a, label, entity); err != nil {
			return err
		}
		entity = traversal("aws_iam_role", label, "name")
	}
	first := label // of the policies
	for n := range a.Identity {
		if n > 0 || a.Trust != nil {
			t.body.AppendNewline()
		}
		name, err := t.policy(a, n, label, entity)
		if err != nil {
			return err
		}
		if n == 0 {
			first = name
		}
	}
	return t.boundary(a, label, first)
}

// entity is the name of the role or user.
func (t *terraform) entity(a *expected.Attachment) hclwrite.Tokens {
	if a.Principal == "" {
		return traversal("var", unnamedVariable(a))
	}
	return hclwrite.TokensForValue(cty.StringVal(a.EntityName()))
}

// role writes the role with its trust policy, which Terraform knows only as a
// part of the role.
func (t *terraform) role(a *expected.Attachment, label string, name hclwrite.Tokens) error {
	t.comment("Where the role exists, import it first: terraform import aws_iam_role." + label + " ROLE-NAME")
	b := t.resource(a, "aws_iam_role", label)
	b.SetAttributeRaw("name", name)
	if path := a.EntityPath(); a.Principal != "" && path != "/" {
		b.SetAttributeValue("path", cty.StringVal(path))
	}
	return t.document(b, "assume_role_policy", a, a.Trust)
}

// policy writes the nth policy with its attachment, and returns its label.
func (t *terraform) policy(a *expected.Attachment, n int, label string, entity hclwrite.Tokens) (string, error) {
	d := &a.Identity[n]
	kind := "role"
	if a.User() {
		kind = "user"
	}
	if len(a.Identity) > 1 {
		label = t.names.of(fmt.Sprintf("%s_part%d", label, n+1), "_")
	}
	if a.Inline {
		b := t.resource(a, "aws_iam_"+kind+"_policy", label)
		b.SetAttributeValue("name", cty.StringVal(d.Name))
		b.SetAttributeRaw(kind, entity)
		return label, t.document(b, "policy", a, d)
	}
	b := t.resource(a, "aws_iam_policy", label)
	b.SetAttributeValue("name", cty.StringVal(d.Name))
	b.SetAttributeValue("description", cty.StringVal("What Teleport needs for its databases."))
	if err := t.document(b, "policy", a, d); err != nil {
		return "", err
	}
	t.body.AppendNewline()
	b = t.resource(a, "aws_iam_"+kind+"_policy_attachment", label)
	b.SetAttributeRaw(kind, entity)
	b.SetAttributeRaw("policy_arn", traversal("aws_iam_policy", label, "arn"))
	return label, nil
}

// boundary writes what a boundary must allow as a local value: whether the
// identity has one, and what else it allows, is not known.
func (t *terraform) boundary(a *expected.Attachment, label, policy string) error {
	if a.Boundary == nil {
		return nil
	}
	t.body.AppendNewline()
	t.comment("A permissions boundary, if the identity has one, must allow this too.")
	b := t.body.AppendNewBlock("locals", nil).Body()
	if !sameBoundary(a) {
		return t.document(b, label+"_boundary", a, a.Boundary)
	}
	kind := "aws_iam_policy"
	switch {
	case a.Inline && a.User():
		kind = "aws_iam_user_policy"
	case a.Inline:
		kind = "aws_iam_role_policy"
	}
	b.SetAttributeRaw(label+"_boundary", traversal(kind, policy, "policy"))
	return nil
}

// resource begins a resource, in the identity's account where there are several.
func (t *terraform) resource(a *expected.Attachment, kind, label string) *hclwrite.Body {
	b := t.body.AppendNewBlock("resource", []string{kind, label}).Body()
	if account := a.Account(); t.several && account != "" {
		b.SetAttributeRaw("provider", traversal("aws", "account_"+account))
	}
	return b
}

func (t *terraform) document(b *hclwrite.Body, attribute string, a *expected.Attachment, d *expected.Document) error {
	tokens, err := hclPolicy(d.JSON(), a.Placeholders)
	if err != nil {
		return err
	}
	b.SetAttributeRaw(attribute, tokens)
	return nil
}

// traversal is a reference: aws_iam_policy.x.arn.
func traversal(root string, attributes ...string) hclwrite.Tokens {
	out := hcl.Traversal{hcl.TraverseRoot{Name: root}}
	for _, name := range attributes {
		out = append(out, hcl.TraverseAttr{Name: name})
	}
	return hclwrite.TokensForTraversal(out)
}

// requiredRemarks are the names that stand open, and AWS's quotas, in lines.
func requiredRemarks(a *expected.Attachment) []string {
	var out []string
	for _, p := range a.Placeholders {
		out = append(out, "fill in "+hclVariable(p.Text)+": "+p.Tell())
	}
	for _, name := range a.Open {
		out = append(out, "open "+name+": "+expected.Tell(name))
	}
	for _, n := range a.Notes {
		out = append(out, "note: "+n)
	}
	return out
}

// uniqueNames are the names that were given.
type uniqueNames map[string]bool

// of returns name, with a number behind the separator where it was given before.
func (u uniqueNames) of(name, separator string) string {
	unique := name
	for n := 2; u[unique]; n++ {
		unique = fmt.Sprintf("%s%s%d", name, separator, n)
	}
	u[unique] = true
	return unique
}

// identifier makes a name of letters and digits, with filler for the rest (0 for
// none); it begins with a letter.
func identifier(s string, filler rune) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			return r
		case filler == 0:
			return -1
		}
		return filler
	}, s)
	if s == "" || s[0] >= '0' && s[0] <= '9' || s[0] == '_' {
		s = "r" + s
	}
	return s
}
