package account

import (
	"io"
	"time"
)

// Write writes a snapshot in iamcheck's own form (design 4.4), with indentation
// and its keys in a fixed order. Read gives it back unchanged, save for the
// lines of the documents and empty lists, which come back as nil.
//
// Documents are written as the objects that they are, byte for byte: the lines
// of their statements stay what they were. A text that is no JSON object is
// written as a string.
func Write(w io.Writer, s *Snapshot) error {
	e := newEmitter(w)
	e.open('{')
	e.key(versionKey)
	e.number(snapshotVersion)
	e.optional("account", s.Account)
	e.optional("partition", s.Partition)
	if !s.TakenAt.IsZero() {
		e.member("taken_at", s.TakenAt.UTC().Format(time.RFC3339Nano))
	}
	if s.Partial {
		e.key("partial")
		e.boolean(true)
	}
	if len(s.Absent) > 0 {
		list(e, "absent", s.Absent, func(e *emitter, arn *string) { e.text(*arn) })
	}
	e.key("authorization_details")
	e.open('{')
	list(e, "UserDetailList", s.Users, writeUser)
	list(e, "GroupDetailList", s.Groups, writeGroup)
	list(e, "RoleDetailList", s.Roles, writeRole)
	list(e, "Policies", s.Policies, writePolicy)
	e.close('}')
	if s.Organization != nil {
		writeOrganization(e, s.Organization)
	}
	list(e, "gaps", s.Gaps, writeGap)
	e.close('}')
	e.raw([]byte{'\n'})
	return e.flush()
}

func writeGap(e *emitter, g *Gap) {
	e.open('{')
	e.member("operation", g.Operation)
	e.member("subject", g.Subject)
	e.member("error", g.Error)
	e.close('}')
}

func writeRole(e *emitter, r *Role) {
	e.open('{')
	e.member("Path", r.Path)
	e.member("RoleName", r.Name)
	e.optional("RoleId", r.ID)
	e.member("Arn", r.ARN)
	e.optional("CreateDate", r.CreateDate)
	writeDocument(e, "AssumeRolePolicyDocument", r.Trust)
	writeRaw(e, "InstanceProfileList", r.InstanceProfiles)
	list(e, "RolePolicyList", r.Inline, writeInline)
	list(e, "AttachedManagedPolicies", r.Attached, writeAttached)
	writeBoundary(e, r.Boundary)
	list(e, "Tags", r.Tags, writeTag)
	writeRaw(e, "RoleLastUsed", r.LastUsed)
	e.close('}')
}

func writeUser(e *emitter, u *User) {
	e.open('{')
	e.member("Path", u.Path)
	e.member("UserName", u.Name)
	e.optional("UserId", u.ID)
	e.member("Arn", u.ARN)
	e.optional("CreateDate", u.CreateDate)
	list(e, "UserPolicyList", u.Inline, writeInline)
	list(e, "GroupList", u.Groups, func(e *emitter, name *string) { e.text(*name) })
	list(e, "AttachedManagedPolicies", u.Attached, writeAttached)
	writeBoundary(e, u.Boundary)
	list(e, "Tags", u.Tags, writeTag)
	e.close('}')
}

func writeGroup(e *emitter, g *Group) {
	e.open('{')
	e.member("Path", g.Path)
	e.member("GroupName", g.Name)
	e.optional("GroupId", g.ID)
	e.member("Arn", g.ARN)
	e.optional("CreateDate", g.CreateDate)
	list(e, "GroupPolicyList", g.Inline, writeInline)
	list(e, "AttachedManagedPolicies", g.Attached, writeAttached)
	e.close('}')
}

func writePolicy(e *emitter, p *ManagedPolicy) {
	e.open('{')
	e.member("PolicyName", p.Name)
	e.optional("PolicyId", p.ID)
	e.member("Arn", p.ARN)
	e.member("Path", p.Path)
	e.optional("DefaultVersionId", p.DefaultVersionID)
	e.key("AttachmentCount")
	e.number(p.AttachmentCount)
	e.key("PermissionsBoundaryUsageCount")
	e.number(p.BoundaryUsage)
	e.key("IsAttachable")
	e.boolean(p.IsAttachable)
	e.optional("CreateDate", p.CreateDate)
	e.optional("UpdateDate", p.UpdateDate)
	list(e, "PolicyVersionList", p.Versions, func(e *emitter, v *PolicyVersion) {
		e.open('{')
		writeDocument(e, "Document", v.Document)
		e.optional("VersionId", v.ID)
		e.key("IsDefaultVersion")
		e.boolean(v.IsDefault)
		e.optional("CreateDate", v.CreateDate)
		e.close('}')
	})
	e.close('}')
}

func writeInline(e *emitter, p *InlinePolicy) {
	e.open('{')
	e.member("PolicyName", p.Name)
	writeDocument(e, "PolicyDocument", p.Document)
	e.close('}')
}

func writeAttached(e *emitter, p *AttachedPolicy) {
	e.open('{')
	e.member("PolicyName", p.Name)
	e.member("PolicyArn", p.ARN)
	e.close('}')
}

func writeTag(e *emitter, t *Tag) {
	e.open('{')
	e.member("Key", t.Key)
	e.member("Value", t.Value)
	e.close('}')
}

func writeBoundary(e *emitter, arn string) {
	if arn == "" {
		return
	}
	e.key("PermissionsBoundary")
	e.open('{')
	e.member("PermissionsBoundaryType", "Policy")
	e.member("PermissionsBoundaryArn", arn)
	e.close('}')
}

// writeRaw writes JSON that is kept as it was read.
func writeRaw(e *emitter, key string, value []byte) {
	if value != nil {
		e.key(key)
		e.raw(value)
	}
}

// writeDocument leaves out a document that was not read.
func writeDocument(e *emitter, key string, doc Document) {
	if doc.Text != nil {
		e.key(key)
		writeText(e, doc.Text)
	}
}

// writeText writes a document as the object that it is. White space around it
// would be lost; then, and where it is no object, it is a string.
func writeText(e *emitter, text []byte) {
	if len(text) > 0 && text[0] == '{' && text[len(text)-1] == '}' && checkDocument(text) == nil {
		e.raw(text)
		return
	}
	e.text(string(text))
}

func writeOrganization(e *emitter, o *Organization) {
	e.key("organization")
	e.open('{')
	e.optional("id", o.ID)
	e.optional("management_account", o.ManagementAccount)
	writeLevels(e, "scp", o.SCPs)
	writeLevels(e, "rcp", o.RCPs)
	e.close('}')
}

// writeLevels leaves out levels that were not read.
func writeLevels(e *emitter, kind string, levels [][]OrganizationPolicy) {
	if levels == nil {
		return
	}
	e.key(kind + "s")
	e.open('[')
	for i, level := range levels {
		e.element()
		e.open('[')
		for j, p := range level {
			e.element()
			writeOrganizationPolicy(e, p, unnamedPolicy(kind, i, j))
		}
		e.close(']')
	}
	e.close(']')
}

// writeOrganizationPolicy writes a document alone where it has no name of its
// own and is sure to be read as a document.
func writeOrganizationPolicy(e *emitter, p OrganizationPolicy, unnamed string) {
	if p.Name == unnamed && checkDocument(p.Document.Text) == nil && hasStatement(p.Document.Text) {
		writeText(e, p.Document.Text)
		return
	}
	e.open('{')
	e.member("name", p.Name)
	writeDocument(e, "document", p.Document)
	e.close('}')
}

func hasStatement(text []byte) bool {
	s := scanner{text: text}
	return s.topKeys()["Statement"]
}
