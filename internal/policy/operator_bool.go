package policy

import "strings"

const ambiguityBoolVariable = "whether variables are substituted in Bool conditions"

// boolTest is a value of Bool: true or false, whatever their letter case
// (reference_policies_elements_condition_operators#Conditions_Boolean).
//
// Of variables that page says that Bool supports them and
// reference_policies_variables that it does not: text is read both ways.
type boolTest struct {
	value, valid bool
	text         *variableText // nil where the value holds no variable
}

func compileBool(raw string, variables bool) *boolTest {
	t := &boolTest{}
	t.value, t.valid = parseBool(raw)
	if text, ok := compileVariableText(raw, variables, foldedText); ok {
		t.text = text
	}
	return t
}

func (t *boolTest) match(value string, ctx *Context) ConditionResult {
	b, ok := parseBool(value)
	if t.text == nil || !ok {
		return decided(ok && t.valid && b == t.value)
	}
	return t.text.match(strings.ToLower(value), ctx).either(decided(false), ambiguityBoolVariable)
}

func (t *boolTest) reach(ctx *Context) (some, every bool) {
	if t.text != nil {
		some, _ = t.text.reach(ctx)
		return some, false
	}
	return t.valid, false
}

func (t *boolTest) variables(keys []string) []string {
	if t.text == nil {
		return keys
	}
	return t.text.variables(keys)
}

func parseBool(s string) (value, ok bool) {
	switch {
	case strings.EqualFold(s, "true"):
		return true, true
	case strings.EqualFold(s, "false"):
		return false, true
	default:
		return false, false
	}
}
