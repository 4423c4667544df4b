package expected

import (
	"slices"
	"strconv"
	"strings"

	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// PolicyKind is the kind of document that a Policy belongs in.
type PolicyKind uint8

// The kinds. The zero value is IdentityPolicy.
const (
	IdentityPolicy PolicyKind = iota
	// BoundaryPolicy is what a permissions boundary of the identity, if it has
	// one, must allow besides what else it allows.
	BoundaryPolicy
	TrustPolicy
)

// String returns "identity policy", "permissions boundary" or "trust policy".
func (k PolicyKind) String() string {
	return [...]string{"identity policy", "permissions boundary", "trust policy"}[k]
}

// Policy is what one document of one identity must say.
type Policy struct {
	// Principal is the ARN of the identity whose document it is; "" for
	// database roles that the configuration does not name: Type then tells whose
	// roles, and is "" otherwise.
	Principal  string
	Type       config.Type
	Kind       PolicyKind
	Statements []PolicyStatement
}

// PolicyStatement is one Allow statement. Slices are sorted but for Actions,
// which keep the catalogue's order.
type PolicyStatement struct {
	SID       string // unique in its policy, letters and digits
	Actions   []string
	Resources []string // nil in a trust policy
	// Principals are the ARNs that a trust policy names; nil elsewhere.
	Principals []string
	// ExternalID is the value of the StringEquals condition on sts:ExternalId;
	// "" for no condition.
	ExternalID string
	// Open are the names that the configuration does not tell: where it is not
	// empty a "*" in Resources is wider than it need be.
	Open         []string
	Purpose      string
	Requirements []string // ids
	// Recommended: nothing that is required needs the statement.
	Recommended bool
}

// Statements turns requirements into the policies that meet them: for each
// principal, in the order in which they are met, its identity policy, the same
// for a boundary, and its trust policy. What is not needed is left out; of an
// AnyOf group the first requirement stands for all.
//
// Identity policies hold the caller's side of every hop, though one account's
// roles may do without it where the trust policy names the caller's full ARN.
//
// A name that the configuration does not tell is a "*", save where that would
// hand out what nobody means (every role of the account, every key) or where IAM
// takes no pattern (a trust policy's principal): a Placeholder stands there.
func Statements(requirements []Requirement) []Policy {
	var b builder
	groups := map[string]bool{}
	for _, r := range requirements {
		if r.Need == NotNeeded || r.ID == HopExternalID {
			continue // the external ID is a condition of the hop's own statement
		}
		if r.AnyOf != "" {
			if groups[r.AnyOf] {
				continue
			}
			groups[r.AnyOf] = true
		}
		if r.Side == TrustSide {
			b.trust(r, r.Resource)
			continue
		}
		b.identity(r)
		if r.Hop != nil && r.Hop.DBUser == "" && r.ID != HopAssumeRole {
			// Roles that are not named have no trust requirement of their own.
			b.trust(r, "")
		}
	}
	return b.policies()
}

// builder gathers statements by document; those of one requirement merge.
type builder struct {
	order     []string
	documents map[string]*document
}

type document struct {
	policy     Policy
	statements []*PolicyStatement
	keys       []string
}

// statement returns the statement of the document with the given key, made
// where it is not there.
func (b *builder) statement(principal string, t config.Type, kind PolicyKind, key string) *PolicyStatement {
	if principal != "" {
		t = ""
	}
	name := strings.Join([]string{kind.String(), principal, string(t)}, " ")
	if b.documents == nil {
		b.documents = map[string]*document{}
	}
	d := b.documents[name]
	if d == nil {
		d = &document{policy: Policy{Principal: principal, Type: t, Kind: kind}}
		b.documents[name] = d
		b.order = append(b.order, name)
	}
	if i := slices.Index(d.keys, key); i >= 0 {
		return d.statements[i]
	}
	s := &PolicyStatement{}
	d.keys = append(d.keys, key)
	d.statements = append(d.statements, s)
	return s
}

func (b *builder) identity(r Requirement) {
	for _, kind := range []PolicyKind{IdentityPolicy, BoundaryPolicy} {
		s := b.statement(r.Principal, r.Type, kind, r.ID)
		s.note(r, statementSID(r))
		s.Resources = insert(s.Resources, r.toAttach())
	}
}

// trust notes the caller's side in the trust policy of target. Tags are allowed
// in a statement of their own: sts:ExternalId is a key of sts:AssumeRole only.
func (b *builder) trust(r Requirement, target string) {
	sid, external := "TeleportAssumeRole", r.Hop.ExternalID
	if r.Action == "sts:TagSession" {
		sid, external = "TeleportTagSession", ""
	}
	s := b.statement(target, r.Type, TrustPolicy, r.Action+" "+external)
	s.note(r, sid)
	s.ExternalID = external
	s.Principals = insert(s.Principals, placedRole(r.Hop.Caller))
}

func (s *PolicyStatement) note(r Requirement, sid string) {
	s.Recommended = (s.Recommended || s.SID == "") && r.Need == Recommended
	s.SID = sid
	if s.Purpose = r.Purpose; r.AnyOf != "" {
		s.Purpose += " (an example: grant what users are to do)"
	}
	if !slices.Contains(s.Actions, r.Action) {
		s.Actions = append(s.Actions, r.Action)
	}
	for _, name := range r.Open {
		s.Open = insert(s.Open, name)
	}
	s.Requirements = insert(s.Requirements, r.ID)
}

// statementSID is the documentation's Sid, or one in its manner made of the
// requirement's id: "elasticache/kms" is ElastiCacheKMS.
func statementSID(r Requirement) string {
	if r.SID != "" {
		return r.SID
	}
	spelled := map[string]string{
		"hop": "Teleport", "elasticache": "ElastiCache", "memorydb": "MemoryDB", "kms": "KMS", "dynamodb": "DynamoDB",
		"keyspace": "Keyspaces", "opensearch": "OpenSearch", "mongodb": "MongoDB", "connect": "ConnectAs", "iam": "IAM",
	}
	var sid strings.Builder
	for _, word := range strings.FieldsFunc(r.ID, func(c rune) bool { return c == '/' || c == '-' }) {
		if name, ok := spelled[word]; ok {
			word = name
		}
		sid.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return sid.String()
}

// prune drops the resources that another one of the list covers: the logins of
// a database whose other logins are not told, for example.
func prune(resources []string) []string {
	wide := map[string]policy.Pattern{}
	for _, s := range resources {
		if strings.ContainsAny(s, "*?") {
			wide[s] = policy.CompilePattern(s)
		}
	}
	if len(wide) == 0 {
		return resources
	}
	// A pattern that matches the text of another one covers it: what matches
	// its "*" must be a "*".
	return slices.DeleteFunc(slices.Clone(resources), func(s string) bool {
		for t, pattern := range wide {
			if s == t || !pattern.Match(s) {
				continue
			}
			other, both := wide[s]
			if !both || !other.Match(t) || t < s { // of two that are the same one stays
				return true
			}
		}
		return false
	})
}

func insert(list []string, s string) []string {
	i, found := slices.BinarySearch(list, s)
	if found {
		return list
	}
	return slices.Insert(list, i, s)
}

func (b *builder) policies() []Policy {
	out := make([]Policy, 0, len(b.order))
	for _, name := range b.order {
		d := b.documents[name]
		p := d.policy
		used := map[string]bool{}
		for _, s := range d.statements {
			s.SID = unique(s.SID, used)
			s.Resources = prune(s.Resources)
			p.Statements = append(p.Statements, *s)
		}
		out = append(out, p)
	}
	return out
}

// unique returns sid, with a number where the policy has it already: a Sid must
// be unique in its policy (reference_policies_elements_sid).
func unique(sid string, used map[string]bool) string {
	name := sid
	for n := 2; used[name]; n++ {
		name = sid + strconv.Itoa(n)
	}
	used[name] = true
	return name
}
