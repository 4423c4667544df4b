package account

type userDraft struct {
	draft
	groups []string
}

var userFields = []field[userDraft]{
	{"Path", func(r *reader, d *userDraft) { d.path = r.string() }},
	{"UserName", func(r *reader, d *userDraft) { d.name = r.string() }},
	{"UserId", func(r *reader, d *userDraft) { d.id = r.string() }},
	{"Arn", func(r *reader, d *userDraft) { d.arn = r.string() }},
	{"CreateDate", func(r *reader, d *userDraft) { d.created = r.string() }},
	{"UserPolicyList", func(r *reader, d *userDraft) { d.inlinePolicies(r) }},
	{"GroupList", func(r *reader, d *userDraft) {
		r.readList(func() {
			at := r.offset()
			name := r.string()
			if name == "" {
				r.problemAt(at, "is empty; expected the name of a group")
			}
			d.groups = append(d.groups, name)
		})
	}},
	{"AttachedManagedPolicies", func(r *reader, d *userDraft) { d.attachedPolicies(r) }},
	{"PermissionsBoundary", func(r *reader, d *userDraft) { d.permissionsBoundary(r) }},
	{"Tags", func(r *reader, d *userDraft) { d.tagList(r) }},
}

// readUser reads a UserDetail (API_UserDetail).
func readUser(r *reader, into *details) (User, string) {
	at := r.offset()
	var d userDraft
	if !r.mustBeObject() || !readObject(r, &d, userFields, tolerate) || !d.settle(r, into, at, "user", "UserName") {
		return User{}, ""
	}
	return User{
		ARN: d.arn, Name: d.name, ID: d.id, Path: d.path, CreateDate: d.created,
		Inline: d.inline, Attached: d.attached, Groups: d.groups, Boundary: d.boundary, Tags: d.tags,
	}, d.arn
}

var groupFields = []field[draft]{
	{"Path", func(r *reader, d *draft) { d.path = r.string() }},
	{"GroupName", func(r *reader, d *draft) { d.name = r.string() }},
	{"GroupId", func(r *reader, d *draft) { d.id = r.string() }},
	{"Arn", func(r *reader, d *draft) { d.arn = r.string() }},
	{"CreateDate", func(r *reader, d *draft) { d.created = r.string() }},
	{"GroupPolicyList", func(r *reader, d *draft) { d.inlinePolicies(r) }},
	{"AttachedManagedPolicies", func(r *reader, d *draft) { d.attachedPolicies(r) }},
}

// readGroup reads a GroupDetail (API_GroupDetail).
func readGroup(r *reader, into *details) (Group, string) {
	at := r.offset()
	var d draft
	if !r.mustBeObject() || !readObject(r, &d, groupFields, tolerate) || !d.settle(r, into, at, "group", "GroupName") {
		return Group{}, ""
	}
	return Group{
		ARN: d.arn, Name: d.name, ID: d.id, Path: d.path, CreateDate: d.created,
		Inline: d.inline, Attached: d.attached,
	}, d.arn
}
