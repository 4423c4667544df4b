package account

type roleDraft struct {
	draft
	Role
}

var roleFields = []field[roleDraft]{
	{"Path", func(r *reader, d *roleDraft) { d.path = r.string() }},
	{"RoleName", func(r *reader, d *roleDraft) { d.name = r.string() }},
	{"RoleId", func(r *reader, d *roleDraft) { d.id = r.string() }},
	{"Arn", func(r *reader, d *roleDraft) { d.arn = r.string() }},
	{"CreateDate", func(r *reader, d *roleDraft) { d.created = r.string() }},
	{"AssumeRolePolicyDocument", func(r *reader, d *roleDraft) { d.Trust = d.document(r) }},
	{"InstanceProfileList", func(r *reader, d *roleDraft) { d.InstanceProfiles = r.raw() }},
	{"RolePolicyList", func(r *reader, d *roleDraft) { d.inlinePolicies(r) }},
	{"AttachedManagedPolicies", func(r *reader, d *roleDraft) { d.attachedPolicies(r) }},
	{"PermissionsBoundary", func(r *reader, d *roleDraft) { d.permissionsBoundary(r) }},
	{"Tags", func(r *reader, d *roleDraft) { d.tagList(r) }},
	{"RoleLastUsed", func(r *reader, d *roleDraft) { d.LastUsed = r.raw() }},
}

// readRole reads a RoleDetail (API_RoleDetail).
func readRole(r *reader, into *details) (Role, string) {
	at := r.offset()
	var d roleDraft
	if !r.mustBeObject() || !readObject(r, &d, roleFields, tolerate) || !d.settle(r, into, at, "role", "RoleName") {
		return Role{}, ""
	}
	role := d.Role
	role.ARN, role.Name, role.ID, role.Path, role.CreateDate = d.arn, d.name, d.id, d.path, d.created
	role.Inline, role.Attached, role.Boundary, role.Tags = d.inline, d.attached, d.boundary, d.tags
	return role, role.ARN
}
