package account

import (
	"fmt"
	"strings"
)

// maxProblems bounds what one error tells: after twenty mistakes the rest
// seldom helps.
const maxProblems = 20

// ReadError says what is wrong with a snapshot file: everything that could be
// told at once, in the order of the text.
type ReadError struct {
	File     string
	Problems []Problem // at least one, at most 20
	More     bool      // there were more than could be shown
}

// Problem is one mistake in a snapshot file.
type Problem struct {
	Line, Column int    // from 1, Column in bytes; 0 where the file as a whole is meant
	Message      string // lower case, no final period: the fact, then what is expected
}

// Error gives one line for each problem, as file:line:column: message.
func (e *ReadError) Error() string {
	var b strings.Builder
	for i, p := range e.Problems {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(e.File)
		if p.Line > 0 {
			fmt.Fprintf(&b, ":%d:%d", p.Line, p.Column)
		}
		b.WriteString(": " + p.Message)
	}
	if e.More {
		fmt.Fprintf(&b, "\n%s: more problems follow; these are the first %d", e.File, maxProblems)
	}
	return b.String()
}

// shown quotes a value of the file for a message, short and without control
// characters.
func shown(value string) string {
	const most = 80
	if len(value) > most {
		return fmt.Sprintf("%q…", strings.ToValidUTF8(value[:most], ""))
	}
	return fmt.Sprintf("%q", value)
}
