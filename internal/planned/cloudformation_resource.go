package planned

import (
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/account"
)

// entityKinds are the resources that make entities, with the properties that
// hold their names.
var entityKinds = map[string]struct {
	class class
	name  string
}{
	"AWS::IAM::Role":          {aRole, "RoleName"},
	"AWS::IAM::User":          {aUser, "UserName"},
	"AWS::IAM::Group":         {aGroup, "GroupName"},
	"AWS::IAM::ManagedPolicy": {aPolicy, "ManagedPolicyName"},
}

// read makes steps of the change of one resource.
func (t *template) read(r *resource) {
	outcome := truth{holds: true}
	if r.condition != "" {
		outcome = t.decide(r.condition)
	}
	if outcome.why == "" && !outcome.holds {
		return
	}
	if _, ok := entityKinds[r.kind]; ok {
		t.entity(r, outcome.why)
		return
	}
	p := t.eval(r.properties, 0)
	switch r.kind {
	case "AWS::IAM::Policy":
		for _, list := range holderLists {
			t.part(r, &p, outcome.why, list.class, wordsOf(p.get(list.name)))
		}
	case "AWS::IAM::RolePolicy":
		t.part(r, &p, outcome.why, aRole, wordsOf(p.get("RoleName")))
	case "AWS::IAM::UserPolicy":
		t.part(r, &p, outcome.why, aUser, wordsOf(p.get("UserName")))
	case "AWS::IAM::GroupPolicy":
		t.part(r, &p, outcome.why, aGroup, wordsOf(p.get("GroupName")))
	case "AWS::IAM::UserToGroupAddition":
		t.change.parts = append(t.change.parts, part{
			origin: t.origin(r), action: r.action(t), maybe: outcome.why, trait: membership, class: aUser,
			holders: wordsOf(p.get("Users")), target: wordOf(p.get("GroupName")),
		})
	case "AWS::CloudFormation::Stack", "AWS::Serverless::Function", "AWS::Serverless::Application":
		t.note("%s (%s) may make roles and policies, which are not looked into", r.id, r.kind)
	}
}

// holderLists are the properties of a policy that name those who get it.
var holderLists = []struct {
	class class
	name  string
}{{aRole, "Roles"}, {aUser, "Users"}, {aGroup, "Groups"}}

// action of a resource: with a change set, one that is not in it stays.
func (r *resource) action(t *template) action {
	if t.set != nil && r.change == nil {
		return keep
	}
	return put
}

func (t *template) origin(r *resource) origin {
	return origin{address: r.id, kind: r.kind, at: r.at, account: t.options.Account, partition: t.partition()}
}

// nameOf is the name of an entity. One that CloudFormation makes up has the
// logical id in its place, unless the change set tells it.
func (t *template) nameOf(r *resource) string {
	name := t.eval(r.properties.get(entityKinds[r.kind].name), 0)
	if name.kind == isText && name.text != "" {
		return name.text
	}
	if r.change != nil && r.change.physical != "" && r.change.replacement != "True" {
		return nameOf(r.change.physical)
	}
	return r.id
}

func (t *template) arn(r *resource) value {
	path := t.eval(r.properties.get("Path"), 0)
	if path.kind == isUnknown {
		return unknownValue(path.why)
	}
	o := t.origin(r)
	if o.account == "" {
		return unknownValue("the account is not known; name it with --account")
	}
	return textValue(arnOf(&o, entityKinds[r.kind].class, path.str(), t.nameOf(r)))
}

func (t *template) entity(r *resource, maybe string) {
	p := t.eval(r.properties, 0)
	kind, path := entityKinds[r.kind], p.get("Path")
	e := entity{
		origin: t.origin(r), class: kind.class, action: r.action(t), maybe: maybe, name: t.nameOf(r), path: path.str(),
		fresh: r.change != nil && (r.change.action == "Add" || r.change.replacement == "True"),
	}
	if path.kind == isNull {
		e.path = "/"
	}
	if e.name == r.id && p.path(kind.name).text != r.id {
		t.note("the name of %s is known when the stack is deployed; it is judged under its logical id", r.id)
		if name := p.get(kind.name); name.kind == isUnknown {
			e.unnamed = r.id + ": " + name.why
		}
	}
	if kind.class == aPolicy {
		d := t.document(r, p.get("PolicyDocument"))
		e.document = &d
		t.change.entities = append(t.change.entities, e)
		for _, list := range holderLists {
			if holders := wordsOf(p.get(list.name)); len(holders) > 0 {
				t.change.parts = append(t.change.parts, part{
					origin: e.origin, action: e.action, maybe: maybe, trait: attachment, class: list.class,
					holders: holders, target: known(arnOf(&e.origin, aPolicy, e.path, e.name)),
				})
			}
		}
		return
	}
	if kind.class == aRole {
		trust := t.document(r, p.get("AssumeRolePolicyDocument"))
		e.trust = &trust
	}
	boundary, attached := wordOf(p.get("PermissionsBoundary")).of(r), wordsOf(p.get("ManagedPolicyArns"))
	for i := range attached {
		attached[i] = attached[i].of(r)
	}
	e.boundary, e.attached, e.inline, e.tags = &boundary, &attached, t.inlines(r, p.get("Policies")), t.tags(r, p.get("Tags"))
	if !e.fresh {
		e.residue = r.id + ": whether the template's last version made it is not told; give the change set with --change-set"
		if t.set != nil {
			e.residue = r.id + ": whether the last version of the template made it is not told by the change set"
		}
	}
	t.change.entities = append(t.change.entities, e)
	if groups := wordsOf(p.get("Groups")); kind.class == aUser {
		for _, g := range groups {
			t.change.parts = append(t.change.parts, part{
				origin: e.origin, action: e.action, maybe: maybe, trait: membership, class: aUser, holders: []word{known(e.name)}, target: g,
			})
		}
	}
}

// document is a document with the resource's name in what it waits for.
func (t *template) document(r *resource, v value) document {
	d := documentOf(v)
	if d.why != "" {
		d.why = r.id + ": " + d.why
	}
	return d
}

func (t *template) inlines(r *resource, v value) *inlines {
	out := &inlines{}
	for _, p := range v.list() {
		name := p.get("PolicyName")
		if p.kind == isUnknown || name.kind == isUnknown {
			out.why = r.id + ": " + p.unknown().why
			continue
		}
		out.list = append(out.list, inline{name.str(), t.document(r, p.get("PolicyDocument"))})
	}
	return out
}

func (t *template) tags(r *resource, v value) *tags {
	out := &tags{}
	for _, tag := range v.list() {
		key, val := tag.get("Key"), tag.get("Value")
		if u := tag.unknown(); u != nil {
			out.why = r.id + ": " + u.why
			continue
		}
		text, _ := val.scalar()
		out.list = append(out.list, account.Tag{Key: key.str(), Value: text})
	}
	slices.SortStableFunc(out.list, func(a, b account.Tag) int { return strings.Compare(a.Key, b.Key) })
	return out
}

func (t *template) part(r *resource, p *value, maybe string, c class, holders []word) {
	if len(holders) == 0 {
		return
	}
	name := p.get("PolicyName")
	made := part{
		origin: t.origin(r), action: r.action(t), maybe: maybe, trait: inlinePolicy, class: c, holders: holders, name: name.str(),
		document: t.document(r, p.get("PolicyDocument")),
	}
	if made.name == "" {
		made.name = r.id
	}
	t.change.parts = append(t.change.parts, made)
}

func wordOf(v value) word {
	if v.kind == isUnknown {
		return word{why: v.why}
	}
	text, _ := v.scalar()
	return known(text)
}

// of puts the resource before what a word waits for.
func (w word) of(r *resource) word {
	if w.why != "" {
		w.why = r.id + ": " + w.why
	}
	return w
}

func wordsOf(v value) []word {
	var out []word
	for _, item := range v.list() {
		out = append(out, wordOf(item))
	}
	return out
}
