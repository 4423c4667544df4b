package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/iamdata"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// who is the principal of a question.
type who struct {
	caller policy.Caller
	shown  string // the caller's ARN: the session's where there is one
	arn    string // of the role or user that it is
	id     string // AROA… or AIDA…; "" where not known
}

// who finds the principal of a question.
func (k knowledge) who(q *Question) (who, error) {
	w := who{shown: q.Principal}
	if !strings.HasPrefix(q.Principal, "arn:") {
		found, err := k.named(q.Principal)
		if err != nil {
			return who{}, err
		}
		w.shown = found
	}
	var err error
	if w.caller, err = policy.ParseCaller(w.shown); err != nil {
		return who{}, err
	}
	w.arn = w.shown
	switch w.caller.Kind {
	case policy.CallerSession:
		err = k.ofSession(&w, q)
	case policy.CallerRole:
		err = k.inSession(&w, q)
	case policy.CallerFederatedUser:
		err = fmt.Errorf("principal %q is a federated user, whose session policies are not known to IAM", q.Principal)
	default:
		if q.Session != "" || len(q.Tags) > 0 {
			err = fmt.Errorf("principal %q is no role; only a role's session has a name and tags", q.Principal)
		}
	}
	if err == nil && k.accounts.Absent(w.arn) {
		err = k.noSuch(w.arn, w.kind())
	}
	if role := k.accounts.RoleByARN(w.arn); role != nil {
		w.id = role.ID
	} else if user := k.accounts.UserByARN(w.arn); user != nil {
		w.id = user.ID
	}
	return w, err
}

// kind is the word for what a policy is attached to.
func (w *who) kind() string {
	if w.caller.Kind == policy.CallerUser {
		return "user"
	}
	return "role"
}

// named finds a principal by name: a role or user, or a service.
func (k knowledge) named(name string) (string, error) {
	var found []string
	for _, r := range rolesNamed(k.accounts, name) {
		found = append(found, r.ARN)
	}
	users := k.accounts.UsersByName(name)
	if bare, ok := strings.CutPrefix(name, "user/"); ok && len(users) == 0 {
		users = k.accounts.UsersByName(bare)
	}
	for _, u := range users {
		found = append(found, u.ARN)
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return "", fmt.Errorf("principal %q is ambiguous: %s; name the one that is meant by its ARN", name, strings.Join(found, ", "))
	case strings.HasSuffix(name, ".amazonaws.com") || strings.HasSuffix(name, ".amazonaws.com.cn"):
		return name, nil
	default:
		return "", k.noSuch(name, "role or user")
	}
}

// rolesNamed are the roles that a name means; "role/NAME", as in an ARN, is
// taken too.
func rolesNamed(accounts account.Accounts, name string) []*account.Role {
	found := accounts.RolesByName(name)
	if bare, ok := strings.CutPrefix(name, "role/"); ok && len(found) == 0 {
		found = accounts.RolesByName(bare)
	}
	return found
}

// noSuch is the error for a name or ARN that nothing has; kind is "role", "user"
// or "role or user".
func (k knowledge) noSuch(asked, kind string) error {
	var near []string
	if kind != "user" {
		near = k.accounts.NearestRoles(asked, 3)
	}
	if kind != "role" {
		near = append(near, k.accounts.NearestUsers(asked, 3)...)
	}
	if len(near) == 0 {
		return fmt.Errorf("there is no %s %q in what was read", kind, asked)
	}
	return fmt.Errorf("there is no %s %q in what was read; did you mean %s?", kind, asked, strings.Join(near, ", "))
}

// ofSession finds the role that a session is of: its ARN has no path, but names
// are unique in an account (reference_identifiers).
func (k knowledge) ofSession(w *who, q *Question) error {
	if q.Session != "" && q.Session != w.caller.Session {
		return fmt.Errorf("principal %q is the session %q, not %q", q.Principal, w.caller.Session, q.Session)
	}
	w.arn = "arn:" + w.caller.Partition + ":iam::" + w.caller.Account + ":role/" + w.caller.Name
	// An account's id says nothing in another partition.
	if s := k.accounts.Account(w.caller.Account); s != nil && (s.Partition == w.caller.Partition || s.Partition == "") {
		if found := (account.Accounts{s}).RolesByName(w.caller.Name); len(found) == 1 {
			w.arn = found[0].ARN
		}
	}
	return nil
}

// inSession names the session of a role.
func (k knowledge) inSession(w *who, q *Question) error {
	if q.Session == "" {
		return nil
	}
	session := "arn:" + w.caller.Partition + ":sts::" + w.caller.Account + ":assumed-role/" + w.caller.Name + "/" + q.Session
	if !sessionName(q.Session) {
		return fmt.Errorf("session %q is no name of a session: 2 to 64 letters, digits and _+=,.@-", q.Session)
	}
	caller, err := policy.ParseCaller(session)
	if err == nil {
		w.caller, w.shown = caller, session
	}
	return err
}

// sessionName: the characters and length that STS takes (API_AssumeRole).
func sessionName(s string) bool {
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("_+=,.@-", r) {
			return false
		}
	}
	return len(s) >= 2 && len(s) <= 64
}

// setIDs sets what the caller's unique id and session tell: aws:userid is
// "AROA…:session" for a role's session (reference_policies_variables).
func (w *who) setIDs(c *policy.Context) {
	if w.caller.Kind == policy.CallerSession && w.id != "" {
		c.Set("aws:userid", w.id+":"+w.caller.Session)
	}
	if w.caller.Kind == policy.CallerUser && w.id != "" {
		c.Set("aws:userid", w.id)
	}
}

// resource is the resource of a question, a role's name turned into its ARN.
func (k knowledge) resource(q *Question) (string, error) {
	switch {
	case q.Resource == "*" || strings.HasPrefix(q.Resource, "arn:"):
		if fields, _ := splitARN(q.Resource); fields == nil && !policy.HasWildcard(q.Resource) {
			return "", fmt.Errorf("resource %q is not an ARN of the form arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE", q.Resource)
		}
		return q.Resource, nil
	case !actsOnRoles(q.Action):
		return "", fmt.Errorf("resource %q is neither an ARN, a pattern of ARNs, nor \"*\"", q.Resource)
	}
	found := rolesNamed(k.accounts, q.Resource)
	switch len(found) {
	case 1:
		return found[0].ARN, nil
	case 0:
		return "", k.noSuch(q.Resource, "role")
	}
	var arns []string
	for _, r := range found {
		arns = append(arns, r.ARN)
	}
	return "", fmt.Errorf("resource %q is ambiguous: %s; name the one that is meant by its ARN", q.Resource, strings.Join(arns, ", "))
}

// actsOnRoles tells of actions whose resource may be a role.
func actsOnRoles(action string) bool {
	a, ok := iamdata.Lookup(action)
	return judgedByTrust(action) || ok && slices.ContainsFunc(a.Resources, func(r iamdata.ResourceType) bool {
		return r.Name == "role" && slices.ContainsFunc(r.ARNs, func(arn string) bool { return strings.Contains(arn, ":iam:") })
	})
}

// isRole tells whether an ARN is a role's, or a pattern of such.
func isRole(arn string) bool {
	fields, resource := splitARN(arn)
	return len(fields) > 2 && fields[2] == "iam" && strings.HasPrefix(resource, "role/")
}

// judgedByTrust tells of the actions that a role's trust policy decides
// (API_AssumeRole, id_session-tags).
func judgedByTrust(action string) bool {
	name, ok := strings.CutPrefix(strings.ToLower(action), "sts:")
	return ok && (strings.HasPrefix(name, "assumerole") || name == "tagsession" || name == "setsourceidentity")
}

// Names are the roles and users that must be read to answer the question, as a
// live read takes them: a bare principal may be either.
func (q *Question) Names() (roles, users []string) {
	caller, err := policy.ParseCaller(q.Principal)
	switch {
	case err == nil && caller.Kind == policy.CallerRole:
		roles = append(roles, q.Principal)
	case err == nil && caller.Kind == policy.CallerUser:
		users = append(users, q.Principal)
	case err == nil && caller.Kind == policy.CallerSession:
		roles = append(roles, caller.Name)
	case err == nil && caller.Kind != policy.CallerService, strings.HasPrefix(q.Principal, "arn:"):
	case strings.HasSuffix(q.Principal, ".amazonaws.com"), strings.HasSuffix(q.Principal, ".amazonaws.com.cn"):
	case strings.HasPrefix(q.Principal, "user/"):
		users = append(users, strings.TrimPrefix(q.Principal, "user/"))
	default:
		name := strings.TrimPrefix(q.Principal, "role/")
		roles, users = append(roles, name), append(users, name)
	}
	switch bare := !strings.HasPrefix(q.Resource, "arn:"); {
	case policy.HasWildcard(q.Resource):
	case bare && actsOnRoles(q.Action):
		roles = append(roles, strings.TrimPrefix(q.Resource, "role/"))
	case isRole(q.Resource):
		roles = append(roles, q.Resource)
	}
	return roles, users
}
