package policy

import (
	"bytes"
	"encoding/base64"
	"strings"
)

const ambiguityBase64 = "how AWS reads base64 without padding, with blanks or of the URL alphabet"

// binaryTest is a value of BinaryEquals: "a base-64 encoded representation of
// the binary value", compared byte for byte
// (reference_policies_elements_condition_operators#Conditions_BinaryEquals).
// A request's binary value is base64 as well: a context holds text. Variables
// are not substituted there.
type binaryTest struct {
	value []byte
	form  form
}

func compileBinary(raw string) *binaryTest {
	v, f := parseBase64(raw)
	return &binaryTest{value: v, form: f}
}

func (t *binaryTest) match(value string, _ *Context) ConditionResult {
	v, f := parseBase64(value)
	holds := f != formInvalid && t.form != formInvalid && bytes.Equal(v, t.value)
	return compareForms(t.form, f, holds, false, ambiguityBase64)
}

func (t *binaryTest) reach(*Context) (some, every bool) { return reachForms(t.form, false) }

func (t *binaryTest) variables(keys []string) []string { return keys }

func parseBase64(s string) ([]byte, form) {
	if b, err := base64.StdEncoding.Strict().DecodeString(s); err == nil && !strings.ContainsAny(s, "\r\n") {
		return b, formDocumented
	}
	plain := strings.NewReplacer(" ", "", "\t", "", "\r", "", "\n", "", "-", "+", "_", "/").Replace(s)
	b, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(plain, "="))
	if err != nil {
		return nil, formInvalid
	}
	return b, formSilent
}
