package account

import (
	"bufio"
	"io"
	"strconv"
	"unicode/utf8"
)

// emitter writes indented JSON. The first error of the writer is kept by
// bufio.Writer and comes out of flush.
type emitter struct {
	w     *bufio.Writer
	depth int
	empty bool // nothing was written in the innermost object or list
	room  []byte
}

func newEmitter(w io.Writer) *emitter {
	return &emitter{w: bufio.NewWriterSize(w, 64<<10), empty: true}
}

func (e *emitter) flush() error { return e.w.Flush() }

// open begins an object or a list.
func (e *emitter) open(bracket byte) {
	_ = e.w.WriteByte(bracket)
	e.depth++
	e.empty = true
}

// close ends it.
func (e *emitter) close(bracket byte) {
	e.depth--
	if !e.empty {
		e.line()
	}
	_ = e.w.WriteByte(bracket)
	e.empty = false
}

// element begins the next element of a list.
func (e *emitter) element() {
	if !e.empty {
		_ = e.w.WriteByte(',')
	}
	e.empty = false
	e.line()
}

// key begins the next member of an object.
func (e *emitter) key(name string) {
	e.element()
	e.text(name)
	_, _ = e.w.WriteString(": ")
}

func (e *emitter) line() {
	_ = e.w.WriteByte('\n')
	for range e.depth {
		_, _ = e.w.WriteString("  ")
	}
}

func (e *emitter) raw(text []byte)    { _, _ = e.w.Write(text) }
func (e *emitter) number(n int)       { _, _ = e.w.WriteString(strconv.Itoa(n)) }
func (e *emitter) boolean(b bool)     { _, _ = e.w.WriteString(strconv.FormatBool(b)) }
func (e *emitter) member(k, v string) { e.key(k); e.text(v) }

// optional writes a member unless it is empty, as AWS leaves it out.
func (e *emitter) optional(key, value string) {
	if value != "" {
		e.member(key, value)
	}
}

// text writes a string. What is not UTF-8 becomes U+FFFD: JSON has no other
// bytes.
func (e *emitter) text(s string) {
	const hex = "0123456789abcdef"
	b := e.room[:0]
	b = append(b, '"')
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c == '\n':
			b = append(b, '\\', 'n')
		case c < ' ' || c == 0x7f:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		case c < utf8.RuneSelf:
			b = append(b, c)
		default:
			r, size := utf8.DecodeRuneInString(s[i:])
			b = utf8.AppendRune(b, r)
			i += size - 1
		}
		i++
	}
	b = append(b, '"')
	e.room = b
	_, _ = e.w.Write(e.room)
}

// list writes a member whose value is a list.
func list[T any](e *emitter, key string, values []T, write func(*emitter, *T)) {
	e.key(key)
	e.open('[')
	for i := range values {
		e.element()
		write(e, &values[i])
	}
	e.close(']')
}
