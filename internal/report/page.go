package report

import (
	"fmt"
	"strings"

	"github.com/fatih/color"

	"github.com/iamcheck/iamcheck/internal/checks"
)

// page is the table report while it is written.
type page struct {
	strings.Builder
	o     Options
	marks marks
}

// labelWidth is that of the longest label and the space behind it.
const labelWidth = 13

func newPage(o Options) *page {
	p := &page{o: o, marks: unicodeMarks}
	if o.ASCII {
		p.marks = asciiMarks
	}
	return p
}

func (p *page) line(s string) {
	p.WriteString(strings.TrimRight(s, " "))
	p.WriteByte('\n')
}

// gap leaves one empty line between parts, and none at the top.
func (p *page) gap() {
	if p.Len() > 0 {
		p.WriteByte('\n')
	}
}

func (p *page) title(name, rest string) {
	p.gap()
	text := p.paint(name, color.Bold)
	if rest != "" {
		text += ": " + rest
	}
	p.line(text)
}

// text writes a clean text, wrapped, every line behind an indent.
func (p *page) text(indent int, s string, style ...color.Attribute) {
	for _, l := range wrap(strings.TrimRight(s, " "), p.room(indent)) {
		p.line(strings.Repeat(" ", indent) + p.paint(l, style...))
	}
}

// field writes a label and a clean text beside it, wrapped under itself.
func (p *page) field(indent int, label, s string) {
	pad := strings.Repeat(" ", indent)
	for i, l := range wrap(strings.TrimRight(s, " "), p.room(indent+labelWidth)) {
		if i > 0 {
			label = ""
		}
		p.line(pad + p.paint(fmt.Sprintf("%-*s", labelWidth, label), color.Faint) + l)
	}
}

// room is what an indent leaves of the width, and never too little to write in.
func (p *page) room(indent int) int {
	if p.o.Width <= 0 {
		return 0
	}
	return max(p.o.Width-indent, 20)
}

// block writes lines that must stay as they are.
func (p *page) block(indent int, lines []string) {
	for _, l := range lines {
		p.line(strings.Repeat(" ", indent) + l)
	}
}

func (p *page) paint(s string, style ...color.Attribute) string {
	if !p.o.Color || len(style) == 0 || s == "" {
		return s
	}
	c := color.New(style...)
	c.EnableColor()
	return c.Sprint(s)
}

func (p *page) name(s string) string    { return clean(s, maxName, p.o.ASCII) }
func (p *page) arn(s string) string     { return clean(s, maxARN, p.o.ASCII) }
func (p *page) message(s string) string { return clean(s, maxText, p.o.ASCII) }

// shownNames is how many names of a list are shown; the JSON report has all.
const shownNames = 12

// names joins names for reading.
func (p *page) names(names []string) string {
	var shown []string
	for i, name := range names {
		if i == shownNames {
			shown = append(shown, fmt.Sprintf("and %d more", len(names)-i))
			break
		}
		shown = append(shown, p.name(name))
	}
	return strings.Join(shown, ", ")
}

// severityStyle colours a severity's word.
func severityStyle(s checks.Severity) []color.Attribute {
	switch s {
	case checks.Critical:
		return []color.Attribute{color.FgWhite, color.BgRed, color.Bold}
	case checks.High:
		return []color.Attribute{color.FgRed, color.Bold}
	case checks.Medium:
		return []color.Attribute{color.FgYellow, color.Bold}
	case checks.Low:
		return []color.Attribute{color.FgCyan}
	default:
		return []color.Attribute{color.Faint}
	}
}

// count writes a number with its noun: "1 gap", "2 gaps".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
