package report

import (
	"io"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/expected"
)

// RequiredFormat is a way to write what is to be attached to identities.
type RequiredFormat struct {
	Name    string // as -f takes it
	Summary string // one clause
	Write   func(io.Writer, []expected.Attachment, Options) error
}

// RequiredFormats are the formats of `iamcheck required`, the default first.
func RequiredFormats() []RequiredFormat {
	return []RequiredFormat{
		{"table", "text for people, with the documents", writeRequiredTable},
		{"json", "documents and remarks for programs", writeRequiredJSON},
		{"terraform", "resources of the aws provider", writeRequiredTerraform},
		{"cloudformation", "one template, in JSON", writeRequiredCloudFormation},
		{"markdown", "for a ticket or a wiki", writeRequiredMarkdown},
	}
}

// attachmentTitle names an identity: "agent role teleport", "role of dynamodb
// users".
func attachmentTitle(a *expected.Attachment) string {
	if a.Principal == "" {
		return "each role that users of " + string(a.Type) + " log in as"
	}
	var kinds []string
	for _, k := range a.Kinds {
		kinds = append(kinds, k.String())
	}
	entity := "role"
	if a.User() {
		entity = "user"
	}
	title := strings.Join(kinds, ", ")
	if !strings.HasSuffix(title, entity) {
		title = strings.TrimSpace(title + " " + entity)
	}
	return title + " " + a.EntityName()
}

// identityTitle is the heading of the nth identity policy.
func identityTitle(a *expected.Attachment, n int) string {
	if a.Inline {
		return "inline policy " + a.Identity[n].Name
	}
	return "managed policy " + a.Identity[n].Name
}

// sameBoundary says whether a boundary must allow just what the one identity
// policy does.
func sameBoundary(a *expected.Attachment) bool {
	return a.Boundary != nil && !a.Wider && len(a.Identity) == 1
}

// statementNeed is "required" or "recommended".
func statementNeed(s *expected.PolicyStatement) string {
	if s.Recommended {
		return expected.Recommended.String()
	}
	return expected.Required.String()
}

// placeholderText says what to put in place of a placeholder.
func placeholderText(p expected.Placeholder) string {
	return "replace " + p.Text + " by " + p.Tell()
}

// accountsOf are the known accounts of the identities, in their order, and
// whether there are identities of which the account is not known.
func accountsOf(attachments []expected.Attachment) (accounts []string, unknown bool) {
	seen := map[string]bool{}
	for i := range attachments {
		account := attachments[i].Account()
		switch {
		case account == "":
			unknown = true
		case !seen[account]:
			seen[account] = true
			accounts = append(accounts, account)
		}
	}
	return accounts, unknown
}

// allPlaceholders are those of all attachments, each once, in the order of their
// texts.
func allPlaceholders(attachments []expected.Attachment) []expected.Placeholder {
	var out []expected.Placeholder
	for i := range attachments {
		for _, p := range attachments[i].Placeholders {
			if !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
	}
	return out
}
