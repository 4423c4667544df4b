package policy

import "strings"

// facts are what follows from a request before any statement is read.
type facts struct {
	cross   bool // caller and resource are in different accounts
	trust   bool // the resource's policy is a trust policy
	tagging bool // a call that goes with sts:AssumeRole*, such as sts:TagSession
	both    bool // such a call, for which the identity-based policy counts whatever the trust policy names
	kms     bool // an action of KMS
	pattern bool // the question is about many resources
	bounded bool // the caller has a permissions boundary
	call    stsCall
	always  Decision
}

// stsCall is which of the calls that hand out a role's credentials is made.
type stsCall uint8

const (
	callOther       stsCall = iota
	callAssumeRole          // with credentials of AWS
	callWebIdentity         // with a token of a web identity provider
	callSAML                // with an assertion of a SAML provider
)

// factsOf allocates nothing.
func factsOf(req *Request, pol *Policies) facts {
	service, name, _ := strings.Cut(req.Action, ":")
	f := facts{pattern: HasWildcard(req.Resource) && !req.Literal, bounded: len(pol.Boundary) > 0, kms: strings.EqualFold(service, "kms")}
	account := req.Principal.Account
	for _, owner := range [...]string{resourceAccount(req), arnAccount(req.Resource)} {
		f.cross = f.cross || account != "" && owner != "" && owner != account
	}
	if strings.EqualFold(service, "sts") {
		f.call = stsCallOf(name)
		f.tagging = strings.EqualFold(name, "TagSession") || strings.EqualFold(name, "SetSourceIdentity") || strings.EqualFold(name, "SetContext")
		// "When you assume a role with another role … permissions for
		// sts:SetSourceIdentity are required in both": of users it says less
		// (id_credentials_temp_control-access_monitor).
		f.both = strings.EqualFold(name, "SetSourceIdentity") && req.Principal.roleSession()
		f.trust = f.tagging || hasPrefixFold(name, "AssumeRole")
		f.always = f.stsAlways(&req.Principal, name)
	}
	return f
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

func stsCallOf(name string) stsCall {
	switch {
	case strings.EqualFold(name, "AssumeRole"):
		return callAssumeRole
	case strings.EqualFold(name, "AssumeRoleWithWebIdentity"):
		return callWebIdentity
	case strings.EqualFold(name, "AssumeRoleWithSAML"):
		return callSAML
	default:
		return callOther
	}
}

// stsAlways knows the calls that no policy decides (STS API reference; for
// GetSessionToken id_credentials_temp_control-access_getsessiontoken).
// GetCallerIdentity needs no permission and cannot be denied, nor can
// GetSessionToken for those who have credentials of their own. Sessions of
// roles cannot call GetSessionToken or GetFederationToken, those of federated
// users nothing but GetCallerIdentity. The root user cannot assume a role.
// AssumeRole is called with credentials of AWS, which identity providers have
// none of; the two calls made for those are not signed with any, and each takes
// one kind of provider, of the role's own account.
func (f *facts) stsAlways(c *Caller, name string) Decision {
	provider := c.Kind == CallerIdentityProvider
	saml := strings.Contains(c.Raw, ":saml-provider/")
	token := strings.EqualFold(name, "GetSessionToken")
	switch {
	case strings.EqualFold(name, "GetCallerIdentity") && c.inAccount():
		return Allowed
	case c.Kind == CallerFederatedUser,
		c.roleSession() && (token || strings.EqualFold(name, "GetFederationToken")):
		return ImplicitlyDenied
	case token && c.inAccount():
		return Allowed
	case f.call == callAssumeRole && (c.Kind == CallerRoot || provider),
		f.call == callWebIdentity && (c.inAccount() || provider && saml),
		f.call == callSAML && (c.inAccount() || provider && !saml),
		provider && f.cross:
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
	return arnAccount(req.Resource)
}

// arnAccount is the account field of an ARN; "" where it is none.
func arnAccount(resource string) string {
	rest, ok := strings.CutPrefix(resource, "arn:")
	if !ok {
		return ""
	}
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
