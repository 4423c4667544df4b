package account

type policyDraft struct {
	draft
	ManagedPolicy
}

var policyFields = []field[policyDraft]{
	{"PolicyName", func(r *reader, d *policyDraft) { d.name = r.string() }},
	{"PolicyId", func(r *reader, d *policyDraft) { d.id = r.string() }},
	{"Arn", func(r *reader, d *policyDraft) { d.arn = r.string() }},
	{"Path", func(r *reader, d *policyDraft) { d.path = r.string() }},
	{"DefaultVersionId", func(r *reader, d *policyDraft) { d.DefaultVersionID = r.string() }},
	{"AttachmentCount", func(r *reader, d *policyDraft) { d.AttachmentCount = r.count() }},
	{"PermissionsBoundaryUsageCount", func(r *reader, d *policyDraft) { d.BoundaryUsage = r.count() }},
	{"IsAttachable", func(r *reader, d *policyDraft) { d.IsAttachable = r.bool() }},
	{"CreateDate", func(r *reader, d *policyDraft) { d.created = r.string() }},
	{"UpdateDate", func(r *reader, d *policyDraft) { d.UpdateDate = r.string() }},
	{"PolicyVersionList", func(r *reader, d *policyDraft) { d.versions(r) }},
}

// readManagedPolicy reads a ManagedPolicyDetail (API_ManagedPolicyDetail).
func readManagedPolicy(r *reader, into *details) (ManagedPolicy, string) {
	at := r.offset()
	var d policyDraft
	if !r.mustBeObject() || !readObject(r, &d, policyFields, tolerate) || !d.settle(r, into, at, "policy", "PolicyName") {
		return ManagedPolicy{}, ""
	}
	policy := d.ManagedPolicy
	policy.ARN, policy.Name, policy.ID, policy.Path, policy.CreateDate = d.arn, d.name, d.id, d.path, d.created
	return policy, policy.ARN
}

type versionDraft struct {
	PolicyVersion
	owner *draft
}

var versionFields = []field[versionDraft]{
	{"VersionId", func(r *reader, v *versionDraft) { v.ID = r.string() }},
	{"IsDefaultVersion", func(r *reader, v *versionDraft) { v.IsDefault = r.bool() }},
	{"CreateDate", func(r *reader, v *versionDraft) { v.CreateDate = r.string() }},
	{"Document", func(r *reader, v *versionDraft) { v.Document = v.owner.document(r) }},
}

// versions reads a PolicyVersionList.
func (d *policyDraft) versions(r *reader) {
	r.readList(func() {
		at := r.offset()
		v := versionDraft{owner: &d.draft}
		if !r.mustBeObject() || !readObject(r, &v, versionFields, tolerate) {
			return
		}
		if v.ID == "" {
			r.problemAt(at, "has no VersionId; expected one such as \"v1\"")
		}
		d.Versions = append(d.Versions, v.PolicyVersion)
	})
}

// DefaultVersion returns the version that is in force where the policy is
// attached, or nil where it was not read or where the marks contradict each
// other.
func (p *ManagedPolicy) DefaultVersion() *PolicyVersion {
	var found *PolicyVersion
	for i := range p.Versions {
		v := &p.Versions[i]
		named := p.DefaultVersionID != "" && v.ID == p.DefaultVersionID
		if v.IsDefault && p.DefaultVersionID != "" && !named {
			return nil
		}
		if v.IsDefault || named {
			if found != nil {
				return nil
			}
			found = v
		}
	}
	return found
}
