package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/fatih/color"

	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/expected"
)

func writeTable(w io.Writer, r *checks.Report, o Options) error {
	p := newPage(o)
	p.head(r)
	p.change(r)
	p.requirements(r)
	p.findings(r)
	p.suppressed(r)
	p.gaps(r)
	p.notes(r)
	p.verdict(r)
	_, err := io.WriteString(w, p.String())
	return err
}

// head says what was looked at, and what was not.
func (p *page) head(r *checks.Report) {
	title := strings.TrimSpace("iamcheck " + p.name(p.o.Version))
	p.line(p.paint(title, color.Bold) + p.source(r.Source))
	if n := len(r.Scope.Accounts); n > 0 {
		label := "account"
		if n > 1 {
			label = "accounts"
		}
		p.field(0, label, p.names(r.Scope.Accounts))
	}
	if len(r.Scope.Layers) > 0 {
		p.field(0, "evaluated", p.names(r.Scope.Layers))
	}
	if len(r.Scope.NotEvaluated) > 0 {
		p.field(0, "left out", p.names(r.Scope.NotEvaluated))
	}
	if r.Scope.Data != "" {
		p.field(0, "data", p.name(r.Scope.Data))
	}
}

func (p *page) source(s checks.Source) string {
	text := map[string]string{
		"live": ", live from AWS", "snapshot": ", from a snapshot", "plan": ", with a planned change",
	}[s.Kind]
	if !s.TakenAt.IsZero() && !p.o.Reproducible {
		text += ", taken " + s.TakenAt.UTC().Format("2006-01-02 15:04 UTC")
	}
	return text
}

// shownGaps is how many gaps that no verdict hangs on are listed.
const shownGaps = 10

func (p *page) gaps(r *checks.Report) {
	if len(r.Gaps) == 0 {
		return
	}
	var inside, outside []checks.Gap
	for _, g := range r.Gaps {
		if g.InChain {
			inside = append(inside, g)
		} else {
			outside = append(outside, g)
		}
	}
	p.title("Not read", fmt.Sprintf("%s in the way of a verdict, %d elsewhere", count(len(inside), "gap"), len(outside)))
	for _, g := range inside {
		p.readGap(g)
	}
	for i, g := range outside {
		if i == shownGaps {
			p.text(2, fmt.Sprintf("and %d more elsewhere; the JSON report has all", len(outside)-i), color.Faint)
			break
		}
		p.readGap(g, color.Faint)
	}
}

func (p *page) readGap(g checks.Gap, style ...color.Attribute) {
	p.text(2, p.name(g.Operation)+" "+p.arn(g.Subject), style...)
	p.text(4, p.message(g.Error), style...)
}

func (p *page) notes(r *checks.Report) {
	if len(r.Notes) == 0 {
		return
	}
	p.title("Notes", "")
	for _, n := range r.Notes {
		text := p.message(n.Message)
		if n.Position.File != "" {
			text = fmt.Sprintf("%s:%d: %s", p.arn(n.Position.File), n.Position.Line, text)
		}
		p.text(2, text)
	}
}

// verdict is the last line: what the exit code is going to say, and why.
func (p *page) verdict(r *checks.Report) {
	p.gap()
	text, style := p.result(r)
	p.text(0, fmt.Sprintf("%s; exit code %d", text, p.o.ExitCode), color.Bold, style)
}

func (p *page) result(r *checks.Report) (text string, style color.Attribute) {
	failing := 0
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Outcome == checks.Fail && f.Suppressed == nil && f.Severity >= p.o.FailOn {
			failing++
		}
	}
	switch {
	case failing > 0:
		return fmt.Sprintf("%s at or above %s", count(failing, "finding"), p.o.FailOn), color.FgRed
	case len(r.Requirements) == 0:
		return "nothing was checked: no requirement applies", color.FgYellow
	case !r.Complete():
		text = "incomplete: " + undecided(r)
		if p.o.AllowIncomplete {
			text += " (allowed by --allow-incomplete)"
		}
		return text, color.FgYellow
	case len(r.Findings) == 0:
		return "clean: all that is needed is granted", color.FgGreen
	case p.o.FailOn >= FailOnNever:
		return "findings do not count (--fail-on none)", color.FgGreen
	default:
		return "clean: no finding at or above " + p.o.FailOn.String(), color.FgGreen
	}
}

// undecided says what kept a run from being complete.
func undecided(r *checks.Report) string {
	open, gaps := 0, 0
	for i := range r.Requirements {
		if v := &r.Requirements[i]; v.Need != expected.NotNeeded && (v.Status == checks.Conditional || v.Status == checks.Undecided) {
			open++
		}
	}
	for _, g := range r.Gaps {
		if g.InChain {
			gaps++
		}
	}
	var parts []string
	if open > 0 {
		parts = append(parts, count(open, "requirement")+" could not be decided")
	}
	if gaps > 0 {
		parts = append(parts, count(gaps, "read")+" did not succeed")
	}
	if len(parts) == 0 {
		return "some findings are not certain"
	}
	return strings.Join(parts, ", ")
}
