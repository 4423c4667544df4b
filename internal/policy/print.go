package policy

import (
	"bytes"
	"encoding/json"
	"sort"
	"strings"
)

// elementRank orders elements as AWS's own examples do. The two of a pair have
// the same rank: in a statement that wrongly has both, the first counts.
func elementRank(name string) int {
	switch name {
	case "Version", "Sid":
		return 0
	case "Id", "Effect":
		return 1
	case "Principal", "NotPrincipal":
		return 2
	case "Action", "NotAction":
		return 3
	case "Resource", "NotResource":
		return 4
	case "Condition":
		return 5
	case "Statement":
		return 6
	default:
		return 7
	}
}

// Print returns the document as canonical JSON: AWS's order of elements, two
// spaces of indentation, one value a line, a final newline. Nothing is added,
// merged or left out, so that Parse(Print(d)) equals d but for positions.
func (d *Document) Print() []byte {
	root, err := readJSON(d.Text)
	if err != nil {
		return nil // not a document that Parse returned
	}
	order(&root)
	for i := range root.members {
		if root.members[i].name != "Statement" {
			continue
		}
		statement := &root.members[i].value
		order(statement)
		for j := range statement.elements {
			order(&statement.elements[j])
		}
	}
	var compact, out bytes.Buffer
	writeNode(&compact, &root)
	if json.Indent(&out, compact.Bytes(), "", "  ") != nil {
		return nil
	}
	out.WriteByte('\n')
	return out.Bytes()
}

// order sorts the members of an object; unknown ones stay at the end.
func order(n *node) {
	sort.SliceStable(n.members, func(i, j int) bool {
		return elementRank(n.members[i].name) < elementRank(n.members[j].name)
	})
}

func writeNode(b *bytes.Buffer, n *node) {
	switch n.kind {
	case nodeObject:
		b.WriteByte('{')
		for i := range n.members {
			if i > 0 {
				b.WriteByte(',')
			}
			writeString(b, n.members[i].name)
			b.WriteByte(':')
			writeNode(b, &n.members[i].value)
		}
		b.WriteByte('}')
	case nodeArray:
		b.WriteByte('[')
		for i := range n.elements {
			if i > 0 {
				b.WriteByte(',')
			}
			writeNode(b, &n.elements[i])
		}
		b.WriteByte(']')
	case nodeString:
		writeString(b, n.text)
	default:
		b.WriteString(n.text)
	}
}

// writeString writes a JSON string without escaping < > &, which policies use.
func writeString(b *bytes.Buffer, s string) {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	if e.Encode(s) == nil {
		b.Truncate(b.Len() - 1) // the encoder's newline
	}
}

// Quote returns the text of a statement as it is written, without the
// indentation that its lines after the first have in common. It returns "" for
// an index that the document does not have.
func (d *Document) Quote(statement int) string {
	if statement < 0 || statement >= len(d.Statements) {
		return ""
	}
	st := &d.Statements[statement]
	lines := strings.Split(string(d.Text[st.Start.Offset:st.End.Offset]), "\n")
	indent := commonIndent(lines[1:])
	for i, line := range lines {
		line = strings.TrimRight(line, " \t\r")
		if i > 0 {
			line = strings.TrimPrefix(line, indent)
		}
		lines[i] = line
	}
	return strings.Join(lines, "\n")
}

// commonIndent returns the white space with which every line begins that is
// not blank.
func commonIndent(lines []string) string {
	indent, found := "", false
	for _, line := range lines {
		text := strings.TrimLeft(line, " \t")
		if strings.TrimSpace(text) == "" {
			continue
		}
		lead := line[:len(line)-len(text)]
		if !found {
			indent, found = lead, true
			continue
		}
		for !strings.HasPrefix(lead, indent) {
			indent = indent[:len(indent)-1]
		}
	}
	return indent
}
