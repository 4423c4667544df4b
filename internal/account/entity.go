package account

import "fmt"

// draft is what users, groups and roles share while they are read. Documents
// that cannot be decoded wait in wrong until the ARN is known.
type draft struct {
	arn, name, id, path, created string

	inline   []InlinePolicy
	attached []AttachedPolicy
	boundary string
	tags     []Tag
	wrong    []string
}

// settle checks the identity of an entity that begins at an offset, fills in
// the name and path that its ARN holds, and turns undecodable documents into
// gaps. A name that the ARN contradicts is a problem: what is said of one
// entity would be held against another.
func (d *draft) settle(r *reader, into *details, at int, kind, nameKey string) bool {
	if d.arn == "" {
		if len(r.problems) == into.before { // else Arn itself may be what was reported
			r.problemAt(at, "has no Arn; expected the ARN of a "+kind)
		}
		return false
	}
	parsed, wrong := parseEntityARN(d.arn, kind)
	if wrong != "" {
		r.problemAt(at, "Arn "+shown(d.arn)+" "+wrong)
		return false
	}
	if d.name != "" && d.name != parsed.name {
		r.problemAt(at, fmt.Sprintf("%s %s does not agree with Arn %s; expected %s", nameKey, shown(d.name), shown(d.arn), shown(parsed.name)))
		return false
	}
	d.name, d.path = parsed.name, parsed.path
	for _, w := range d.wrong {
		into.gap(r, at, Gap{readOperation, d.arn, w})
	}
	return true
}

// maxUndecodable bounds the gaps that one file can make. A file with as many
// documents that are none is not a picture of an account.
const maxUndecodable = 10_000

// gap notes a document that could not be decoded.
func (d *details) gap(r *reader, at int, g Gap) {
	d.gaps = append(d.gaps, g)
	if len(d.gaps) > maxUndecodable {
		r.problemAt(at, fmt.Sprintf("more than %d policy documents cannot be decoded; the first: %s", maxUndecodable, d.gaps[0].Error))
		r.more = true
	}
}

// readOperation is the call whose answer a snapshot file holds.
const readOperation = "iam:GetAccountAuthorizationDetails"

// document reads a policy document: an object, or a string that holds one.
// What cannot be decoded is no error of the file, since the rest of the account
// is still known: it becomes a gap.
func (d *draft) document(r *reader) Document {
	doc, wrong := readDocument(r)
	if wrong != "" {
		d.wrong = append(d.wrong, r.within()+" "+wrong)
	}
	return doc
}

// readDocument returns the document at pos, or in words why it has none. null
// is a document that was not read.
func readDocument(r *reader) (doc Document, wrong string) {
	at := r.offset()
	switch r.peek() {
	case '{':
		raw, depth := r.skip()
		if depth > maxDocumentDepth {
			return Document{}, fmt.Sprintf("is nested deeper than %d levels", maxDocumentDepth)
		}
		return Document{Text: raw, Line: r.lineAt(at)}, ""
	case '"':
		text, err := DecodeDocument(r.quoted())
		if err != nil {
			return Document{}, "is no policy document: " + err.Error()
		}
		return Document{Text: text}, ""
	case 'n':
		r.skip()
		return Document{}, ""
	default:
		wrong = "is " + r.kind() + ", not a policy document"
		r.skip()
		return Document{}, wrong
	}
}

var inlineFields = []field[inlineDraft]{
	{"PolicyName", func(r *reader, p *inlineDraft) { p.Name = r.string() }},
	{"PolicyDocument", func(r *reader, p *inlineDraft) { p.Document = p.owner.document(r) }},
}

type inlineDraft struct {
	InlinePolicy
	owner *draft
}

// inlinePolicies reads a UserPolicyList, GroupPolicyList or RolePolicyList.
// moto leaves PolicyName out; an empty name is kept.
func (d *draft) inlinePolicies(r *reader) {
	r.readList(func() {
		at := r.offset()
		p := inlineDraft{owner: d}
		if !r.mustBeObject() || !readObject(r, &p, inlineFields, tolerate) {
			return
		}
		if p.Name == "" && p.Document.Text == nil {
			r.problemAt(at, "has neither PolicyName nor PolicyDocument; expected both")
		}
		d.inline = append(d.inline, p.InlinePolicy)
	})
}

var attachedFields = []field[AttachedPolicy]{
	{"PolicyName", func(r *reader, p *AttachedPolicy) { p.Name = r.string() }},
	{"PolicyArn", func(r *reader, p *AttachedPolicy) { p.ARN = r.string() }},
}

// attachedPolicies reads AttachedManagedPolicies.
func (d *draft) attachedPolicies(r *reader) {
	r.readList(func() {
		at := r.offset()
		var p AttachedPolicy
		if !r.mustBeObject() || !readObject(r, &p, attachedFields, tolerate) {
			return
		}
		arn, wrong := parseEntityARN(p.ARN, "policy")
		if wrong != "" {
			r.problemAt(at, "PolicyArn "+shown(p.ARN)+" "+wrong)
			return
		}
		if p.Name == "" {
			p.Name = arn.name
		}
		d.attached = append(d.attached, p)
	})
}

var tagFields = []field[Tag]{
	{"Key", func(r *reader, t *Tag) { t.Key = r.string() }},
	{"Value", func(r *reader, t *Tag) { t.Value = r.string() }},
}

// tagList reads Tags.
func (d *draft) tagList(r *reader) {
	r.readList(func() {
		at := r.offset()
		var t Tag
		if !r.mustBeObject() || !readObject(r, &t, tagFields, tolerate) {
			return
		}
		if t.Key == "" {
			r.problemAt(at, "has no Key; expected the key of a tag")
		}
		d.tags = append(d.tags, t)
	})
}

var boundaryFields = []field[draft]{
	{"PermissionsBoundaryType", func(r *reader, _ *draft) { _ = r.string() }},
	{"PermissionsBoundaryArn", func(r *reader, d *draft) { d.boundary = r.string() }},
}

// permissionsBoundary reads PermissionsBoundary. A boundary without ARN is a
// problem, since a boundary that is overlooked makes a false grant.
func (d *draft) permissionsBoundary(r *reader) {
	at := r.offset()
	if !readObject(r, d, boundaryFields, tolerate) {
		return
	}
	if _, wrong := parseEntityARN(d.boundary, "policy"); wrong != "" {
		r.problemAt(at, "PermissionsBoundaryArn "+shown(d.boundary)+" "+wrong)
	}
}
