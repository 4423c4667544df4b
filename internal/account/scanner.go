package account

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

// maxDepth bounds the nesting of a snapshot file. A statement's condition in an
// inline policy of form (b) sits 13 levels deep.
const maxDepth = 100

// syntaxError is the first place at which a text is not JSON.
type syntaxError struct {
	offset int
	what   string
}

func (e *syntaxError) Error() string { return e.what }

// scanner walks a JSON text by offset, so that the raw text of a document and
// the place of every mistake stay known. After check has passed over the text,
// the other methods cannot meet a syntax error.
type scanner struct {
	text []byte
	pos  int

	// keys gathers the keys of the object that check passes over next, as many
	// as tell what it is; nil where they are not wanted.
	keys map[string]bool

	// lineAt counts lines forwards from the place last asked about.
	lastOffset, lastLine int
}

// kind names the JSON value at pos, for messages.
func (s *scanner) kind() string {
	switch s.peek() {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		return "a string"
	case 't', 'f':
		return "true or false"
	case 'n':
		return "null"
	default:
		return "a number"
	}
}

// space passes over white space. Indented files are half made of it.
func (s *scanner) space() {
	text, i := s.text, s.pos
	for i < len(text) && (text[i] == ' ' || text[i] == '\n' || text[i] == '\r' || text[i] == '\t') {
		i++
	}
	s.pos = i
}

// peek returns the byte at pos, or 0 at the end.
func (s *scanner) peek() byte {
	if s.pos >= len(s.text) {
		return 0
	}
	return s.text[s.pos]
}

// check passes over one value, which must be JSON nested no deeper than limit,
// and returns how deep it is: 0 for a scalar, 1 for {}.
func (s *scanner) check(limit int) (depth int, err error) {
	s.space()
	switch s.peek() {
	case '{', '[':
		return s.checkComposite(limit)
	case '"':
		return 0, s.checkString()
	case 't':
		return 0, s.checkWord("true")
	case 'f':
		return 0, s.checkWord("false")
	case 'n':
		return 0, s.checkWord("null")
	default:
		return 0, s.checkNumber()
	}
}

func (s *scanner) checkComposite(limit int) (depth int, err error) {
	if limit == 0 {
		return 0, s.fail(fmt.Sprintf("nested deeper than %d levels", maxDepth))
	}
	object := s.text[s.pos] == '{'
	closing := byte(']')
	if object {
		closing = '}'
	}
	s.pos++
	s.space()
	if s.peek() == closing {
		s.pos++
		return 1, nil
	}
	for {
		if object {
			if err := s.checkKey(limit == maxDepth); err != nil {
				return 0, err
			}
		}
		inner, err := s.check(limit - 1)
		if err != nil {
			return 0, err
		}
		depth = max(depth, inner)
		s.space()
		switch s.peek() {
		case ',':
			s.pos++
		case closing:
			s.pos++
			return depth + 1, nil
		default:
			return 0, s.unexpected(fmt.Sprintf("expected a comma or %q", closing))
		}
	}
}

// checkKey gathers keys of the outermost object.
func (s *scanner) checkKey(outermost bool) error {
	const most = 1000
	s.space()
	if s.peek() != '"' {
		return s.unexpected("expected a key in double quotes")
	}
	from := s.pos
	if err := s.checkString(); err != nil {
		return err
	}
	if outermost && s.keys != nil && len(s.keys) < most {
		s.keys[unquote(s.text[from:s.pos])] = true
	}
	s.space()
	if s.peek() != ':' {
		return s.unexpected("expected a colon after the key")
	}
	s.pos++
	return nil
}

func (s *scanner) checkString() error {
	for s.pos++; s.pos < len(s.text); s.pos++ {
		switch c := s.text[s.pos]; {
		case c == '"':
			s.pos++
			return nil
		case c < ' ':
			return s.unexpected("a string must escape control characters")
		case c == '\\':
			if err := s.checkEscape(); err != nil {
				return err
			}
		}
	}
	return s.unexpected("expected the end of a string")
}

// checkEscape leaves pos on the last byte of the escape.
func (s *scanner) checkEscape() error {
	s.pos++
	switch s.peek() {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return nil
	case 'u':
		for range 4 {
			s.pos++
			if c := s.peek(); !isHex(c) {
				return s.unexpected("expected four hexadecimal digits after \\u")
			}
		}
		return nil
	default:
		return s.unexpected("expected one of \" \\ / b f n r t u after a backslash")
	}
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func (s *scanner) checkWord(word string) error {
	if !bytes.HasPrefix(s.text[s.pos:], []byte(word)) {
		return s.unexpected("expected a JSON value")
	}
	s.pos += len(word)
	return nil
}

// checkNumber follows the grammar of RFC 8259, section 6.
func (s *scanner) checkNumber() error {
	if s.peek() == '-' {
		s.pos++
	}
	if s.peek() == '0' {
		s.pos++
	} else if !s.digits() {
		return s.unexpected("expected a JSON value")
	}
	if s.peek() == '.' {
		s.pos++
		if !s.digits() {
			return s.unexpected("expected a digit")
		}
	}
	if c := s.peek(); c == 'e' || c == 'E' {
		s.pos++
		if c := s.peek(); c == '+' || c == '-' {
			s.pos++
		}
		if !s.digits() {
			return s.unexpected("expected a digit")
		}
	}
	return nil
}

func (s *scanner) digits() bool {
	from := s.pos
	for c := s.peek(); '0' <= c && c <= '9'; c = s.peek() {
		s.pos++
	}
	return s.pos > from
}

// unexpected reports what stands at pos, or that the text ends there.
func (s *scanner) unexpected(expected string) error {
	if s.pos >= len(s.text) {
		return s.fail("the text ends too early: it is cut short; " + expected)
	}
	r, _ := utf8.DecodeRune(s.text[s.pos:])
	return s.fail(fmt.Sprintf("unexpected %q; %s", r, expected))
}

func (s *scanner) fail(what string) error {
	return &syntaxError{offset: min(s.pos, len(s.text)), what: what}
}

// skip passes over one value of a text that check has passed, and returns its
// raw text and depth.
func (s *scanner) skip() (raw []byte, depth int) {
	s.space()
	from := s.pos
	depth, _ = s.check(maxDepth)
	return s.text[from:s.pos:s.pos], depth
}

// quoted reads the string at pos.
func (s *scanner) quoted() string {
	from := s.pos
	_ = s.checkString() // check has passed over it
	return unquote(s.text[from:s.pos])
}

// unquote decodes a string that checkString has passed over.
func unquote(raw []byte) string {
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : len(raw)-1])
	}
	var decoded string
	_ = json.Unmarshal(raw, &decoded) // cannot fail on a string that was checked
	return decoded
}

// key reads a key of an object and the colon after it.
func (s *scanner) key() string {
	s.space()
	k := s.quoted()
	s.space()
	s.pos++
	s.space()
	return k
}

// next moves past the opening bracket (first) or the comma before the next
// element of an object or a list, and tells whether there is one.
func (s *scanner) next(first bool) bool {
	s.space()
	if first {
		s.pos++
		s.space()
	}
	switch s.peek() {
	case '}', ']', 0:
		s.pos++
		return false
	case ',':
		s.pos++
		s.space()
	}
	return true
}

// lineAt returns the line of an offset, from 1. It is cheap for offsets that
// grow.
func (s *scanner) lineAt(offset int) int {
	if offset < s.lastOffset || s.lastLine == 0 {
		s.lastOffset, s.lastLine = 0, 1
	}
	s.lastLine += bytes.Count(s.text[s.lastOffset:offset], []byte{'\n'})
	s.lastOffset = offset
	return s.lastLine
}

// columnAt returns the column of an offset, from 1, in bytes.
func (s *scanner) columnAt(offset int) int {
	return offset - bytes.LastIndexByte(s.text[:offset], '\n')
}
