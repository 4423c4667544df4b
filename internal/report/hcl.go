package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/expected"
)

// hclPolicy turns a policy document into the HCL of jsonencode({…}), with its
// elements in their order. Whatever Terraform would take for a template ("${" of
// policy variables) is escaped by hclwrite; placeholders become references to
// variables.
func hclPolicy(document []byte, placeholders []expected.Placeholder) (hclwrite.Tokens, error) {
	d := json.NewDecoder(bytes.NewReader(document))
	value, err := hclValue(d, placeholders)
	if err != nil {
		return nil, fmt.Errorf("policy document: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("policy document: text after its end")
	}
	return hclwrite.TokensForFunctionCall("jsonencode", value), nil
}

func hclValue(d *json.Decoder, placeholders []expected.Placeholder) (hclwrite.Tokens, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch v := token.(type) {
	case json.Delim:
		if v == '{' {
			return hclObject(d, placeholders)
		}
		return hclTuple(d, placeholders)
	case string:
		return hclText(v, placeholders), nil
	default:
		return nil, fmt.Errorf("%v in a place for text", v)
	}
}

func hclObject(d *json.Decoder, placeholders []expected.Placeholder) (hclwrite.Tokens, error) {
	var attributes []hclwrite.ObjectAttrTokens
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		name, ok := key.(string)
		if !ok {
			return nil, fmt.Errorf("%v in a place for a key", key)
		}
		value, err := hclValue(d, placeholders)
		if err != nil {
			return nil, err
		}
		keyTokens := hclwrite.TokensForValue(cty.StringVal(name))
		if hclsyntax.ValidIdentifier(name) {
			keyTokens = hclwrite.TokensForIdentifier(name)
		}
		attributes = append(attributes, hclwrite.ObjectAttrTokens{Name: keyTokens, Value: value})
	}
	_, err := d.Token() // the closing brace
	return hclwrite.TokensForObject(attributes), err
}

// hclTuple writes each element on its own line, unlike hclwrite.
func hclTuple(d *json.Decoder, placeholders []expected.Placeholder) (hclwrite.Tokens, error) {
	newline := &hclwrite.Token{Type: hclsyntax.TokenNewline, Bytes: []byte("\n")}
	tokens := hclwrite.Tokens{{Type: hclsyntax.TokenOBrack, Bytes: []byte("[")}, newline}
	for d.More() {
		value, err := hclValue(d, placeholders)
		if err != nil {
			return nil, err
		}
		tokens = append(append(tokens, value...), &hclwrite.Token{Type: hclsyntax.TokenComma, Bytes: []byte(",")}, newline)
	}
	_, err := d.Token() // the closing bracket
	return append(tokens, &hclwrite.Token{Type: hclsyntax.TokenCBrack, Bytes: []byte("]")}), err
}

// hclText is a quoted template: the text, with placeholders interpolated.
func hclText(s string, placeholders []expected.Placeholder) hclwrite.Tokens {
	parts := cutPlaceholders(s, placeholders)
	if len(parts) == 1 && parts[0].placeholder == "" {
		return hclwrite.TokensForValue(cty.StringVal(s))
	}
	tokens := hclwrite.Tokens{{Type: hclsyntax.TokenOQuote, Bytes: []byte(`"`)}}
	for _, p := range parts {
		if p.placeholder == "" {
			quoted := hclwrite.TokensForValue(cty.StringVal(p.text))
			tokens = append(tokens, quoted[1:len(quoted)-1]...)
			continue
		}
		tokens = append(tokens,
			&hclwrite.Token{Type: hclsyntax.TokenTemplateInterp, Bytes: []byte("${")},
			&hclwrite.Token{Type: hclsyntax.TokenIdent, Bytes: []byte("var." + hclVariable(p.placeholder))},
			&hclwrite.Token{Type: hclsyntax.TokenTemplateSeqEnd, Bytes: []byte("}")},
		)
	}
	return append(tokens, &hclwrite.Token{Type: hclsyntax.TokenCQuote, Bytes: []byte(`"`)})
}

// piece is a text, or a placeholder.
type piece struct{ text, placeholder string }

// cutPlaceholders cuts an ARN of a role or key at its placeholders; any other
// text is one piece, since a login may look like a placeholder.
func cutPlaceholders(s string, placeholders []expected.Placeholder) []piece {
	if arn, ok := config.ParseARN(s); !ok || arn.Service != "iam" && arn.Service != "kms" {
		return []piece{{text: s}}
	}
	var out []piece
	for s != "" {
		first, at := "", len(s)
		for _, p := range placeholders {
			if i := strings.Index(s, p.Text); i >= 0 && i < at {
				first, at = p.Text, i
			}
		}
		if at > 0 {
			out = append(out, piece{text: s[:at]})
		}
		if first == "" {
			return out
		}
		out = append(out, piece{placeholder: first})
		s = s[at+len(first):]
	}
	return out
}

// hclVariable names the variable of a placeholder: <ACCOUNT_ID> is account_id.
func hclVariable(placeholder string) string {
	return strings.ToLower(strings.Trim(placeholder, "<>"))
}
