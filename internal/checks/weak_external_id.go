package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/policy"
)

func weakExternalID() *Check {
	return &Check{
		ID:       "weak-external-id",
		Title:    "the external ID can be guessed",
		Severity: Medium,
		Doc: Doc{
			What: "A trust policy asks for an sts:ExternalId that is a placeholder of documentation, holds a wildcard that counts, is shorter than eight characters, " +
				"is one character over and over, or is an account id or the name of the role or of its caller.",
			Why:      "The external ID tells the call that is meant from one that somebody else had made. Who can guess it passes for the right one.",
			Mend:     "Generate a random value, for example a UUID, and set it in the trust policy and as external_id in Teleport.",
			Suppress: "When only identities of your own are trusted, so that the external ID is no safeguard.",
			Sources:  []string{"id_roles_common-scenarios_third-party", "confused-deputy", "Teleport, external_id"},
		},
		Run: runWeakExternalID,
	}
}

// placeholderIDs are placeholders of AWS's and Teleport's documentation and of common tools, in
// lower case.
var placeholderIDs = []string{
	"12345", "123456", "1234567890", "changeme", "example", "example-external-id", "exampleexternalid", "external-id", "external_id", "externalid",
	"my-external-id", "myexternalid", "placeholder", "secret", "teleport", "teleport-external-id", "test", "unique-id", "uniqueid", "uniqueidassignedbyexamplecorp",
	"unique-id-assigned-by-example-corp", "your-external-id", "your_external_id",
}

// leastExternalID is how long an external ID must be not to be tried out. AWS
// itself takes two characters (STS API reference, AssumeRole).
const leastExternalID = 8

func runWeakExternalID(p *Pass) {
	for _, o := range p.openings() {
		for i := range o.statement.Conditions {
			c := &o.statement.Conditions[i]
			fact, ok := c.Operator.Fact()
			if !ok || fact.Negated || fact.Family != policy.FamilyString || !strings.EqualFold(c.Key, externalKey) {
				continue
			}
			p.externalID(o, c, fact)
		}
	}
}

func (p *Pass) externalID(o opening, c *policy.Condition, fact policy.OperatorFact) {
	var weak, why []string
	for _, v := range c.Values {
		if reason := weakness(o, v.Raw, fact.Wildcards); reason != "" {
			weak, why = append(weak, v.Raw), append(why, reason)
		}
	}
	if len(weak) == 0 {
		return
	}
	f := p.finding(o.paper, o.statement)
	f.Resources = weak
	f.Message = fmt.Sprintf("the external ID %q %s", shorten(weak[0]), why[0])
	if len(weak) > 1 {
		f.Message += fmt.Sprintf(", and so do %d more", len(weak)-1)
	}
	f.Fix = &Fix{Kind: "edit-trust", Note: "generate a random value, and set it in the trust policy and as external_id in the configuration"}
	p.Report(f)
}

// weakness says what is wrong with an external ID, "" for nothing.
func weakness(o opening, id string, wildcards bool) string {
	lower := strings.ToLower(id)
	switch {
	case wildcards && policy.HasWildcard(id):
		return "has a wildcard, so that many values will do"
	case slices.Contains(placeholderIDs, strings.Trim(lower, "<>{}[]$")):
		return "is a placeholder of documentation"
	case accountOf(id) == id && id != "":
		return "is an account id, which is no secret"
	case namesOf(o)[lower]:
		return "is the name of the role or of its caller, which is no secret"
	case len(id) < leastExternalID:
		return fmt.Sprintf("has %d characters, which can be tried out", len(id))
	case strings.Trim(id, id[:1]) == "":
		return "is one character over and over"
	}
	return ""
}

// namesOf are the names of a role and of those whom the configuration lets
// assume it, in lower case.
func namesOf(o opening) map[string]bool {
	names := map[string]bool{}
	for _, arn := range append([]string{o.party.arn}, o.party.callers...) {
		if who, err := policy.ParseCaller(arn); err == nil {
			names[strings.ToLower(who.Name)], names[strings.ToLower(arn)] = true, true
		}
	}
	return names
}
