package policy

const ambiguityNullEmpty = "whether Null reads an empty string as null"

// nullTest is the values of Null: whether true ("the key doesn't exist — it is
// null") and false ("the key exists and its value is not null") are among them
// (reference_policies_elements_condition_operators#Conditions_Null). It takes
// no variables.
type nullTest struct {
	ifNull, ifNotNull bool
}

func compileNull(values []ConditionValue) nullTest {
	t := nullTest{}
	for _, v := range values {
		b, ok := parseBool(v.Raw)
		t.ifNull = t.ifNull || ok && b
		t.ifNotNull = t.ifNotNull || ok && !b
	}
	return t
}

// test decides for a key in the given state; key is its name for a result.
func (t nullTest) test(values []string, state KeyState, key []string) ConditionResult {
	null, notNull := decided(t.ifNull), decided(t.ifNotNull)
	switch {
	case state == KeyAbsent:
		return null
	case state != KeyPresent && null.Truth != notNull.Truth:
		return ConditionResult{Keys: key}
	case state == KeyPresent && allEmpty(values):
		// The value is there, and reference_policies_elements_condition calls an
		// empty one null.
		return notNull.either(null, ambiguityNullEmpty)
	default:
		return notNull
	}
}

func allEmpty(values []string) bool {
	for _, v := range values {
		if v != "" {
			return false
		}
	}
	return true
}
