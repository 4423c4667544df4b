package policy

import (
	"slices"
	"strings"
)

// SetOperator is the qualifier that compares a multivalued key as a set
// (reference_policies_condition-single-vs-multi-valued-context-keys).
type SetOperator uint8

// The set operators. The zero value is an operator without qualifier.
const (
	SetNone SetOperator = iota
	ForAllValues
	ForAnyValue
)

// String returns the qualifier as it is written, without colon; "" for SetNone.
func (s SetOperator) String() string {
	switch s {
	case ForAllValues:
		return "ForAllValues"
	case ForAnyValue:
		return "ForAnyValue"
	default:
		return ""
	}
}

// Family is the type of value that an operator compares.
type Family uint8

// The families of operators, in the order of AWS's page
// (reference_policies_elements_condition_operators). FamilyUnknown is the zero
// value.
const (
	FamilyUnknown Family = iota
	FamilyString
	FamilyNumeric
	FamilyDate
	FamilyBool
	FamilyBinary
	FamilyIP
	FamilyARN
	FamilyNull
)

// String returns the heading of the family on AWS's page, "unknown" for
// FamilyUnknown.
func (f Family) String() string {
	switch f {
	case FamilyString:
		return "String"
	case FamilyNumeric:
		return "Numeric"
	case FamilyDate:
		return "Date"
	case FamilyBool:
		return "Boolean"
	case FamilyBinary:
		return "Binary"
	case FamilyIP:
		return "IP address"
	case FamilyARN:
		return "ARN"
	case FamilyNull:
		return "Null"
	default:
		return "unknown"
	}
}

// OperatorFact is what AWS documents about one condition operator.
type OperatorFact struct {
	Name      string // as AWS writes it, without set operator and IfExists
	Family    Family
	Negated   bool // its values are NORed, and a missing key makes it true
	Wildcards bool // * and ? in its values are wildcards
	Variables bool // ${…} in its values is substituted
	IfExists  bool // may carry the suffix IfExists

	comparison comparison
}

// comparison is how an operator compares a request's value with a policy's,
// before negation.
type comparison uint8

const (
	compareEqual comparison = iota
	compareEqualFold
	compareLike
	compareLess
	compareLessEqual
	compareGreater
	compareGreaterEqual
)

// operatorFacts is the whole of reference_policies_elements_condition_operators.
// Bool takes variables according to that page, and does not according to
// reference_policies_variables; see operator_bool.go.
var operatorFacts = [...]OperatorFact{
	{"StringEquals", FamilyString, false, false, true, true, compareEqual},
	{"StringNotEquals", FamilyString, true, false, true, true, compareEqual},
	{"StringEqualsIgnoreCase", FamilyString, false, false, true, true, compareEqualFold},
	{"StringNotEqualsIgnoreCase", FamilyString, true, false, true, true, compareEqualFold},
	{"StringLike", FamilyString, false, true, true, true, compareLike},
	{"StringNotLike", FamilyString, true, true, true, true, compareLike},
	{"NumericEquals", FamilyNumeric, false, false, false, true, compareEqual},
	{"NumericNotEquals", FamilyNumeric, true, false, false, true, compareEqual},
	{"NumericLessThan", FamilyNumeric, false, false, false, true, compareLess},
	{"NumericLessThanEquals", FamilyNumeric, false, false, false, true, compareLessEqual},
	{"NumericGreaterThan", FamilyNumeric, false, false, false, true, compareGreater},
	{"NumericGreaterThanEquals", FamilyNumeric, false, false, false, true, compareGreaterEqual},
	{"DateEquals", FamilyDate, false, false, false, true, compareEqual},
	{"DateNotEquals", FamilyDate, true, false, false, true, compareEqual},
	{"DateLessThan", FamilyDate, false, false, false, true, compareLess},
	{"DateLessThanEquals", FamilyDate, false, false, false, true, compareLessEqual},
	{"DateGreaterThan", FamilyDate, false, false, false, true, compareGreater},
	{"DateGreaterThanEquals", FamilyDate, false, false, false, true, compareGreaterEqual},
	{"Bool", FamilyBool, false, false, true, true, compareEqual},
	{"BinaryEquals", FamilyBinary, false, false, false, true, compareEqual},
	{"IpAddress", FamilyIP, false, false, false, true, compareEqual},
	{"NotIpAddress", FamilyIP, true, false, false, true, compareEqual},
	{"ArnEquals", FamilyARN, false, true, true, true, compareLike},
	{"ArnLike", FamilyARN, false, true, true, true, compareLike},
	{"ArnNotEquals", FamilyARN, true, true, true, true, compareLike},
	{"ArnNotLike", FamilyARN, true, true, true, true, compareLike},
	{"Null", FamilyNull, false, false, false, false, compareEqual},
}

// OperatorFacts returns all condition operators in the order of AWS's page. The
// slice is the caller's.
func OperatorFacts() []OperatorFact { return slices.Clone(operatorFacts[:]) }

// Operator is a condition operator with its qualifiers, for example
// "ForAnyValue:StringLikeIfExists".
type Operator struct {
	Name     string // the operator of OperatorFacts that is meant, "" where there is none
	Set      SetOperator
	IfExists bool
	Raw      string // as written
	// Known: Raw is exactly what AWS documents. Where it is false and Name is
	// set, only letter case is other than AWS writes it, of which AWS's
	// documentation says nothing.
	Known bool
}

// ParseOperator reads an operator as it is written in a Condition block. It
// never fails: what cannot be read is not Known.
func ParseOperator(raw string) Operator {
	o := Operator{Raw: raw, Known: true}
	rest := raw
	for _, set := range []SetOperator{ForAllValues, ForAnyValue} {
		prefix := set.String() + ":"
		if len(rest) > len(prefix) && strings.EqualFold(rest[:len(prefix)], prefix) {
			o.Set, o.Known = set, strings.HasPrefix(rest, prefix)
			rest = rest[len(prefix):]
			break
		}
	}
	if cut := len(rest) - len(ifExistsSuffix); cut > 0 && strings.EqualFold(rest[cut:], ifExistsSuffix) {
		o.IfExists, o.Known = true, o.Known && strings.HasSuffix(rest, ifExistsSuffix)
		rest = rest[:cut]
	}
	fact, ok := findOperator(rest)
	if !ok || o.IfExists && !fact.IfExists {
		o.Known = false
		return o
	}
	o.Name, o.Known = fact.Name, o.Known && fact.Name == rest
	return o
}

// Fact returns what AWS documents about the operator; false where it is none of
// AWS's.
func (o Operator) Fact() (OperatorFact, bool) { return findOperator(o.Name) }

// String returns the operator as AWS writes it, or as it was written where it
// is none of AWS's.
func (o Operator) String() string {
	if o.Name == "" {
		return o.Raw
	}
	s := o.Name
	if o.Set != SetNone {
		s = o.Set.String() + ":" + s
	}
	if o.IfExists {
		s += ifExistsSuffix
	}
	return s
}

const ifExistsSuffix = "IfExists"

func findOperator(name string) (OperatorFact, bool) {
	if name == "" {
		return OperatorFact{}, false
	}
	for _, f := range operatorFacts {
		if strings.EqualFold(f.Name, name) {
			return f, true
		}
	}
	return OperatorFact{}, false
}
