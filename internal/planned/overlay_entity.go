package planned

import (
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/account"
)

// dropEntity takes an entity away with all that it has, and the gaps about it.
func (d *draft) dropEntity(e *entity) {
	arn := d.arnOf(e)
	switch e.class {
	case aRole:
		d.s.Roles = slices.DeleteFunc(d.s.Roles, func(r account.Role) bool { return r.Name == e.name })
	case aUser:
		d.s.Users = slices.DeleteFunc(d.s.Users, func(u account.User) bool { return u.Name == e.name })
	case aGroup:
		d.s.Groups = slices.DeleteFunc(d.s.Groups, func(g account.Group) bool { return g.Name == e.name })
		for i := range d.s.Users {
			u := &d.s.Users[i]
			u.Groups = slices.DeleteFunc(slices.Clone(u.Groups), func(name string) bool { return name == e.name })
		}
	case aPolicy:
		d.s.Policies = slices.DeleteFunc(d.s.Policies, func(p account.ManagedPolicy) bool { return p.ARN == arn })
		// A policy that is attached cannot be deleted (API_DeletePolicy).
		for _, c := range []class{aRole, aUser, aGroup} {
			for _, h := range d.holders(c) {
				h.detach(arn)
			}
		}
	}
	d.s.Gaps = slices.DeleteFunc(d.s.Gaps, func(g account.Gap) bool {
		if g.Subject == arn {
			delete(d.gaps, g)
		}
		return g.Subject == arn
	})
	if !slices.Contains(d.s.Absent, arn) {
		d.s.Absent = append(d.s.Absent, arn)
	}
}

// putEntity makes an entity, or makes it what the plan says.
func (d *draft) putEntity(e *entity) {
	arn := d.arnOf(e)
	d.s.Absent = slices.DeleteFunc(d.s.Absent, func(a string) bool { return a == arn })
	if e.unnamed != "" && e.class != aPolicy { // it may be the one that somebody asks for
		d.gap("iam:List"+strings.TrimPrefix(call("get", e.class), "iam:Get")+"s", e.address, e.unnamed)
	}
	if e.maybe != "" {
		d.doubt(e, arn)
		return
	}
	there := d.there(e)
	if e.action == keep && there {
		return
	}
	switch e.class {
	case aRole:
		d.putRole(e, arn)
	case aUser:
		d.putUser(e, arn)
	case aGroup:
		if !there {
			d.s.Groups = append(d.s.Groups, account.Group{ARN: arn, Name: e.name, Path: pathIn(arn)})
		}
	case aPolicy:
		d.putPolicy(e, arn)
	}
	if e.class != aPolicy {
		d.putParts(e, arn, there)
	}
}

// arnOf is the ARN of an entity: by its path, else that of the one with its name.
func (d *draft) arnOf(e *entity) string {
	if h := d.holder(e.class, e.name); h != nil && e.path == "" {
		return h.arn
	}
	return arnOf(&e.origin, e.class, e.path, e.name)
}

func (d *draft) there(e *entity) bool {
	if e.class == aPolicy {
		return d.policy(d.arnOf(e)) != nil
	}
	return d.holder(e.class, e.name) != nil
}

// doubt leaves nothing certain of an entity that may or may not be made, or
// changed.
func (d *draft) doubt(e *entity, arn string) {
	switch e.class {
	case aRole:
		if r := d.role(e.name); r != nil {
			r.Trust, arn = account.Document{}, r.ARN
		}
	case aPolicy:
		d.s.Policies = slices.DeleteFunc(d.s.Policies, func(p account.ManagedPolicy) bool { return p.ARN == arn })
	}
	d.gap(call("get", e.class), arn, e.maybe)
	if e.class != aPolicy {
		d.gap(call("inline", e.class), arn, e.maybe)
		d.gap(call("attached", e.class), arn, e.maybe)
	}
	if e.class == aRole || e.class == aUser {
		d.gap(call("tags", e.class), arn, e.maybe)
	}
}

func (d *draft) putRole(e *entity, arn string) {
	r := d.role(e.name)
	if r == nil {
		d.s.Roles = append(d.s.Roles, account.Role{Name: e.name})
		r = &d.s.Roles[len(d.s.Roles)-1]
	}
	r.ARN, r.Path = arn, pathIn(arn)
	if e.trust != nil {
		r.Trust = d.document(arn, e.trust)
	}
	d.putBoundary(e, arn, &r.Boundary)
	d.putTags(e, arn, &r.Tags)
}

func (d *draft) putUser(e *entity, arn string) {
	u := d.user(e.name)
	if u == nil {
		d.s.Users = append(d.s.Users, account.User{Name: e.name})
		u = &d.s.Users[len(d.s.Users)-1]
	}
	u.ARN, u.Path = arn, pathIn(arn)
	d.putBoundary(e, arn, &u.Boundary)
	d.putTags(e, arn, &u.Tags)
}

func (d *draft) putBoundary(e *entity, arn string, boundary *string) {
	switch {
	case e.boundary == nil || e.keepsBoundary && *boundary != "":
	case e.boundary.why != "":
		*boundary = ""
		d.gap(call("get", e.class), arn, e.boundary.why)
	default:
		*boundary = e.boundary.text
	}
}

func (d *draft) putTags(e *entity, arn string, list *[]account.Tag) {
	if e.tags == nil {
		return
	}
	*list = slices.Clone(e.tags.list)
	if e.tags.why != "" {
		d.gap(call("tags", e.class), arn, e.tags.why)
	}
}

// putParts gives an entity the policies that its own resource names. What the
// tool saw on it counts where the picture does not tell.
func (d *draft) putParts(e *entity, arn string, there bool) {
	h := d.holder(e.class, e.name)
	list, attached := e.inline, e.attached
	if !there && list == nil {
		list = e.seenInline
	}
	if !there && attached == nil {
		attached = e.seenAttached
	}
	if list != nil {
		*h.inline = nil
		for i := range list.list {
			in := &list.list[i]
			h.putInline(account.InlinePolicy{Name: in.name, Document: d.document(arn, &in.document)})
		}
		if list.why != "" {
			d.gap(call("inline", e.class), arn, list.why)
		}
	}
	if attached == nil {
		return
	}
	*h.attached = nil
	for _, w := range *attached {
		if w.why != "" {
			d.gap(call("attached", e.class), arn, w.why)
			continue
		}
		h.attach(w.text)
	}
}

// putPolicy makes a managed policy, or changes the one that is there.
func (d *draft) putPolicy(e *entity, arn string) {
	if r := d.role(e.boundaryOf); r != nil && r.Boundary != "" {
		arn = r.Boundary
	}
	switch {
	case e.document != nil:
		d.putVersion(arn, e.document)
	case d.policy(arn) == nil:
		d.s.Policies = append(d.s.Policies, managedPolicy(arn, account.Document{}))
	}
}

// putVersion gives a managed policy a new default version: those before it stay,
// without being in force (access_policies_managed-versioning).
func (d *draft) putVersion(arn string, doc *document) {
	made := managedPolicy(arn, d.document(arn, doc))
	p := d.policy(arn)
	if p == nil {
		d.s.Policies = append(d.s.Policies, made)
		return
	}
	versions := made.Versions
	for _, v := range p.Versions {
		v.IsDefault = false
		versions = append(versions, v)
	}
	p.Versions, p.DefaultVersionID = versions, plannedVersion
}
