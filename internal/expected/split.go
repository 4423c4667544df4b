package expected

import (
	"slices"
	"strings"
)

// AWS's quotas on the size of policies, in characters without white space
// (reference_iam-quotas, "IAM and STS character limits").
const (
	ManagedPolicyQuota  = 6144
	RoleInlineQuota     = 10240 // of all inline policies of a role together
	UserInlineQuota     = 2048  // of all inline policies of a user together
	TrustPolicyQuota    = 2048  // by default
	TrustPolicyMaximum  = 8192  // AWS raises it to this on request
	attachmentsOfEntity = 10    // managed policies attached to one role or user, by default
)

// Split makes policies of at most limit characters each out of p, which together
// allow what p allows. Statements keep their order; one that is too long by
// itself is divided by its resources. A single resource that is longer than the
// limit stays, alone in its policy.
func (p Policy) Split(limit int) []Policy {
	if p.Size() <= limit {
		return []Policy{p}
	}
	var statements []PolicyStatement
	used := map[string]bool{}
	for _, s := range p.Statements {
		for _, part := range p.divide(s, limit) {
			part.SID = unique(s.SID, used)
			statements = append(statements, part)
		}
	}
	var out []Policy
	current := p.holding()
	for _, s := range statements {
		if longer := p.holding(append(slices.Clone(current.Statements), s)...); longer.Size() <= limit || len(current.Statements) == 0 {
			current = longer
			continue
		}
		out = append(out, current)
		current = p.holding(s)
	}
	return append(out, current)
}

// holding is p with other statements.
func (p Policy) holding(statements ...PolicyStatement) Policy {
	p.Statements = statements
	return p
}

// divide cuts a statement into ones that each fit into a policy of their own.
// Sizes are added up, since measuring each attempt would take quadratic time.
func (p Policy) divide(s PolicyStatement, limit int) []PolicyStatement {
	if p.holding(s).Size() <= limit {
		return []PolicyStatement{s}
	}
	const number = 4 // digits that unique may add to the Sid
	bare := s
	bare.Resources = []string{"", ""} // two, so that the list's brackets count
	frame := p.holding(bare).Size() + number
	var out []PolicyStatement
	size := frame
	part := s
	part.Resources = nil
	for _, resource := range s.Resources {
		more := len(compact(resource)) + len(",")
		if size+more > limit && len(part.Resources) > 0 {
			out = append(out, part)
			size, part.Resources = frame, nil
		}
		size += more
		part.Resources = append(part.Resources, resource)
	}
	return append(out, part)
}

// ceiling is a shorter policy that allows all that p allows, and more: all its
// actions on "*". A permissions boundary may be that wide, since it grants
// nothing by itself; it has one policy only and cannot be split.
func (p Policy) ceiling() Policy {
	all := PolicyStatement{SID: "TeleportDatabaseAccess", Resources: []string{"*"}, Recommended: true}
	var purposes []string
	for _, s := range p.Statements {
		for _, action := range s.Actions {
			all.Actions = insert(all.Actions, action)
		}
		for _, id := range s.Requirements {
			all.Requirements = insert(all.Requirements, id)
		}
		all.Recommended = all.Recommended && s.Recommended
		if !slices.Contains(purposes, s.Purpose) {
			purposes = append(purposes, s.Purpose)
		}
	}
	all.Purpose = strings.Join(purposes, "; ")
	return p.holding(all)
}
