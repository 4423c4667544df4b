package planned

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/account"
)

// Overlay lays a change over a picture of accounts and returns the picture
// after it, with remarks: one sentence each, no final period. The base, which
// may be empty, is not changed. What the change waits for is in the picture as
// documents that were not read and as gaps that name the resource of the plan.
//
// An account that the base does not hold is there with what the plan tells of
// it, and Partial.
func Overlay(base account.Accounts, c *Change) (account.Accounts, []string, error) {
	o := &overlay{drafts: map[string]*draft{}, notes: slices.Clone(c.Notes), noted: map[string]bool{}}
	for _, s := range base {
		o.add(newDraft(s))
	}
	for _, at := range c.origins() {
		if err := o.open(at); err != nil {
			return nil, nil, err
		}
	}
	o.run(c)
	var after []*account.Snapshot
	for _, d := range o.order {
		d.s.NewIndex()
		after = append(after, d.s)
	}
	slices.SortStableFunc(after, func(s, t *account.Snapshot) int { return cmp.Compare(s.Account, t.Account) })
	return account.Accounts(after), o.notes, nil
}

// overlay is the work of one Overlay.
type overlay struct {
	drafts   map[string]*draft // by account
	order    []*draft
	notes    []string
	noted    map[string]bool
	doubts   int // parts that were given in doubt
	residues []residue
	dead     map[string]*dead  // by ARN
	before   map[string][]byte // trust policies by ARN, as they were
}

// residue is what an entity had before and may have after.
type residue struct {
	entity   *entity
	inline   []account.InlinePolicy
	attached []account.AttachedPolicy
	boundary string
	tags     []account.Tag
}

func (o *overlay) add(d *draft) {
	o.drafts[d.s.Account] = d
	o.order = append(o.order, d)
}

func (o *overlay) notef(format string, args ...any) {
	if note := fmt.Sprintf(format, args...); !o.noted[note] {
		o.noted[note] = true
		o.notes = append(o.notes, note)
	}
}

// open makes sure that there is a draft of the account of a resource.
func (o *overlay) open(at *origin) error {
	d := o.drafts[at.account]
	switch {
	case at.account == "":
		return fmt.Errorf("%s: the account that the plan is for is not known; name it with --account", at.address)
	case d == nil:
		o.add(newDraft(&account.Snapshot{Account: at.account, Partition: at.partition, Partial: true}))
		if len(o.order) > 1 {
			o.notef("%s is of account %s, of which the picture holds nothing", at.address, at.account)
		}
	case d.s.Partition != at.partition:
		return fmt.Errorf("%s: account %s is of partition %s in the plan and of %s in the picture; give the plan's own picture",
			at.address, at.account, at.partition, d.s.Partition)
	}
	return nil
}

func (c *Change) origins() []*origin {
	var out []*origin
	for i := range c.entities {
		out = append(out, &c.entities[i].origin)
	}
	for i := range c.parts {
		out = append(out, &c.parts[i].origin)
	}
	for i := range c.exclusives {
		out = append(out, &c.exclusives[i].origin)
	}
	for i := range c.lost {
		out = append(out, &c.lost[i].origin)
	}
	return out
}

// run takes away what goes, then puts entities, then what they are given, then
// takes away what exclusive lists leave out.
func (o *overlay) run(c *Change) {
	o.remember()
	for i := range c.parts {
		if p := &c.parts[i]; p.action == drop {
			o.dropPart(p)
		}
	}
	for i := range c.entities {
		e := &c.entities[i]
		if e.action == drop {
			o.die(e)
			o.drafts[e.account].dropEntity(e)
		}
	}
	for i := range c.entities {
		if e := &c.entities[i]; e.action != drop {
			o.warn(e)
			o.keepResidue(e)
			o.drafts[e.account].putEntity(e)
		}
	}
	o.readPolicies(c)
	for i := range c.parts {
		if p := &c.parts[i]; p.action != drop {
			o.putPart(p)
		}
	}
	for i := range c.exclusives {
		o.exclude(&c.exclusives[i])
	}
	for _, r := range o.residues {
		o.drafts[r.entity.account].putResidue(&r)
	}
	for i := range c.lost {
		o.lose(&c.lost[i], c)
	}
	o.bury()
}

// warn: what is made under a name that is taken was made already, or cannot be.
func (o *overlay) warn(e *entity) {
	if d := o.drafts[e.account]; e.fresh && e.action == put && d.there(e) {
		o.notef("%s is to be made, and the picture has the %s %q already; the plan is laid over that", e.address, e.class, e.name)
	}
}

// keepResidue remembers what an entity has before the change tells all of it.
func (o *overlay) keepResidue(e *entity) {
	d := o.drafts[e.account]
	h := d.holder(e.class, e.name)
	if h == nil || e.residue == "" || e.action != put || e.maybe != "" {
		return
	}
	left := residue{entity: e, inline: slices.Clone(*h.inline), attached: slices.Clone(*h.attached)}
	if r := d.role(e.name); e.class == aRole && r != nil {
		left.boundary, left.tags = r.Boundary, r.Tags
	}
	if u := d.user(e.name); e.class == aUser && u != nil {
		left.boundary, left.tags = u.Boundary, u.Tags
	}
	o.residues = append(o.residues, left)
}

// putResidue: what the change does not tell of may stay, or not.
func (d *draft) putResidue(r *residue) {
	h := d.holder(r.entity.class, r.entity.name)
	if h == nil {
		return
	}
	for _, p := range r.inline {
		if h.hasInline(p.Name) {
			continue
		}
		doubted := readDocument(p.Document).doubted(fmt.Sprintf("the inline policy %q: %s", p.Name, r.entity.residue))
		h.putInline(account.InlinePolicy{Name: p.Name, Document: d.document(h.arn, &doubted)})
	}
	for _, p := range r.attached {
		if !slices.ContainsFunc(*h.attached, func(q account.AttachedPolicy) bool { return p.ARN == q.ARN }) {
			d.gap(call("attached", r.entity.class), h.arn, fmt.Sprintf("%s: %s", p.ARN, r.entity.residue))
		}
	}
	if e := r.entity; r.boundary != "" && e.boundary != nil && *e.boundary == (word{}) {
		d.gap(call("get", e.class), h.arn, fmt.Sprintf("the permissions boundary %s: %s", r.boundary, e.residue))
	}
	for _, tag := range r.tags {
		if e := r.entity; e.tags != nil && !slices.ContainsFunc(e.tags.list, func(t account.Tag) bool { return strings.EqualFold(t.Key, tag.Key) }) {
			d.gap(call("tags", e.class), h.arn, fmt.Sprintf("the tag %q: %s", tag.Key, e.residue))
		}
	}
}

// lose leaves in doubt what the entities of the change have, since one of them
// loses a policy.
func (o *overlay) lose(l *lost, c *Change) {
	for i := range c.entities {
		e := &c.entities[i]
		if d := o.drafts[e.account]; e.class != aPolicy && e.action != drop {
			if h := d.holder(e.class, e.name); h != nil {
				d.gap(call("inline", e.class), h.arn, l.why)
			}
		}
	}
}

// readPolicies adds the managed policies that the plan has read where the
// picture lacks them.
func (o *overlay) readPolicies(c *Change) {
	for _, m := range c.documents {
		for _, d := range o.order {
			owner := field(m.arn, 4)
			if (owner == d.s.Account || owner == "aws" && field(m.arn, 1) == d.s.Partition) && d.policy(m.arn) == nil {
				d.s.Policies = append(d.s.Policies, managedPolicy(m.arn, account.Document{Text: m.text}))
			}
		}
	}
}

// plannedVersion is the version id of a policy that a change makes.
const plannedVersion = "planned"

func managedPolicy(arn string, doc account.Document) account.ManagedPolicy {
	return account.ManagedPolicy{
		ARN: arn, Name: nameOf(arn), Path: pathIn(arn), DefaultVersionID: plannedVersion, IsAttachable: true,
		Versions: []account.PolicyVersion{{ID: plannedVersion, IsDefault: true, Document: doc}},
	}
}

// nameOf is the last part of an ARN or path.
func nameOf(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }

// pathIn is the path in an ARN of IAM: / or one with a slash at both ends.
func pathIn(arn string) string {
	_, rest, _ := strings.Cut(field(arn, 5), "/")
	return "/" + strings.TrimSuffix(rest, nameOf(arn))
}

// field is a field of an ARN, "" where it is none.
func field(arn string, i int) string {
	fields := strings.SplitN(arn, ":", 6)
	if len(fields) != 6 || fields[0] != "arn" {
		return ""
	}
	return fields[i]
}
