package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/iamcheck/iamcheck/internal/expected"
)

func writeRequiredTable(w io.Writer, attachments []expected.Attachment, o Options) error {
	p := newPage(o)
	for i := range attachments {
		p.attachment(&attachments[i])
	}
	_, err := io.WriteString(w, p.String())
	return err
}

func (p *page) attachment(a *expected.Attachment) {
	p.title(p.name(attachmentTitle(a)), "")
	if a.Principal != "" {
		p.field(2, "arn", p.arn(a.Principal))
	}
	if len(a.Databases) > 0 {
		p.field(2, "databases", p.message(strings.Join(a.Databases, ", ")))
	}
	if len(a.Identity) == 0 {
		p.field(2, "policies", "needs no permission of its own")
	}
	for n := range a.Identity {
		p.document(&a.Identity[n], identityTitle(a, n))
	}
	switch {
	case sameBoundary(a):
		p.gap()
		p.text(2, "permissions boundary, if it has one: must allow the same statements")
	case a.Boundary != nil && a.Wider:
		p.document(a.Boundary, "permissions boundary, if it has one, must allow (on * to be short enough: a boundary grants nothing)")
	case a.Boundary != nil:
		p.document(a.Boundary, "permissions boundary, if it has one, must allow")
	}
	if a.Trust != nil {
		p.document(a.Trust, "trust policy")
	}
	p.remarks(a)
}

// document writes what the statements are for, and the policy to paste.
func (p *page) document(d *expected.Document, title string) {
	p.gap()
	p.text(2, fmt.Sprintf("%s, %d characters:", p.message(title), d.Size()))
	for i := range d.Statements {
		s := &d.Statements[i]
		purpose := s.Purpose
		if s.Recommended {
			purpose = "(recommended) " + purpose
		}
		p.text(4, p.name(s.SID)+": "+p.message(purpose))
	}
	p.block(4, strings.Split(string(escapeJSON(d.JSON(), p.o.ASCII)), "\n"))
}

func (p *page) remarks(a *expected.Attachment) {
	if len(a.Placeholders)+len(a.Open)+len(a.LeftOut)+len(a.Notes) > 0 {
		p.gap()
	}
	for _, x := range a.Placeholders {
		p.field(2, "fill in", placeholderText(x))
	}
	for _, name := range a.Open {
		p.field(2, "open", name+": "+expected.Tell(name))
	}
	for _, l := range a.LeftOut {
		p.field(2, "left out", p.message(fmt.Sprintf("%s (%s): %s", l.ID, strings.Join(l.Databases, ", "), l.Reason)))
	}
	for _, n := range a.Notes {
		p.field(2, "note", p.message(n))
	}
}
