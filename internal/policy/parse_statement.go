package policy

import (
	"strconv"
	"strings"
)

// statement reads one statement and appends it to the document, whatever is
// wrong with it, so that indexes are those of the text.
func (p *parser) statement(n *node, pointer string) {
	p.doc.Statements = append(p.doc.Statements, Statement{
		Index:     len(p.doc.Statements),
		Pointer:   pointer,
		Start:     p.lines.position(n.start),
		End:       p.lines.position(n.end),
		Variables: p.doc.Version == version2012,
	})
	st := &p.doc.Statements[len(p.doc.Statements)-1]
	if n.kind != nodeObject {
		p.malformed(st, pointer, n.start, "the statement is %s; expected an object", n.kind)
		return
	}
	var seen duplicates
	for i := range n.members {
		m := &n.members[i]
		if seen.add(m.name) {
			st.doubled = true
			p.malformed(st, pointer+"/"+escapePointer(m.name), m.start, "element %q is written twice; expected once", shorten(m.name))
			continue
		}
		p.element(st, m)
	}
	p.complete(st, n)
}

// element reads one element of a statement. Names are case-sensitive.
func (p *parser) element(st *Statement, m *member) {
	pointer := st.Pointer + "/" + escapePointer(m.name)
	switch m.name {
	case "Sid":
		p.sid(st, &m.value, pointer)
	case "Effect":
		p.effect(st, &m.value, pointer)
	case "Principal", "NotPrincipal":
		p.principals(st, m, pointer)
	case "Action", "NotAction":
		p.actions(st, m, pointer)
	case "Resource", "NotResource":
		p.resources(st, m, pointer)
	case "Condition":
		p.conditions(st, &m.value, pointer)
	default:
		p.malformed(st, pointer, m.start, "%s", unknownElement(m.name, "Sid", "Effect", "Principal", "NotPrincipal",
			"Action", "NotAction", "Resource", "NotResource", "Condition"))
	}
}

// complete checks which elements are there: exactly one of each pair that the
// kind requires, none that it forbids (reference_policies_grammar).
func (p *parser) complete(st *Statement, n *node) {
	if !n.has("Effect") {
		p.malformed(st, st.Pointer, n.start, `the statement has no Effect; expected "Allow" or "Deny"`)
	}
	p.pair(st, n, "Action", "NotAction", required)
	p.pair(st, n, "Resource", "NotResource", p.grammar.resource)
	p.pair(st, n, "Principal", "NotPrincipal", p.grammar.principal)
	if st.Principals != nil && st.Principals.Not {
		p.notPrincipal(st)
	}
	if st.Actions.Not && !p.grammar.notAction {
		p.malformed(st, st.Actions.Pointer, st.Actions.Position.Offset, "NotAction is not allowed in %s; expected Action", p.grammar.name)
	}
	if p.grammar.denyOnly && st.Effect == Allow && !st.allowsAll() {
		p.malformed(st, st.Pointer+"/Effect", n.memberStart("Effect"), `Effect is "Allow"; expected "Deny": in %s only RCPFullAWSAccess allows`, p.grammar.name)
	}
}

// pair checks one of the mutually exclusive pairs.
func (p *parser) pair(st *Statement, n *node, element, not string, want presence) {
	plain, negated := n.has(element), n.has(not)
	switch {
	case want == forbidden && (plain || negated):
		if !plain {
			element = not
		}
		p.malformed(st, st.Pointer+"/"+element, n.memberStart(element), "%s is not allowed in %s", element, p.grammar.name)
	case plain && negated:
		st.doubled = true
		p.malformed(st, st.Pointer, n.start, "the statement has both %s and %s; expected one of them", element, not)
	case want == required && !plain && !negated:
		p.malformed(st, st.Pointer, n.start, "the statement has neither %s nor %s; expected one of them", element, not)
	}
}

// allowsAll recognises the one statement of RCPFullAWSAccess.
func (s *Statement) allowsAll() bool {
	return s.Principals != nil && !s.Principals.Not && !s.Actions.Not && !s.Resources.Not && len(s.Conditions) == 0 &&
		len(s.Principals.Entries) == 1 && s.Principals.Entries[0].Value == "*" &&
		len(s.Actions.Patterns) == 1 && s.Actions.Patterns[0].Raw == "*" &&
		len(s.Resources.Patterns) == 1 && s.Resources.Patterns[0].Raw == "*"
}

func (p *parser) sid(st *Statement, n *node, pointer string) {
	if n.kind != nodeString {
		p.malformed(st, pointer, n.start, "Sid is %s; expected a string", n.kind)
		return
	}
	st.SID = n.text
	p.sids = append(p.sids, sidPlace{st.Index, n.start})
	if p.grammar.iam && strings.ContainsFunc(n.text, notAlphanumeric) {
		// A Sid has no part in matching: IAM refuses the policy, but what is asked
		// of the statement can be answered.
		p.note(st, pointer, n.start, "Sid %q has other characters than A-Z, a-z and 0-9; IAM expects those", shorten(n.text))
	}
}

// notAlphanumeric: a Sid in IAM's own policies holds ASCII letters and digits
// (reference_policies_elements_sid).
func notAlphanumeric(c rune) bool {
	return (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z')
}

// effect: the value is case-sensitive (reference_policies_elements_effect).
func (p *parser) effect(st *Statement, n *node, pointer string) {
	switch {
	case n.kind != nodeString:
		p.malformed(st, pointer, n.start, `Effect is %s; expected "Allow" or "Deny"`, n.kind)
	case n.text == "Allow":
		st.Effect = Allow
	case n.text == "Deny":
		st.Effect = Deny
	default:
		p.malformed(st, pointer, n.start, `effect %q is not known; expected "Allow" or "Deny"`, shorten(n.text))
	}
}

// strings calls use for each string of a list or bare value. An empty list
// matches nothing, which AWS accepts (access-analyzer-reference-policy-checks,
// "Empty array action" and its like: the statement "does not affect the
// policy"); negated it would match everything, so that it is a fault there.
func (p *parser) strings(st *Statement, n *node, pointer string, negated bool, use func(value *node, pointer string)) {
	if n.kind == nodeArray && len(n.elements) == 0 {
		p.note(st, pointer, n.start, "the list is empty; expected one value or more")
		st.Malformed = st.Malformed || negated
		return
	}
	if n.kind != nodeArray && n.kind != nodeString {
		p.malformed(st, pointer, n.start, "the value is %s; expected a string or an array of strings", n.kind)
		return
	}
	for i, value := range n.items() {
		place := pointer
		if n.kind == nodeArray {
			place += "/" + strconv.Itoa(i)
		}
		if value.kind != nodeString {
			p.malformed(st, place, value.start, "the value is %s; expected a string", value.kind)
			continue
		}
		use(&value, place)
	}
}

// actions reads Action or NotAction; of both, the first stands.
func (p *parser) actions(st *Statement, m *member, pointer string) {
	if st.Actions.Pointer != "" {
		return
	}
	a := Actions{Not: m.name == "NotAction", Pointer: pointer, Position: p.lines.position(m.value.start)}
	a.Patterns = make([]ActionPattern, 0, m.value.count())
	p.strings(st, &m.value, pointer, a.Not, func(value *node, place string) {
		service, _, ok := strings.Cut(value.text, ":")
		switch {
		case value.text == "*":
		case !ok || service == "":
			p.malformed(st, place, value.start, `action %q has no service; expected "service:name" or "*"`, shorten(value.text))
		case p.grammar.stsOnly && !HasWildcard(service) && !strings.EqualFold(service, "sts"):
			p.malformed(st, place, value.start, "action %q is not allowed in %s; expected an action of sts", shorten(value.text), p.grammar.name)
		}
		a.Patterns = append(a.Patterns, compileAction(value.text, p.lines.position(value.start)))
	})
	for i := range a.Patterns {
		a.blocks += min(a.Patterns[i].pattern.block, maxAction)
	}
	st.Actions = a
}

// resources reads Resource or NotResource; of both, the first stands.
func (p *parser) resources(st *Statement, m *member, pointer string) {
	if st.Resources.Present {
		return
	}
	r := Resources{Present: true, Not: m.name == "NotResource", Pointer: pointer, Position: p.lines.position(m.value.start)}
	r.Patterns = make([]ResourcePattern, 0, m.value.count())
	p.strings(st, &m.value, pointer, r.Not, func(value *node, place string) {
		if !p.resourceForm(value.text) {
			p.malformed(st, place, value.start, `resource %q is no ARN; expected "*" or "arn:…"`, shorten(value.text))
		}
		r.Patterns = append(r.Patterns, compileResource(value.text, p.lines.position(value.start), p.doc.Kind, st.Variables))
	})
	st.Resources = r
}

// resourceForm: "Statements must include either … ARN" or "*"
// (reference_policies_elements_resource).
func (p *parser) resourceForm(raw string) bool {
	if !p.grammar.arns {
		return raw != ""
	}
	return raw == "*" || strings.HasPrefix(raw, "arn:")
}
