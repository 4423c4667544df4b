package policy

import (
	"fmt"
	"slices"
	"strings"
)

// conditionTest is a compiled condition. The zero value has no operator and
// tests to Unknown.
type conditionTest struct {
	fact      OperatorFact
	values    []valueTest // ORed; NORed by a negated operator
	nulls     nullTest    // in place of values where the operator is Null
	key       []string    // the condition's key alone, ready for a result
	ambiguity string      // of the condition as a whole: it is Unknown whatever the request holds
}

// valueTest is one value of a condition, compiled for its operator. Its answers
// are those of the positive operator: StringNotEquals asks whether the values
// are equal, and the condition negates.
type valueTest interface {
	// match compares with one value of the request.
	match(value string, ctx *Context) ConditionResult
	// reach tells about all values that a request may hold: whether some may
	// match (certainly none does where it is false), and whether every one
	// certainly matches.
	reach(ctx *Context) (some, every bool)
	// variables adds the keys of the variables in the value, as written, to keys.
	variables(keys []string) []string
}

// The places where AWS's documentation leaves a condition open.
const (
	ambiguityOperatorCase  = "whether AWS reads condition operators without regard to letter case"
	ambiguityAnyIfExists   = "whether ForAnyValue with IfExists holds where the key is missing"
	ambiguityNoSetOperator = "how an operator without set operator reads a key with several values"
	ambiguityEmptyString   = "whether a set operator reads an empty string as no value at all"
	ambiguityEmptyList     = "what a negated operator without any value means"
	ambiguitySetNull       = "what a set operator on Null means"
	unknownOperatorProblem = "condition operator %q is not one of AWS's"
)

// compileCondition compiles one operator-key pair of a Condition block.
// variables tells whether ${…} is substituted (Version 2012-10-17). The second
// result says what AWS would refuse.
func compileCondition(operator, key string, values []ConditionValue, variables bool, pointer string, pos Position) (Condition, []string) {
	c := Condition{
		Operator: ParseOperator(operator),
		Key:      key,
		Values:   values,
		Pointer:  pointer,
		Position: pos,
		folded:   foldKey(key),
	}
	fact, ok := c.Operator.Fact()
	if !ok {
		c.compiled.ambiguity = fmt.Sprintf(unknownOperatorProblem, operator)
		return c, []string{operatorProblem(operator)}
	}
	c.compiled = conditionTest{fact: fact, key: []string{key}}
	switch {
	case !c.Operator.Known:
		c.compiled.ambiguity = ambiguityOperatorCase
	case fact.Family == FamilyNull && c.Operator.Set != SetNone:
		c.compiled.ambiguity = ambiguitySetNull
	case fact.Negated && len(values) == 0:
		c.compiled.ambiguity = ambiguityEmptyList
	}
	if fact.Family == FamilyNull {
		c.compiled.nulls = compileNull(values)
		return c, nil
	}
	for _, v := range values {
		c.compiled.values = append(c.compiled.values, compileValue(fact, v.Raw, variables))
	}
	return c, nil
}

func operatorProblem(operator string) string {
	o := strings.TrimSuffix(operator, ifExistsSuffix)
	if _, ok := findOperator(o); ok {
		return fmt.Sprintf("condition operator %q does not exist; %s cannot be combined with %s", operator, o, ifExistsSuffix)
	}
	return fmt.Sprintf(unknownOperatorProblem+"; expected for example StringEquals, ArnLike or Bool", operator)
}

func compileValue(fact OperatorFact, raw string, variables bool) valueTest {
	switch fact.Family {
	case FamilyNumeric:
		return compileNumber(fact, raw)
	case FamilyDate:
		return compileDate(fact, raw)
	case FamilyBool:
		return compileBool(raw, variables)
	case FamilyBinary:
		return compileBinary(raw)
	case FamilyIP:
		return compileIP(fact, raw)
	case FamilyARN:
		return compileARNLike(raw, variables)
	default:
		return compileString(fact, raw, variables)
	}
}

// Test decides the condition for one request. True and False are certain: no
// value of an unknown key, nor its absence, and no reading of what AWS's
// documentation leaves open makes them otherwise. Under a nil context, in which
// every key is unknown, False means that the condition can never hold and True
// that it imposes nothing. It may be called by several goroutines.
func (c *Condition) Test(ctx *Context) ConditionResult {
	t := &c.compiled
	if t.ambiguity != "" || t.fact.Family == FamilyUnknown {
		return open(t.ambiguity)
	}
	values, _, state := ctx.lookupFolded(c.folded)
	if state == KeyPresent && len(values) == 0 {
		// A key with an empty set of values counts as one that is not there
		// (reference_policies_condition-single-vs-multi-valued-context-keys).
		state = KeyAbsent
	}
	if t.fact.Family == FamilyNull {
		return t.nulls.test(values, state, t.key)
	}
	switch state {
	case KeyAbsent:
		return c.testAbsent()
	case KeyPresent:
		return c.testPresent(values, ctx)
	default:
		return c.testUnknown(ctx)
	}
}

// testAbsent decides for a request without the key:
//
//	            positive  negated  with IfExists
//	no set op   false     true     true
//	ForAll      true      true     true
//	ForAny      false     false    undefined
//
// The first row is the Important box of
// reference_policies_elements_condition_operators, the others
// reference_policies_condition-single-vs-multi-valued-context-keys.
func (c *Condition) testAbsent() ConditionResult {
	switch c.Operator.Set {
	case ForAllValues:
		return decided(true)
	case ForAnyValue:
		if c.Operator.IfExists {
			return open(ambiguityAnyIfExists)
		}
		return decided(false)
	default:
		return decided(c.compiled.fact.Negated || c.Operator.IfExists)
	}
}

// testPresent decides for a request whose key holds at least one value.
func (c *Condition) testPresent(values []string, ctx *Context) ConditionResult {
	if len(values) == 1 && values[0] != "" {
		return c.testOne(values[0], ctx) // one value: every set operator says the same
	}
	one, all := decided(false), decided(true)
	empty := true
	for _, v := range values {
		r := c.testOne(v, ctx)
		one, all = one.or(r), all.and(r)
		empty = empty && v == ""
	}
	switch {
	case c.Operator.Set == SetNone && len(values) == 1:
		return one
	case c.Operator.Set == SetNone:
		return one.either(all, ambiguityNoSetOperator)
	}
	r := all
	if c.Operator.Set == ForAnyValue {
		r = one
	}
	if empty {
		// Some of AWS's pages say that an empty string is no value at all
		// (reference_policies_multi-value-conditions: "a null data set, such as
		// an empty string").
		r = r.either(decided(c.Operator.Set == ForAllValues), ambiguityEmptyString)
	}
	return r
}

// testOne compares one value of the request with all values of the condition:
// they are ORed, and NORed by a negated operator
// (reference_policies_condition-logic-multiple-context-keys-or-values).
func (c *Condition) testOne(value string, ctx *Context) ConditionResult {
	r := decided(false)
	for _, t := range c.compiled.values {
		r = r.or(t.match(value, ctx))
		if r.Truth == True {
			break
		}
	}
	return r.notIf(c.compiled.fact.Negated)
}

// testUnknown decides for a request of which it is not known whether it has the
// key, nor what the key holds: only what holds in every case is certain.
func (c *Condition) testUnknown(ctx *Context) ConditionResult {
	some, every := c.compiled.reach(ctx)
	holds, fails := every, !some // for every value that the key may have
	if c.compiled.fact.Negated {
		holds, fails = fails, holds
	}
	absent := c.testAbsent().Truth
	if holds && absent == True || fails && absent == False {
		return ConditionResult{Truth: absent}
	}
	keys := c.compiled.key
	for _, k := range c.unknownVariables(ctx) {
		keys = mergeKeys(keys, []string{k})
	}
	return ConditionResult{Keys: keys}
}

// reach is valueTest.reach for all values together.
func (t *conditionTest) reach(ctx *Context) (some, every bool) {
	for _, v := range t.values {
		s, e := v.reach(ctx)
		some, every = some || s, every || e
	}
	return some, every
}

// unknownVariables are the keys of variables in the values that are not known.
func (c *Condition) unknownVariables(ctx *Context) []string {
	var keys []string
	for _, t := range c.compiled.values {
		keys = t.variables(keys)
	}
	return slices.DeleteFunc(keys, func(k string) bool {
		_, _, s := ctx.Lookup(k)
		return s != KeyUnknown
	})
}
