package planned

import (
	"fmt"
	"slices"

	"github.com/iamcheck/iamcheck/internal/account"
)

// dropPart takes a part away from its holders. One whose holder or name is not
// known may have been any.
func (o *overlay) dropPart(p *part) {
	d := o.drafts[p.account]
	for _, w := range p.holders {
		h := d.holder(p.class, w.text)
		if w.why != "" || h == nil {
			continue
		}
		switch p.trait {
		case inlinePolicy:
			h.dropInline(p.name)
		case attachment:
			h.detach(p.target.text)
		case membership:
			d.leave(w.text, p.target.text)
		}
	}
}

func (d *draft) leave(userName, groupName string) {
	if u := d.user(userName); u != nil {
		u.Groups = slices.DeleteFunc(slices.Clone(u.Groups), func(name string) bool { return name == groupName })
	}
}

// putPart gives a part to its holders. One that is not known yet may be any.
func (o *overlay) putPart(p *part) {
	d := o.drafts[p.account]
	for _, w := range p.holders {
		if w.why == "" {
			if h := d.holder(p.class, w.text); h != nil {
				d.give(p, h, p.maybe)
			} else {
				o.notef("%s is for the %s %q, which neither the plan nor the picture holds", p.address, p.class, w.text)
			}
			continue
		}
		doubted := *p
		doubted.action = put
		holders := d.holders(p.class)
		if o.doubts += len(holders); o.doubts > maxDoubts {
			d.doubtAll(p.class)
			continue
		}
		for _, h := range holders {
			d.give(&doubted, h, w.why)
		}
	}
}

// maxDoubts bounds the parts that are given in doubt: each is given to everyone.
const maxDoubts = 100_000

// doubtAll leaves open what all entities of a class have.
func (d *draft) doubtAll(c class) {
	if d.open[c] {
		return
	}
	d.open[c] = true
	for _, h := range d.holders(c) {
		for _, what := range []string{"inline", "attached"} {
			d.gap(call(what, c), h.arn, "the plan has more resources whose holders are not known than are followed")
		}
	}
}

// give gives a part to one holder; maybe is why that is not certain, "" where it
// is.
func (d *draft) give(p *part, h *holder, maybe string) {
	switch p.trait {
	case inlinePolicy:
		if p.action == keep && h.hasInline(p.name) {
			return
		}
		doc := p.document
		if maybe != "" {
			doc = doc.doubted(maybe)
			if h.hasInline(p.name) { // it is there, as it was or as it will be
				doc = unknownDocument(maybe)
			}
		}
		if arn := attachedNamed(h, p.name); p.orManaged && arn != "" && !h.hasInline(p.name) {
			d.putVersion(arn, &doc)
			return
		}
		h.putInline(account.InlinePolicy{Name: p.name, Document: d.document(h.arn, &doc)})
	case attachment:
		switch {
		case p.target.why != "":
			d.gap(call("attached", p.class), h.arn, p.target.why)
		case maybe != "":
			d.gap(call("attached", p.class), h.arn, maybe)
		default:
			h.attach(p.target.text)
		}
	case membership:
		d.join(h.arn, p.target, maybe)
	}
}

func (d *draft) join(arn string, target word, maybe string) {
	u := d.user(arn)
	switch {
	case u == nil:
	case target.why != "" || maybe != "":
		why := target.why
		if why == "" {
			why = maybe
		}
		d.gap("iam:ListGroupsForUser", arn, why)
	case !slices.Contains(u.Groups, target.text):
		u.Groups = append(slices.Clone(u.Groups), target.text)
	}
}

// exclude takes away what an exclusive list leaves out.
func (o *overlay) exclude(x *exclusive) {
	d := o.drafts[x.account]
	names, why := knownWords(x.names)
	if x.holder.why == "" && x.holder.text != "" {
		if h := d.holder(x.class, x.holder.text); h != nil {
			d.excludeOf(x, h, names, why)
		}
		return
	}
	if x.holder.why != "" {
		for _, h := range d.holders(x.class) { // any may lose what it has
			d.gap(call([]string{"inline", "attached", "get"}[x.trait], x.class), h.arn, x.holder.why)
		}
		return
	}
	if x.target.why != "" {
		return // of a policy or group that is made only now, which nobody else has
	}
	o.excludeFrom(d, x, names, why)
}

// excludeOf leaves an entity the named parts alone.
func (d *draft) excludeOf(x *exclusive, h *holder, names []string, why string) {
	switch x.trait {
	case inlinePolicy:
		for _, p := range *h.inline {
			if slices.Contains(names, p.Name) {
				continue
			}
			if why == "" {
				h.dropInline(p.Name)
				continue
			}
			doubted := readDocument(p.Document).doubted(why)
			h.putInline(account.InlinePolicy{Name: p.Name, Document: d.document(h.arn, &doubted)})
		}
	case attachment:
		for _, p := range *h.attached {
			if slices.Contains(names, p.ARN) {
				continue
			}
			if why != "" {
				d.gap(call("attached", x.class), h.arn, why)
				continue
			}
			h.detach(p.ARN)
		}
		for _, arn := range names {
			h.attach(arn)
		}
	case membership:
		u := d.user(h.arn)
		if u != nil && why == "" {
			u.Groups = slices.Clone(names)
		} else if u != nil {
			d.gap("iam:ListGroupsForUser", h.arn, why)
		}
	}
}

// excludeFrom leaves a policy, or a group, to the named holders alone.
func (o *overlay) excludeFrom(d *draft, x *exclusive, names []string, why string) {
	for _, h := range d.holders(x.class) {
		name := nameOf(h.arn)
		if slices.Contains(names, name) {
			continue
		}
		switch {
		case x.trait == attachment && slices.ContainsFunc(*h.attached, func(p account.AttachedPolicy) bool { return p.ARN == x.target.text }):
			if why != "" {
				d.gap(call("attached", x.class), h.arn, why)
				continue
			}
			h.detach(x.target.text)
			o.notef("%s takes the policy %s from %s, which it does not name", x.address, x.target.text, h.arn)
		case x.trait == membership:
			if why != "" {
				d.gap("iam:ListGroupsForUser", h.arn, fmt.Sprintf("whether it stays in the group %q: %s", x.target.text, why))
				continue
			}
			d.leave(name, x.target.text)
		}
	}
}

// knownWords are the words that are known, and what the first of the others
// waits for.
func knownWords(words []word) (names []string, why string) {
	for _, w := range words {
		if w.why == "" {
			names = append(names, w.text)
		} else if why == "" {
			why = w.why
		}
	}
	return names, why
}
