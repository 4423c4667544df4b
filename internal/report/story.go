package report

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/fatih/color"

	"github.com/iamcheck/iamcheck/internal/checks"
)

// storyWidth is how wide a story is on what is no terminal, and on a wide one:
// it is prose.
const storyWidth = 80

// WriteStories writes why connections fail in words: for each story how it ends,
// what the message says, the chain as a tree, the cause with its mend, what else
// breaks, and what to look at besides IAM.
func WriteStories(w io.Writer, e *checks.Explanation, o Options) error {
	if o.Width <= 0 || o.Width > storyWidth {
		o.Width = storyWidth
	}
	p := newPage(o)
	p.head(&checks.Report{Source: e.Source, Scope: e.Scope})
	p.read(e.Reading)
	for i := range e.Stories {
		p.gap()
		p.line(p.paint(strings.Repeat(p.rule(), storyRule), color.Faint))
		p.story(&e.Stories[i])
	}
	if len(e.Sound) > 0 {
		p.title("All right", p.names(e.Sound))
	}
	if len(e.Stories) > 0 {
		p.storyLegend()
	}
	p.gaps(&checks.Report{Gaps: e.Gaps})
	_, err := io.WriteString(w, p.String())
	return err
}

const storyRule = 40

func (p *page) rule() string {
	if p.o.ASCII {
		return "-"
	}
	return "─"
}

func (p *page) storyLegend() {
	p.gap()
	for _, row := range [][]mark{{markGranted, markMissing, markRecommended}, {markPart, markOpen, markNotNeeded}} {
		var parts []string
		for _, m := range row {
			parts = append(parts, p.marks[m]+" "+storyMeanings[m])
		}
		p.line(p.paint(strings.Join(parts, "   "), color.Faint))
	}
}

var storyMeanings = marks{"", "holds", "does not hold", "recommended, missing", "holds in part", "not decided", "not needed"}

// read says what was found in the text, where it is more than one message.
func (p *page) read(r *checks.Reading) {
	if r == nil || len(r.Clues) == 1 && r.Events <= 1 {
		return
	}
	var parts []string
	if r.Events > 0 {
		parts = append(parts, count(r.Events, "event"), fmt.Sprintf("%d succeeded", r.Succeeded))
		if r.Failed > 0 {
			parts = append(parts, fmt.Sprintf("%d failed for other reasons", r.Failed))
		}
	}
	times := 0
	for i := range r.Clues {
		times += r.Clues[i].Count
	}
	text := count(len(r.Clues), "refusal") + " of different kinds"
	if len(r.Clues) == 1 {
		text = "1 kind of refusal"
	}
	if times > len(r.Clues) {
		text += fmt.Sprintf(", %d in all", times)
	}
	if r.Left > 0 {
		text += fmt.Sprintf(", and %d more that were not kept", r.Left)
	}
	p.field(0, "read", strings.Join(append(parts, text), ", "))
}

func (p *page) story(s *checks.Story) {
	p.headWord(s)
	p.clue(s.Clue)
	if s.Chain != nil {
		p.title("The chain", "")
		p.station(s.Chain.Root, "")
	}
	p.answer(s.Answer)
	p.cause(s)
	p.next(s)
	if s.Compared.Text != "" {
		p.title("AWS and iamcheck", agreementWords[s.Compared.Agreement])
		p.text(2, p.message(s.Compared.Text))
	}
	p.bullets("Remarks", s.Remarks)
	switch s.Ending {
	case checks.EndsBroken, checks.EndsUndecided:
		p.bullets("Besides IAM, where it still fails", s.Instead)
	default:
		p.bullets("Not IAM: check instead that", s.Instead)
	}
}

var agreementWords = map[checks.Agreement]string{
	checks.Agrees: "they agree", checks.AgreesOtherwise: "both refuse, for different reasons", checks.Disagrees: "they disagree",
	checks.Unseen: "AWS names what iamcheck did not see", checks.NoComparison: "not comparable",
}

// endings are the words for how a story ends.
var endings = map[checks.Ending]struct {
	text  string
	style color.Attribute
}{
	checks.EndsBroken:    {"broken", color.FgRed},
	checks.EndsSound:     {"every link holds", color.FgGreen},
	checks.EndsUndecided: {"not decided", color.FgYellow},
	checks.EndsNotIAM:    {"not a matter of IAM", color.FgGreen},
}

// headWord is what the story is about, and how it ends.
func (p *page) headWord(s *checks.Story) {
	about := "the message"
	switch {
	case s.Chain != nil:
		about = p.name(s.Chain.Name)
		if t := s.Chain.Database.Type; t != "" {
			about += " (" + p.name(string(t)) + ")"
		}
		if len(s.Also) > 0 {
			about += ", and likewise " + p.names(s.Also)
		}
	case s.Answer != nil:
		about = p.name(s.Answer.Question.Action)
	}
	end := endings[s.Ending]
	text := end.text
	switch {
	case s.Answer != nil && s.Ending == checks.EndsBroken:
		text = "refused"
	case s.Answer != nil && s.Ending == checks.EndsSound:
		text = "allowed"
	}
	for _, l := range wrap(about+": "+p.paint(text, color.Bold, end.style), 0) {
		p.line(l)
	}
	if s.Cause != nil {
		p.text(2, p.sentence(s.Cause))
	}
}

// clue shows what the message tells.
func (p *page) clue(c *checks.Clue) {
	if c == nil {
		return
	}
	where := ""
	if c.Line > 1 || c.Count > 1 {
		where = fmt.Sprintf("line %d", c.Line)
		if c.Line == 0 {
			where = "event"
		}
		if c.Count > 1 {
			where += fmt.Sprintf(", %d times", c.Count)
		}
	}
	p.title("The message", where)
	p.text(2, p.message(c.Text), color.Faint)
	if d := c.Denial; d != nil {
		p.denial(d)
	}
	if c.Symptom != nil {
		p.field(2, "known as", p.message(c.Symptom.Title))
		p.field(2, "means", p.message(c.Symptom.Means))
		p.field(2, "see", p.names(c.Symptom.Sources))
	}
}

func (p *page) denial(d *checks.Denial) {
	for _, f := range []struct{ label, text string }{
		{"caller", p.arn(d.Principal)}, {"action", p.name(d.Action)}, {"resource", p.arn(d.Resource)}, {"decided by", p.decidedBy(d)},
	} {
		if f.text != "" {
			p.field(2, f.label, f.text)
		}
	}
	if e := d.Event; e != nil && !e.Time.IsZero() {
		text := e.Time.UTC().Format("2006-01-02 15:04:05 UTC")
		if e.ID != "" {
			text += ", event " + p.name(e.ID)
		}
		p.field(2, "at", text)
	}
	if d.Event != nil && d.Event.VPCEndpoint != "" {
		p.field(2, "by way of", p.name(d.Event.VPCEndpoint))
	}
}

// decidedBy is the kind of policy that AWS names.
func (p *page) decidedBy(d *checks.Denial) string {
	text := string(d.By)
	switch {
	case d.Explicit && text != "":
		text += ", with an explicit deny"
	case d.Explicit:
		text = "an explicit deny"
	case text != "":
		text = "no " + text + " allows it"
	}
	if d.Policy != "" {
		text += " in " + p.arn(d.Policy)
	}
	return text
}

// answer shows the layers of a call that is of no chain.
func (p *page) answer(a *checks.Answer) {
	if a == nil {
		return
	}
	p.title("The call", reasonOf(a))
	for i := range a.Rows {
		if a.Rows[i].Says != checks.SaysNotApplied {
			p.layer(a, &a.Rows[i])
		}
	}
}

// sentence says in one sentence what is wrong with a link.
func (p *page) sentence(l *checks.Link) string {
	if len(l.Findings) > 0 {
		return p.message(l.Findings[0].Message)
	}
	text := p.linkText(l)
	switch {
	case l.Explanation != "":
		text += ": " + p.message(l.Explanation)
	case len(l.Conditions) > 0:
		text += ": turns on " + p.names(l.Conditions)
	default:
		text += ": " + p.name(string(l.Status))
	}
	return text
}

// cause shows the first link that breaks: the statement at fault and the mend.
func (p *page) cause(s *checks.Story) {
	if s.Cause == nil {
		return
	}
	p.title(cmp.Or(map[bool]string{true: "What is not decided"}[s.Ending == checks.EndsUndecided], "The cause"), p.linkText(s.Cause))
	p.blame(s.Cause)
}

// blame shows the findings of a link, or what its layers say.
func (p *page) blame(l *checks.Link) {
	for i, f := range l.Findings {
		if i > 0 && f.Severity < l.Findings[0].Severity {
			continue // a remark on the side
		}
		if i > 0 { // the first stands at the head of the story
			p.text(2, p.message(f.Message))
		}
		p.field(2, "check", p.name(f.Check)+", "+f.Severity.String())
		if f.Position.File != "" {
			p.field(2, "declared", fmt.Sprintf("%s:%d", p.arn(f.Position.File), f.Position.Line))
		}
		p.blamed(f)
		p.mend(f)
	}
	if len(l.Findings) > 0 {
		return
	}
	for i := range l.Rows {
		for _, c := range l.Rows[i].Because {
			if says := l.Rows[i].Says; says == checks.SaysDenies || says == checks.SaysUnknown {
				p.text(4, p.cite(c))
				p.quoted(l.Quote(c))
			}
		}
	}
}

// next shows the links that break once the first is mended.
func (p *page) next(s *checks.Story) {
	if len(s.Next) == 0 {
		return
	}
	p.title("Next in line", "")
	for i, l := range s.Next {
		if i > 0 {
			p.gap()
		}
		p.text(2, p.sign(l)+" "+p.sentence(l))
		for _, f := range l.Findings[:min(len(l.Findings), 1)] {
			p.mend(f)
		}
	}
}

func (p *page) bullets(title string, items []string) {
	if len(items) == 0 {
		return
	}
	p.title(title, "")
	for _, item := range items {
		for i, l := range wrap(p.message(item), p.room(4)) {
			p.line([]string{"  - ", "    "}[min(i, 1)] + l)
		}
	}
}
