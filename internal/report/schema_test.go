package report

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

func compile(t *testing.T, text []byte) *jsonschema.Schema {
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

func validate(t *testing.T, s *jsonschema.Schema, text []byte) error {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(doc)
}

func TestJSONSchema(t *testing.T) {
	s := compile(t, Schema())
	for name, r := range reports() {
		r.Source.Kind = "live"
		for _, reproducible := range []bool{false, true} {
			o := options()
			o.Reproducible = reproducible
			if err := validate(t, s, written(t, "json", r, o)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// The schema must be able to refuse.
func TestJSONSchemaRefuses(t *testing.T) {
	s := compile(t, Schema())
	good := string(written(t, "json", mixed(), options()))
	tests := []struct{ name, old, new string }{
		{"another version", `"schema_version": 1`, `"schema_version": 2`},
		{"an unknown key", `"summary": {`, `"surprise": 1, "summary": {`},
		{"an unknown status", `"status": "partial"`, `"status": "half"`},
		{"an unknown severity", `"severity": "high"`, `"severity": "grave"`},
		{"an unknown layer", `"layer": "identity"`, `"layer": "roof"`},
		{"a null list", `"conditions": []`, `"conditions": null`},
		{"a key missing", `"fingerprint": `, `"fingerprints": `},
		{"a time that is none", `"taken_at": "2026`, `"taken_at": "once`},
	}
	for _, tt := range tests {
		bad := strings.Replace(good, tt.old, tt.new, 1)
		if bad == good {
			t.Errorf("%s: the report has no %s", tt.name, tt.old)
		} else if validate(t, s, []byte(bad)) == nil {
			t.Errorf("%s: the schema accepts it", tt.name)
		}
	}
}

func TestSARIFSchema(t *testing.T) {
	text, err := os.ReadFile("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	s := compile(t, text)
	for name, r := range reports() {
		o := options()
		o.SARIFSuppressed = true
		got := written(t, "sarif", r, o)
		if err := validate(t, s, got); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if name != "mixed" {
			continue
		}
		for _, level := range []string{"high", ""} {
			bad := strings.Replace(string(got), `"level": "error"`, `"level": "`+level+`"`, 1)
			if validate(t, s, []byte(bad)) == nil {
				t.Errorf("the schema accepts the level %q", level)
			}
		}
	}
}
