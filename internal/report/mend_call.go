package report

import (
	"encoding/json"
	"strings"

	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/config"
)

// call is one call of IAM that makes a part of a change. iamcheck makes none of
// them; it tells people which to make.
type call struct {
	Action string   `json:"action"`    // "iam:PutRolePolicy"
	Args   []string `json:"arguments"` // of `aws iam`, the document as text
}

// callsOf are the calls that change one document; nil where a name is none that
// IAM gives, which no call takes.
func callsOf(d *checks.MendedDocument) []call {
	kind, name := entityOf(d)
	owner := "--" + kind + "-name"
	arn, managed := config.ParseARN(d.Policy)
	switch {
	case kind != "role" && kind != "user" || !isIAMName(name):
		return nil
	case !isIAMName(policyName(d)) && d.Kind != "trust" || d.Kind == "managed" && (!managed || !isIAMName(strings.ReplaceAll(arn.Resource, "/", ""))):
		return nil
	}
	text := string(callText(d.After))
	entity := strings.ToUpper(kind[:1]) + kind[1:]
	switch {
	case d.Kind == "trust":
		return []call{{"iam:UpdateAssumeRolePolicy", []string{"update-assume-role-policy", "--role-name", name, "--policy-document", text}}}
	case d.Kind == "inline" && d.After == nil:
		return []call{{"iam:Delete" + entity + "Policy", []string{"delete-" + kind + "-policy", owner, name, "--policy-name", d.Policy}}}
	case d.Kind == "inline":
		return []call{{"iam:Put" + entity + "Policy", []string{"put-" + kind + "-policy", owner, name, "--policy-name", d.Policy, "--policy-document", text}}}
	case d.Detach:
		return []call{{"iam:Detach" + entity + "Policy", []string{"detach-" + kind + "-policy", owner, name, "--policy-arn", d.Policy}}}
	case d.Attach:
		return []call{
			{"iam:CreatePolicy", []string{"create-policy", "--policy-name", policyName(d), "--policy-document", text}},
			{"iam:Attach" + entity + "Policy", []string{"attach-" + kind + "-policy", owner, name, "--policy-arn", d.Policy}},
		}
	default:
		return []call{{"iam:CreatePolicyVersion", []string{"create-policy-version", "--policy-arn", d.Policy, "--policy-document", text, "--set-as-default"}}}
	}
}

// isIAMName tells a name as IAM gives them to roles, users and policies: word
// characters and "+=,.@-" (reference_iam-quotas, "IAM name requirements").
func isIAMName(s string) bool {
	return s != "" && len(s) <= 1024 && !strings.ContainsFunc(s, func(r rune) bool {
		word := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_'
		return !word && !strings.ContainsRune("+=,.@-", r)
	})
}

// callText is a document as the calls take it: indented as it is shown; runes
// that a terminal would obey are escaped.
func callText(text []byte) []byte {
	if text == nil || !json.Valid(text) {
		return nil
	}
	return []byte(strings.TrimRight(string(escapeJSON(text, false)), "\n"))
}
