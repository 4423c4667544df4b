package checks

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// MendOnly says what is to be mended.
type MendOnly string

// What can be asked for. MendAll is the zero value.
const (
	MendAll     MendOnly = ""
	MendMissing MendOnly = "missing" // what is needed and not there, or cannot work
	MendExcess  MendOnly = "excess"  // what is wider than needed, of medium severity and above
)

// MendOptions say what is to be mended.
type MendOptions struct {
	Only MendOnly
	// RequiredOnly leaves permissions alone that are only recommended.
	RequiredOnly bool
}

// Mend is a change of policies that mends what an audit found, and its proof: the
// audit of the picture with the change in it. Nobody's account is changed by it.
type Mend struct {
	Before, After *Report
	Accounts      account.Accounts // the picture with the change in it
	Documents     []MendedDocument // by principal, in the order of the configuration
	Refused       []RefusedStep
	Left          []Unmended
}

// MendedDocument is one document that the change makes, changes or takes away.
type MendedDocument struct {
	DocumentPlace
	// Principal is the ARN of the role or user for whose sake it is changed.
	Principal string
	// Boundary: the managed policy is the principal's permissions boundary.
	Boundary bool
	// Attach: it is a new managed policy, to attach to Principal. Detach: it is a
	// managed policy to detach from Principal, and not changed.
	Attach, Detach bool
	// Before is nil for a new document, After for one that is taken away; both are
	// in the form of policy.Document.Print.
	Before, After []byte
	Steps         []MendStep
	// Versions are those of a managed policy that were read, Oldest the one that
	// gives way where AWS keeps no more; "" where there is room.
	Versions int
	Oldest   string
	Notes    []string // one sentence each, no final period
}

// RefusedStep is an edit that is not offered.
type RefusedStep struct {
	MendStep
	Why string // one sentence, lower case, no final period

	of *mending
}

// Unmended is a finding that remains, with what to do about it.
type Unmended struct {
	Finding
	Tell string // one sentence or more; "" where nothing helps
}

// maxRounds bounds how often the picture is audited anew for steps that only
// another step brings to light.
const maxRounds = 12

// Propose finds the smallest change per principal that mends what an audit of in
// finds. Each step is laid over the picture and audited: one that does not mend
// what it is for, makes any requirement worse, or raises a new finding as grave as
// what it mends, is not offered.
func Propose(in Input, o MendOptions) *Mend {
	m := &mender{in: in, options: o, accounts: in.Accounts, tried: map[string]bool{}, log: map[DocumentPlace]*mended{}}
	m.report = Run(in)
	before := m.report
	for range maxRounds {
		steps := m.steps()
		if len(steps) == 0 {
			break
		}
		m.take(steps)
	}
	return &Mend{
		Before: before, After: m.report, Accounts: m.accounts,
		Documents: m.documents(), Refused: m.stillRefused(), Left: m.left(),
	}
}

// mender is one Propose: the picture and the report so far, and what was tried.
type mender struct {
	in       Input
	options  MendOptions
	accounts account.Accounts
	report   *Report
	tried    map[string]bool // keys of steps that were taken or refused
	order    []DocumentPlace
	log      map[DocumentPlace]*mended
	refused  []RefusedStep
}

// mended is what was done with a document.
type mended struct {
	principal      string
	attach, detach bool
	steps          []MendStep
}

// audit judges a picture.
func (m *mender) audit(accounts account.Accounts) *Report {
	in := m.in
	in.Accounts = accounts
	return Run(in)
}

// take takes what it can of some steps: all of them at once, else each half by
// itself.
func (m *mender) take(steps []*mending) {
	switch half := len(steps) / 2; {
	case half == 0:
		m.one(steps[0])
	case !m.all(steps):
		m.take(steps[:half])
		m.take(steps[half:])
	}
}

// all takes all steps at once, if nothing speaks against it: one audit instead of
// one each.
func (m *mender) all(steps []*mending) bool {
	e := newEditor(m.accounts)
	var taken []*mending
	places := map[*mending][]DocumentPlace{}
	for _, s := range steps {
		e.touched = nil
		switch err := s.apply(e); {
		case errors.Is(err, errChanged):
			continue // its turn comes in the next round
		case err != nil:
			return false
		}
		taken = append(taken, s)
		places[s] = e.touched
	}
	if len(taken) == 0 {
		return false
	}
	after := m.audit(e.done())
	if slices.ContainsFunc(taken, func(s *mending) bool { return m.objection(s, after) != "" }) {
		return false
	}
	m.accept(e, after)
	for _, s := range taken {
		m.note(s, e, places[s])
	}
	return true
}

// one takes one step, in the first of its ways to which nothing objects, or
// refuses it.
func (m *mender) one(s *mending) {
	why := ""
	for _, apply := range []func(*editor) error{s.apply, s.apart} {
		if apply == nil {
			continue
		}
		e := newEditor(m.accounts)
		switch err := apply(e); {
		case errors.Is(err, errChanged):
			m.tried[s.key] = true // what is left of it has another key
			return
		case err != nil:
			why = cmp.Or(why, err.Error())
			continue
		}
		after := m.audit(e.done())
		objection := m.objection(s, after)
		if objection == "" {
			m.note(s, e, e.touched)
			m.accept(e, after)
			return
		}
		why = cmp.Or(why, objection)
	}
	m.refuse(s, why)
}

func (m *mender) accept(e *editor, after *Report) { m.accounts, m.report = e.accounts, after }

func (m *mender) refuse(s *mending, why string) {
	m.tried[s.key] = true
	m.refused = append(m.refused, RefusedStep{s.MendStep, why, s})
}

// stillRefused are the refused steps for which no other step did.
func (m *mender) stillRefused() []RefusedStep {
	return slices.DeleteFunc(m.refused, func(r RefusedStep) bool {
		return m.unmended(r.of, m.report) == ""
	})
}

// note remembers which documents a step changed.
func (m *mender) note(s *mending, e *editor, places []DocumentPlace) {
	m.tried[s.key] = true
	for _, at := range places {
		known := m.log[at]
		if known == nil {
			known = &mended{principal: s.Principal}
			m.log[at] = known
			m.order = append(m.order, at)
		}
		known.attach = known.attach || e.attached[at.Policy] != ""
		known.detach = known.detach || e.detached[at.Policy] != ""
		known.steps = append(known.steps, s.MendStep)
	}
}

// documents are what the steps together change, by principal.
func (m *mender) documents() []MendedDocument {
	var out []MendedDocument
	var principals []string // in the order of the configuration
	for _, id := range m.in.Identities {
		principals = append(principals, id.ARN)
	}
	for _, at := range m.order {
		known := m.log[at]
		d := MendedDocument{DocumentPlace: at, Principal: known.principal, Attach: known.attach, Detach: known.detach, Steps: known.steps}
		d.Before, d.After = m.printed(m.in.Accounts, at), m.printed(m.accounts, at)
		if d.Detach {
			d.After = nil
		}
		if bytes.Equal(d.Before, d.After) {
			continue
		}
		m.remark(&d)
		out = append(out, d)
	}
	slices.SortStableFunc(out, func(a, b MendedDocument) int {
		return cmp.Compare(slices.Index(principals, a.Principal), slices.Index(principals, b.Principal))
	})
	return out
}

func (m *mender) printed(accounts account.Accounts, at DocumentPlace) []byte {
	text := documentText(accounts, at)
	if text == nil {
		return nil
	}
	d, err := policy.Parse(at.policyKind(), text)
	if err != nil {
		return nil
	}
	return d.Print()
}

// keptVersions is how many versions of a managed policy AWS keeps
// (access_policies_managed-versioning).
const keptVersions = 5

// remark notes what one should know before a document is changed.
func (m *mender) remark(d *MendedDocument) {
	if d.Kind == "managed" && !d.Attach {
		d.Boundary = boundaryOf(m.in.Accounts, d.Principal) == d.Policy
		if others := sharers(m.in.Accounts, d.Policy, d.Principal); len(others) > 0 && !d.Detach {
			d.Notes = append(d.Notes, "this policy holds for others too: "+list(others, 5))
		}
		if p := m.in.Accounts.PolicyByARN(d.Policy); p != nil && !d.Detach {
			d.Versions = len(p.Versions)
			d.Oldest = oldestVersion(p)
			if d.Versions == 1 && p.DefaultVersionID != "v1" {
				d.Notes = append(d.Notes, "only the version in force was read; AWS keeps five, and aws iam list-policy-versions tells whether one has to go first")
			}
		}
	}
	if parsed, err := policy.Parse(d.policyKind(), d.After); err == nil && len(parsed.Problems) > 0 {
		d.Notes = append(d.Notes, "AWS refuses the document until this is mended, too: "+shorten(parsed.Problems[0].Message))
	}
}

// oldestVersion is the version that has to go before another one is made, "" where
// AWS has room for one.
func oldestVersion(p *account.ManagedPolicy) string {
	if len(p.Versions) < keptVersions {
		return ""
	}
	oldest := ""
	for _, v := range p.Versions {
		if v.IsDefault || v.ID == p.DefaultVersionID {
			continue
		}
		if oldest == "" || len(v.ID) < len(oldest) || len(v.ID) == len(oldest) && strings.Compare(v.ID, oldest) < 0 {
			oldest = v.ID
		}
	}
	return oldest
}
