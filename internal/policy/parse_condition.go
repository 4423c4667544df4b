package policy

import (
	"strconv"
	"strings"
)

// conditions reads the Condition element: a map of operators to maps of keys
// to values (reference_policies_elements_condition). An empty map is no test
// and imposes nothing.
func (p *parser) conditions(st *Statement, n *node, pointer string) {
	if n.kind != nodeObject {
		p.malformed(st, pointer, n.start, "Condition is %s; expected an object", n.kind)
		return
	}
	var seen duplicates
	for i := range n.members {
		m := &n.members[i]
		place := pointer + "/" + escapePointer(m.name)
		if seen.add(m.name) {
			st.doubled = true
			p.malformed(st, place, m.start, "operator %q is written twice; expected once, with all its keys", shorten(m.name))
		}
		if m.value.kind != nodeObject {
			p.malformed(st, place, m.value.start, "operator %q has %s; expected an object of keys and values", shorten(m.name), m.value.kind)
			continue
		}
		p.operator(st, m, place)
	}
}

// operator reads the keys of one operator. Keys are not case-sensitive, and
// the same key in two spellings is an error
// (access-analyzer-reference-policy-checks, "Duplicate keys with different
// case").
func (p *parser) operator(st *Statement, op *member, pointer string) {
	var seen duplicates
	for i := range op.value.members {
		m := &op.value.members[i]
		place := pointer + "/" + escapePointer(m.name)
		if seen.add(strings.ToLower(m.name)) {
			st.doubled = true
			p.malformed(st, place, m.start, "condition key %q is written twice; expected once, with all its values", shorten(m.name))
		}
		if prefix, name, ok := strings.Cut(m.name, ":"); !ok || prefix == "" || name == "" {
			p.malformed(st, place, m.start, `condition key %q has no prefix; expected "service:name"`, shorten(m.name))
		}
		values, ok := p.conditionValues(st, op.name, &m.value, place)
		if !ok {
			continue
		}
		c, problems := compileCondition(op.name, m.name, values, st.Variables, place, p.lines.position(m.value.start))
		for _, message := range problems {
			p.note(st, place, m.start, "%s", message)
		}
		c.weight = weigh(&c, st.Variables)
		st.Conditions = append(st.Conditions, c)
	}
}

// conditionValues reads a value or list of values. Numbers and booleans may
// stand without quotes (reference_policies_grammar). AWS accepts an empty list
// (access-analyzer-reference-policy-checks, "Empty array condition"): it matches
// nothing, but what a negated operator makes of it is not documented, so that it
// is a fault there.
func (p *parser) conditionValues(st *Statement, operator string, n *node, pointer string) ([]ConditionValue, bool) {
	if n.kind == nodeArray && len(n.elements) == 0 {
		p.note(st, pointer, n.start, "the list is empty; expected one value or more")
		fact, ok := ParseOperator(operator).Fact()
		matchesNothing := ok && !fact.Negated && fact.Family != FamilyNull
		st.Malformed = st.Malformed || !matchesNothing
		return nil, matchesNothing
	}
	values := make([]ConditionValue, 0, len(n.items()))
	for i, value := range n.items() {
		switch value.kind {
		case nodeString, nodeNumber, nodeBool:
			values = append(values, ConditionValue{Raw: value.text, Position: p.lines.position(value.start)})
		default:
			place := pointer
			if n.kind == nodeArray {
				place += "/" + strconv.Itoa(i)
			}
			p.malformed(st, place, value.start, "the value is %s; expected a string, number or boolean", value.kind)
		}
	}
	return values, len(values) > 0
}
