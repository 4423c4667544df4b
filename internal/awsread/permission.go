package awsread

import (
	"cmp"
	"slices"
	"strings"
)

// Place says where a reading will happen, as far as it is known beforehand.
type Place struct {
	Partition string // "" stands for that of the first ARN among the names, else aws
	Account   string // names of other accounts are left out; "" where not known
}

// Permission is one Allow statement of the policy that a reading needs.
type Permission struct {
	SID       string
	Actions   []string
	Resources []string
}

// Permissions are the statements that let a reading with these options succeed,
// and nothing else: from Operations, on the roles and users that are named. No
// statement is for sts:GetCallerIdentity, which AWS answers without permission
// (API_GetCallerIdentity). Of the options, only what says what to read counts.
//
// The error is about a name that is none.
func Permissions(o Options, place Place) ([]Permission, error) {
	r, err := newResources(o, place)
	if err != nil {
		return nil, err
	}
	var out []Permission
	for _, operation := range Operations() {
		resources := r.of(operation)
		if !o.needs(operation) || len(resources) == 0 {
			continue
		}
		at := slices.IndexFunc(out, func(p Permission) bool { return p.SID == sidOf(operation) })
		if at < 0 {
			at = len(out)
			out = append(out, Permission{SID: sidOf(operation), Resources: resources})
		}
		out[at].Actions = append(out[at].Actions, operation.Action)
	}
	return out, nil
}

// needs tells whether a reading with these options depends on an operation.
func (o Options) needs(operation Operation) bool {
	switch operation.Purpose {
	case ForRoles:
		return !o.All && len(o.Roles) > 0
	case ForUsers:
		return !o.All && len(o.Users) > 0
	case ForPolicies:
		return o.All || len(o.Roles)+len(o.Users) > 0
	case ForAccount:
		return o.All
	case ForOrganization:
		return o.Organization
	case ForVerification:
		return o.Verify
	case ForDecoding:
		return o.Decode
	default:
		return false
	}
}

// sidOf names the statement that an operation goes into.
func sidOf(o Operation) string {
	switch {
	case o.Purpose == ForUsers && o.Resource == "group":
		return "ReadGroups"
	case o.Purpose == ForVerification:
		return "AskSimulator"
	case o.Purpose == ForDecoding:
		return "DecodeRefusals"
	default:
		return "Read" + strings.ToUpper(string(o.Purpose[:1])) + string(o.Purpose[1:])
	}
}

// resources are the ARNs, and patterns of ARNs, of what is read.
type resources struct {
	place Place
	all   bool
	roles []string
	users []string
}

func newResources(o Options, place Place) (*resources, error) {
	roles, err := parseNames("role", o.Roles)
	if err != nil {
		return nil, err
	}
	users, err := parseNames("user", o.Users)
	if err != nil {
		return nil, err
	}
	elsewhere := func(n name) bool { return place.Account != "" && n.elsewhere(identity{account: place.Account}) }
	roles, users = slices.DeleteFunc(roles, elsewhere), slices.DeleteFunc(users, elsewhere)
	for _, n := range slices.Concat(roles, users) {
		place.Partition = cmp.Or(place.Partition, n.partition)
	}
	place.Partition = cmp.Or(place.Partition, "aws")
	return &resources{place, o.All, place.patterns(roles), place.patterns(users)}, nil
}

// patterns are the ARNs that names may have. IAM authorizes a question about an
// entity that does not exist under its name alone, whatever the path that the
// asker has in mind, so that form is always among them; names are unique in an
// account whatever their path (reference_identifiers), so it is no other entity.
func (p Place) patterns(names []name) []string {
	var out []string
	for _, n := range names {
		prefix := p.prefix(n) + n.kind
		out = append(out, prefix+"/"+n.base)
		switch n.path {
		case "/":
		case "":
			out = append(out, prefix+"/*/"+n.base)
		default:
			out = append(out, prefix+n.path+n.base)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (p Place) prefix(n name) string {
	return "arn:" + p.Partition + ":iam::" + cmp.Or(n.account, p.Account, "*") + ":"
}

// of are the resources of an operation.
func (r *resources) of(o Operation) []string {
	switch o.Resource {
	case "role":
		return r.roles
	case "user":
		return r.users
	case "role or user":
		return slices.Concat(r.roles, r.users)
	case "group":
		return []string{r.place.prefix(name{}) + "group/*"}
	case "policy":
		if r.all { // the account's own policies come with it
			return []string{"arn:" + r.place.Partition + ":iam::aws:policy/*"}
		}
		return []string{"arn:" + r.place.Partition + ":iam::*:policy/*"}
	default:
		return []string{"*"}
	}
}
