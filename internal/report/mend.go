package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/config"
)

// MendFormat is a way to write a change that mends what an audit found.
type MendFormat struct {
	Name    string // as -f takes it
	Summary string // one clause
	Write   func(io.Writer, *checks.Mend, Options) error
}

// MendFormats are the formats of `iamcheck fix`, the default first.
func MendFormats() []MendFormat {
	return []MendFormat{
		{"diff", "each document before and after, as a unified diff", writeMendDiff},
		{"json", "documents, calls and what remains, for programs", writeMendJSON},
		{"terraform", "resources of the aws provider, with import blocks for what exists", writeMendTerraform},
		{"cli", "the aws commands that make the change", writeMendCLI},
	}
}

// entityOf is the identity that a document belongs to: its kind ("role" or
// "user") and its name without path.
func entityOf(d *checks.MendedDocument) (kind, name string) {
	arn, _ := config.ParseARN(d.Principal)
	kind, name, _ = strings.Cut(arn.Resource, "/")
	return kind, name[strings.LastIndexByte(name, '/')+1:]
}

// mendAccount is the account that a document is in.
func mendAccount(d *checks.MendedDocument) string {
	arn, _ := config.ParseARN(d.Principal)
	if managed, ok := config.ParseARN(d.Policy); ok {
		arn = managed
	}
	return arn.Account
}

// policyName is the last part of a managed policy's ARN, or the name as it is.
func policyName(d *checks.MendedDocument) string {
	return d.Policy[strings.LastIndexByte(d.Policy, '/')+1:]
}

// mendTitle says in a few words which document it is and what is done with it.
func mendTitle(d *checks.MendedDocument) string {
	kind, name := entityOf(d)
	what := d.Kind + " policy " + policyName(d)
	switch {
	case d.Kind == "trust":
		what = "trust policy"
	case d.Boundary:
		what = "permissions boundary " + policyName(d)
	}
	how := "changed"
	switch {
	case d.Attach:
		how = "new, to be attached"
	case d.Detach:
		how = "to be detached"
	case d.Before == nil:
		how = "new"
	case d.After == nil:
		how = "to be deleted"
	}
	return fmt.Sprintf("%s %s of account %s: %s, %s", kind, name, mendAccount(d), what, how)
}

// mendNotes are the lines of text of a proposal that are not the change itself; the
// formats write them as comments.
type mendNotes struct {
	lines []string
	ascii bool
}

func (r *mendNotes) add(indent int, format string, args ...any) {
	r.lines = append(r.lines, strings.Repeat(" ", indent)+clean(fmt.Sprintf(format, args...), maxText, r.ascii))
}

// document says what is done with a document, and what each step mends.
func (r *mendNotes) document(d *checks.MendedDocument) {
	r.add(0, "%s", mendTitle(d))
	for i := range d.Steps {
		s := &d.Steps[i]
		r.add(2, "%-8s %s%s", s.Severity, s.What, mendFor(s))
	}
	for _, n := range d.Notes {
		r.add(2, "note     %s", n)
	}
	if d.Oldest != "" {
		r.add(2, "note     %d versions are stored, the most that AWS keeps: delete one first, such as %s", d.Versions, d.Oldest)
	}
}

// mendFor names what a step mends, in brackets.
func mendFor(s *checks.MendStep) string {
	var names []string
	if s.Check != "" {
		names = append(names, s.Check)
	}
	names = append(names, s.Requirements...)
	if len(names) == 0 {
		return ""
	}
	return " [" + strings.Join(names, ", ") + "]"
}

// rest says what is not offered, and what remains after the change.
func (r *mendNotes) rest(m *checks.Mend) {
	if len(m.Refused) > 0 {
		r.add(0, "Not offered:")
	}
	for i := range m.Refused {
		x := &m.Refused[i]
		r.add(2, "%-8s %s%s", x.Severity, x.What, mendFor(&x.MendStep))
		r.add(11, "of %s", x.Principal)
		r.add(11, "%s", x.Why)
	}
	r.add(0, "%s", mendProof(m))
	infos := 0
	for i := range m.Left {
		f := &m.Left[i]
		certain := ""
		if f.Severity == checks.Info && f.Outcome == checks.Fail {
			infos++
			continue
		}
		if f.Outcome == checks.Unknown {
			certain = " (not certain)"
		}
		r.add(2, "%-8s %s%s: %s", f.Severity, f.Check, certain, f.Principal)
		r.add(11, "%s", f.Message)
		if f.Tell != "" {
			r.add(11, "to do: %s", f.Tell)
		}
	}
	if infos > 0 {
		r.add(2, "%-8s %s that iamcheck audit lists", checks.Info, count(infos, "finding"))
	}
}

// mendProof is the outcome of the audits before and after the change.
func mendProof(m *checks.Mend) string {
	if len(m.Documents) == 0 {
		if len(m.Left) == 0 {
			return "Nothing to mend: " + met(m.Before) + "."
		}
		why := "There is nothing here that an edit of a policy mends"
		if len(m.Refused) > 0 {
			why = "Nothing is offered"
		}
		return why + "; " + met(m.Before) + ". What remains: " + severities(m.After)
	}
	return fmt.Sprintf("Audited before the change: %s; %s. With it: %s; %s.",
		severities(m.Before), met(m.Before), severities(m.After), met(m.After))
}

// met counts the requirements that are granted.
func met(r *checks.Report) string {
	granted, needed := 0, 0
	for i := range r.Requirements {
		switch r.Requirements[i].Status {
		case checks.NotNeeded:
		case checks.Granted:
			granted++
			needed++
		default:
			needed++
		}
	}
	return fmt.Sprintf("%d of %s granted", granted, count(needed, "requirement"))
}
