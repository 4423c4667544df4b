package account

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// maxEntities bounds each list of a file: a role takes ten times the memory
// of the shortest text that makes one. IAM's quotas end far below.
const maxEntities = 200_000

// reader turns the values of one checked JSON text into Go values and gathers
// what is wrong with them.
type reader struct {
	scanner
	file     string
	path     []step
	problems []Problem
	more     bool
}

// step is one part of the way to a value: a key, or an index where key is "".
type step struct {
	key   string
	index int
}

// field reads one key of an object into a T. Its read must consume the value.
type field[T any] struct {
	key  string
	read func(*reader, *T)
}

// unknownKeys says what becomes of keys that a table of fields does not name.
type unknownKeys uint8

const (
	// refuse: the structure is iamcheck's own.
	refuse unknownKeys = iota
	// tolerate: the structure is AWS's, which may grow.
	tolerate
)

// readObject reads an object by its table of fields. A value that is no object
// is a problem; null is like an object without keys. It tells whether it read
// an object.
func readObject[T any](r *reader, into *T, fields []field[T], unknown unknownKeys) bool {
	r.space()
	if r.null() {
		return false
	}
	if r.peek() != '{' {
		r.wrongKind("an object")
		return false
	}
	var seen uint64 // bit i: fields[i] was read
	for first := true; r.next(first) && !r.more; first = false {
		at := r.pos
		key := r.key()
		i := slices.IndexFunc(fields, func(f field[T]) bool { return f.key == key })
		if i < 0 {
			unknownKey(r, at, key, fields, unknown)
			r.skip()
			continue
		}
		if seen&(1<<i) != 0 {
			r.problemAt(at, fmt.Sprintf("the key %q is here twice; expected it once", key))
		}
		seen |= 1 << i
		r.path = append(r.path, step{key: key})
		fields[i].read(r, into)
		r.path = r.path[:len(r.path)-1]
	}
	return true
}

// unknownKey judges a key that is not in the table. A key that differs from
// one of them by case alone would be overlooked in silence, a boundary say, so
// it is a problem in AWS's structures too.
func unknownKey[T any](r *reader, at int, key string, fields []field[T], unknown unknownKeys) {
	var known []string
	for _, f := range fields {
		if strings.EqualFold(f.key, key) {
			r.problemAt(at, fmt.Sprintf("unknown key %s; expected %q: keys are case-sensitive", shown(key), f.key))
			return
		}
		known = append(known, f.key)
	}
	if unknown == refuse {
		r.problemAt(at, fmt.Sprintf("unknown key %s; expected one of %s", shown(key), strings.Join(known, ", ")))
	}
}

// readList calls read for each element of a list; null is like an absent list.
func (r *reader) readList(read func()) {
	r.space()
	if r.null() {
		return
	}
	if r.peek() != '[' {
		r.wrongKind("a list")
		return
	}
	depth := len(r.path)
	for i := 0; r.next(i == 0) && !r.more; i++ {
		if i == maxEntities {
			r.problem(fmt.Sprintf("the list has more than %d elements; expected no more", maxEntities))
			r.more = true
			break
		}
		r.path = append(r.path[:depth], step{index: i})
		read()
	}
	r.path = r.path[:depth]
}

// null consumes the value at pos if it is null.
func (r *reader) null() bool {
	if r.peek() != 'n' {
		return false
	}
	r.skip()
	return true
}

// string reads a string; null is "".
func (r *reader) string() string {
	r.space()
	switch {
	case r.null():
		return ""
	case r.peek() != '"':
		r.wrongKind("a string")
		return ""
	default:
		return r.quoted()
	}
}

// bool reads true or false; null is false.
func (r *reader) bool() bool {
	r.space()
	switch c := r.peek(); c {
	case 't', 'f':
		r.skip()
		return c == 't'
	case 'n':
		r.skip()
	default:
		r.wrongKind("true or false")
	}
	return false
}

// count reads a whole number that is not negative; null is 0.
func (r *reader) count() int {
	r.space()
	if r.null() {
		return 0
	}
	if c := r.peek(); c != '-' && (c < '0' || c > '9') {
		r.wrongKind("a whole number")
		return 0
	}
	at := r.pos
	raw, _ := r.skip()
	n, err := strconv.ParseUint(string(raw), 10, 31)
	if err != nil {
		r.problemAt(at, "is "+shown(string(raw))+"; expected a whole number from 0")
	}
	return int(n)
}

// raw reads any value as its text; null is nil. It may not nest so deep that it
// would find no room in a snapshot of the other form.
func (r *reader) raw() []byte {
	at := r.offset()
	if r.null() {
		return nil
	}
	raw, depth := r.skip()
	if depth > maxDocumentDepth {
		r.problemAt(at, fmt.Sprintf("is nested deeper than %d levels", maxDocumentDepth))
	}
	return raw
}

// wrongKind reports the value at pos, and passes over it.
func (r *reader) wrongKind(expected string) {
	r.problem("is " + r.kind() + "; expected " + expected)
	r.skip()
}

// problem reports something about the value at pos.
func (r *reader) problem(message string) { r.problemAt(r.pos, message) }

// problemAt reports something about the value at an offset. After the last
// problem that is told, more is set and reading winds up.
func (r *reader) problemAt(offset int, message string) {
	if len(r.problems) == maxProblems {
		r.more = true
		return
	}
	if where := r.where(); where != "" {
		message = where + ": " + message
	}
	r.problems = append(r.problems, Problem{r.lineAt(offset), r.columnAt(offset), message})
}

// where names the way to the value that is being read: RoleDetailList[3].Arn.
func (r *reader) where() string {
	var b strings.Builder
	for _, s := range r.path {
		switch {
		case s.key == "":
			fmt.Fprintf(&b, "[%d]", s.index)
		case b.Len() > 0:
			b.WriteString("." + s.key)
		default:
			b.WriteString(s.key)
		}
	}
	return b.String()
}

// err is the error of all problems, nil where there are none.
func (r *reader) err() error {
	if len(r.problems) == 0 {
		return nil
	}
	slices.SortStableFunc(r.problems, func(a, b Problem) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	return &ReadError{File: r.file, Problems: r.problems, More: r.more}
}

// mustBeObject reports and passes over an element of a list that is no object;
// null is none.
func (r *reader) mustBeObject() bool {
	r.space()
	if r.peek() == '{' {
		return true
	}
	r.wrongKind("an object")
	return false
}

// within names the innermost keys of the way, below the entity:
// RolePolicyList[0].PolicyDocument.
func (r *reader) within() string {
	for i, s := range r.path {
		if s.key == "" {
			inner := reader{path: r.path[i+1:]}
			return inner.where()
		}
	}
	return r.where()
}
