package policy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Bounds on the text of one document. AWS's own limits are far lower: a policy
// holds at most 10,240 characters (reference_iam-quotas) and nests five deep.
const (
	maxDocumentSize  = 1 << 20
	maxDocumentDepth = 32
)

// jsonReader reads one JSON text (RFC 8259) into nodes.
type jsonReader struct {
	text  []byte
	pos   int
	depth int
}

// jsonError is a syntax error at an offset.
type jsonError struct {
	offset  int
	message string
}

func (e *jsonError) Error() string { return e.message }

// readJSON reads the whole of text as one value.
func readJSON(text []byte) (node, *jsonError) {
	r := &jsonReader{text: text}
	if len(text) > maxDocumentSize {
		return node{}, &jsonError{0, fmt.Sprintf("the document has %d bytes; at most %d are read", len(text), maxDocumentSize)}
	}
	if !utf8.Valid(text) {
		return node{}, &jsonError{invalidUTF8(text), "invalid UTF-8"}
	}
	r.space()
	n, err := r.value()
	if err != nil {
		return node{}, err
	}
	if r.space(); r.pos < len(text) {
		return node{}, r.unexpected("the end of the document")
	}
	return n, nil
}

// invalidUTF8 returns the offset of the first byte that is not UTF-8.
func invalidUTF8(text []byte) int {
	for i := 0; i < len(text); {
		c, size := utf8.DecodeRune(text[i:])
		if c == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(text)
}

func (r *jsonReader) space() {
	for r.pos < len(r.text) {
		switch r.text[r.pos] {
		case ' ', '\t', '\r', '\n':
			r.pos++
		default:
			return
		}
	}
}

// unexpected reports what stands at the current offset.
func (r *jsonReader) unexpected(want string) *jsonError {
	if r.pos >= len(r.text) {
		return &jsonError{len(r.text), "unexpected end of the document; expected " + want}
	}
	c, _ := utf8.DecodeRune(r.text[r.pos:])
	return &jsonError{r.pos, fmt.Sprintf("unexpected %q; expected %s", c, want)}
}

// accept consumes b if it is next.
func (r *jsonReader) accept(b byte) bool {
	if r.pos < len(r.text) && r.text[r.pos] == b {
		r.pos++
		return true
	}
	return false
}

func (r *jsonReader) value() (node, *jsonError) {
	if r.pos >= len(r.text) {
		return node{}, r.unexpected("a value")
	}
	switch c := r.text[r.pos]; {
	case c == '{':
		return r.nested(r.object)
	case c == '[':
		return r.nested(r.array)
	case c == '"':
		start := r.pos
		s, err := r.str()
		return node{kind: nodeString, start: start, end: r.pos, text: s}, err
	case c == '-' || c >= '0' && c <= '9':
		return r.number()
	default:
		return r.word()
	}
}

// nested reads an array or object one level deeper.
func (r *jsonReader) nested(read func() (node, *jsonError)) (node, *jsonError) {
	if r.depth == maxDocumentDepth {
		return node{}, &jsonError{r.pos, fmt.Sprintf("nested deeper than %d levels", maxDocumentDepth)}
	}
	r.depth++
	defer func() { r.depth-- }()
	return read()
}

func (r *jsonReader) object() (node, *jsonError) {
	n := node{kind: nodeObject, start: r.pos}
	r.pos++
	for r.space(); !r.accept('}'); r.space() {
		if len(n.members) > 0 {
			if !r.accept(',') {
				return n, r.unexpected(`"," or "}"`)
			}
			r.space()
		}
		m := member{start: r.pos}
		if r.pos >= len(r.text) || r.text[r.pos] != '"' {
			return n, r.unexpected("a name in quotes")
		}
		var err *jsonError
		if m.name, err = r.str(); err != nil {
			return n, err
		}
		if r.space(); !r.accept(':') {
			return n, r.unexpected(`":"`)
		}
		r.space()
		if m.value, err = r.value(); err != nil {
			return n, err
		}
		n.members = append(double(n.members), m)
	}
	n.end = r.pos
	return n, nil
}

func (r *jsonReader) array() (node, *jsonError) {
	n := node{kind: nodeArray, start: r.pos}
	r.pos++
	for r.space(); !r.accept(']'); r.space() {
		if len(n.elements) > 0 {
			if !r.accept(',') {
				return n, r.unexpected(`"," or "]"`)
			}
			r.space()
		}
		e, err := r.value()
		if err != nil {
			return n, err
		}
		n.elements = append(double(n.elements), e)
	}
	n.end = r.pos
	return n, nil
}

func (r *jsonReader) str() (string, *jsonError) {
	start := r.pos
	escaped := false
	for r.pos++; r.pos < len(r.text); r.pos++ {
		switch c := r.text[r.pos]; {
		case c == '"':
			r.pos++
			return r.unquote(start, escaped)
		case c == '\\':
			escaped = true
			r.pos++
		case c < ' ':
			return "", &jsonError{r.pos, fmt.Sprintf("control character %#02x in a string; expected an escape", c)}
		}
	}
	r.pos = len(r.text)
	return "", r.unexpected("the closing quote of a string")
}

// unquote decodes the string token from start to the current offset.
func (r *jsonReader) unquote(start int, escaped bool) (string, *jsonError) {
	token := r.text[start:r.pos]
	if !escaped {
		return string(token[1 : len(token)-1]), nil
	}
	var s string
	if json.Unmarshal(token, &s) != nil {
		return "", &jsonError{start, "a string holds an escape that JSON does not know"}
	}
	return s, nil
}

func (r *jsonReader) number() (node, *jsonError) {
	start := r.pos
	for r.pos < len(r.text) && strings.IndexByte("+-.0123456789eE", r.text[r.pos]) >= 0 {
		r.pos++
	}
	token := r.text[start:r.pos]
	if !json.Valid(token) {
		return node{}, &jsonError{start, fmt.Sprintf("%s is not a JSON number", shorten(string(token)))}
	}
	return node{kind: nodeNumber, start: start, end: r.pos, text: string(token)}, nil
}

func (r *jsonReader) word() (node, *jsonError) {
	for _, w := range [...]struct {
		text string
		kind nodeKind
	}{{"true", nodeBool}, {"false", nodeBool}, {"null", nodeNull}} {
		if bytes.HasPrefix(r.text[r.pos:], []byte(w.text)) {
			start := r.pos
			r.pos += len(w.text)
			return node{kind: w.kind, start: start, end: r.pos, text: w.text}, nil
		}
	}
	return node{}, r.unexpected("a value")
}
