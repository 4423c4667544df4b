package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/policy"
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
			if p.hangsOn(i, arn) {
				f.Requirements = append(f.Requirements, v.ID)
			}
		}
		p.Report(*f)
	})
}

// hangsOn tells whether the verdict with index i is missing because an identity
// does not exist. That takes in the caller's sts:AssumeRole on it: whether the
// caller needs a statement of its own depends on a trust policy that is not there.
func (p *Pass) hangsOn(i int, arn string) bool {
	v := &p.Verdicts()[i]
	if v.Status != Missing {
		return false
	}
	if v.Hop != nil && v.Resource == arn && v.Side == expected.IdentitySide && v.lacks(policy.LayerIdentity) {
		return p.Claim(i, policy.LayerIdentity)
	}
	return len(v.Blocks) == 0 && (v.Principal == arn || v.Hop != nil && v.Resource == arn)
}

// suggest names the identities whose names are nearest: first those of the same
// name under another path, since a name that Teleport is given without its path
// means the path "/".
func (p *Pass) suggest(arn string) string {
	name := arn[strings.LastIndexByte(arn, '/')+1:]
	var near []string
	if strings.Contains(arn, ":user/") {
		for _, u := range p.Accounts().UsersByName(name) {
			near = append(near, u.ARN)
		}
		near = append(near, p.Accounts().NearestUsers(arn, 3)...)
	} else {
		for _, r := range p.Accounts().RolesByName(name) {
			near = append(near, r.ARN)
		}
		near = append(near, p.Accounts().NearestRoles(arn, 3)...)
	}
	near = distinct(near)
	if len(near) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(near, ", ")
}

// distinct keeps the first of each.
func distinct[T comparable](s []T) []T {
	var out []T
	for _, x := range s {
		if !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out
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
