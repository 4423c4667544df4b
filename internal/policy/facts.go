package policy

import "strings"

// facts are what follows from a request before any statement is read.
type facts struct {
	cross   bool // caller and resource are in different accounts
	trust   bool // the resource's policy is a trust policy
	tagging bool // sts:TagSession, or sts:SetSourceIdentity, which is analogous
	pattern bool // the question is about many resources
	bounded bool // the caller has a permissions boundary
	always  Decision
}

func factsOf(req *Request, pol *Policies) facts {
	service, name, _ := strings.Cut(req.Action, ":")
	f := facts{pattern: HasWildcard(req.Resource), bounded: len(pol.Boundary) > 0}
	if strings.EqualFold(service, "sts") {
		f.tagging = strings.EqualFold(name, "TagSession") || strings.EqualFold(name, "SetSourceIdentity")
		f.trust = f.tagging ||
			len(name) >= len("AssumeRole") && strings.EqualFold(name[:len("AssumeRole")], "AssumeRole")
		f.always = stsAlways(&req.Principal, name)
	}
	if req.otherPartition() {
		f.always = ImplicitlyDenied
	}
	if owner := resourceAccount(req); req.Principal.Account != "" && owner != "" {
		f.cross = owner != req.Principal.Account
	}
	return f
}

// otherPartition tells whether the resource is in another partition than the
// caller: credentials of one are not valid in another (reference-arns).
func (r *Request) otherPartition() bool {
	rest, ok := strings.CutPrefix(r.Resource, "arn:")
	partition, _, more := strings.Cut(rest, ":")
	return ok && more && r.Principal.Partition != "" && !HasWildcard(partition) && partition != r.Principal.Partition
}

// stsAlways knows the calls that no policy decides. GetCallerIdentity needs no
// permission and cannot be denied; the root user cannot assume a role; an
// identity provider can only use the two calls made for it (STS API reference:
// GetCallerIdentity, AssumeRole, AssumeRoleWithWebIdentity, AssumeRoleWithSAML).
func stsAlways(c *Caller, name string) Decision {
	switch {
	case strings.EqualFold(name, "GetCallerIdentity") && c.inAccount():
		return Allowed
	case strings.EqualFold(name, "AssumeRole") && (c.Kind == CallerRoot || c.Kind == CallerIdentityProvider):
		return ImplicitlyDenied
	default:
		return Undecided
	}
}

// resourceAccount is the account that owns the resource: as told, else the
// account field of the ARN. "" means the caller's own.
func resourceAccount(req *Request) string {
	if req.ResourceAccount != "" {
		return req.ResourceAccount
	}
	rest, ok := strings.CutPrefix(req.Resource, "arn:")
	for range 3 {
		if _, rest, ok = strings.Cut(rest, ":"); !ok {
			return ""
		}
	}
	account, _, ok := strings.Cut(rest, ":")
	if ok && isAccountID(account) {
		return account
	}
	return ""
}
