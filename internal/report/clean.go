package report

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds on what is shown of one text, in runes. An IAM role's ARN with the
// longest path has about 610, a message names several.
const (
	maxName = 256
	maxARN  = 2048
	maxText = 8000
)

// printable tells whether a rune can be shown as it is on one line: it moves no
// cursor, turns no text around (bidirectional controls) and is not invisible.
func printable(r rune, ascii bool) bool {
	if ascii {
		return r >= ' ' && r <= '~'
	}
	return unicode.IsPrint(r)
}

// clean makes one line of s that a terminal shows and does not obey: whatever is
// not printable is written as an escape, and what is longer than limit runes is
// cut, with the number of runes that were cut.
func clean(s string, limit int, ascii bool) string {
	if n := utf8.RuneCountInString(s); n > limit {
		i := 0
		for range limit {
			_, size := utf8.DecodeRuneInString(s[i:])
			i += size
		}
		return clean(s[:i], limit, ascii) + fmt.Sprintf("...(+%d)", n-limit)
	}
	if isClean(s, ascii) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case printable(r, ascii):
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < 0x80:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			writeEscape(&b, r)
		}
		i += size
	}
	return b.String()
}

func isClean(s string, ascii bool) bool {
	for i, r := range s {
		if !printable(r, ascii) || r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD") {
			return false
		}
	}
	return true
}

// writeEscape writes a rune the way JSON does, as UTF-16.
func writeEscape(b *strings.Builder, r rune) {
	if r > 0xFFFF {
		r -= 0x10000
		fmt.Fprintf(b, `\u%04x\u%04x`, 0xD800+(r>>10), 0xDC00+(r&0x3FF))
		return
	}
	fmt.Fprintf(b, `\u%04x`, r)
}

// escapeJSON writes every rune of a JSON text that is not printable as JSON's own
// escape, so that the text means the same and does nothing to a terminal.
// encoding/json leaves DEL, the C1 controls and bidirectional controls as they
// are. Outside strings such runes do not occur in JSON.
func escapeJSON(text []byte, ascii bool) []byte {
	strange := func(r rune) bool { return r != '\n' && !printable(r, ascii) || r == utf8.RuneError }
	if bytes.IndexFunc(text, strange) < 0 {
		return text
	}
	var b strings.Builder
	for _, r := range string(text) {
		if strange(r) {
			writeEscape(&b, r)
		} else {
			b.WriteRune(r)
		}
	}
	return []byte(b.String())
}
