package report

import (
	"strings"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// columns is the width of s on a terminal. Characters whose width East Asian
// fonts disagree on count as narrow whatever the environment says, so that the
// same report has the same lines everywhere.
func columns(s string) int { return twwidth.WidthWithOptions(s, twwidth.Options{}) }

// wrap breaks a text at its spaces into lines of at most width columns; 0 never
// breaks. A word that is wider stands on a line of its own and is not broken: it
// is an ARN that somebody will copy.
func wrap(text string, width int) []string {
	if width <= 0 || columns(text) <= width {
		return []string{text}
	}
	var lines []string
	var line strings.Builder
	used := 0
	for _, word := range strings.Split(text, " ") {
		n := columns(word)
		if used > 0 && used+1+n > width {
			lines = append(lines, line.String())
			line.Reset()
			used = 0
		}
		if used > 0 {
			line.WriteByte(' ')
			used++
		}
		line.WriteString(word)
		used += n
	}
	return append(lines, line.String())
}

// shorten cuts a clean name to at most width columns and says so by its end; 0
// never cuts.
func shorten(s string, width int, end string) string {
	if width <= 0 || columns(s) <= width {
		return s
	}
	room := width - columns(end)
	var b strings.Builder
	for _, r := range s {
		if room -= columns(string(r)); room < 0 {
			break
		}
		b.WriteRune(r)
	}
	return b.String() + end
}

// halve breaks a column's title at the hyphen that leaves the narrowest column:
// "describe-users" gives "describe-" and "users".
func halve(title string) (first, second string) {
	first = title
	for i, r := range title {
		if r != '-' || i+1 == len(title) {
			continue
		}
		if max(i+1, len(title)-i-1) < max(len(first), len(second)) {
			first, second = title[:i+1], title[i+1:]
		}
	}
	return first, second
}
