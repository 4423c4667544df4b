package policy

import (
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// SyntaxError says that a text is not a JSON object at all: truncated, not
// UTF-8, followed by more text, nested too deep, or too large.
type SyntaxError struct {
	Position Position
	Message  string
}

// Error returns the place and the message.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Position.Line, e.Position.Column, e.Message)
}

// Parse reads the text of a policy document that is used as kind. The text is
// plain JSON: what IAM's API percent-encodes is decoded by the caller.
//
// The error, a *SyntaxError, is for texts that are not a JSON object; then the
// document is nil. Everything else that AWS's grammar does not allow
// (reference_policies_grammar) becomes a Problem, and where AWS would refuse
// the statement it is Malformed. A document without statements parses: it
// allows nothing.
//
// Parse keeps text; the caller must not change it afterwards.
func Parse(kind Kind, text []byte) (*Document, error) {
	lines := indexLines(text)
	root, err := readJSON(text)
	if err != nil {
		return nil, &SyntaxError{lines.position(err.offset), err.message}
	}
	if root.kind != nodeObject {
		return nil, &SyntaxError{lines.position(root.start), fmt.Sprintf("a policy document is an object; found %s", root.kind)}
	}
	p := &parser{doc: &Document{Kind: kind, Text: text}, grammar: grammarOf(kind), lines: lines}
	p.document(&root)
	return p.doc, nil
}

// parser builds one document.
type parser struct {
	doc     *Document
	grammar grammar
	lines   lineIndex
	spoilt  bool // a fault of the document itself: AWS refuses the whole of it
	sids    []sidPlace
}

// sidPlace is where a statement's Sid stands.
type sidPlace struct{ statement, offset int }

// document reads the top level: Version, Id and Statement
// (reference_policies_grammar).
func (p *parser) document(root *node) {
	var statements []*member
	var seen duplicates
	for i := range root.members {
		m := &root.members[i]
		pointer := "/" + escapePointer(m.name)
		duplicate := seen.add(m.name)
		if duplicate {
			p.spoil(pointer, m.start, "element %q is written twice; expected once", shorten(m.name))
		}
		switch m.name {
		case "Version":
			if !duplicate {
				p.version(&m.value)
			}
		case "Id":
			p.id(&m.value)
		case "Statement":
			statements = append(statements, m)
		default:
			p.spoil(pointer, m.start, "%s", unknownElement(m.name, "Version", "Id", "Statement"))
		}
	}
	if len(statements) == 0 {
		p.problem(-1, "", root.start, "the document has no Statement; expected one or more")
	}
	for _, m := range statements {
		p.statements(&m.value)
	}
	p.finish()
}

// version reads the Version element. Only 2012-10-17 has policy variables; a
// document without Version is read as 2008-10-17
// (reference_policies_elements_version).
func (p *parser) version(n *node) {
	const expected = `expected "2012-10-17" or "2008-10-17"`
	if n.kind != nodeString {
		p.spoil("/Version", n.start, "Version is %s; %s", n.kind, expected)
		return
	}
	p.doc.Version = n.text
	if n.text != version2012 && n.text != version2008 {
		p.spoil("/Version", n.start, "version %q does not exist; %s", shorten(n.text), expected)
	}
}

const (
	version2012 = "2012-10-17"
	version2008 = "2008-10-17"
)

func (p *parser) id(n *node) {
	if n.kind != nodeString {
		p.spoil("/Id", n.start, "Id is %s; expected a string", n.kind)
		return
	}
	p.doc.ID = n.text
}

// statements reads the Statement element: one object or an array of them.
func (p *parser) statements(n *node) {
	switch n.kind {
	case nodeObject:
		p.statement(n, "/Statement")
	case nodeArray:
		if len(n.elements) == 0 {
			p.problem(-1, "/Statement", n.start, "Statement is empty; expected one or more statements")
		}
		p.doc.Statements = slices.Grow(p.doc.Statements, len(n.elements))
		for i := range n.elements {
			p.statement(&n.elements[i], "/Statement/"+strconv.Itoa(i))
		}
	default:
		p.problem(-1, "/Statement", n.start, "Statement is %s; expected an object or an array of objects", n.kind)
	}
}

// finish applies what can only be known at the end.
func (p *parser) finish() {
	p.uniqueSIDs()
	if p.spoilt {
		for i := range p.doc.Statements {
			p.doc.Statements[i].Malformed = true
		}
	}
	problems := p.doc.Problems
	sort.SliceStable(problems, func(i, j int) bool {
		return problems[i].Position.Offset < problems[j].Position.Offset
	})
}

// uniqueSIDs: IAM refuses a policy that uses a Sid twice
// (reference_policies_elements_sid); services with policies of their own
// differ, so there it says nothing. AWS accepts any number of empty Sids.
func (p *parser) uniqueSIDs() {
	if !p.grammar.iam {
		return
	}
	first := make(map[string]int, len(p.sids))
	for _, place := range p.sids {
		st := &p.doc.Statements[place.statement]
		j, taken := first[st.SID]
		switch {
		case st.SID == "":
		case taken:
			p.note(st, st.Pointer+"/Sid", place.offset, "Sid %q is also that of statement %d; expected each once", shorten(st.SID), j)
		default:
			first[st.SID] = place.statement
		}
	}
}

// problem records a fault. Its statement is an index, or -1.
func (p *parser) problem(statement int, pointer string, offset int, format string, args ...any) {
	p.doc.Problems = append(p.doc.Problems, Problem{
		Pointer:   pointer,
		Position:  p.lines.position(offset),
		Statement: statement,
		Message:   fmt.Sprintf(format, args...),
	})
}

// spoil records a fault of the document for which AWS refuses all of it.
func (p *parser) spoil(pointer string, offset int, format string, args ...any) {
	p.spoilt = true
	p.problem(-1, pointer, offset, format, args...)
}

// malformed records a fault for which AWS refuses the statement.
func (p *parser) malformed(st *Statement, pointer string, offset int, format string, args ...any) {
	st.Malformed = true
	p.problem(st.Index, pointer, offset, format, args...)
}

// note records a fault that leaves no doubt about what the statement does.
func (p *parser) note(st *Statement, pointer string, offset int, format string, args ...any) {
	p.problem(st.Index, pointer, offset, format, args...)
}

// unknownElement is the message for a name that is none of known. Names are
// case-sensitive.
func unknownElement(name string, known ...string) string {
	for _, k := range known {
		if strings.EqualFold(name, k) {
			return fmt.Sprintf("element %q is not known; expected %q", shorten(name), k)
		}
	}
	return fmt.Sprintf("element %q is not known; expected one of %s", shorten(name), strings.Join(known, ", "))
}

// escapePointer escapes one token of a JSON pointer (RFC 6901).
func escapePointer(token string) string {
	return strings.ReplaceAll(strings.ReplaceAll(token, "~", "~0"), "/", "~1")
}

// duplicates remembers names: the first few in place, more in a map.
type duplicates struct {
	few   [8]string
	count int
	many  map[string]struct{}
}

// add reports whether name was added before.
func (d *duplicates) add(name string) bool {
	if d.count < len(d.few) {
		if slices.Contains(d.few[:d.count], name) {
			return true
		}
		d.few[d.count] = name
		d.count++
		return false
	}
	if d.many == nil {
		d.many = make(map[string]struct{})
	}
	_, twice := d.many[name]
	d.many[name] = struct{}{}
	return twice || slices.Contains(d.few[:], name)
}
