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

// The contradictions in AWS's documentation about principals.
const (
	ambiguityUserBoundary  = "whether a permissions boundary limits a trust policy that names the IAM user (id_roles_update-role-trust-policy says that it does, reference_policies_evaluation-logic_policy-eval-denyallow that it does not)"
	ambiguityTagSession    = "whether a trust policy that names the caller allows sts:TagSession or sts:SetSourceIdentity without an identity-based policy (id_session-tags and id_credentials_temp_control-access_monitor ask for both)"
	ambiguityStarIsService = `whether Principal "*" in a trust policy takes in AWS services and identity providers (reference_policies_elements_principal does not say)`
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
		return formAccount, Unknown
	}
}

func matchAWS(value string, c *Caller) (callerForm, Truth) {
	if value == "*" {
		return formEveryone, True
	}
	if isAccountID(value) {
		return formAccount, TruthOf(c.inAccount() && c.Account == value)
	}
	if c.inAccount() && value == c.Raw {
		return exactForm(c.Kind), True
	}
	account, resource, ok := splitPrincipalARN(value, c.Partition)
	if !ok || account != c.Account {
		return formAccount, False
	}
	kind, name, _ := strings.Cut(resource, "/")
	switch {
	case resource == "root":
		return formAccount, TruthOf(c.inAccount())
	case kind == "role" && c.Kind == CallerSession:
		// A session's ARN has no path, the role's may: names are unique in an account.
		return formRole, TruthOf(name[strings.LastIndexByte(name, '/')+1:] == c.Name)
	case kind == "assumed-role" && c.Kind == CallerRole:
		role, _, _ := strings.Cut(name, "/")
		if role == c.Name {
			return formSession, Unknown // some session of the role, not every one
		}
	case kind == "user" && c.Kind == CallerFederatedUser:
		return formUserSession, TruthOf(name[strings.LastIndexByte(name, '/')+1:] == c.Name)
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

// splitPrincipalARN cuts arn:P:iam::A:REST or arn:P:sts::A:REST, without
// allocating, for the caller's partition: cross-partition trust is impossible.
func splitPrincipalARN(arn, partition string) (account, resource string, ok bool) {
	rest, ok := strings.CutPrefix(arn, "arn:")
	if !ok {
		return "", "", false
	}
	if rest, ok = strings.CutPrefix(rest, partition); !ok {
		return "", "", false
	}
	if after, iam := strings.CutPrefix(rest, ":iam::"); iam {
		rest = after
	} else if rest, ok = strings.CutPrefix(rest, ":sts::"); !ok {
		return "", "", false
	}
	account, resource, ok = strings.Cut(rest, ":")
	return account, resource, ok
}

// grant is how far a statement of a resource-based policy reaches: whether it
// names the caller at all, and whether it spares it the other layers.
type grant struct {
	named, noIdentity, noBoundary, noSession Truth
	ambiguity                                string
}

// grants matches the element of an Allow statement. An element that is absent
// names everyone only where the grammar puts none (identity policies, SCPs).
func (p *Principals) grants(c *Caller, trust, tagging bool) grant {
	g := grant{named: False, noIdentity: False, noBoundary: False, noSession: False}
	if p.Not {
		// NotPrincipal with Allow names everyone else
		// (reference_policies_elements_notprincipal).
		listed := p.anyListed(c)
		g.add(formEveryone, listed.Not(), trust)
		return g
	}
	for i := range p.Entries {
		form, t := p.Entries[i].match(c)
		if t == False {
			continue
		}
		outside := c.Kind == CallerService || c.Kind == CallerIdentityProvider
		if form == formEveryone && trust && outside {
			t, g.ambiguity = Unknown, ambiguityStarIsService
		}
		g.add(form, t, trust)
		if form == formUser && trust {
			g.ambiguity = ambiguityUserBoundary
		}
	}
	if tagging && g.noIdentity == True && c.inAccount() {
		g.noIdentity, g.ambiguity = Unknown, ambiguityTagSession
	}
	return g
}

func (g *grant) add(form callerForm, t Truth, trust bool) {
	rule := formRules[form]
	boundary := TruthOf(rule.noBoundary)
	if form == formUser && trust {
		boundary = Unknown // ambiguityUserBoundary
	}
	g.named = g.named.Or(t)
	g.noIdentity = g.noIdentity.Or(TruthOf(rule.noIdentity).And(t))
	g.noBoundary = g.noBoundary.Or(boundary.And(t))
	g.noSession = g.noSession.Or(TruthOf(rule.noSession).And(t))
}

func (p *Principals) anyListed(c *Caller) Truth {
	listed := False
	for i := range p.Entries {
		_, t := p.Entries[i].match(c)
		listed = listed.Or(t)
	}
	return listed
}

// denies matches the element of a Deny statement. NotPrincipal with Deny spares
// a session only if the session, its role and its account are all listed, a
// user only if user and account are, and never a principal that has a
// permissions boundary (reference_policies_elements_notprincipal,
// access_policies_boundaries).
func (p *Principals) denies(c *Caller, bounded bool) Truth {
	if !p.Not {
		return p.anyListed(c)
	}
	if bounded {
		return True
	}
	if !c.inAccount() {
		return p.anyListed(c).Not()
	}
	var seen [formProvider + 1]Truth
	for i := range seen {
		seen[i] = False
	}
	for i := range p.Entries {
		form, t := p.Entries[i].match(c)
		seen[form] = seen[form].Or(t)
	}
	if seen[formEveryone] == True {
		return False
	}
	spared := seen[formAccount]
	switch c.Kind {
	case CallerRole:
		spared = spared.And(seen[formRole])
		if spared == True && seen[formSession] != True {
			// The session's name is not known: whether it is listed cannot be told.
			spared = seen[formSession]
		}
	case CallerSession:
		spared = spared.And(seen[formRole]).And(seen[formSession])
	case CallerUser:
		spared = spared.And(seen[formUser])
	case CallerFederatedUser:
		spared = spared.And(seen[formFederatedUser].Or(seen[formUserSession]))
	}
	return spared.Not()
}

// Names tells whether the element takes in the caller, in any form.
func (p *Principals) Names(c *Caller) Truth {
	if p.Not {
		return p.anyListed(c).Not()
	}
	return p.anyListed(c)
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
