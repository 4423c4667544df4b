package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/iamcheck/iamcheck/internal/expected"
)

func writeRequiredMarkdown(w io.Writer, attachments []expected.Attachment, _ Options) error {
	var b strings.Builder
	b.WriteString("# IAM permissions for Teleport's databases\n")
	for i := range attachments {
		requiredSection(&b, &attachments[i])
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func requiredSection(b *strings.Builder, a *expected.Attachment) {
	title := attachmentTitle(a)
	fmt.Fprintf(b, "\n## %s\n\n", inMarkdown(strings.ToUpper(title[:1])+title[1:]))
	if a.Principal != "" {
		fmt.Fprintf(b, "%s\n\n", codeSpan(a.Principal))
	}
	if len(a.Databases) > 0 {
		fmt.Fprintf(b, "Databases: %s\n", inMarkdown(strings.Join(a.Databases, ", ")))
	}
	if len(a.Identity) == 0 {
		b.WriteString("\nIt needs no permission of its own.\n")
	}
	for n := range a.Identity {
		title := identityTitle(a, n)
		markdownDocument(b, &a.Identity[n], strings.ToUpper(title[:1])+title[1:])
	}
	switch {
	case sameBoundary(a):
		b.WriteString("\nA permissions boundary, if it has one, must allow the same statements.\n")
	case a.Boundary != nil && a.Wider:
		markdownDocument(b, a.Boundary, "Permissions boundary, if it has one, must allow (on * to be short enough)")
	case a.Boundary != nil:
		markdownDocument(b, a.Boundary, "Permissions boundary, if it has one, must allow")
	}
	if a.Trust != nil {
		markdownDocument(b, a.Trust, "Trust policy")
	}
	markdownRemarks(b, a)
}

func markdownDocument(b *strings.Builder, d *expected.Document, title string) {
	fmt.Fprintf(b, "\n### %s\n\n| Sid | Need | Purpose |\n|---|---|---|\n", inMarkdown(title))
	for i := range d.Statements {
		s := &d.Statements[i]
		fmt.Fprintf(b, "| %s | %s | %s |\n", inMarkdown(s.SID), statementNeed(s), inMarkdown(s.Purpose))
	}
	// A fence that is longer than any run of backticks inside.
	text := string(escapeJSON(d.JSON(), false))
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	fmt.Fprintf(b, "\n%sjson\n%s\n%s\n", fence, text, fence)
}

func markdownRemarks(b *strings.Builder, a *expected.Attachment) {
	var lines []string
	for _, x := range a.Placeholders {
		lines = append(lines, "fill in: "+placeholderText(x))
	}
	for _, name := range a.Open {
		lines = append(lines, "open: "+name+": "+expected.Tell(name))
	}
	for _, l := range a.LeftOut {
		lines = append(lines, fmt.Sprintf("left out: %s (%s): %s", l.ID, strings.Join(l.Databases, ", "), l.Reason))
	}
	for _, n := range a.Notes {
		lines = append(lines, "note: "+n)
	}
	if len(lines) > 0 {
		b.WriteString("\n")
	}
	for _, l := range lines {
		fmt.Fprintf(b, "- %s\n", inMarkdown(l))
	}
}

// inMarkdown escapes what Markdown and HTML would take for their own.
func inMarkdown(s string) string {
	return strings.NewReplacer(
		`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "|", `\|`, "#", `\#`, "~", `\~`,
		"<", "&lt;", ">", "&gt;", "&", "&amp;",
	).Replace(clean(s, maxText, false))
}

// codeSpan writes s as it is, between as many backticks as it takes.
func codeSpan(s string) string {
	s = clean(s, maxARN, false)
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if len(fence) > 1 {
		s = " " + s + " "
	}
	return fence + s + fence
}
