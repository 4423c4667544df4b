package policy

const ambiguityNumber = "how AWS reads a number with a sign, an exponent, blanks or a bare decimal point"

// numberTest is a value of a numeric operator: "an integer or decimal value"
// (reference_policies_elements_condition_operators#Conditions_Numeric).
// Variables are not substituted there.
type numberTest struct {
	comparison comparison
	negated    bool
	number     decimal
	form       form
}

func compileNumber(fact OperatorFact, raw string) *numberTest {
	n, f := parseDecimal(raw)
	return &numberTest{comparison: fact.comparison, negated: fact.Negated, number: n, form: f}
}

func (t *numberTest) match(value string, _ *Context) ConditionResult {
	n, f := parseDecimal(value)
	holds := f != formInvalid && t.form != formInvalid && t.comparison.holds(n.compare(t.number))
	return compareForms(t.form, f, holds, t.negated, ambiguityNumber)
}

func (t *numberTest) reach(*Context) (some, every bool) { return reachForms(t.form, t.negated) }

func (t *numberTest) variables(keys []string) []string { return keys }
