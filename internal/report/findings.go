package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/fatih/color"

	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// shownQuoteLines is how much of a blamed statement is shown. The text that mends
// a finding is never cut: it is there to be copied.
const shownQuoteLines = 30

// shortMessage is how wide the line of a finding of severity info gets where no
// terminal says.
const shortMessage = 160

func (p *page) findings(r *checks.Report) {
	p.title("Findings", severities(r))
	var short []*checks.Finding
	for i := range r.Findings {
		switch f := &r.Findings[i]; {
		case f.Suppressed != nil:
		case f.Severity == checks.Info && f.Outcome == checks.Fail && !p.o.Verbose:
			short = append(short, f)
		default:
			p.gap()
			p.finding(f)
		}
	}
	if len(short) == 0 {
		return
	}
	p.gap()
	for _, f := range short {
		p.short(f)
	}
	p.text(2, "(-v shows these whole)", color.Faint)
}

// short shows a finding in one line: what it comes to, without what explains it.
func (p *page) short(f *checks.Finding) {
	word, check := strings.ToUpper(f.Severity.String()), p.name(f.Check)
	message, _, _ := strings.Cut(f.Message, "; ")
	text := p.arn(friendly(f.Principal)) + ": " + p.message(message)
	room := shortMessage
	if p.o.Width > 0 {
		room = max(p.o.Width-columns(word)-columns(check)-2*between, 1)
	}
	p.line(p.paint(word, severityStyle(f.Severity)...) + "  " + p.paint(check, color.Bold) + "  " + shorten(text, room, p.ellipsis()))
}

// severities counts the findings in words, the gravest first.
func severities(r *checks.Report) string {
	s := countSeverities(r)
	var parts []string
	for _, n := range []struct {
		count int
		word  string
	}{{s.Critical, "critical"}, {s.High, "high"}, {s.Medium, "medium"}, {s.Low, "low"}, {s.Info, "info"}} {
		if n.count > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n.count, n.word))
		}
	}
	if len(parts) == 0 {
		return "none"
	}
	return strings.Join(parts, ", ")
}

func (p *page) finding(f *checks.Finding) {
	ownLine := p.headline(f)
	p.text(2, p.message(f.Message))
	if ownLine {
		p.field(2, "principal", p.arn(f.Principal))
	}
	if len(f.Databases) > 0 {
		p.field(2, "databases", p.names(f.Databases))
	}
	if len(f.Requirements) > 0 {
		p.field(2, "needed for", p.names(f.Requirements))
	}
	if f.Position.File != "" {
		p.field(2, "declared", fmt.Sprintf("%s:%d", p.arn(f.Position.File), f.Position.Line))
	}
	if f.Witness != "" {
		p.field(2, "for example", p.arn(f.Witness))
	}
	p.blamed(f)
	p.mend(f)
}

// headline is severity, check and principal on one line. Where its ARN does not
// fit, the end of it stands there, and the ARN among the fields.
func (p *page) headline(f *checks.Finding) (ownLine bool) {
	word, check, principal := strings.ToUpper(f.Severity.String()), p.name(f.Check), p.arn(f.Principal)
	if f.Outcome == checks.Unknown {
		check += " (not certain)"
	}
	room := 0
	if p.o.Width > 0 {
		room = max(p.o.Width-columns(word)-columns(check)-2*between, 1)
	}
	if room > 0 && columns(principal) > room {
		principal, ownLine = shorten(p.arn(friendly(f.Principal)), room, p.ellipsis()), true
	}
	p.line(p.paint(word, severityStyle(f.Severity)...) + "  " + p.paint(check, color.Bold) + "  " + p.paint(principal, color.Underline))
	return ownLine
}

// blamed names and quotes the statement at fault.
func (p *page) blamed(f *checks.Finding) {
	if f.Policy == "" {
		return
	}
	p.field(2, "blamed", p.cite(f.Citation))
	if f.Quote == "" {
		return
	}
	lines := p.jsonLines([]byte(f.Quote))
	if n := len(lines) - shownQuoteLines; n > 1 {
		lines = append(lines[:shownQuoteLines:shownQuoteLines], fmt.Sprintf("(%d more lines)", n))
	}
	for i, l := range lines {
		lines[i] = p.paint(shorten(l, maxARN, "..."), color.Faint)
	}
	p.block(4, lines)
}

// cite names a statement the way one finds it in the console or in a file.
func (p *page) cite(c policy.Citation) string {
	var parts []string
	switch name := p.arn(c.Policy); {
	case c.Kind == "boundary" && statementIndex(c) >= 0:
		parts = append(parts, "permissions boundary "+name)
	case (c.Kind == "inline" || c.Kind == "managed" || c.Kind == "session") && statementIndex(c) >= 0:
		parts = append(parts, c.Kind+" policy "+name)
	case c.Kind == "scp" || c.Kind == "rcp":
		parts = append(parts, strings.ToUpper(c.Kind)+" "+name)
	default: // "trust policy", or what stands for a policy that was not read
		parts = append(parts, name)
	}
	if c.Version != "" {
		parts[0] += " (" + p.name(c.Version) + ")"
	}
	switch {
	case c.Pointer != "" && c.SID != "":
		parts = append(parts, fmt.Sprintf("statement %s at %s", p.name(c.SID), p.name(c.Pointer)))
	case c.Pointer != "":
		parts = append(parts, "statement at "+p.name(c.Pointer))
	}
	if c.Line > 0 {
		parts = append(parts, fmt.Sprintf("line %d", c.Line))
	}
	return strings.Join(parts, ", ")
}

// mend shows the text that mends a finding.
func (p *page) mend(f *checks.Finding) {
	if f.Fix == nil {
		return
	}
	text := mendText(f)
	if f.Fix.Note != "" {
		if len(f.Fix.Document) == 0 {
			text = ""
		} else if text != "" {
			text += "; "
		}
		text += p.message(f.Fix.Note)
	}
	if text == "" && len(f.Fix.Document) == 0 {
		return
	}
	p.field(2, "to mend", text)
	if len(f.Fix.Document) > 0 {
		p.block(4, p.jsonLines(f.Fix.Document))
	}
}

// mendText says what to do with a fix's document, "" where its kind alone does
// not tell.
func mendText(f *checks.Finding) string {
	these := "this statement"
	var whole struct{ Statement json.RawMessage }
	if json.Unmarshal(f.Fix.Document, &whole) == nil && whole.Statement != nil {
		these = "these statements"
	}
	switch f.Fix.Kind {
	case "add-statement":
		return "add " + these + " to a policy of the principal"
	case "replace-statement":
		return "put " + these + " in its place"
	case "remove-statement":
		return "remove the statement"
	case "edit-trust":
		return "have " + these + " in the trust policy"
	case "edit-boundary":
		return "have " + these + " in the permissions boundary"
	case "edit-configuration":
		return "correct the configuration"
	default:
		return ""
	}
}

// jsonLines are the lines of a JSON text, indented anew; a text that is not JSON
// keeps its own.
func (p *page) jsonLines(text []byte) []string {
	var b bytes.Buffer
	if json.Indent(&b, text, "", "  ") == nil {
		text = b.Bytes()
	}
	lines := strings.Split(strings.TrimRight(string(text), "\n"), "\n")
	for i, l := range lines {
		lines[i] = string(escapeJSON([]byte(strings.ReplaceAll(strings.TrimSuffix(l, "\r"), "\t", "  ")), p.o.ASCII))
	}
	return lines
}

func (p *page) suppressed(r *checks.Report) {
	n := 0
	for i := range r.Findings {
		if r.Findings[i].Suppressed != nil {
			n++
		}
	}
	if n == 0 {
		return
	}
	p.title("Set aside", count(n, "finding"))
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Suppressed == nil {
			continue
		}
		p.text(2, f.Severity.String()+" "+p.name(f.Check)+" "+p.arn(f.Principal), color.Faint)
		reason := p.message(f.Suppressed.Reason)
		if f.Suppressed.Expires != "" {
			reason += " (until " + p.name(f.Suppressed.Expires) + ")"
		}
		p.text(4, reason)
	}
}
