package checks

import (
	"strings"

	"github.com/iamcheck/iamcheck/internal/policy"
)

// detach is the fix for a policy that AWS keeps, which nobody else can edit:
// what is needed of it goes into a policy of one's own.
func (s *subject) detach(source *policy.Source) *Fix {
	fix := &Fix{Kind: "remove-statement", Note: "detach " + source.Name}
	var parts []part
	seen := map[string]bool{}
	for _, a := range s.grants {
		if a.source.Name != source.Name {
			continue
		}
		for _, part := range a.parts(nil) {
			if text := string(indented(part)); !seen[text] {
				seen[text] = true
				parts = append(parts, part)
			}
		}
	}
	if len(parts) > 0 {
		fix.Kind = "replace-statement"
		fix.Note += " and attach this in its place"
		fix.Document = indented(struct {
			Version   string `json:"Version"`
			Statement []part `json:"Statement"`
		}{"2012-10-17", withoutSIDs(parts)})
	}
	return fix
}

// withoutSIDs drops Sids that stand twice: they must be unique in a policy.
func withoutSIDs(parts []part) []part {
	seen := map[string]bool{}
	for i := range parts {
		if sid := strings.ToLower(parts[i].SID); seen[sid] {
			parts[i].SID = ""
		} else {
			seen[sid] = true
		}
	}
	return parts
}
