package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/fatih/color"

	"github.com/iamcheck/iamcheck/internal/checks"
)

// writeMendDiff writes a unified diff for each document, with what it mends above
// it, as comments that patch skips.
func writeMendDiff(w io.Writer, m *checks.Mend, o Options) error {
	p := newPage(o)
	comment := func(lines []string) {
		for _, l := range lines {
			p.line(p.paint(strings.TrimRight("# "+l, " "), color.Faint))
		}
	}
	for i := range m.Documents {
		d := &m.Documents[i]
		p.gap()
		r := mendNotes{ascii: o.ASCII}
		r.document(d)
		comment(r.lines)
		p.diff(d)
	}
	p.gap()
	r := mendNotes{ascii: o.ASCII}
	r.rest(m)
	comment(r.lines)
	_, err := io.WriteString(w, p.String())
	return err
}

// diff writes the unified diff of one document.
func (p *page) diff(d *checks.MendedDocument) {
	before, after := "a/"+mendPath(d), "b/"+mendPath(d)
	if d.Before == nil {
		before = "/dev/null"
	}
	if d.After == nil {
		after = "/dev/null"
	}
	p.line(p.paint("--- "+p.arn(before), color.Bold))
	p.line(p.paint("+++ "+p.arn(after), color.Bold))
	for _, l := range unified(p.diffLines(d.Before), p.diffLines(d.After)) {
		switch l[0] {
		case '+':
			p.line(p.paint(l, color.FgGreen))
		case '-':
			p.line(p.paint(l, color.FgRed))
		case '@':
			p.line(p.paint(l, color.FgCyan))
		default:
			p.line(l)
		}
	}
}

func (p *page) diffLines(text []byte) []string {
	if text == nil {
		return nil
	}
	return p.jsonLines(text)
}

// mendPath is a name for the document's file.
func mendPath(d *checks.MendedDocument) string {
	kind, name := entityOf(d)
	if d.Kind == "managed" {
		return mendAccount(d) + "/policy/" + policyName(d) + ".json"
	}
	file := "trust.json"
	if d.Kind == "inline" {
		file = "inline/" + d.Policy + ".json"
	}
	return strings.Join([]string{mendAccount(d), kind, name, file}, "/")
}

// contextLines is how many unchanged lines stand around a change.
const contextLines = 3

// diffLine is a line of either text: ' ' in both, '-' in the first, '+' in the
// second.
type diffLine struct {
	mark byte
	text string
}

// unified are the hunks of a unified diff.
func unified(a, b []string) []string {
	lines := compareLines(a, b)
	var out []string
	for from := 0; from < len(lines); {
		if lines[from].mark == ' ' {
			from++
			continue
		}
		first := max(0, from-contextLines)
		end, quiet := from, 0 // end is behind the last change
		for i := from; i < len(lines) && quiet <= 2*contextLines; i++ {
			if quiet++; lines[i].mark != ' ' {
				end, quiet = i+1, 0
			}
		}
		last := min(len(lines), end+contextLines)
		out = append(out, hunkHead(lines, first, last))
		for _, l := range lines[first:last] {
			out = append(out, string(l.mark)+l.text)
		}
		from = last
	}
	return out
}

// hunkHead tells where a hunk stands in both texts; an empty side counts from
// the line before it.
func hunkHead(lines []diffLine, first, last int) string {
	var start, length [2]int
	for i, l := range lines[:last] {
		for side, other := range []byte{'+', '-'} {
			switch {
			case l.mark == other:
			case i < first:
				start[side]++
			default:
				length[side]++
			}
		}
	}
	for side := range start {
		if length[side] > 0 {
			start[side]++
		}
	}
	return fmt.Sprintf("@@ -%d,%d +%d,%d @@", start[0], length[0], start[1], length[1])
}

// maxDiffCells bounds the comparison of two texts; policies that AWS stores need
// a hundredth of it.
const maxDiffCells = 16 << 20

// compareLines finds a longest common subsequence of lines. Texts that are too
// long for that are shown as replaced, but for what they have in common at both
// ends.
func compareLines(a, b []string) []diffLine {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	var out []diffLine
	for _, l := range a[:head] {
		out = append(out, diffLine{' ', l})
	}
	out = append(out, compareMiddle(a[head:len(a)-tail], b[head:len(b)-tail])...)
	for _, l := range a[len(a)-tail:] {
		out = append(out, diffLine{' ', l})
	}
	return out
}

func compareMiddle(a, b []string) []diffLine {
	var out []diffLine
	if len(a) > 0 && len(b) > maxDiffCells/len(a) {
		for _, l := range a {
			out = append(out, diffLine{'-', l})
		}
		for _, l := range b {
			out = append(out, diffLine{'+', l})
		}
		return out
	}
	longest := commonLengths(a, b)
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			out = append(out, diffLine{' ', a[i]})
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && longest[i+1][j] >= longest[i][j+1]:
			out = append(out, diffLine{'-', a[i]})
			i++
		default:
			out = append(out, diffLine{'+', b[j]})
			j++
		}
	}
	return out
}

// commonLengths is the table of the lengths of common subsequences of what is
// left of both from i and j on.
func commonLengths(a, b []string) [][]int32 {
	longest := make([][]int32, len(a)+1)
	for i := range longest {
		longest[i] = make([]int32, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				longest[i][j] = longest[i+1][j+1] + 1
			} else {
				longest[i][j] = max(longest[i+1][j], longest[i][j+1])
			}
		}
	}
	return longest
}
