package report

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/expected"
)

// requiredFixtures are the attachments of the catalogue's fixtures, and of a
// configuration whose names are hostile.
func requiredFixtures(t *testing.T) map[string][]expected.Attachment {
	t.Helper()
	files, err := filepath.Glob("../expected/testdata/*.yaml")
	if err != nil || len(files) < 25 {
		t.Fatalf("%d fixtures (%v)", len(files), err)
	}
	out := map[string][]expected.Attachment{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		target, err := config.Load(file, text, os.ReadFile)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(file)] = attachmentsOf(t, target, expected.AttachOptions{})
		out[filepath.Base(file)+" inline"] = attachmentsOf(t, target, expected.AttachOptions{Inline: true})
	}
	hostile := &config.Target{Agents: []config.Agent{{Role: "a.b", Databases: []config.Database{{
		Name: "x\x1b[31m`|<b>\n# resource \u202e", Type: config.RDS,
		DBUsers: []string{"${aws:username}", "%{ if true }", "\"\\`", "<ACCOUNT_ID>", "x:iam::<ACCOUNT_ID>", "\u202e\u0085<&>"},
	}, {
		Type: config.Redshift, Name: "many", DBUsers: []string{"role/a.b", "role/a-b", "role/a_b", "role/p${q}/1st"},
	}}}}}
	out["hostile"] = attachmentsOf(t, hostile, expected.AttachOptions{})
	return out
}

func attachmentsOf(t *testing.T, target *config.Target, o expected.AttachOptions) []expected.Attachment {
	t.Helper()
	requirements, identities, err := expected.For(target, expected.Defaults{})
	if err != nil {
		t.Fatal(err)
	}
	attachments := expected.Attachments(requirements, identities, o)
	if len(attachments) == 0 {
		t.Fatal("nothing to attach")
	}
	return attachments
}

func requiredText(t *testing.T, name string, attachments []expected.Attachment) string {
	t.Helper()
	for _, f := range RequiredFormats() {
		if f.Name != name {
			continue
		}
		var first, second bytes.Buffer
		if err := f.Write(&first, attachments, Options{Version: "1.2.3"}); err != nil {
			t.Fatal(err)
		}
		if err := f.Write(&second, attachments, Options{Version: "1.2.3"}); err != nil || first.String() != second.String() {
			t.Fatalf("the second writing differs (%v)", err)
		}
		return first.String()
	}
	t.Fatalf("no format %s", name)
	return ""
}

// documents are the documents of attachments, as JSON values.
func documents(t *testing.T, attachments []expected.Attachment) (policies, trusts []any) {
	t.Helper()
	for i := range attachments {
		for j := range attachments[i].Identity {
			policies = append(policies, decoded(t, attachments[i].Identity[j].JSON()))
		}
		if attachments[i].Trust != nil {
			trusts = append(trusts, decoded(t, attachments[i].Trust.JSON()))
		}
	}
	return policies, trusts
}

func decoded(t *testing.T, text []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// TestRequiredTerraform evaluates what is written as Terraform would, with each
// variable set to its placeholder: every policy must come out as it went in.
func TestRequiredTerraform(t *testing.T) {
	for name, attachments := range requiredFixtures(t) {
		t.Run(name, func(t *testing.T) {
			text := requiredText(t, "terraform", attachments)
			file, diags := hclsyntax.ParseConfig([]byte(text), "x.tf", hcl.InitialPos)
			if diags.HasErrors() {
				t.Fatalf("%v\n%s", diags, text)
			}
			body, ok := file.Body.(*hclsyntax.Body)
			if !ok {
				t.Fatal("no native body")
			}
			context := terraformContext(body)
			var policies, trusts []any
			seen := map[string]bool{}
			for _, b := range body.Blocks {
				if id := strings.Join(append([]string{b.Type}, b.Labels...), "."); b.Type == "resource" || b.Type == "variable" {
					if seen[id] {
						t.Errorf("%s stands twice", id)
					}
					seen[id] = true
				}
				for attribute, to := range map[string]*[]any{"policy": &policies, "assume_role_policy": &trusts} {
					a, ok := b.Body.Attributes[attribute]
					if !ok {
						continue
					}
					value, diags := a.Expr.Value(context)
					if diags.HasErrors() {
						t.Fatal(diags)
					}
					*to = append(*to, decoded(t, []byte(value.AsString())))
				}
			}
			wantPolicies, wantTrusts := documents(t, attachments)
			if diff := cmp.Diff([][]any{wantPolicies, wantTrusts}, [][]any{policies, trusts}); diff != "" {
				t.Errorf("policies want -, got +:\n%s", diff)
			}
		})
	}
}

func terraformContext(body *hclsyntax.Body) *hcl.EvalContext {
	variables := map[string]cty.Value{"none": cty.StringVal("")}
	for _, b := range body.Blocks {
		if b.Type == "variable" {
			variables[b.Labels[0]] = cty.StringVal("<" + strings.ToUpper(b.Labels[0]) + ">")
		}
	}
	return &hcl.EvalContext{
		Variables: map[string]cty.Value{"var": cty.ObjectVal(variables)},
		Functions: map[string]function.Function{"jsonencode": stdlib.JSONEncodeFunc},
	}
}

// TestRequiredCloudFormation: every policy comes out as it went in, and every
// reference is to something that is there.
func TestRequiredCloudFormation(t *testing.T) {
	type resource struct {
		Type, Condition string
		Properties      map[string]json.RawMessage
	}
	for name, attachments := range requiredFixtures(t) {
		t.Run(name, func(t *testing.T) {
			text := requiredText(t, "cloudformation", attachments)
			var template struct {
				Parameters, Conditions map[string]any
				Resources              map[string]resource
			}
			if err := json.Unmarshal([]byte(text), &template); err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			got := map[string]int{}
			for id, r := range template.Resources {
				if identifier(id, 0) != id || r.Condition != "" && template.Conditions[r.Condition] == nil {
					t.Errorf("%s has the condition %q", id, r.Condition)
				}
				for _, property := range []string{"PolicyDocument", "AssumeRolePolicyDocument"} {
					if document := r.Properties[property]; document != nil {
						got[canonical(t, substituted(t, decoded(t, document), template.Parameters))]++
					}
				}
			}
			want := map[string]int{}
			policies, trusts := documents(t, attachments)
			for _, d := range append(policies, trusts...) {
				want[canonical(t, d)]++
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("documents want -, got +:\n%s", diff)
			}
		})
	}
}

// substituted evaluates Fn::Sub with each parameter set to its placeholder.
func substituted(t *testing.T, v any, parameters map[string]any) any {
	t.Helper()
	switch v := v.(type) {
	case map[string]any:
		if sub, ok := v["Fn::Sub"].(string); ok {
			for name := range parameters {
				var words strings.Builder
				for i, r := range name {
					if i > 0 && r >= 'A' && r <= 'Z' {
						words.WriteByte('_')
					}
					words.WriteRune(r)
				}
				sub = strings.ReplaceAll(sub, "${"+name+"}", "<"+strings.ToUpper(words.String())+">")
			}
			return strings.ReplaceAll(sub, "${!", "${")
		}
		for key, value := range v {
			v[key] = substituted(t, value, parameters)
		}
	case []any:
		for i := range v {
			v[i] = substituted(t, v[i], parameters)
		}
	}
	return v
}

func canonical(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestRequiredJSON(t *testing.T) {
	for name, attachments := range requiredFixtures(t) {
		var got requiredDocument
		text := requiredText(t, "json", attachments)
		if err := json.Unmarshal([]byte(text), &got); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if strings.Contains(text, ": null") && !strings.Contains(text, `"trust_policy": null`) && !strings.Contains(text, `"boundary": null`) {
			t.Errorf("%s has a null", name)
		}
		var policies []any
		for _, a := range got.Attachments {
			for _, p := range a.Identity {
				policies = append(policies, decoded(t, p.Document))
			}
		}
		want, _ := documents(t, attachments)
		if diff := cmp.Diff(want, policies); diff != "" || len(got.Attachments) != len(attachments) {
			t.Errorf("%s: want -, got +:\n%s", name, diff)
		}
	}
}

// TestRequiredForPeople: the texts hold every document, whole, and nothing that
// a terminal or a page would obey.
func TestRequiredForPeople(t *testing.T) {
	for name, attachments := range requiredFixtures(t) {
		for _, format := range []string{"table", "markdown"} {
			text := requiredText(t, format, attachments)
			for _, r := range text {
				if r != '\n' && !printable(r, false) {
					t.Errorf("%s: the %s holds %U", name, format, r)
				}
			}
			// Without indents, each document stands in the text as it is.
			var flat strings.Builder
			for line := range strings.Lines(text) {
				flat.WriteString(strings.TrimSpace(line) + "\n")
			}
			for i := range attachments {
				for _, d := range attachments[i].Identity {
					var want strings.Builder
					for line := range strings.Lines(string(escapeJSON(d.JSON(), false))) {
						want.WriteString(strings.TrimSpace(line) + "\n")
					}
					if !strings.Contains(flat.String(), want.String()) {
						t.Errorf("%s: the %s lacks %s", name, format, d.Name)
					}
				}
			}
		}
	}
}
