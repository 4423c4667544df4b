package expected

import (
	"errors"
	"fmt"
	"strings"

	"github.com/iamcheck/iamcheck/internal/config"
)

// Defaults fill what a configuration leaves to its surroundings. They apply to
// agents whose ARN is not known; an agent's ARN always wins.
type Defaults struct {
	Account   string // twelve digits; "" not known, then "*" stands for it
	Partition string // "" is "aws"
}

// For derives what every database of t needs of IAM, of which identity, in the
// order of the configuration: agents, their databases, the chain of each (the
// hop to assume_role_arn, the service identity's own statements in the
// catalogue's order, then each database role), then the agent's discovery.
// There is one requirement per (database, id, action, resource, principal,
// side); a requirement that is not needed has one for all its actions.
//
// The identities are all that the configuration names, in the order in which
// they are met. For fails where the configuration asks for what Teleport does
// not do: discovery of DynamoDB or Keyspaces (design 5.12), a login that it
// builds no role's ARN from, a database without a type, an agent without a name.
func For(t *config.Target, d Defaults) ([]Requirement, []Identity, error) {
	var l list
	for i := range t.Agents {
		agent := &t.Agents[i]
		arn, err := agentARN(agent, d)
		if err != nil {
			l.fail(agent.Position, err)
			continue
		}
		l.identity(Identity{
			ARN: arn, Kind: Agent, Position: agent.Position,
			Discovers: agent.Discovery != nil && len(agent.Discovery.Matchers) > 0,
		}, "", "")
		for j := range agent.Databases {
			l.database(&agent.Databases[j], arn)
		}
		if agent.Discovery != nil {
			l.discovery(agent.Discovery, arn)
		}
	}
	if len(l.errs) > 0 {
		return nil, nil, errors.Join(l.errs...)
	}
	return l.requirements, l.sortedIdentities(), nil
}

// agentARN is the agent's ARN, built of its name and the defaults where it was
// not looked up in an account.
func agentARN(a *config.Agent, d Defaults) (string, error) {
	if a.ARN != "" {
		return a.ARN, nil
	}
	kind, name := "role/", a.Role
	if name == "" {
		kind, name = "user/", a.User
	}
	if name == "" {
		return "", errors.New("an agent names neither a role nor a user")
	}
	if strings.HasPrefix(name, "arn:") {
		return name, nil
	}
	arn := config.ARN{Partition: d.Partition, Service: "iam", Account: d.Account, Resource: kind + strings.TrimPrefix(name, "/")}
	if arn.Partition == "" {
		arn.Partition = "aws"
	}
	if arn.Account == "" {
		arn.Account = "*"
	}
	return arn.String(), nil
}

// list gathers requirements and identities, each once.
type list struct {
	requirements []Requirement
	seen         map[string]bool
	identities   []*Identity
	errs         []error
}

func (l *list) fail(p config.Position, err error) {
	if place := p.String(); place != "" {
		err = fmt.Errorf("%s: %w", place, err)
	}
	l.errs = append(l.errs, err)
}

// add appends requirements that are not there yet. What differs in the hop or
// the region is another requirement: two databases may bear one name.
func (l *list) add(requirements []Requirement) {
	if l.seen == nil {
		l.seen = map[string]bool{}
	}
	for _, r := range requirements {
		external := ""
		if r.Hop != nil {
			external = r.Hop.ExternalID
		}
		key := strings.Join([]string{
			r.Database, r.ID, r.Action, r.Resource, r.Principal, r.Side.String(),
			r.Region, external, r.Need.String(), strings.Join(r.Open, " "),
		}, "\x00")
		if l.seen[key] {
			continue
		}
		l.seen[key] = true
		l.requirements = append(l.requirements, r)
	}
}

func (l *list) database(db *config.Database, agent string) {
	s := databaseSubject(db, agent)
	if len(of(db.Type)) == 0 {
		l.fail(db.Position, fmt.Errorf("database %q: no requirements are known for the type %q", db.Name, db.Type))
		return
	}
	for _, refused := range s.chain.Refused {
		l.fail(db.Position, fmt.Errorf("database %q: db_user %q: %s", db.Name, refused.DBUser, refused.Reason))
	}
	l.chain(s, agent)
	l.add(s.assumeRequirements())
	for _, e := range of(s.typ) {
		switch {
		case e.Holder == ServiceIdentity:
			l.add(s.held(e, s.chain.Service, nil))
		case len(s.chain.Users) == 0 && !s.rolesUnnamed():
			// Roles are one way to log in to this type, and nobody takes it.
			l.add([]Requirement{s.notNeeded(e)})
		}
	}
	for _, hop := range s.chain.Users {
		l.add(s.roleRequirements(hop))
		l.identity(Identity{ARN: hop.Target, Kind: DatabaseRole, Callers: []string{hop.Caller}, Position: db.Position}, s.label, s.typ)
	}
	if s.rolesUnnamed() {
		l.add(s.unnamedRoleRequirements())
	}
}

// chain notes the identities that act for s, up to the service identity.
func (l *list) chain(s *subject, agent string) {
	l.identity(Identity{ARN: agent, Kind: Agent, Position: s.position}, s.label, s.typ)
	if s.chain.Assume != nil {
		l.identity(Identity{
			ARN: s.chain.Assume.Target, Kind: AssumedRole, Callers: []string{agent},
			Discovers: s.matcher != nil, Position: s.position,
		}, s.label, s.typ)
	}
}

// agent is the ARN that the chain starts from.
func (s *subject) agent() string {
	if s.chain.Assume != nil {
		return s.chain.Assume.Caller
	}
	return s.chain.Service
}

// held are the requirements of an entry that holder must hold, one per action
// and resource; a single one where it is not needed.
func (s *subject) held(e Entry, holder string, sessionTags map[string]string) []Requirement {
	need, reason := e.decide(s)
	if need == NotNeeded {
		r := s.notNeeded(e)
		r.Principal = holder
		return []Requirement{r}
	}
	var out []Requirement
	for _, action := range e.Actions {
		for _, template := range e.Resources {
			for _, f := range fill(template, s.value) {
				r := s.requirement(e)
				r.Need, r.Reason, r.Principal, r.Action = need, reason, holder, action
				r.Resource, r.Open, r.SessionTags = f.resource, f.open, sessionTags
				r.Account = accountOf(f.resource, r.Account)
				if e.AnyOf {
					r.AnyOf = strings.Join([]string{e.ID, s.label, holder}, " ")
				}
				out = append(out, r)
			}
		}
	}
	return out
}

// notNeeded is the one entry of a statement that s has no use for.
func (s *subject) notNeeded(e Entry) Requirement {
	r := s.requirement(e)
	r.Need, r.Reason = e.decide(s)
	r.Principal, r.Action, r.Resource = s.chain.Service, e.Actions[0], "*"
	if e.Holder == RoleOfUser {
		r.Principal = ""
	}
	return r
}

// requirement is what all requirements of an entry for s have in common.
func (s *subject) requirement(e Entry) Requirement {
	r := Requirement{
		ID: e.ID, SID: e.SID, Database: s.label, Type: s.typ, Purpose: e.Purpose,
		Metadata: e.Metadata, Account: s.account, Position: s.position, Region: s.db.AWS.Region,
	}
	for _, template := range e.Printed {
		for _, f := range fill(template, s.value) {
			r.Printed = append(r.Printed, f.resource)
		}
	}
	return r
}
