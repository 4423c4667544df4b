package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// maxErrors is how many errors one run reports; a broken file may have
// thousands, and nobody reads them.
const maxErrors = 100

// Error is one thing that is wrong with an input.
type Error struct {
	Position Position
	Message  string // what was found and what is expected, one line
}

// Error returns "file:line:column: message".
func (e Error) Error() string {
	if s := e.Position.String(); s != "" {
		return s + ": " + e.Message
	}
	return e.Message
}

// Errors are all things that are wrong with the inputs, in the order of the
// files and of the lines in each. It is the type of every error of Load,
// AddTeleport, FromFlags and Select.
type Errors struct {
	List    []Error
	Omitted int // how many more there are
}

// Error returns one line for each error.
func (e *Errors) Error() string {
	lines := make([]string, 0, len(e.List)+1)
	for _, one := range e.List {
		lines = append(lines, one.Error())
	}
	if e.Omitted > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", e.Omitted))
	}
	return strings.Join(lines, "\n")
}

func (e *Errors) add(p Position, format string, args ...any) {
	one := Error{Position: p, Message: fmt.Sprintf(format, args...)}
	switch {
	case slices.Contains(e.List, one): // an alias is read wherever it stands
	case len(e.List) == maxErrors:
		e.Omitted++
	default:
		e.List = append(e.List, one)
	}
}

// err returns nil where nothing is wrong. Errors of one file come in the order
// of its lines; files stay in the order in which they were read.
func (e *Errors) err() error {
	if len(e.List) == 0 {
		return nil
	}
	order := map[string]int{}
	for _, one := range e.List {
		if _, ok := order[one.Position.File]; !ok {
			order[one.Position.File] = len(order)
		}
	}
	slices.SortStableFunc(e.List, func(a, b Error) int {
		return cmp.Or(cmp.Compare(order[a.Position.File], order[b.Position.File]), a.Position.compare(b.Position))
	})
	return e
}

// compare orders places of one file.
func (p Position) compare(q Position) int {
	return cmp.Or(cmp.Compare(p.Line, q.Line), cmp.Compare(p.Column, q.Column))
}

// String returns "file:line:column", "file" where there is no line, and "" for
// the command line.
func (p Position) String() string {
	if p.File == "" {
		return ""
	}
	file := strings.Trim(quote(p.File), `"`)
	if p.Line == 0 {
		return file
	}
	return fmt.Sprintf("%s:%d:%d", file, p.Line, p.Column)
}
