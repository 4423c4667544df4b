package expected

import (
	"github.com/iamcheck/iamcheck/internal/config"
)

// newHop makes a Hop of one of config's.
func newHop(h config.Hop) *Hop {
	return &Hop{
		Caller: h.Caller, Target: h.Target, ExternalID: h.ExternalID,
		SessionTags: h.SessionTags, DBUser: h.DBUser,
	}
}

// assumeRequirements are those of the hop from the agent to assume_role_arn;
// none where there is no such hop.
func (s *subject) assumeRequirements() []Requirement {
	if s.chain.Assume == nil {
		return nil
	}
	hop := newHop(*s.chain.Assume)
	var out []Requirement
	for _, e := range hopEntries() {
		out = append(out, s.hopRequirement(e, hop))
	}
	return out
}

// trustRequirements are the trust side of the hop to a database role. Its
// identity side is <type>/connect-iam-role.
func (s *subject) trustRequirements(hop *Hop) []Requirement {
	var out []Requirement
	for _, e := range hopEntries() {
		if e.Holder == HopTarget {
			out = append(out, s.hopRequirement(e, hop))
		}
	}
	return out
}

func (s *subject) hopRequirement(e Entry, hop *Hop) Requirement {
	r := s.requirement(e)
	r.Principal, r.Resource, r.Action, r.Hop = hop.Caller, hop.Target, e.Actions[0], hop
	r.Account = accountOf(hop.Target, "")
	if e.Holder == HopTarget {
		r.Side = TrustSide
	}
	r.Need, r.Reason = hopNeed(e, hop)
	if r.Need != NotNeeded {
		r.Open = openAccount(hop)
	}
	return r
}

// openAccount is the name that stands open in the ARN of a role of which only
// the name is told, and no account.
func openAccount(hop *Hop) []string {
	if accountOf(hop.Target, "") == "" {
		return []string{nameAccount}
	}
	return nil
}

func hopNeed(e Entry, hop *Hop) (Need, string) {
	switch e.Rule {
	case WhereExternalID:
		if hop.ExternalID == "" {
			return Required, "Teleport sends no external ID with this hop, so the trust policy must ask for none"
		}
		return Required, "Teleport sends an external ID with this hop"
	case WhereSessionTags:
		switch {
		case len(hop.SessionTags) > 0:
			return Required, "Teleport sends aws.session_tags with this hop"
		case hop.DBUser == "":
			return NotNeeded, "Teleport sends session tags with the hop to a database role only"
		default:
			return NotNeeded, "no session tags are sent with this hop"
		}
	case Always:
		if hop.DBUser == "" {
			return Required, "the configuration names the role as assume_role_arn"
		}
		return Required, "users log in as this role"
	}
	return Required, "every hop needs it"
}

// roleRequirements are those of one database role: the hop to it, and what the
// role itself must hold.
func (s *subject) roleRequirements(h config.Hop) []Requirement {
	hop := newHop(h)
	var own []Requirement
	var out []Requirement
	for _, e := range of(s.typ) {
		switch e.Holder {
		case LastCaller:
			out = append(out, s.callerRequirement(e, hop, openAccount(hop)))
		case RoleOfUser:
			own = append(own, s.held(e, hop.Target, hop.SessionTags)...)
		}
	}
	out = append(out, s.trustRequirements(hop)...)
	return append(out, own...)
}

// unnamedRoleRequirements stand for the roles that users log in as where the
// configuration names none: what the caller and each such role need, open on
// db_users (design 5.9).
func (s *subject) unnamedRoleRequirements() []Requirement {
	// The hop that Teleport would make to a role, whatever its name.
	db := *s.db
	db.DBUsers = []string{"role/any"}
	hop := newHop(db.Chain(s.agent()).Users[0])
	hop.DBUser = ""
	hop.Target = fill("arn:{partition}:iam::{aws.account_id}:role/*", s.value)[0].resource
	open := append(openAccount(hop), nameUsers)
	var out []Requirement
	for _, e := range of(s.typ) {
		switch e.Holder {
		case LastCaller:
			out = append(out, s.callerRequirement(e, hop, open))
		case RoleOfUser:
			for _, r := range s.held(e, "", hop.SessionTags) {
				r.Open = append(r.Open, nameUsers)
				out = append(out, r)
			}
		}
	}
	return out
}

// callerRequirement is the identity side of the hop to a database role.
func (s *subject) callerRequirement(e Entry, hop *Hop, open []string) Requirement {
	r := s.requirement(e)
	r.Need, r.Reason = e.decide(s)
	r.Principal, r.Resource, r.Action = hop.Caller, hop.Target, e.Actions[0]
	r.Hop, r.Open = hop, open
	r.Account = accountOf(hop.Target, "")
	if r.Need == NotNeeded {
		r.Open = nil
	}
	return r
}

// accountOf returns the account field of an ARN, or otherwise where it has
// none or a pattern.
func accountOf(arn, otherwise string) string {
	a, ok := config.ParseARN(arn)
	if !ok || !config.IsAccountID(a.Account) {
		return otherwise
	}
	return a.Account
}
