package policy

import (
	"fmt"
	"strings"
)

// CallerKind is the kind of principal that makes a request.
type CallerKind uint8

// The kinds of caller. CallerUnknown is the zero value and matches no named
// principal for certain.
const (
	CallerUnknown          CallerKind = iota
	CallerRole                        // a role: any session of it, its name not known
	CallerSession                     // a named assumed-role session
	CallerUser                        // an IAM user
	CallerFederatedUser               // a session from sts:GetFederationToken
	CallerRoot                        // the account's root user
	CallerService                     // an AWS service
	CallerIdentityProvider            // a web identity or SAML provider
)

// Caller is a parsed principal. The zero value is nobody.
type Caller struct {
	Raw       string
	Kind      CallerKind
	Partition string // "" for services
	Account   string // "" for services and for public web identity providers
	Path      string // of roles and users, "/" or "/team/x/"; "" for sessions, whose ARNs have none
	Name      string // of the role, user or federated user; the provider's id
	Session   string // name of the session; "" where not known
}

// ParseCaller reads the ARN of an IAM role, user, root, identity provider,
// assumed-role session or federated user, or the name of a service
// (reference_policies_elements_principal).
func ParseCaller(s string) (Caller, error) {
	c := Caller{Raw: s}
	if !strings.HasPrefix(s, "arn:") {
		if !strings.Contains(s, ".") || strings.ContainsAny(s, " :/*?") {
			return Caller{}, fmt.Errorf("principal %q is neither an ARN nor the name of a service, such as lambda.amazonaws.com", s)
		}
		c.Kind, c.Name = CallerService, s
		return c, nil
	}
	f := strings.SplitN(s, ":", 6)
	if len(f) < 6 || f[1] == "" || !isAccountID(f[4]) {
		return Caller{}, fmt.Errorf("principal %q is not an ARN of the form arn:PARTITION:iam::ACCOUNT:role/NAME", s)
	}
	c.Partition, c.Account = f[1], f[4]
	kind, rest, _ := strings.Cut(f[5], "/")
	switch {
	case strings.ContainsAny(s, "*?"):
		return Caller{}, fmt.Errorf("principal %q holds a wildcard; a request is made by one principal", s)
	case f[2] == "iam" && f[5] == "root":
		c.Kind = CallerRoot
	case f[2] == "iam" && (kind == "role" || kind == "user") && rest != "":
		c.Kind = CallerRole
		if kind == "user" {
			c.Kind = CallerUser
		}
		i := strings.LastIndexByte(rest, '/')
		c.Path, c.Name = "/"+rest[:i+1], rest[i+1:]
	case f[2] == "iam" && (kind == "oidc-provider" || kind == "saml-provider") && rest != "":
		c.Kind, c.Name = CallerIdentityProvider, rest
	case f[2] == "sts" && kind == "assumed-role":
		name, session, ok := strings.Cut(rest, "/")
		if !ok || name == "" || session == "" {
			return Caller{}, fmt.Errorf("principal %q is not of the form arn:PARTITION:sts::ACCOUNT:assumed-role/ROLE/SESSION", s)
		}
		c.Kind, c.Name, c.Session = CallerSession, name, session
	case f[2] == "sts" && kind == "federated-user" && rest != "":
		c.Kind, c.Name = CallerFederatedUser, rest
	default:
		return Caller{}, fmt.Errorf("principal %q is not a role, user, session, identity provider or account root", s)
	}
	if c.Name == "" && c.Kind != CallerRoot {
		return Caller{}, fmt.Errorf("principal %q has no name", s)
	}
	return c, nil
}

// serviceLinked tells whether the caller is a service-linked role: its path is
// reserved (id_roles_create-service-linked-role). The ARN of a session has no
// path, so that of one whose role has such a name it is not known.
func (c *Caller) serviceLinked() Truth {
	switch c.Kind {
	case CallerRole:
		return TruthOf(strings.HasPrefix(c.Path, "/aws-service-role/"))
	case CallerSession:
		if strings.HasPrefix(c.Name, "AWSServiceRoleFor") {
			return Unknown
		}
	}
	return False
}

// roleSession tells whether the caller is a session of a role.
func (c *Caller) roleSession() bool { return c.Kind == CallerRole || c.Kind == CallerSession }

// inAccount tells whether the caller is an identity of an account, which the
// account's policies and SCPs bind.
func (c *Caller) inAccount() bool {
	switch c.Kind {
	case CallerRole, CallerSession, CallerUser, CallerFederatedUser, CallerRoot:
		return true
	default:
		return false
	}
}
