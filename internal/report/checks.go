package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/iamcheck/iamcheck/internal/checks"
)

// ChecksFormat is a way to write the documentation of checks.
type ChecksFormat struct {
	Name  string
	Write func(w io.Writer, list []*checks.Check, o Options) error
}

// ChecksFormats are the formats of `iamcheck checks`, the default first.
func ChecksFormats() []ChecksFormat {
	return []ChecksFormat{{"table", writeChecksTable}, {"json", writeChecksJSON}, {"markdown", writeChecksMarkdown}}
}

// CheckExample is a case in which a check fires.
type CheckExample struct {
	About     string // what people did, one line
	Statement string // the blamed statement's text; "" where none is to blame
	Finding   checks.Finding
}

// writeChecksTable lists several checks in a line each, and describes one.
func writeChecksTable(w io.Writer, list []*checks.Check, o Options) error {
	p := newPage(o)
	if len(list) == 1 {
		p.check(list[0])
	} else {
		p.checkList(list)
	}
	_, err := io.WriteString(w, p.String())
	return err
}

func (p *page) checkList(list []*checks.Check) {
	width := 0
	for _, c := range list {
		width = max(width, len(c.ID))
	}
	for _, c := range list {
		p.line(fmt.Sprintf("%-*s  %s  %s", width, c.ID, p.paint(fmt.Sprintf("%-8s", c.Severity), severityStyle(c.Severity)...), c.Title))
	}
	p.gap()
	p.text(0, "iamcheck checks CHECK says what fires it, why it matters, how to mend it, and when to set it aside.")
}

func (p *page) check(c *checks.Check) {
	p.title(c.ID, c.Title)
	p.field(2, "severity", c.Severity.String())
	for _, part := range documented(c) {
		p.field(2, part.label, part.text)
	}
}

// docPart is a part of a check's documentation.
type docPart struct{ label, title, text string }

// documented are the parts of a check's documentation that are there.
func documented(c *checks.Check) []docPart {
	var out []docPart
	for _, part := range []docPart{
		{"what", "What", c.Doc.What},
		{"why", "Why it matters", c.Doc.Why},
		{"mend", "How to mend it", c.Doc.Mend},
		{"suppress", "When to set it aside", c.Doc.Suppress},
		{"sources", "Sources", strings.Join(c.Doc.Sources, "; ")},
	} {
		if part.text != "" {
			out = append(out, part)
		}
	}
	return out
}

// checksDocument is the JSON of `iamcheck checks`. Lists are never null.
type checksDocument struct {
	SchemaVersion int             `json:"schema_version"`
	Tool          jsonTool        `json:"tool"`
	Checks        []checkDocument `json:"checks"`
}

type checkDocument struct {
	ID       string   `json:"id"`
	Title    string   `json:"title"`
	Severity string   `json:"severity"`
	What     string   `json:"what"`
	Why      string   `json:"why"`
	Mend     string   `json:"mend"`
	Suppress string   `json:"suppress"`
	Sources  []string `json:"sources"`
	Help     string   `json:"help"`
}

func writeChecksJSON(w io.Writer, list []*checks.Check, o Options) error {
	d := checksDocument{SchemaVersion: 1, Tool: jsonTool{"iamcheck", o.Version}, Checks: []checkDocument{}}
	for _, c := range list {
		d.Checks = append(d.Checks, checkDocument{
			ID: c.ID, Title: c.Title, Severity: c.Severity.String(), What: c.Doc.What, Why: c.Doc.Why, Mend: c.Doc.Mend,
			Suppress: c.Doc.Suppress, Sources: append([]string{}, c.Doc.Sources...), Help: docsURI + c.ID,
		})
	}
	return writeIndented(w, d)
}

func writeChecksMarkdown(w io.Writer, list []*checks.Check, _ Options) error {
	var b strings.Builder
	for i, c := range list {
		if i > 0 {
			b.WriteByte('\n')
		}
		checkMarkdown(&b, c)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// checkMarkdown describes a check under a heading whose anchor is its id. The
// documentation is Markdown itself.
func checkMarkdown(b *strings.Builder, c *checks.Check) {
	fmt.Fprintf(b, "## %s\n\n%s Severity: %s.\n", c.ID, sentence(c.Title), c.Severity)
	for _, part := range documented(c) {
		fmt.Fprintf(b, "\n**%s.** %s\n", part.title, part.text)
	}
}

// WriteChecksPage writes the page of all checks, each with the example that
// example gives for its id, if any.
func WriteChecksPage(w io.Writer, list []*checks.Check, example func(id string) (CheckExample, bool)) error {
	var b strings.Builder
	b.WriteString("# The checks\n\n<!-- Made by `make generate` from the checks themselves; the examples are findings in cases of testdata/fixtures. -->\n\n" +
		"The severity is that of a finding unless what is around it weighs less or more; then the message says why.\n" +
		"`iamcheck checks CHECK` prints what stands here of one.\n\n| check | severity | fires where |\n|---|---|---|\n")
	for _, c := range list {
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s |\n", c.ID, c.ID, c.Severity, inMarkdown(c.Title))
	}
	for _, c := range list {
		b.WriteByte('\n')
		checkMarkdown(&b, c)
		if e, ok := example(c.ID); ok {
			e.markdown(&b)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (e *CheckExample) markdown(b *strings.Builder) {
	fmt.Fprintf(b, "\n**Example.** %s\n", inMarkdown(e.About))
	if e.Statement != "" {
		fmt.Fprintf(b, "\n```json\n%s\n```\n", e.Statement)
	}
	fmt.Fprintf(b, "\n> %s: %s\n", e.Finding.Severity, inMarkdown(e.Finding.Message))
	fix := e.Finding.Fix
	switch {
	case fix == nil:
	case fix.Document != nil:
		fmt.Fprintf(b, "\n%s\n\n```json\n%s\n```\n", fixWords(fix.Kind), strings.TrimSpace(string(fix.Document)))
	case fix.Note != "":
		fmt.Fprintf(b, "\nTo mend it: %s.\n", inMarkdown(fix.Note))
	}
}

// fixWords introduces the text that mends a finding.
func fixWords(kind string) string {
	switch kind {
	case "add-statement":
		return "To mend it, add:"
	case "edit-trust":
		return "To mend it, make the trust policy say:"
	case "edit-boundary":
		return "To mend it, make the boundary say:"
	default:
		return "To mend it, put in its place:"
	}
}
