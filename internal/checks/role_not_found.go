package checks

import (
	"fmt"
	"strings"
)

func roleNotFound() *Check {
	return &Check{
		ID:       "role-not-found",
		Title:    "a configured identity does not exist",
		Severity: High,
		Specific: true,
		Doc: Doc{
			What:     "An agent, an assumed role or a database role of the configuration is not in its account, though the account was read.",
			Why:      "Nothing that depends on it can work.",
			Mend:     "Correct the name (paths count: a bare database role name means the path \"/\"), or create the role.",
			Suppress: "While the role is still to be created.",
			Sources:  []string{"STS API reference, AssumeRole"},
		},
		Run: runRoleNotFound,
	}
}

func runRoleNotFound(p *Pass) {
	var findings gather[string]
	for _, id := range p.Identities() {
		if p.audit.presence(id.ARN) != absent {
			continue
		}
		f := findings.of(id.ARN, &RequirementVerdict{})
		*f = Finding{Principal: id.ARN, Position: id.Position, Databases: append(f.Databases, id.Databases...)}
		f.Message = fmt.Sprintf("the %s %s does not exist", id.Kind, id.ARN)
	}
	findings.each(func(arn string, f *Finding) {
		f.Message += p.suggest(arn)
		f.Databases = withoutEmpty(f.Databases)
		f.Fix = &Fix{Kind: "edit-configuration", Note: "correct the name in the configuration, or create the role"}
		verdicts := p.Verdicts()
		for i := range verdicts {
			v := &verdicts[i]
			if v.Status == Conditional && v.Hop != nil && v.Resource == arn {
				p.Claim(i, v.Layer) // what it turns on cannot be seen of a role that is not there
			}
			if v.Status == Missing && (v.Principal == arn || v.Hop != nil && v.Resource == arn) && len(v.Blocks) == 0 {
				f.Requirements = append(f.Requirements, v.ID)
			}
		}
		p.Report(*f)
	})
}

// suggest names the identities whose names are nearest.
func (p *Pass) suggest(arn string) string {
	near := p.Accounts().NearestRoles(arn, 3)
	if strings.Contains(arn, ":user/") {
		near = p.Accounts().NearestUsers(arn, 3)
	}
	if len(near) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(near, ", ")
}

func withoutEmpty(s []string) []string {
	out := s[:0]
	for _, x := range s {
		if x != "" {
			out = append(out, x)
		}
	}
	return out
}
