package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// MendStep is one thing that an edit does, and what it mends.
type MendStep struct {
	What         string // lower case, no final period: "allow rds-db:connect, to log in …"
	Severity     Severity
	Principal    string   // ARN of the identity whose finding it mends
	Check        string   // id of the check that reports it; "" for requirements
	Requirements []string // ids
}

// mending is one edit while it is tried.
type mending struct {
	MendStep
	key         string // tells it from other steps, from one round to the next
	fingerprint string // of the finding that must be gone; "" for requirements
	verdicts    []int  // that must no longer lack the layer
	layer       policy.Layer
	apply       func(*editor) error
	// apart is another way: a statement of its own, where one like it has faults
	// that would grow. Nil for none.
	apart func(*editor) error
}

// The checks whose findings an edit of the blamed statement mends: what cannot
// work, and what is wider than needed.
var (
	brokenChecks = []string{
		"resource-never-matches", "wrong-partition-account-region", "unknown-action", "inert-variable",
		"trust-dead-principal", "trust-wildcard-principal",
	}
	excessChecks = []string{
		"admin-access", "not-action-allow", "not-resource-allow", "service-wildcard", "excess-action", "excess-resource",
		"assume-any-role", "self-escalation", "privilege-escalation", "pass-role-any", "secrets-outside-prefix", "kms-any-key",
		"unneeded-statement", "trust-public", "trust-extra-principal", "trust-not-principal",
	}
)

// steps are the edits that the report of the picture so far asks for: of blamed
// statements first, then what is missing and no blamed statement stands for.
func (m *mender) steps() []*mending {
	var out []*mending
	for i := range m.report.Findings {
		f := &m.report.Findings[i]
		if s := m.ofFinding(f); s != nil && f.Suppressed == nil && f.Outcome == Fail {
			out = append(out, s)
		}
	}
	if m.options.Only != MendExcess {
		out = append(out, m.missing(out)...)
	}
	return slices.DeleteFunc(out, func(s *mending) bool { return m.tried[s.key] })
}

// ofFinding is the edit of the statement that a finding blames, nil where no edit
// of it is sure to be what is meant.
func (m *mender) ofFinding(f *Finding) *mending {
	broken, excess := slices.Contains(brokenChecks, f.Check), slices.Contains(excessChecks, f.Check)
	switch {
	case f.Fix == nil || f.Statement < 0 && f.Check != "inert-variable":
		return nil
	case broken && m.options.Only == MendExcess || excess && (m.options.Only == MendMissing || f.Severity < Medium) || !broken && !excess:
		return nil
	}
	apply, what := m.editOf(f, broken)
	if apply == nil {
		return nil
	}
	key := strings.Join([]string{f.Check, f.Principal, f.Policy, f.Quote, strings.Join(f.Actions, ","), strings.Join(f.Resources, ",")}, "\x00")
	return &mending{
		MendStep: MendStep{What: what, Severity: f.Severity, Principal: f.Principal, Check: f.Check, Requirements: f.Requirements},
		key:      key, fingerprint: f.Fingerprint, apply: apply,
	}
}

// editOf is how a blamed statement is edited.
func (m *mender) editOf(f *Finding, broken bool) (apply func(*editor) error, what string) {
	at, alone := m.placeOf(f)
	quote, statement := []byte(f.Quote), "statement "+statementName(f)
	replacement := f.Fix.Document
	switch {
	case f.Kind == "trust":
		return m.trustEdit(f)
	case !alone || f.Kind == "boundary" || awsManaged(f.Policy):
		return nil, "" // others live by it too
	case f.Check == "inert-variable":
		return func(e *editor) error { return e.setVersion(at) }, "write the Version that has policy variables"
	case f.Fix.Kind == "replace-statement" && len(replacement) > 0 && (!broken || len(f.Requirements) > 0):
		return func(e *editor) error {
			return e.replace(at, f.Principal, quote, replacement)
		}, "replace " + statement
	case f.Fix.Kind == "remove-statement" && !broken:
		return func(e *editor) error { return e.replace(at, f.Principal, quote, nil) }, "remove " + statement
	default:
		return nil, ""
	}
}

func statementName(f *Finding) string {
	if f.SID != "" {
		return f.SID
	}
	return fmt.Sprint(f.Statement)
}

// placeOf is the document that a finding blames, and whether it is the
// principal's alone.
func (m *mender) placeOf(f *Finding) (at DocumentPlace, alone bool) {
	switch f.Kind {
	case "trust":
		return DocumentPlace{"trust", f.Principal, trustPolicy}, true
	case "inline":
		inline, _ := policiesOf(m.accounts, f.Principal)
		own := slices.ContainsFunc(inline, func(p account.InlinePolicy) bool { return p.Name == f.Policy })
		return DocumentPlace{"inline", f.Principal, f.Policy}, own // else it is a group's
	default:
		return DocumentPlace{Kind: "managed", Policy: f.Policy}, len(sharers(m.accounts, f.Policy, f.Principal)) == 0
	}
}

// trustEdit: principals that name nobody go, and those that name too many are
// replaced by the callers that the configuration names.
func (m *mender) trustEdit(f *Finding) (apply func(*editor) error, what string) {
	st := m.statement(f)
	if st == nil {
		return nil, ""
	}
	var drop, instead []string
	if len(f.Requirements) > 0 {
		instead = m.callers(f.Principal) // whom the entries were meant for
	}
	switch f.Check {
	case "trust-dead-principal":
		drop = deadPrincipals(st)
	case "trust-wildcard-principal":
		drop = wildcardPrincipals(st)
	case "trust-extra-principal":
		drop = f.Resources
	case "trust-public", "trust-not-principal":
		callers := m.callers(f.Principal)
		if len(callers) == 0 || st.Effect != policy.Allow || !st.Actions.Match(assumeRole) {
			return nil, ""
		}
		return func(e *editor) error {
			return e.namePrincipals(f.Principal, []byte(f.Quote), callers)
		}, "trust " + list(callers, 3) + " alone"
	}
	if len(drop) == 0 {
		return nil, ""
	}
	what = "no longer name " + quoted(drop, 3)
	if len(instead) > 0 {
		what += ", which stands in the place of " + list(instead, 3)
	}
	return func(e *editor) error {
		return e.dropPrincipals(f.Principal, []byte(f.Quote), drop, instead)
	}, what
}

// statement is the statement of a trust policy that a finding blames.
func (m *mender) statement(f *Finding) *policy.Statement {
	d, err := policy.Parse(policy.KindTrust, documentText(m.accounts, DocumentPlace{"trust", f.Principal, trustPolicy}))
	if err != nil || f.Statement >= len(d.Statements) {
		return nil
	}
	return &d.Statements[f.Statement]
}

// callers are those whom the configuration lets assume a role.
func (m *mender) callers(role string) []string {
	var out []string
	for _, id := range m.in.Identities {
		if id.ARN == role {
			out = union(out, id.Callers)
		}
	}
	return out
}

// replace puts a statement in the place of another one; nil removes it, and the
// policy where it holds nothing else.
func (e *editor) replace(at DocumentPlace, entity string, quote, replacement []byte) error {
	d, err := e.draft(at)
	if err != nil {
		return err
	}
	i := d.find(quote)
	switch {
	case i < 0:
		return errChanged
	case replacement != nil:
		fresh, err := parseDraft(replacement)
		if err != nil {
			return err
		}
		if len(fresh.statements) == 0 {
			fresh.statements = append(fresh.statements, replacement)
		}
		d.statements = slices.Replace(slices.Clone(d.statements), i, i+1, fresh.statements...)
	case len(d.statements) == 1:
		return e.drop(at, entity)
	default:
		d.statements = slices.Delete(slices.Clone(d.statements), i, i+1)
	}
	return e.put(at, d)
}

// drop takes a whole policy away from an identity.
func (e *editor) drop(at DocumentPlace, entity string) error {
	h := e.holding(entity)
	if h == nil {
		return fmt.Errorf("%s was not read", entity)
	}
	if at.Kind == "managed" {
		*h.attached = slices.DeleteFunc(slices.Clone(*h.attached), func(p account.AttachedPolicy) bool { return p.ARN == at.Policy })
		e.detached[at.Policy] = entity
	} else {
		*h.inline = slices.DeleteFunc(slices.Clone(*h.inline), func(p account.InlinePolicy) bool { return p.Name == at.Policy })
	}
	e.touch(at)
	return nil
}
