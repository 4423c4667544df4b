package checks

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// DocumentPlace says which policy document is meant.
type DocumentPlace struct {
	Kind   string // "inline", "managed" (a boundary's policy too) or "trust"
	Entity string // ARN of the role or user whose document it is; "" for a managed policy
	Policy string // name of an inline policy, ARN of a managed one, "trust policy"
}

// policyKind is how the document is read; that of a boundary differs from that
// of an identity policy in nothing that an edit writes.
func (d DocumentPlace) policyKind() policy.Kind {
	if d.Kind == "trust" {
		return policy.KindTrust
	}
	return policy.KindIdentity
}

// account is the account that the document is in.
func (d DocumentPlace) account() string {
	if d.Kind == "managed" {
		return accountOf(d.Policy)
	}
	return accountOf(d.Entity)
}

// editor changes a picture of accounts: what is changed is copied first, the
// picture that it began with stays as it is.
type editor struct {
	accounts account.Accounts
	own      map[string]bool // accounts whose lists are copies
	touched  []DocumentPlace
	attached map[string]string // new managed policies, with whom they are attached to
	detached map[string]string // managed policies that are taken from somebody
}

func newEditor(base account.Accounts) *editor {
	return &editor{accounts: slices.Clone(base), own: map[string]bool{}, attached: map[string]string{}, detached: map[string]string{}}
}

// done is the picture after the edits.
func (e *editor) done() account.Accounts {
	for _, s := range e.accounts {
		if e.own[s.Account] {
			s.NewIndex()
		}
	}
	return e.accounts
}

// snapshot is an account that may be changed; nil where it was not read.
func (e *editor) snapshot(id string) *account.Snapshot {
	for i, s := range e.accounts {
		switch {
		case s.Account != id:
		case e.own[id]:
			return s
		default:
			c := *s
			c.Index = nil
			c.Users, c.Roles, c.Policies = slices.Clone(s.Users), slices.Clone(s.Roles), slices.Clone(s.Policies)
			e.accounts[i], e.own[id] = &c, true
			return &c
		}
	}
	return nil
}

// holding is what a role and a user have in common.
type holding struct {
	inline   *[]account.InlinePolicy
	attached *[]account.AttachedPolicy
	user     bool
}

// holding finds a role or user; nil where it is not there.
func (e *editor) holding(arn string) *holding {
	s := e.snapshot(accountOf(arn))
	if s == nil {
		return nil
	}
	if r := s.Role(arn); r != nil {
		return &holding{&r.Inline, &r.Attached, false}
	}
	if u := s.User(arn); u != nil {
		return &holding{&u.Inline, &u.Attached, true}
	}
	return nil
}

// documentText is the text of a document in a picture, nil where there is none.
func documentText(accounts account.Accounts, at DocumentPlace) []byte {
	role, user := accounts.RoleByARN(at.Entity), accounts.UserByARN(at.Entity)
	var inline []account.InlinePolicy
	switch {
	case at.Kind == "managed":
		if p := accounts.PolicyByARN(at.Policy); p != nil && p.DefaultVersion() != nil {
			return p.DefaultVersion().Document.Text
		}
		return nil
	case at.Kind == "trust" && role != nil:
		return role.Trust.Text
	case role != nil:
		inline = role.Inline
	case user != nil:
		inline = user.Inline
	}
	for i := range inline {
		if inline[i].Name == at.Policy {
			return inline[i].Document.Text
		}
	}
	return nil
}

// errChanged: what a step was to change is no longer there; it is looked for
// anew after the other steps.
var errChanged = errors.New("the statement was changed by another step")

// draft is a document to edit.
func (e *editor) draft(at DocumentPlace) (*draftDocument, error) {
	text := documentText(e.accounts, at)
	if text == nil {
		return nil, fmt.Errorf("the document of %s was not read", at.Policy)
	}
	return parseDraft(text)
}

// put stores an edited document: an inline policy or a trust policy in its place,
// a managed policy as a new default version.
func (e *editor) put(at DocumentPlace, d *draftDocument) error {
	if len(d.statements) == 0 {
		return errors.New("no statement would be left, and AWS stores no policy without one")
	}
	text, err := d.text(at.policyKind())
	if err != nil {
		return err
	}
	if err := e.fits(at, counted(text)); err != nil {
		return err
	}
	document := account.Document{Text: text}
	s := e.snapshot(at.account())
	if s == nil {
		return errors.New("the account was not read")
	}
	switch at.Kind {
	case "trust":
		r := s.Role(at.Entity)
		if r == nil {
			return errors.New("the role was not read")
		}
		r.Trust = document
	case "managed":
		err = putManaged(s, at.Policy, document)
	default:
		err = e.putInline(at, document)
	}
	e.touch(at)
	return err
}

func (e *editor) touch(at DocumentPlace) {
	if !slices.Contains(e.touched, at) {
		e.touched = append(e.touched, at)
	}
}

func (e *editor) putInline(at DocumentPlace, document account.Document) error {
	h := e.holding(at.Entity)
	if h == nil {
		return errors.New("the identity was not read")
	}
	*h.inline = slices.Clone(*h.inline)
	for i := range *h.inline {
		if (*h.inline)[i].Name == at.Policy {
			(*h.inline)[i].Document = document
			return nil
		}
	}
	*h.inline = append(*h.inline, account.InlinePolicy{Name: at.Policy, Document: document})
	return nil
}

// putManaged makes the document the policy's default version, under the next
// number, as AWS would (access_policies_managed-versioning).
func putManaged(s *account.Snapshot, arn string, document account.Document) error {
	p := s.Policy(arn)
	if p == nil {
		return errors.New("the managed policy was not read")
	}
	last := 0
	p.Versions = slices.Clone(p.Versions)
	for i := range p.Versions {
		p.Versions[i].IsDefault = false
		if n, err := strconv.Atoi(strings.TrimPrefix(p.Versions[i].ID, "v")); err == nil {
			last = max(last, n)
		}
	}
	p.DefaultVersionID = fmt.Sprintf("v%d", last+1)
	p.Versions = append(p.Versions, account.PolicyVersion{ID: p.DefaultVersionID, IsDefault: true, Document: document})
	return nil
}

// attach makes a managed policy and attaches it.
func (e *editor) attach(entity, arn string, d *draftDocument) error {
	text, err := d.text(policy.KindIdentity)
	if err != nil {
		return err
	}
	s, h := e.snapshot(accountOf(entity)), e.holding(entity)
	if s == nil || h == nil {
		return errors.New("the identity was not read")
	}
	name := arn[strings.LastIndexByte(arn, '/')+1:]
	s.Policies = append(s.Policies, account.ManagedPolicy{
		ARN: arn, Name: name, Path: "/", DefaultVersionID: "v1", AttachmentCount: 1, IsAttachable: true,
		Versions: []account.PolicyVersion{{ID: "v1", IsDefault: true, Document: account.Document{Text: text}}},
	})
	*h.attached = append(slices.Clone(*h.attached), account.AttachedPolicy{Name: name, ARN: arn})
	e.touch(DocumentPlace{Kind: "managed", Policy: arn})
	e.attached[arn] = entity
	return nil
}

// quotaTrustMost is what AWS raises the quota on trust policies to on request
// (reference_iam-quotas).
const quotaTrustMost = 8192

// fits tells whether AWS would store a document of so many characters: a longer
// one than what is there, that is, since what is there was stored.
func (e *editor) fits(at DocumentPlace, size int) error {
	before := counted(documentText(e.accounts, at))
	quota, used := quotaManaged, 0
	switch at.Kind {
	case "trust":
		if quota = quotaTrust; before > quota {
			quota = quotaTrustMost // somebody has had it raised
		}
	case "inline":
		h := e.holding(at.Entity)
		if h == nil {
			return errors.New("the identity was not read")
		}
		if quota = quotaRoleInline; h.user {
			quota = quotaUserInline
		}
		for _, p := range *h.inline {
			used += counted(p.Document.Text)
		}
		used -= before
	}
	if size > before && used+size > quota {
		return &tooLong{at, used + size, quota}
	}
	return nil
}

// tooLong is a document that AWS's quotas do not allow.
type tooLong struct {
	at          DocumentPlace
	size, quota int
}

// Error implements error.
func (t *tooLong) Error() string {
	what := "the policy " + t.at.Policy
	switch t.at.Kind {
	case "trust":
		what = "the trust policy"
	case "inline":
		what = "the inline policies"
	}
	more := ""
	if t.at.Kind == "trust" && t.quota < quotaTrustMost {
		more = "; AWS raises the quota on request"
	}
	return fmt.Sprintf("%s would have %d characters, and AWS allows %d%s", what, t.size, t.quota, more)
}
