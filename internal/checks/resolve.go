package checks

import (
	"fmt"
	"strings"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/config"
)

// Resolve sets the ARN of every agent of the target from the accounts: a bare
// name is looked up whatever its path, and two matches are an error (design
// 5.16). An agent that no account has gets the ARN that its name would have, so
// that it can be reported as not found.
func Resolve(t *config.Target, accounts account.Accounts) error {
	for i := range t.Agents {
		a := &t.Agents[i]
		arn, err := resolveAgent(a, accounts)
		if err != nil {
			return err
		}
		a.ARN = arn
	}
	return nil
}

func resolveAgent(a *config.Agent, accounts account.Accounts) (string, error) {
	kind, name := "role", a.Role
	if a.User != "" {
		kind, name = "user", a.User
	}
	if strings.HasPrefix(name, "arn:") {
		return name, nil
	}
	var found []string
	if kind == "role" {
		for _, r := range accounts.RolesByName(name) {
			found = append(found, r.ARN)
		}
	} else {
		for _, u := range accounts.UsersByName(name) {
			found = append(found, u.ARN)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return "", fmt.Errorf("%s %q is ambiguous: %s; name the one that is meant by its ARN", kind, name, strings.Join(found, ", "))
	case len(accounts) == 1 && accounts[0].Account != "":
		s := accounts[0]
		return fmt.Sprintf("arn:%s:iam::%s:%s/%s", s.Partition, s.Account, kind, strings.TrimPrefix(name, "/")), nil
	default:
		return "", fmt.Errorf("%s %q is in none of the %d accounts that were read; name it by its ARN", kind, name, len(accounts))
	}
}
