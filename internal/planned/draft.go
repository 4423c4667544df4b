package planned

import (
	"slices"

	"github.com/iamcheck/iamcheck/internal/account"
)

// draft is a snapshot that may be changed: its lists are its own, and the lists
// of an entity become so before they are changed.
type draft struct {
	s    *account.Snapshot
	gaps map[account.Gap]bool // those of s
	open map[class]bool       // whose entities have been left open, all of them
}

func newDraft(base *account.Snapshot) *draft {
	s := *base
	s.Index = nil
	s.Users, s.Groups, s.Roles = slices.Clone(s.Users), slices.Clone(s.Groups), slices.Clone(s.Roles)
	s.Policies, s.Gaps, s.Absent = slices.Clone(s.Policies), slices.Clone(s.Gaps), slices.Clone(s.Absent)
	d := &draft{s: &s, gaps: map[account.Gap]bool{}, open: map[class]bool{}}
	for _, g := range s.Gaps {
		d.gaps[g] = true
	}
	return d
}

// holder is what users, groups and roles have in common.
type holder struct {
	arn      string
	inline   *[]account.InlinePolicy
	attached *[]account.AttachedPolicy
}

// holder finds an entity by its name, or its ARN; names are unique in an
// account (reference_identifiers).
func (d *draft) holder(c class, name string) *holder {
	switch c {
	case aRole:
		if r := d.role(name); r != nil {
			return &holder{r.ARN, &r.Inline, &r.Attached}
		}
	case aUser:
		if u := d.user(name); u != nil {
			return &holder{u.ARN, &u.Inline, &u.Attached}
		}
	case aGroup:
		for i := range d.s.Groups {
			if g := &d.s.Groups[i]; g.Name == name || g.ARN == name {
				return &holder{g.ARN, &g.Inline, &g.Attached}
			}
		}
	}
	return nil
}

func (d *draft) role(name string) *account.Role {
	for i := range d.s.Roles {
		if r := &d.s.Roles[i]; r.Name == name || r.ARN == name {
			return r
		}
	}
	return nil
}

func (d *draft) user(name string) *account.User {
	for i := range d.s.Users {
		if u := &d.s.Users[i]; u.Name == name || u.ARN == name {
			return u
		}
	}
	return nil
}

func (d *draft) policy(arn string) *account.ManagedPolicy {
	for i := range d.s.Policies {
		if p := &d.s.Policies[i]; p.ARN == arn {
			return p
		}
	}
	return nil
}

// holders are all entities of a class.
func (d *draft) holders(c class) []*holder {
	var out []*holder
	switch c {
	case aRole:
		for i := range d.s.Roles {
			r := &d.s.Roles[i]
			out = append(out, &holder{r.ARN, &r.Inline, &r.Attached})
		}
	case aUser:
		for i := range d.s.Users {
			u := &d.s.Users[i]
			out = append(out, &holder{u.ARN, &u.Inline, &u.Attached})
		}
	case aGroup:
		for i := range d.s.Groups {
			g := &d.s.Groups[i]
			out = append(out, &holder{g.ARN, &g.Inline, &g.Attached})
		}
	}
	return out
}

func (h *holder) putInline(p account.InlinePolicy) {
	*h.inline = slices.Clone(*h.inline)
	for i := range *h.inline {
		if (*h.inline)[i].Name == p.Name {
			(*h.inline)[i] = p
			return
		}
	}
	*h.inline = append(*h.inline, p)
}

func (h *holder) hasInline(name string) bool {
	return slices.ContainsFunc(*h.inline, func(p account.InlinePolicy) bool { return p.Name == name })
}

func (h *holder) dropInline(name string) {
	*h.inline = slices.DeleteFunc(slices.Clone(*h.inline), func(p account.InlinePolicy) bool { return p.Name == name })
}

func (h *holder) attach(arn string) {
	if !slices.ContainsFunc(*h.attached, func(p account.AttachedPolicy) bool { return p.ARN == arn }) {
		*h.attached = append(slices.Clone(*h.attached), attachedPolicy(arn))
	}
}

func (h *holder) detach(arn string) {
	*h.attached = slices.DeleteFunc(slices.Clone(*h.attached), func(p account.AttachedPolicy) bool { return p.ARN == arn })
}

func attachedPolicy(arn string) account.AttachedPolicy {
	return account.AttachedPolicy{Name: nameOf(arn), ARN: arn}
}

// call is a call of IAM on an entity of a class, as gaps name it.
func call(what string, c class) string {
	name := map[class]string{aRole: "Role", aUser: "User", aGroup: "Group", aPolicy: "Policy"}[c]
	switch what {
	case "get":
		return "iam:Get" + name
	case "inline":
		return "iam:List" + name + "Policies"
	case "attached":
		return "iam:ListAttached" + name + "Policies"
	default:
		return "iam:List" + name + "Tags"
	}
}

// gap notes what is known only when the change is made.
func (d *draft) gap(operation, subject, why string) {
	g := account.Gap{Operation: operation, Subject: subject, Error: why}
	if !d.gaps[g] {
		d.gaps[g] = true
		d.s.Gaps = append(d.s.Gaps, g)
	}
}

// document is a document of an entity as the snapshot holds it, with a gap where
// it is not wholly known.
func (d *draft) document(subject string, doc *document) account.Document {
	if doc.why != "" {
		d.gap(account.PlanOperation, subject, doc.why)
	}
	return doc.account()
}
