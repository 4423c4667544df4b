package policy

// form says how a text that stands for a number, a date, an address … is
// written.
type form uint8

// The forms. The zero value is a text that cannot be read as one.
const (
	formInvalid form = iota
	formSilent       // readable, but in a way that AWS's documentation does not mention
	formDocumented
)

// ambiguityNegated is about values such as NumericNotEquals "abc": "no match"
// may make the negated operator true, or the whole condition false.
const ambiguityNegated = "what a negated operator makes of a value that is not of its type"

// compareForms decides a comparison of typed values. holds is its outcome if
// both texts are read as they seem to be meant. A value that cannot be read
// matches nothing; one that is written in a way that AWS does not document
// matches at most, and the reason is ambiguity.
func compareForms(policy, request form, holds, negated bool, ambiguity string) ConditionResult {
	switch lesser := min(policy, request); {
	case lesser == formDocumented:
		return decided(holds)
	case lesser == formInvalid && negated:
		return open(ambiguityNegated)
	case lesser == formSilent && (holds || negated):
		return open(ambiguity)
	default:
		return decided(false)
	}
}

// reachForms is valueTest.reach for a typed value: no such value matches every
// text, and one that cannot be read matches none, unless its operator is
// negated: what that makes of it is open.
func reachForms(policy form, negated bool) (some, every bool) {
	return negated || policy != formInvalid, false
}

// holds applies a comparison to the order of two values: negative, zero or
// positive as the request's value is less than, equal to or greater than the
// policy's.
func (c comparison) holds(order int) bool {
	switch c {
	case compareLess:
		return order < 0
	case compareLessEqual:
		return order <= 0
	case compareGreater:
		return order > 0
	case compareGreaterEqual:
		return order >= 0
	default:
		return order == 0
	}
}
