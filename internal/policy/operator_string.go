package policy

import (
	"strings"
	"unicode/utf8"
)

const ambiguityFold = "how AWS ignores the case of letters other than a to z"

// compileString compiles a value of a string operator
// (reference_policies_elements_condition_operators#Conditions_String).
func compileString(fact OperatorFact, raw string, variables bool) valueTest {
	mode := plainText
	switch fact.comparison {
	case compareEqualFold:
		mode = foldedText
	case compareLike:
		mode = globText
	}
	if t, ok := compileVariableText(raw, variables, mode); ok {
		return t
	}
	if mode == globText {
		return &likeTest{CompilePattern(raw)}
	}
	return &equalTest{text: raw, fold: mode == foldedText}
}

// equalTest is a value of StringEquals or StringEqualsIgnoreCase. Wildcards
// are ordinary characters there.
type equalTest struct {
	text string
	fold bool
}

func (t *equalTest) match(value string, _ *Context) ConditionResult {
	if !t.fold {
		return decided(value == t.text)
	}
	return equalIgnoringCase(value, t.text)
}

func (t *equalTest) reach(*Context) (some, every bool) { return true, false }

func (t *equalTest) variables(keys []string) []string { return keys }

// equalIgnoringCase compares as StringEqualsIgnoreCase does. Where the outcome
// hangs on the case of letters beyond ASCII it is left open.
func equalIgnoringCase(a, b string) ConditionResult {
	switch {
	case !strings.EqualFold(a, b):
		return decided(false)
	case len(a) == len(b) && equalASCIIFold(a, b):
		return decided(true)
	default:
		return open(ambiguityFold)
	}
}

func equalASCIIFold(a, b string) bool {
	for i := range len(a) {
		if a[i] != b[i] && max(a[i], b[i]) >= utf8.RuneSelf {
			return false // EqualFold has compared the ASCII letters
		}
	}
	return true
}

// likeTest is a value of StringLike without variables: case-sensitive, and its
// wildcards match every character.
type likeTest struct{ pattern Pattern }

func (t *likeTest) match(value string, _ *Context) ConditionResult {
	return decided(t.pattern.Match(value))
}

func (t *likeTest) reach(*Context) (some, every bool) { return true, t.pattern.All() }

func (t *likeTest) variables(keys []string) []string { return keys }
