package planned

import (
	"cmp"
	"fmt"

	"github.com/iamcheck/iamcheck/internal/account"
)

// document is a policy document as far as a plan tells it: the statements that
// will be there for certain, and those that may be there besides.
type document struct {
	text []byte // nil where nothing is certain
	may  []byte // nil where nothing may be added; see wholly
	// wholly: nothing of the document is known.
	wholly bool
	why    string // what it waits for; "" where all is known
}

func unknownDocument(why string) document { return document{wholly: true, why: why} }

// readDocument is a document of a snapshot.
func readDocument(d account.Document) document {
	return document{text: d.Text, may: d.May, wholly: d.Text == nil && d.May == nil}
}

// account is the document as a snapshot holds it.
func (d *document) account() account.Document {
	if d.wholly {
		return account.Document{}
	}
	return account.Document{Text: d.text, May: d.may}
}

// doubted makes of a document one that may not be there at all.
func (d document) doubted(why string) document {
	switch {
	case d.wholly:
		return d
	case d.may != nil: // a part in doubt already; which of both it is does not matter
		return unknownDocument(why)
	default:
		return document{may: d.text, why: why}
	}
}

// documentOf makes a document of a value: the text of one, or an object.
func documentOf(v value) document {
	switch v.kind {
	case isText:
		if _, err := account.DecodeDocument(v.text); err != nil {
			return unknownDocument("the policy is no JSON object: " + err.Error())
		}
		return document{text: []byte(v.text)}
	case isObject:
		return splitDocument(&v)
	case isUnknown:
		return unknownDocument(v.why)
	default:
		return unknownDocument(fmt.Sprintf("the policy is %s; expected a policy document", v.kind))
	}
}

// splitDocument parts a document with values that are not known into what is
// certain of it and what it may say at most. Between the two readings lies what
// will be in force: a statement lists alternatives, so that leaving some out
// makes it narrower, and * in place of one makes it wider.
func splitDocument(v *value) document {
	if v.unknown() == nil {
		return document{text: v.json()}
	}
	statements := v.get("Statement")
	rest := object()
	for _, m := range v.members {
		if m.name == "Statement" {
			continue
		}
		if u := m.value.unknown(); u != nil {
			return unknownDocument(u.why)
		}
		rest.members = append(rest.members, m)
	}
	if statements.kind == isUnknown {
		return unknownDocument(statements.why)
	}
	certain, may := value{kind: isList}, value{kind: isList}
	for _, st := range statements.list() {
		u := st.unknown()
		switch {
		case u == nil:
			certain.items = append(certain.items, st)
			continue
		case st.kind != isObject || st.path("Effect").kind == isUnknown || hasUnknown(&st, "NotPrincipal"):
			return unknownDocument(u.why)
		}
		if narrow, ok := narrowed(&st); ok {
			certain.items = append(certain.items, narrow)
		}
		may.items = append(may.items, widened(&st))
	}
	d := document{why: v.unknown().why}
	d.text, d.may = withStatements(rest, certain), withStatements(rest, may)
	return d
}

func withStatements(rest, statements value) []byte {
	if len(statements.items) == 0 {
		return nil
	}
	doc := value{kind: isObject, members: append(rest.members[:len(rest.members):len(rest.members)], member{"Statement", statements})}
	return doc.json()
}

func hasUnknown(v *value, name string) bool {
	m := v.get(name)
	return m.unknown() != nil
}

// narrowed is a statement without what is not known, false where nothing of it
// is certain: an unknown exception or condition may take all of it.
func narrowed(st *value) (value, bool) {
	out := value{kind: isObject}
	for _, m := range st.members {
		if m.value.unknown() != nil {
			switch m.name {
			case "Action", "Resource":
				m.value = knownItems(&m.value)
			case "Principal":
				m.value = knownPrincipals(&m.value)
			case "Sid":
				m.value = value{}
			default:
				return value{}, false
			}
			if m.name != "Sid" && len(m.value.items)+len(m.value.members) == 0 {
				return value{}, false
			}
		}
		if m.value.kind != isNull {
			out.members = append(out.members, m)
		}
	}
	return out, true
}

func knownItems(v *value) value {
	out := value{kind: isList}
	for _, item := range v.list() {
		if item.unknown() == nil {
			out.items = append(out.items, item)
		}
	}
	return out
}

func knownPrincipals(v *value) value {
	out := value{kind: isObject}
	for _, m := range v.members {
		if known := knownItems(&m.value); len(known.items) > 0 {
			out.members = append(out.members, member{m.name, known})
		}
	}
	return out
}

// widened is a statement that says at least as much as the one with unknown
// values, whatever they turn out to be.
func widened(st *value) value {
	out := value{kind: isObject}
	for _, m := range st.members {
		if m.value.unknown() != nil {
			switch m.name {
			case "Action", "Resource":
				m.value = widenedItems(&m.value)
			case "NotAction", "NotResource":
				if m.value = knownItems(&m.value); len(m.value.items) == 0 {
					m = member{m.name[len("Not"):], textValue("*")}
				}
			case "Principal":
				m.value = textValue("*")
			case "Condition":
				m.value = knownConditions(&m.value)
			default: // Sid
				continue
			}
		}
		out.members = append(out.members, m)
	}
	return out
}

func widenedItems(v *value) value {
	out := value{kind: isList}
	for _, item := range v.list() {
		if u := item.unknown(); u != nil {
			item = textValue(cmp.Or(u.pattern, "*"))
		}
		out.items = append(out.items, item)
	}
	return out
}

// knownConditions leaves the tests that are known: with fewer tests a statement
// applies to more.
func knownConditions(v *value) value {
	out := value{kind: isObject}
	for _, operator := range v.members {
		known := value{kind: isObject}
		for _, key := range operator.value.members {
			if key.value.unknown() == nil {
				known.members = append(known.members, key)
			}
		}
		if len(known.members) > 0 {
			out.members = append(out.members, member{operator.name, known})
		}
	}
	return out
}
