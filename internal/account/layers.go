package account

import (
	"fmt"
	"strings"

	"github.com/iamcheck/iamcheck/internal/policy"
)

// Policies returns the layers that come with a principal, a role, one of its
// sessions, or a user: its identity policies, its boundary, the SCPs of its
// account and the organization's management account. Session policies, the
// resource's policy and the resource's RCPs are for the caller to add.
//
// What could not be read is in its layer as a Source without Document, so that
// the layer is Unknown where it could decide, and in the gaps returned. For a
// principal that no snapshot holds that is every layer.
func (a Accounts) Policies(principal string) (policy.Policies, []Gap) {
	s := a.Account(accountOf(principal))
	if s == nil {
		g := Gap{readOperation, principal, "the account was not read"}
		return unknownPolicies(principal), []Gap{g}
	}
	l := layers{accounts: a, snapshot: s}
	switch role, user := s.roleOf(principal), s.User(principal); {
	case role != nil:
		l.role(role)
	case user != nil:
		l.user(user)
	default:
		l.policies = unknownPolicies(principal)
		l.note(s.GapsOf(principal)...)
		if len(l.gaps) == 0 {
			l.note(Gap{readOperation, principal, "the principal is not in the snapshot"})
		}
	}
	l.policies.SCPs = l.levels("scp")
	if s.Organization != nil {
		l.policies.ManagementAccount = s.Organization.ManagementAccount
	}
	return l.policies, l.gaps
}

// Trust returns a role's trust policy as the policy of the resource, without
// Document and with gaps where it was not read.
func (a Accounts) Trust(role *Role) (policy.Source, []Gap) {
	s := a.Account(accountOf(role.ARN))
	if s == nil {
		s = &Snapshot{}
	}
	l := layers{accounts: a, snapshot: s}
	source := policy.Source{Name: "trust policy", Kind: "trust"}
	l.read(&source, policy.KindTrust, role.Trust, "iam:GetRole", role.ARN, "the trust policy")
	return source, l.gaps
}

// RCPs returns the levels of resource control policies above the account that
// owns a resource, with their gaps; nil where they were not asked for or the
// account was not read.
func (a Accounts) RCPs(account string) ([][]policy.Source, []Gap) {
	s := a.Account(account)
	if s == nil {
		return nil, nil
	}
	l := layers{accounts: a, snapshot: s}
	levels := l.levels("rcp")
	return levels, l.gaps
}

// unknownPolicies are the layers of a principal of which nothing was read. It
// may have a boundary.
func unknownPolicies(principal string) policy.Policies {
	return policy.Policies{
		Identity: []policy.Source{unreadIdentity(principal)},
		Boundary: []policy.Source{unreadBoundary(principal)},
	}
}

func unreadIdentity(arn string) policy.Source {
	return policy.Source{Name: "policies of " + arn, Kind: "inline"}
}

func unreadBoundary(arn string) policy.Source {
	return policy.Source{Name: "permissions boundary of " + arn, Kind: "boundary"}
}

// roleOf returns the role with an ARN, or the one that an assumed-role session
// is of. The ARN of a session has no path, but names are unique in an account
// (reference_identifiers).
func (s *Snapshot) roleOf(arn string) *Role {
	rest, ok := strings.CutPrefix(arn, "arn:"+s.Partition+":sts::"+s.Account+":assumed-role/")
	if !ok {
		return s.Role(arn)
	}
	name, _, _ := strings.Cut(rest, "/")
	found := Accounts{s}.RolesByName(name)
	if len(found) != 1 {
		return nil
	}
	return found[0]
}

// layers gathers the sources of one principal.
type layers struct {
	accounts Accounts
	snapshot *Snapshot
	policies policy.Policies
	gaps     []Gap
}

func (l *layers) note(gaps ...Gap) { l.gaps = union(l.gaps, gaps) }

// role: the identity policies of a role are its inline policies and the
// default versions of the attached ones (access_policies).
func (l *layers) role(r *Role) {
	l.inline(r.ARN, "iam:GetRolePolicy", r.Inline)
	l.attached(r.Attached)
	l.boundary(r.Boundary)
	l.unread(r.ARN, r.Inline, r.Boundary != "")
}

// user: those of its groups are a user's too (id_groups).
func (l *layers) user(u *User) {
	l.inline(u.ARN, "iam:GetUserPolicy", u.Inline)
	l.attached(u.Attached)
	l.boundary(u.Boundary)
	for _, name := range u.Groups {
		g := l.snapshot.GroupByName(name)
		if g == nil {
			l.policies.Identity = append(l.policies.Identity, policy.Source{Name: "policies of group " + name, Kind: "inline"})
			l.note(Gap{"iam:GetGroup", u.ARN, fmt.Sprintf("the group %q is not in the snapshot", name)})
			continue
		}
		l.inline(g.ARN, "iam:GetGroupPolicy", g.Inline)
		l.attached(g.Attached)
		l.unread(g.ARN, g.Inline, true)
	}
	l.unread(u.ARN, u.Inline, u.Boundary != "")
}

func (l *layers) inline(owner, operation string, inline []InlinePolicy) {
	for _, p := range inline {
		source := policy.Source{Name: p.Name, Kind: "inline"}
		l.read(&source, policy.KindIdentity, p.Document, operation, owner, fmt.Sprintf("the inline policy %q", p.Name))
		l.policies.Identity = append(l.policies.Identity, source)
	}
}

func (l *layers) attached(attached []AttachedPolicy) {
	for _, p := range attached {
		source := l.managed(policy.KindIdentity, "managed", p.ARN)
		if !containsSource(l.policies.Identity, source) {
			l.policies.Identity = append(l.policies.Identity, source)
		}
	}
}

// containsSource tells whether a managed policy is there already: one may be
// attached to a user and to its groups.
func containsSource(sources []policy.Source, s policy.Source) bool {
	for _, known := range sources {
		if known.Kind == s.Kind && known.Name == s.Name {
			return true
		}
	}
	return false
}

func (l *layers) boundary(arn string) {
	if arn != "" {
		l.policies.Boundary = []policy.Source{l.managed(policy.KindBoundary, "boundary", arn)}
	}
}

// managed is the default version of a managed policy, the one that is in force
// (access_policies_managed-versioning).
func (l *layers) managed(kind policy.Kind, use, arn string) policy.Source {
	source := policy.Source{Name: arn, Kind: use}
	p := l.snapshot.Policy(arn)
	if p == nil {
		p = l.accounts.PolicyByARN(arn)
	}
	if p == nil {
		l.missing("iam:GetPolicy", arn, "the managed policy is not in the snapshot")
		return source
	}
	version := p.DefaultVersion()
	if version == nil {
		l.missing("iam:GetPolicyVersion", arn, "the snapshot does not tell the policy's default version")
		return source
	}
	source.Version = version.ID
	l.read(&source, kind, version.Document, "iam:GetPolicyVersion", arn, "version "+version.ID)
	return source
}

// missing notes what is not there: with the gaps that say why, where there are
// any.
func (l *layers) missing(operation, subject, what string) {
	if known := l.snapshot.GapsOf(subject); len(known) > 0 {
		l.note(known...)
		return
	}
	l.note(Gap{operation, subject, what})
}

// read gives a source its document: what is certain of it, and what a plan leaves
// open.
func (l *layers) read(source *policy.Source, kind policy.Kind, doc Document, operation, subject, what string) {
	source.Document = l.parse(kind, doc, operation, subject, what)
	if doc.May == nil || doc.Text != nil && source.Document == nil {
		return
	}
	l.note(l.snapshot.GapsOf(subject)...)
	may, err := l.snapshot.index().parse(kind, Document{Text: doc.May})
	if err != nil { // then it may hold anything
		source.Document = nil
		return
	}
	source.May = may
}

// parse returns a document's parsed form, or nil and a gap.
func (l *layers) parse(kind policy.Kind, doc Document, operation, subject, what string) *policy.Document {
	if doc.Text == nil {
		l.missing(operation, subject, what+" has no document in the snapshot")
		return nil
	}
	parsed, err := l.snapshot.index().parse(kind, doc)
	if err != nil {
		l.note(Gap{operation, subject, what + " is no policy document: " + err.Error()})
		return nil
	}
	return parsed
}
