package checks

import (
	"fmt"
	"strings"

	"github.com/iamcheck/iamcheck/internal/policy"
)

// nearMiss is a statement that would allow a requirement, were it not for
// conditions that do not hold.
type nearMiss struct {
	at   policy.Citation // Policy "" for none
	keys string          // of those conditions, with commas between
}

// nearMiss finds the first grant of the holder of the verdict that misses it by
// its conditions alone.
func (p *Pass) nearMiss(v *RequirementVerdict) nearMiss {
	need := policy.RequestPattern(v.Resource)
	for _, g := range p.grants(v.Principal) {
		if !g.statement.Actions.Match(v.Action) || !reaches(g.statement, need) {
			continue
		}
		if keys := p.failing(g.statement, v); len(keys) > 0 {
			return nearMiss{g.cite(), strings.Join(keys, ", ")}
		}
	}
	return nearMiss{}
}

// reaches tells whether a resource pattern of a statement meets a resource.
func reaches(st *policy.Statement, need policy.Pattern) bool {
	for i := range st.Resources.Patterns {
		if policy.CompilePattern(withoutVariables(st.Resources.Patterns[i].Raw)).Intersects(need) {
			return !st.Resources.Not
		}
	}
	return st.Resources.Not
}

// failing are the keys of a statement's conditions that do not hold in the
// request of a requirement.
func (p *Pass) failing(st *policy.Statement, v *RequirementVerdict) []string {
	ctx := p.audit.requestContext(&v.Requirement)
	var keys []string
	for i := range st.Conditions {
		if c := &st.Conditions[i]; c.Test(ctx).Truth == policy.False {
			keys = append(keys, c.Key)
		}
	}
	return sortedSet(keys)
}

// String completes a message that says what is not allowed.
func (n nearMiss) String() string {
	if n.at.Policy == "" {
		return ""
	}
	return fmt.Sprintf("; %s would allow it, but its condition on %s does not hold", describe(n.at), n.keys)
}
