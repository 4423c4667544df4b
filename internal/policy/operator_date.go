package policy

const (
	ambiguityDateForm   = "how AWS reads a date and time that is not in one of the W3C's forms"
	ambiguityDatePeriod = "whether a date without time means its first instant or the whole period"
)

// dateTest is a value of a date operator: one of the W3C's forms of ISO 8601,
// or seconds since 1970
// (reference_policies_elements_condition_operators#Conditions_Date, W3C
// NOTE-datetime). Variables are not substituted there.
type dateTest struct {
	comparison comparison
	negated    bool
	date       date
}

func compileDate(fact OperatorFact, raw string) *dateTest {
	return &dateTest{comparison: fact.comparison, negated: fact.Negated, date: parseDate(raw)}
}

func (t *dateTest) match(value string, _ *Context) ConditionResult {
	request := parseDate(value)
	if request.form == formInvalid || t.date.form == formInvalid {
		return compareForms(request.form, t.date.form, false, t.negated, ambiguityDateForm)
	}
	// Both are compared as instants and as periods.
	instant := t.comparison.holds(request.from.Compare(t.date.from))
	whole := t.comparison.holdsPeriod(request.period, t.date.period)
	return compareForms(t.date.form, request.form, instant, t.negated, ambiguityDateForm).
		either(compareForms(t.date.form, request.form, whole, t.negated, ambiguityDateForm), ambiguityDatePeriod)
}

func (t *dateTest) reach(*Context) (some, every bool) { return reachForms(t.date.form, t.negated) }

func (t *dateTest) variables(keys []string) []string { return keys }

// holdsPeriod is holds for periods of time: less is wholly before, equal is
// overlapping.
func (c comparison) holdsPeriod(r, p period) bool {
	switch c {
	case compareLess:
		return !r.to.After(p.from)
	case compareLessEqual:
		return r.from.Before(p.to)
	case compareGreater:
		return !r.from.Before(p.to)
	case compareGreaterEqual:
		return r.to.After(p.from)
	default:
		return r.from.Before(p.to) && p.from.Before(r.to)
	}
}
