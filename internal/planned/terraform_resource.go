package planned

import (
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/account"
)

// tfReaders make steps of the change of the resources of each type. Types that
// are not here give nobody permissions.
var tfReaders = map[string]func(*terraform, *instance){
	"aws_iam_role":   (*terraform).role,
	"aws_iam_user":   (*terraform).user,
	"aws_iam_group":  (*terraform).group,
	"aws_iam_policy": (*terraform).policy,

	"aws_iam_role_policy":             partReader(aRole, inlinePolicy, "role"),
	"aws_iam_user_policy":             partReader(aUser, inlinePolicy, "user"),
	"aws_iam_group_policy":            partReader(aGroup, inlinePolicy, "group"),
	"aws_iam_role_policy_attachment":  partReader(aRole, attachment, "role"),
	"aws_iam_user_policy_attachment":  partReader(aUser, attachment, "user"),
	"aws_iam_group_policy_attachment": partReader(aGroup, attachment, "group"),

	"aws_iam_policy_attachment":                  (*terraform).policyAttachment,
	"aws_iam_group_membership":                   (*terraform).groupMembership,
	"aws_iam_user_group_membership":              (*terraform).userGroupMembership,
	"aws_iam_role_policies_exclusive":            exclusiveReader(aRole, inlinePolicy, "role_name", "policy_names"),
	"aws_iam_user_policies_exclusive":            exclusiveReader(aUser, inlinePolicy, "user_name", "policy_names"),
	"aws_iam_group_policies_exclusive":           exclusiveReader(aGroup, inlinePolicy, "group_name", "policy_names"),
	"aws_iam_role_policy_attachments_exclusive":  exclusiveReader(aRole, attachment, "role_name", "policy_arns"),
	"aws_iam_user_policy_attachments_exclusive":  exclusiveReader(aUser, attachment, "user_name", "policy_arns"),
	"aws_iam_group_policy_attachments_exclusive": exclusiveReader(aGroup, attachment, "group_name", "policy_arns"),
}

// resource reads one instance. A replaced one goes as it was and comes as it
// will be.
func (t *terraform) resource(in *instance) {
	read := tfReaders[in.Type]
	if read == nil || in.Mode == "data" || in.skip {
		return
	}
	if in.deposed || in.action == drop {
		gone := *in
		gone.after, gone.action, gone.fresh = in.before, drop, false
		read(t, &gone)
		return
	}
	if in.fresh && in.before.kind == isObject {
		gone := *in
		gone.after, gone.action, gone.fresh = in.before, drop, false
		read(t, &gone)
	}
	read(t, in)
}

func (t *terraform) origin(in *instance) origin {
	h := t.homeOf(in)
	return origin{
		address: in.Address, kind: in.Type, name: in.Name, module: strings.Join(moduleNames(in.Module), "."),
		account: h.account, partition: h.partition,
	}
}

// nameOf is an entity's name. One that AWS or Terraform makes up has the
// resource's address in its place.
func (t *terraform) nameOf(in *instance) string {
	if v := in.after.get("name"); v.kind == isText {
		return v.text
	}
	return in.Address
}

func (t *terraform) entity(in *instance, c class) *entity {
	path := in.after.path("path")
	e := entity{origin: t.origin(in), class: c, action: in.action, fresh: in.fresh, name: t.nameOf(in), path: path.str()}
	if e.name == in.Address && in.action != drop {
		t.note("the name of %s is known only after apply; it is judged under its address", in.Address)
		if set, told := in.configured("name"); set || !told {
			e.unnamed = in.wait("name", in.exprs.get("name"))
		}
	}
	t.change.entities = append(t.change.entities, e)
	return &t.change.entities[len(t.change.entities)-1]
}

func (t *terraform) role(in *instance) {
	e := t.entity(in, aRole)
	if in.action == drop {
		return
	}
	trust := t.document(in, "assume_role_policy")
	e.trust = &trust
	e.boundary = t.boundary(in)
	e.tags = t.tags(in)
	list, attached := t.inlines(in), t.words(in, "managed_policy_arns")
	if set, told := in.configured("inline_policy"); set || !told {
		e.inline = list
	} else if list.why == "" {
		e.seenInline = list
	}
	if set, told := in.configured("managed_policy_arns"); set || !told {
		e.attached = &attached
	} else {
		attached = slices.DeleteFunc(attached, func(w word) bool { return w.why != "" })
		e.seenAttached = &attached
	}
}

func (t *terraform) user(in *instance) {
	e := t.entity(in, aUser)
	if in.action != drop {
		e.boundary, e.tags = t.boundary(in), t.tags(in)
	}
}

func (t *terraform) group(in *instance) { t.entity(in, aGroup) }

func (t *terraform) policy(in *instance) {
	e := t.entity(in, aPolicy)
	if in.action != drop {
		d := t.document(in, "policy")
		e.document = &d
	}
}

func (t *terraform) boundary(in *instance) *word {
	w := t.word(in, "permissions_boundary")
	return &w
}

// tags takes tags_all, to which the provider's default tags belong, as far as it
// is known.
func (t *terraform) tags(in *instance) *tags {
	all := in.after.get("tags_all")
	own := in.after.get("tags")
	out := &tags{}
	if all.kind != isObject {
		if all.kind == isUnknown && in.config != nil {
			out.why = in.wait("tags_all", in.exprs.get("tags"))
		}
		if out.why != "" && own.unknown() == nil && !t.defaultTags(in) {
			out.why = ""
		}
		all = own
	}
	for _, m := range all.members {
		if m.value.kind == isText {
			out.list = append(out.list, account.Tag{Key: m.name, Value: m.value.text})
		} else if m.value.unknown() != nil {
			out.why = in.wait("tags", in.exprs.get("tags"))
		}
	}
	if all.kind == isUnknown {
		out.why = in.wait("tags", in.exprs.get("tags"))
	}
	slices.SortFunc(out.list, func(a, b account.Tag) int { return strings.Compare(a.Key, b.Key) })
	return out
}

// defaultTags tells whether the provider of an instance adds tags.
func (t *terraform) defaultTags(in *instance) bool {
	p := t.plan.Configuration.Providers[in.provider()]
	_, ok := p.Expressions["default_tags"]
	return ok
}

// inlines reads inline_policy blocks. An empty block means that there are none.
func (t *terraform) inlines(in *instance) *inlines {
	blocks := in.after.get("inline_policy")
	out := &inlines{}
	if blocks.kind == isUnknown {
		out.why = in.wait("inline_policy", in.exprs.get("inline_policy"))
		return out
	}
	for i, b := range blocks.list() {
		name, policy := b.get("name"), b.get("policy")
		switch {
		case b.kind == isUnknown:
			out.why = in.wait("inline_policy", in.exprs.get("inline_policy"))
			continue
		case policy.kind == isNull || policy.kind == isText && policy.text == "":
			continue
		}
		made := inline{name: name.str(), document: t.documentOf(in, "inline_policy", policy, blockAt(in.exprs, "inline_policy", i, len(blocks.items)).path("policy"))}
		if made.name == "" {
			made.name = in.Address
		}
		out.list = append(out.list, made)
	}
	return out
}

// blockAt is the configuration of one block among n of a name; nothing where
// blocks were made from a list (dynamic), so that it is not told which is which.
func blockAt(exprs value, name string, i, n int) value {
	blocks := exprs.get(name)
	if blocks.kind == isList && len(blocks.items) == n && i < n && (n == 1 || name == "statement") {
		return blocks.items[i]
	}
	return value{}
}

// partReader reads resources that give one inline policy or attachment to one
// entity.
func partReader(c class, what trait, holder string) func(*terraform, *instance) {
	return func(t *terraform, in *instance) {
		p := part{origin: t.origin(in), action: in.action, trait: what, class: c, holders: []word{t.word(in, holder)}}
		if what == attachment {
			p.target = t.word(in, "policy_arn")
		} else {
			p.name = t.nameOf(in)
			if in.action != drop {
				p.document = t.document(in, "policy")
			}
		}
		t.change.parts = append(t.change.parts, p)
	}
}

// attachmentLists are the lists of holders of aws_iam_policy_attachment.
var attachmentLists = []struct {
	class class
	name  string
}{{aRole, "roles"}, {aUser, "users"}, {aGroup, "groups"}}

// policyAttachment: the resource takes its policy from everyone in the account
// whom it does not name (Terraform, aws_iam_policy_attachment).
func (t *terraform) policyAttachment(in *instance) {
	target := t.word(in, "policy_arn")
	for _, list := range attachmentLists {
		names := t.words(in, list.name)
		t.change.parts = append(t.change.parts, part{
			origin: t.origin(in), action: in.action, trait: attachment, class: list.class, holders: names, target: target,
		})
		if in.action == put {
			t.change.exclusives = append(t.change.exclusives, exclusive{
				origin: t.origin(in), trait: attachment, class: list.class, target: target, names: names,
			})
		}
	}
}

func (t *terraform) groupMembership(in *instance) {
	target, names := t.word(in, "group"), t.words(in, "users")
	t.change.parts = append(t.change.parts, part{
		origin: t.origin(in), action: in.action, trait: membership, class: aUser, holders: names, target: target,
	})
	if in.action == put {
		t.change.exclusives = append(t.change.exclusives, exclusive{
			origin: t.origin(in), trait: membership, class: aUser, target: target, names: names,
		})
	}
}

func (t *terraform) userGroupMembership(in *instance) {
	for _, g := range t.words(in, "groups") {
		t.change.parts = append(t.change.parts, part{
			origin: t.origin(in), action: in.action, trait: membership, class: aUser, holders: []word{t.word(in, "user")}, target: g,
		})
	}
}

// exclusiveReader reads resources that leave an entity nothing but what they
// name. One that goes takes nothing with it.
func exclusiveReader(c class, what trait, holder, names string) func(*terraform, *instance) {
	return func(t *terraform, in *instance) {
		if in.action == put {
			t.change.exclusives = append(t.change.exclusives, exclusive{
				origin: t.origin(in), trait: what, class: c, holder: t.word(in, holder), names: t.words(in, names),
			})
		}
	}
}

// attribute is the value that a reference to an instance's attribute takes.
func (t *terraform) attribute(l leaf) word {
	v := l.in.after.get(l.attribute)
	if text, ok := v.scalar(); ok {
		return known(text)
	}
	entities := map[string]class{"aws_iam_role": aRole, "aws_iam_user": aUser, "aws_iam_group": aGroup, "aws_iam_policy": aPolicy}
	c, ok := entities[l.in.Type]
	o, path := t.origin(l.in), l.in.after.path("path")
	switch {
	case !ok || l.in.Mode == "data" || path.kind == isUnknown:
	case l.attribute == "arn", l.attribute == "id" && c == aPolicy:
		return known(arnOf(&o, c, path.str(), t.nameOf(l.in)))
	case l.attribute == "name", l.attribute == "id":
		return known(t.nameOf(l.in))
	}
	return word{why: l.in.Address + ": " + l.attribute + " is known only after apply"}
}
