package planned

import (
	"fmt"
	"slices"
	"strings"
)

// Error says what is wrong with a file, and where.
type Error struct {
	File         string
	Line, Column int    // from 1, Column in bytes; 0 where the place is not known
	Path         string // JSON path of the value that is meant; "" for the file itself
	Message      string // lower case, no final period: the fact, then what is expected
}

// Error gives file:line:column: path: message, as far as they are known.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", e.Line, e.Column)
	}
	b.WriteString(": ")
	if e.Path != "" {
		b.WriteString(e.Path + ": ")
	}
	return b.String() + e.Message
}

// place is a line and column, both from 1; the zero value is not known.
type place struct{ line, column int }

// lines turns byte offsets of a text into places.
type lines struct{ starts []int }

func linesOf(text []byte) *lines {
	l := &lines{starts: []int{0}}
	for i, c := range text {
		if c == '\n' {
			l.starts = append(l.starts, i+1)
		}
	}
	return l
}

func (l *lines) at(offset int) place {
	i, exact := slices.BinarySearch(l.starts, offset)
	if !exact {
		i--
	}
	return place{i + 1, offset - l.starts[i] + 1}
}

// shown quotes a value of a file for a message, short and without control
// characters.
func shown(value string) string {
	const most = 80
	if len(value) > most {
		return fmt.Sprintf("%q…", strings.ToValidUTF8(value[:most], ""))
	}
	return fmt.Sprintf("%q", value)
}
