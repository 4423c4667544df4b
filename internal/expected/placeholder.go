package expected

import (
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/config"
)

// Placeholder is a text that somebody has to replace in a policy before it is
// attached: IAM refuses it, or it matches nothing.
type Placeholder struct {
	Text string // "<ACCOUNT_ID>"; no name in an ARN can hold "<"
	Name string // what the configuration would call it: "aws.account_id"
}

const (
	accountPlaceholder = "<ACCOUNT_ID>"
	keyPlaceholder     = "<KMS_KEY_ID>"
)

// rolePlaceholder stands for a role that users of a type log in as.
func rolePlaceholder(t config.Type) string {
	return "<" + strings.ToUpper(strings.ReplaceAll(string(t), "-", "_")) + "_ROLE>"
}

// Tell says what to put in place of the placeholder.
func (p Placeholder) Tell() string {
	switch p.Name {
	case nameAccount:
		return "the agent's account, which --account or an ARN tells"
	case nameKMSKey:
		return "the ID of the key behind the configured alias, which `aws kms describe-key` tells"
	default:
		return "the name of a role that users log in as; list the roles in db_users or --db-role, or put the output of `tctl get roles` beside the configuration"
	}
}

// Placeholders are those of the statement, sorted.
func (s *PolicyStatement) Placeholders() []Placeholder {
	var out []Placeholder
	for _, arn := range slices.Concat(s.Resources, s.Principals) {
		out = append(out, placeholdersOf(arn)...)
	}
	return sortedPlaceholders(out)
}

func sortedPlaceholders(out []Placeholder) []Placeholder {
	slices.SortFunc(out, func(a, b Placeholder) int { return strings.Compare(a.Text, b.Text) })
	return slices.Compact(out)
}

// placeholdersOf looks into the ARNs of roles and keys only: elsewhere a login
// may hold any text.
func placeholdersOf(s string) []Placeholder {
	arn, ok := config.ParseARN(s)
	if !ok || arn.Service != "iam" && arn.Service != "kms" {
		return nil
	}
	var out []Placeholder
	if arn.Account == accountPlaceholder {
		out = append(out, Placeholder{Text: accountPlaceholder, Name: nameAccount})
	}
	_, name, _ := strings.Cut(arn.Resource, "/")
	switch {
	case name == keyPlaceholder:
		out = append(out, Placeholder{Text: name, Name: nameKMSKey})
	case strings.HasPrefix(name, "<"):
		out = append(out, Placeholder{Text: name, Name: nameUsers})
	}
	return out
}

// toAttach is the requirement's resource as a policy holds it.
func (r Requirement) toAttach() string {
	switch {
	case r.Hop != nil && slices.Contains(r.Open, nameUsers):
		arn, _ := config.ParseARN(placedRole(r.Resource))
		arn.Resource = "role/" + rolePlaceholder(r.Type)
		return arn.String()
	case r.Hop != nil:
		return placedRole(r.Resource)
	case slices.Contains(r.Open, nameKMSKey):
		arn, _ := config.ParseARN(r.Resource)
		arn.Resource = "key/" + keyPlaceholder
		return arn.String()
	default:
		return r.Resource
	}
}

// placedRole is a role's or user's ARN with a placeholder for an account that is
// not known.
func placedRole(s string) string {
	arn, ok := config.ParseARN(s)
	if !ok || arn.Service != "iam" || arn.Account != "*" {
		return s
	}
	arn.Account = accountPlaceholder
	return arn.String()
}
