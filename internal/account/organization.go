package account

import "fmt"

var organizationFields = []field[organizationDraft]{
	{"id", func(r *reader, d *organizationDraft) { d.ID = r.string() }},
	{"management_account", func(r *reader, d *organizationDraft) {
		at := r.offset()
		d.ManagementAccount = r.string()
		if d.ManagementAccount != "" && !isAccount(d.ManagementAccount) {
			r.problemAt(at, "is "+shown(d.ManagementAccount)+"; expected twelve digits")
		}
	}},
	{"scps", func(r *reader, d *organizationDraft) { d.SCPs = d.levels(r, "scp") }},
	{"rcps", func(r *reader, d *organizationDraft) { d.RCPs = d.levels(r, "rcp") }},
}

type organizationDraft struct {
	Organization
	owner *savedDraft
}

func readOrganization(r *reader, d *savedDraft) {
	o := organizationDraft{owner: d}
	if readObject(r, &o, organizationFields, refuse) {
		d.Organization = &o.Organization
	}
}

// levels reads the lists of policies from the root to the account. A level
// without policies stays: nothing is allowed there
// (orgs_manage_policies_scps_evaluation).
func (d *organizationDraft) levels(r *reader, kind string) [][]OrganizationPolicy {
	var levels [][]OrganizationPolicy
	r.readList(func() {
		level := []OrganizationPolicy{}
		r.readList(func() {
			name := unnamedPolicy(kind, len(levels), len(level))
			level = append(level, d.policy(r, name))
		})
		levels = append(levels, level)
	})
	return levels
}

// unnamedPolicy is the name of a policy that the file gives as a document
// alone.
func unnamedPolicy(kind string, level, index int) string {
	return fmt.Sprintf("%s level %d policy %d", kind, level, index)
}

// policy reads an SCP or RCP: a document, or {"name": …, "document": …}. A
// policy document has a Statement and no key in lower case.
func (d *organizationDraft) policy(r *reader, name string) OrganizationPolicy {
	at := r.offset()
	if r.peek() == '{' {
		keys := r.topKeys()
		if !keys["Statement"] && (keys["name"] || keys["document"]) {
			return d.namedPolicy(r, name)
		}
	}
	doc, wrong := readDocument(r)
	d.gap(r, at, name, wrong)
	return OrganizationPolicy{name, doc}
}

// namedDraft is a policy with its name; wrong says why it has no document.
type namedDraft struct {
	OrganizationPolicy
	wrong string
}

var namedFields = []field[namedDraft]{
	{"name", func(r *reader, p *namedDraft) { p.Name = r.string() }},
	{"document", func(r *reader, p *namedDraft) { p.Document, p.wrong = readDocument(r) }},
}

func (d *organizationDraft) namedPolicy(r *reader, name string) OrganizationPolicy {
	at := r.offset()
	var p namedDraft
	readObject(r, &p, namedFields, refuse)
	if p.Name == "" {
		p.Name = name
	}
	d.gap(r, at, p.Name, p.wrong)
	return p.OrganizationPolicy
}

// gap notes a document that could not be decoded. The gaps of the details hold
// it, since the file's own gaps may be read later and come first.
func (d *organizationDraft) gap(r *reader, at int, name, wrong string) {
	if wrong != "" {
		d.owner.details.gap(r, at, Gap{"organizations:DescribePolicy", name, "the document " + wrong})
	}
}
