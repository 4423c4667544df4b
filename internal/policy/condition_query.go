package policy

import "slices"

// What a condition says of itself, whatever the request. Checks ask.

// FoldedKey is Key in the form in which keys are compared: they are not
// case-sensitive (reference_policies_elements_condition).
func (c *Condition) FoldedKey() string { return c.folded }

// Keys returns the context keys that the condition can turn on, case-folded and
// sorted: its own, and those of the variables in its values.
func (c *Condition) Keys() []string {
	keys := []string{c.folded}
	for _, v := range c.compiled.values {
		for _, k := range v.variables(nil) {
			keys = append(keys, foldKey(k))
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// HoldsForEveryValue tells whether the condition certainly holds for every
// value that its key may have, so that at most it asks for the key to be there:
// StringLike "*", or Null "false". It says nothing of requests without the key.
func (c *Condition) HoldsForEveryValue() bool {
	t := &c.compiled
	switch {
	case t.ambiguity != "" || t.fact.Family == FamilyUnknown:
		return false
	case t.fact.Family == FamilyNull:
		return t.nulls.ifNotNull
	}
	some, every := t.reach(nil)
	if t.fact.Negated {
		return !some
	}
	return every
}

// MistypedValues returns the values that cannot be read as what the operator
// compares, such as a date that is none: they match nothing. String and ARN
// operators read any text. It is nil for operators that are not AWS's.
func (c *Condition) MistypedValues() []ConditionValue {
	if c.compiled.fact.Family == FamilyNull {
		return slices.DeleteFunc(slices.Clone(c.Values), func(v ConditionValue) bool {
			_, ok := parseBool(v.Raw)
			return ok
		})
	}
	var mistyped []ConditionValue
	for i, t := range c.compiled.values {
		if isMistyped(t) {
			mistyped = append(mistyped, c.Values[i])
		}
	}
	return mistyped
}

func isMistyped(t valueTest) bool {
	switch t := t.(type) {
	case *numberTest:
		return t.form == formInvalid
	case *dateTest:
		return t.date.form == formInvalid
	case *ipTest:
		return t.form == formInvalid
	case *binaryTest:
		return t.form == formInvalid
	case *boolTest:
		return !t.valid && t.text == nil
	default:
		return false
	}
}
