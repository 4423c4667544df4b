package policy

import "strings"

// callerForm is the way in which a resource-based policy names a caller. It
// decides what may still block a grant in the same account.
type callerForm uint8

const (
	formAccount       callerForm = iota // the account: ARN of root, or the bare id
	formRole                            // role ARN; the caller is a session of it
	formSession                         // assumed-role session ARN
	formUser                            // IAM user ARN
	formUserSession                     // IAM user ARN; the caller is a federated session of the user
	formFederatedUser                   // federated user ARN
	formEveryone                        // "*"
	formService                         // AWS service
	formProvider                        // web identity or SAML provider
)

// formRule says what a grant by a resource-based policy does not need.
type formRule struct {
	noIdentity bool // no Allow of an identity-based policy
	noBoundary bool // no Allow of the permissions boundary
	noSession  bool // no Allow of the session policy
}

// formRules is the table of reference_policies_evaluation-logic_policy-eval-denyallow
// (resource-based policies within the same account), with
// reference_policies_elements_principal for "*". Explicit denies, SCPs and RCPs
// apply in every row.
var formRules = [...]formRule{
	formAccount:       {},
	formRole:          {noIdentity: true},
	formSession:       {noIdentity: true, noBoundary: true, noSession: true},
	formUser:          {noIdentity: true, noBoundary: true, noSession: true},
	formUserSession:   {noIdentity: true},
	formFederatedUser: {noIdentity: true, noBoundary: true, noSession: true},
	formEveryone:      {noIdentity: true, noBoundary: true, noSession: true},
	formService:       {noIdentity: true, noBoundary: true, noSession: true},
	formProvider:      {noIdentity: true, noBoundary: true, noSession: true},
}

// What AWS's documentation leaves open about principals, or a caller's ARN does
// not tell.
const (
	ambiguityUserBoundary  = "whether a permissions boundary limits a trust policy that names the IAM user (id_roles_update-role-trust-policy says that it does, reference_policies_evaluation-logic_policy-eval-denyallow that it does not)"
	ambiguityTagSession    = "whether a trust policy that names the caller allows sts:TagSession or sts:SetSourceIdentity without an identity-based policy (id_session-tags and id_credentials_temp_control-access_monitor ask for both)"
	ambiguityStarIsService = `whether Principal "*" in a trust policy takes in AWS services and identity providers (reference_policies_elements_principal does not say)`
	ambiguityCanonicalUser = "which account a canonical user id stands for"
	ambiguityFederatedUser = "which IAM user made the federated session: its ARN holds a name of that user's choice (STS GetFederationToken)"
	ambiguityServiceLinked = "whether the session is one of a service-linked role: its ARN does not hold the role's path"
	keyOfSession           = "aws:userid" // holds the name of the caller's session
)

// match tells whether the entry names the caller, and in which form. A partial
// wildcard never matches (reference_policies_elements_principal), nor does the
// unique id of a deleted principal.
func (e *PrincipalEntry) match(c *Caller) (callerForm, Truth) {
	switch e.Type {
	case PrincipalEveryone:
		return formEveryone, True
	case PrincipalAWS:
		return matchAWS(e.Value, c)
	case PrincipalService:
		return formService, TruthOf(c.Kind == CallerService && e.Value == c.Raw)
	case PrincipalFederated:
		// A public provider has no ARN: it is named as a service is.
		named := c.Kind == CallerIdentityProvider || c.Kind == CallerService
		return formProvider, TruthOf(named && e.Value == c.Raw)
	default:
		// A canonical user id stands for an account that cannot be told from it.
		if c.Kind == CallerService || c.Kind == CallerIdentityProvider {
			return formAccount, False
		}
		return formAccount, Unknown
	}
}

func matchAWS(value string, c *Caller) (callerForm, Truth) {
	if value == "*" {
		return formEveryone, True
	}
	if !c.inAccount() {
		return formAccount, False
	}
	if isAccountID(value) {
		return formAccount, TruthOf(c.Account == value)
	}
	if value == c.Raw {
		return exactForm(c.Kind), True
	}
	p, ok := cutPrincipalARN(value, c.Partition)
	if !ok || p.account != c.Account || HasWildcard(value) {
		return formAccount, False
	}
	switch {
	case p.iam && p.resource == "root":
		return formAccount, True
	case p.iam && p.kind == "role" && c.Kind == CallerSession:
		// A session's ARN has no path, the role's may: names are unique in an account.
		return formRole, TruthOf(p.name[strings.LastIndexByte(p.name, '/')+1:] == c.Name)
	case !p.iam && p.kind == "assumed-role" && c.Kind == CallerRole:
		if role, session, _ := strings.Cut(p.name, "/"); role == c.Name && session != "" {
			return formSession, Unknown // some session of the role, not every one
		}
	case p.iam && p.kind == "user" && c.Kind == CallerFederatedUser && p.name != "":
		return formUserSession, Unknown // ambiguityFederatedUser
	}
	return formAccount, False
}

func exactForm(k CallerKind) callerForm {
	switch k {
	case CallerRole:
		return formRole
	case CallerSession:
		return formSession
	case CallerUser:
		return formUser
	case CallerFederatedUser:
		return formFederatedUser
	default:
		return formAccount
	}
}

// principalARN is an ARN of iam or sts, cut up.
type principalARN struct {
	iam               bool
	account, resource string
	kind, name        string // of resource, "role/x/y": "role" and "x/y"
}

// cutPrincipalARN cuts arn:P:iam::A:REST or arn:P:sts::A:REST, without
// allocating, for the caller's partition: cross-partition trust is impossible.
func cutPrincipalARN(arn, partition string) (p principalARN, ok bool) {
	rest, ok := strings.CutPrefix(arn, "arn:")
	if !ok {
		return p, false
	}
	if rest, ok = strings.CutPrefix(rest, partition); !ok {
		return p, false
	}
	after, iam := strings.CutPrefix(rest, ":iam::")
	if !iam {
		if after, ok = strings.CutPrefix(rest, ":sts::"); !ok {
			return p, false
		}
	}
	p.iam = iam
	p.account, p.resource, ok = strings.Cut(after, ":")
	p.kind, p.name, _ = strings.Cut(p.resource, "/")
	return p, ok
}

// Names tells whether the element takes in the caller, in any form.
func (p *Principals) Names(c *Caller) Truth {
	if p.Not {
		return p.anyListed(c).Not()
	}
	return p.anyListed(c)
}

func (p *Principals) anyListed(c *Caller) Truth {
	listed := False
	for i := range p.Entries {
		_, t := p.Entries[i].match(c)
		listed = listed.Or(t)
	}
	return listed
}

// AnyAWS tells whether the element names AWS principals at all, and not only
// services or identity providers.
func (p *Principals) AnyAWS() bool {
	if p.Not {
		return true
	}
	for i := range p.Entries {
		if t := p.Entries[i].Type; t == PrincipalEveryone || t == PrincipalAWS {
			return true
		}
	}
	return false
}
