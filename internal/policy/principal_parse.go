package policy

import "strings"

// principalTypes are the keys of a principal map
// (reference_policies_elements_principal).
var principalTypes = [...]struct {
	name string
	kind PrincipalType
}{
	{"AWS", PrincipalAWS},
	{"Service", PrincipalService},
	{"Federated", PrincipalFederated},
	{"CanonicalUser", PrincipalCanonicalUser},
}

// principals reads Principal or NotPrincipal; of both, the first stands.
func (p *parser) principals(st *Statement, m *member, pointer string) {
	if st.Principals != nil {
		return
	}
	n := &m.value
	st.Principals = &Principals{Not: m.name == "NotPrincipal", Pointer: pointer, Position: p.lines.position(n.start)}
	switch {
	case n.kind == nodeString && n.text == "*":
		p.principal(st, PrincipalEveryone, n, pointer)
	case n.kind == nodeObject:
		p.principalMap(st, n, pointer)
	case n.kind == nodeString:
		p.malformed(st, pointer, n.start, `%s is %q; expected "*" or an object`, m.name, shorten(n.text))
	default:
		p.malformed(st, pointer, n.start, `%s is %s; expected "*" or an object`, m.name, n.kind)
	}
	if p.doc.Kind == KindRCP && (len(st.Principals.Entries) != 1 || st.Principals.Entries[0].Value != "*") {
		// orgs_manage_policies_rcps_syntax: only "*"; conditions narrow it.
		p.malformed(st, pointer, n.start, `Principal names principals; in %s expected "*"`, p.grammar.name)
	}
}

func (p *parser) principalMap(st *Statement, n *node, pointer string) {
	if len(n.members) == 0 {
		p.note(st, pointer, n.start, "the principal is empty; expected one or more")
		st.Malformed = st.Malformed || st.Principals.Not
	}
	var seen duplicates
	for i := range n.members {
		m := &n.members[i]
		place := pointer + "/" + escapePointer(m.name)
		if seen.add(m.name) {
			p.malformed(st, place, m.start, "principal type %q is written twice; expected once", shorten(m.name))
		}
		kind, known := principalType(m.name)
		if !known {
			p.malformed(st, place, m.start, "principal type %q is not known; expected AWS, Service, Federated or CanonicalUser", shorten(m.name))
			continue
		}
		p.strings(st, &m.value, place, st.Principals.Not, func(value *node, at string) {
			p.principal(st, kind, value, at)
		})
	}
}

func principalType(name string) (PrincipalType, bool) {
	for _, t := range principalTypes {
		if t.name == name {
			return t.kind, true
		}
	}
	return 0, false
}

// principal appends one value. A value that AWS cannot resolve matches nobody,
// which is a Problem; it does not spoil the principals beside it.
func (p *parser) principal(st *Statement, kind PrincipalType, n *node, pointer string) {
	st.Principals.Entries = append(st.Principals.Entries, PrincipalEntry{
		Type: kind, Value: n.text, Pointer: pointer, Position: p.lines.position(n.start),
	})
	if want := principalFault(kind, n.text); want != "" {
		p.note(st, pointer, n.start, "principal %q matches nobody; expected %s", shorten(n.text), want)
	}
}

// principalFault returns what is expected in place of value, or "".
func principalFault(kind PrincipalType, value string) string {
	switch {
	case value == "*" && kind != PrincipalService:
		return ""
	case HasWildcard(value):
		// "You cannot use a wildcard to match part of a principal name or ARN"
		// (reference_policies_elements_principal); for services not even "*".
		if kind == PrincipalService {
			return "the name of a service"
		}
		return `a principal without wildcards, or "*" alone`
	case kind == PrincipalAWS && !strings.HasPrefix(value, "arn:") && !isAccountID(value) && !IsUniqueID(value):
		return "an ARN, an account id of 12 digits, or \"*\""
	case value == "":
		return "a principal"
	}
	return ""
}

// notPrincipal checks a NotPrincipal element
// (reference_policies_elements_notprincipal: not in identity-based or trust
// policies, and with Allow not supported).
func (p *parser) notPrincipal(st *Statement) {
	at := st.Principals.Position.Offset
	switch {
	case p.grammar.principal == required && !p.grammar.notPrincipal:
		p.malformed(st, st.Principals.Pointer, at, "NotPrincipal is not allowed in %s; expected Principal", p.grammar.name)
	case st.Effect == Allow:
		p.malformed(st, st.Principals.Pointer, at, "NotPrincipal with Allow is not supported; expected Principal")
	}
}

// isAccountID tells an AWS account id.
func isAccountID(s string) bool {
	if len(s) != 12 {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// IsUniqueID tells the unique id that AWS shows in place of a principal that
// was deleted, such as AROA… or AIDA… (reference_identifiers).
func IsUniqueID(s string) bool {
	if len(s) < 16 || len(s) > 128 || s[0] != 'A' {
		return false
	}
	return !strings.ContainsFunc(s, func(c rune) bool { return (c < '0' || c > '9') && (c < 'A' || c > 'Z') })
}
