package checks

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/iamcheck/iamcheck/internal/policy"
)

// Decoded fills in what a decoded authorization message tells
// (API_DecodeAuthorizationMessage). What the refusal itself told stays.
func (d *Denial) Decoded(text []byte) error {
	var message struct {
		ExplicitDeny bool
		Context      struct {
			Principal        struct{ ARN string }
			Action, Resource string
		}
	}
	if err := json.Unmarshal(text, &message); err != nil {
		return errors.New("what AWS decoded is not of the documented form")
	}
	c := message.Context
	if d.Principal == "" && strings.HasPrefix(c.Principal.ARN, "arn:") {
		d.Principal = c.Principal.ARN
	}
	if d.Action == "" {
		d.Action = action(c.Action)
	}
	if d.Resource == "" && (c.Resource == "*" || strings.HasPrefix(c.Resource, "arn:")) {
		d.Resource = c.Resource
	}
	d.Explicit = d.Explicit || message.ExplicitDeny
	return nil
}

// Names are the roles and users that the refusals name, as a live read takes
// them; none of a nil Reading.
func (r *Reading) Names() (roles, users []string) {
	if r == nil {
		return nil, nil
	}
	for i := range r.Clues {
		c := &r.Clues[i]
		roles = append(roles, c.Roles...)
		if c.Denial == nil {
			continue
		}
		for _, arn := range []string{identityOf(c.Denial.Principal), c.Denial.Resource} {
			caller, err := policy.ParseCaller(arn)
			switch {
			case err != nil:
			case caller.Kind == policy.CallerRole && arn == c.Denial.Resource:
				roles = append(roles, arn)
			case caller.Kind == policy.CallerRole: // a session's ARN tells no path
				roles = append(roles, caller.Name)
			case caller.Kind == policy.CallerUser:
				users = append(users, arn)
			}
		}
	}
	return sortedSet(roles), sortedSet(users)
}
