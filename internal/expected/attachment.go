package expected

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/config"
)

// Attachment is everything that one identity must have attached to it.
type Attachment struct {
	Principal string // ARN; "" for database roles that the configuration does not name
	// Type tells whose roles those are; "" otherwise.
	Type      config.Type
	Kinds     []IdentityKind // the parts that it plays
	Databases []string       // for which, as in Requirement.Database
	// Identity are the identity policies, each within its quota; nil where the
	// identity needs no permission of its own.
	Identity []Document
	Inline   bool // they are embedded in the identity, not managed policies
	// Boundary is what a permissions boundary, if the identity has one, must
	// allow besides what else it allows; nil for nothing.
	Boundary *Document
	// Wider: Boundary allows its actions on "*", to be short enough.
	Wider bool
	Trust *Document // nil for an agent, whose trust policy Teleport's hops do not concern
	// Open are the names that the configuration does not tell, sorted, and
	// Placeholders what has to be replaced before anything is attached.
	Open         []string
	Placeholders []Placeholder
	LeftOut      []LeftOut
	Notes        []string // where AWS's quotas, or good practice, stand in the way
}

// Document is a policy that is to be attached.
type Document struct {
	Policy
	Name string // for IAM; "" for a trust policy
}

// LeftOut is a statement of the catalogue that the identity does not need.
type LeftOut struct {
	ID        string
	Reason    string
	Databases []string // in the order of the configuration
}

// AttachOptions say how policies are to be attached.
type AttachOptions struct {
	// Inline embeds identity policies in their identities where AWS's quota
	// allows it.
	Inline bool
	// RequiredOnly leaves out what is only recommended.
	RequiredOnly bool
}

// Attachments turns what For returns into what is to be attached to each
// identity: identities in their order, then roles that are not named, by type.
func Attachments(requirements []Requirement, identities []Identity, o AttachOptions) []Attachment {
	var order []*Attachment
	find := func(principal string, t config.Type) *Attachment {
		for _, a := range order {
			if a.Principal == principal && a.Type == t {
				return a
			}
		}
		a := &Attachment{Principal: principal, Type: t}
		order = append(order, a)
		return a
	}
	for _, id := range identities {
		a := find(id.ARN, "")
		a.Kinds = append(a.Kinds, id.Kind)
		for _, name := range id.Databases {
			a.Databases = insert(a.Databases, name)
		}
	}
	needed := slices.DeleteFunc(slices.Clone(requirements), func(r Requirement) bool { return o.RequiredOnly && r.Need == Recommended })
	for _, p := range Statements(needed) {
		find(p.Principal, p.Type).take(p, o)
	}
	for _, r := range requirements {
		switch {
		case r.Principal == "" && r.Need != NotNeeded:
			a := find("", r.Type)
			a.Databases = insert(a.Databases, r.Database)
		case r.Principal != "" && r.Need == NotNeeded && r.Side == IdentitySide:
			find(r.Principal, "").leaveOut(r)
		}
	}
	out := make([]Attachment, 0, len(order))
	for _, a := range order {
		if a.Principal != "" || len(a.Identity) > 0 || a.Trust != nil {
			out = append(out, *a)
		}
	}
	return out
}

// take puts a policy where it belongs, within AWS's quotas.
func (a *Attachment) take(p Policy, o AttachOptions) {
	switch p.Kind {
	case TrustPolicy:
		a.Trust = &Document{Policy: p}
		a.checkTrust(p.Size())
		a.checkExternalIDs(p)
	case BoundaryPolicy:
		if p.Size() > ManagedPolicyQuota {
			p, a.Wider = p.ceiling(), true
		}
		a.Boundary = &Document{Policy: p, Name: a.policyName() + "-boundary"}
		return // its names are those of the identity policy
	default:
		a.takeIdentity(p, o)
	}
	for i := range p.Statements {
		a.takeNames(&p.Statements[i])
	}
	a.Placeholders = sortedPlaceholders(a.Placeholders)
}

// takeNames notes the names that a statement leaves open. One that a placeholder
// stands for is not open but to be filled in, and a role that is not named need
// not be told that it has no name.
func (a *Attachment) takeNames(s *PolicyStatement) {
	places := s.Placeholders()
	a.Placeholders = append(a.Placeholders, places...)
	for _, name := range s.Open {
		placed := slices.ContainsFunc(places, func(p Placeholder) bool { return p.Name == name })
		if !placed && (name != nameUsers || a.Principal != "") {
			a.Open = insert(a.Open, name)
		}
	}
}

func (a *Attachment) takeIdentity(p Policy, o AttachOptions) {
	if o.Inline && a.embed(p) {
		return
	}
	parts := p.Split(ManagedPolicyQuota)
	for i, part := range parts {
		name := a.policyName()
		if len(parts) > 1 {
			name += fmt.Sprintf("-%d", i+1)
		}
		a.Identity = append(a.Identity, Document{Policy: part, Name: name})
	}
	if len(parts) > attachmentsOfEntity {
		a.Notes = append(a.Notes, fmt.Sprintf("%d managed policies are more than the %d that IAM attaches to one identity by default: "+
			"raise the quota, or narrow less (db_users: [\"*\"])", len(parts), attachmentsOfEntity))
	}
}

// embed makes an inline policy of p; false where it is too long for one.
func (a *Attachment) embed(p Policy) bool {
	quota, kind := RoleInlineQuota, "role"
	if a.User() {
		quota, kind = UserInlineQuota, "user"
	}
	size := p.Size()
	if size > quota {
		a.Notes = append(a.Notes, fmt.Sprintf("the statements have %d characters and inline policies of a %s at most %d, so they are managed policies", size, kind, quota))
		return false
	}
	a.Inline = true
	a.Identity = []Document{{Policy: p, Name: "TeleportDatabaseAccess"}}
	return true
}

// checkTrust notes a trust policy that is too long: there is one for each role,
// and it cannot be split.
func (a *Attachment) checkTrust(size int) {
	switch {
	case size > TrustPolicyMaximum:
		a.Notes = append(a.Notes, fmt.Sprintf("the trust policy has %d characters, and IAM takes at most %d: let fewer identities assume the role", size, TrustPolicyMaximum))
	case size > TrustPolicyQuota:
		a.Notes = append(a.Notes, fmt.Sprintf("the trust policy has %d characters, and IAM takes %d by default: have the quota \"Role trust policy length\" raised (to %d at most)",
			size, TrustPolicyQuota, TrustPolicyMaximum))
	}
}

// checkExternalIDs notes callers of other accounts for which the configuration
// has no external ID: whoever gets them to assume a role on his behalf gets this
// one too (IAM User Guide, confused-deputy).
func (a *Attachment) checkExternalIDs(p Policy) {
	var foreign []string
	for _, s := range p.Statements {
		if s.ExternalID != "" || !slices.Contains(s.Actions, "sts:AssumeRole") {
			continue
		}
		for _, caller := range s.Principals {
			if arn, ok := config.ParseARN(caller); ok && config.IsAccountID(arn.Account) && arn.Account != a.Account() {
				foreign = insert(foreign, caller)
			}
		}
	}
	if len(foreign) > 0 {
		a.Notes = append(a.Notes, "trusted without an external ID, though of another account (set external_id in the configuration): "+strings.Join(foreign, ", "))
	}
}

// leaveOut notes a requirement that is not needed.
func (a *Attachment) leaveOut(r Requirement) {
	i := slices.IndexFunc(a.LeftOut, func(l LeftOut) bool { return l.ID == r.ID && l.Reason == r.Reason })
	if i < 0 {
		i = len(a.LeftOut)
		a.LeftOut = append(a.LeftOut, LeftOut{ID: r.ID, Reason: r.Reason})
	}
	if !slices.Contains(a.LeftOut[i].Databases, r.Database) {
		a.LeftOut[i].Databases = append(a.LeftOut[i].Databases, r.Database)
	}
}

// User says whether the identity is an IAM user, not a role.
func (a *Attachment) User() bool {
	arn, _ := config.ParseARN(a.Principal)
	return strings.HasPrefix(arn.Resource, "user/")
}

// Account is the identity's account; "" where it is not known.
func (a *Attachment) Account() string {
	arn, _ := config.ParseARN(a.Principal)
	if !config.IsAccountID(arn.Account) {
		return ""
	}
	return arn.Account
}

// EntityName is the identity's name without its path; "" where it is not known.
func (a *Attachment) EntityName() string {
	arn, _ := config.ParseARN(a.Principal)
	return arn.Resource[strings.LastIndexByte(arn.Resource, '/')+1:]
}

// EntityPath is the path of the identity, with a slash at both ends.
func (a *Attachment) EntityPath() string {
	arn, _ := config.ParseARN(a.Principal)
	_, path, _ := strings.Cut(arn.Resource, "/")
	return "/" + path[:strings.LastIndexByte(path, '/')+1]
}

// policyName is what managed policies of the identity are called: names of
// policies are unique in an account, and those of roles and users are too, each
// among themselves (128 and 64 characters, reference_iam-quotas).
func (a *Attachment) policyName() string {
	switch {
	case a.Principal == "":
		return "TeleportDatabaseAccess-" + string(a.Type) + "-role"
	case a.User():
		return "TeleportDatabaseAccess-user-" + a.EntityName()
	default:
		return "TeleportDatabaseAccess-" + a.EntityName()
	}
}
