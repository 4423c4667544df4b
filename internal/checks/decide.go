package checks

import (
	"fmt"
	"slices"

	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// decideOnce asks what several databases ask for in the same words once.
func (a *audit) decideOnce(r *expected.Requirement, req *policy.Request, layers *policy.Policies) *policy.Verdict {
	// All that identityQuestion, requestContext and refined read of it.
	key := fmt.Sprintf("%q", []any{r.Principal, r.Action, r.Resource, r.Account, r.Region, r.SessionTags, refined(r)})
	if known, ok := a.answers[key]; ok {
		return known
	}
	if a.answers == nil {
		a.answers = map[string]*policy.Verdict{}
	}
	answer := decideEach(a.decide, req, layers, refined(r))
	a.answers[key] = answer
	return answer
}

// decideAll asks about several resources as one, each with the budget of a
// question of its own.
func decideAll(req *policy.Request, layers *policy.Policies, resources []string) *policy.Verdict {
	return decideEach(policy.Decide, req, layers, resources)
}

// decideEach asks about several resources as one: all must be allowed. Of the
// answers the worst speaks, with what the others allow taken into account.
func decideEach(decide func(*policy.Request, *policy.Policies) policy.Verdict, req *policy.Request, layers *policy.Policies, resources []string) *policy.Verdict {
	var worst *policy.Verdict
	var because []policy.Citation
	some, maybe := false, false
	for _, resource := range resources {
		asked := *req
		asked.Resource = resource
		answer := decide(&asked, layers)
		because = distinct(append(because, answer.Because...))
		some = some || answer.Coverage == policy.CoverageAll || answer.Coverage == policy.CoveragePart
		maybe = maybe || answer.MayCover == policy.CoverageAll || answer.MayCover == policy.CoveragePart
		if worst == nil || rank(answer.Decision) > rank(worst.Decision) {
			worst = &answer
		}
	}
	if worst.Decision == policy.Allowed {
		worst.Because = because
	} else {
		if some && worst.Coverage == policy.CoverageNone {
			worst.Coverage = policy.CoveragePart
		}
		if maybe && worst.MayCover == policy.CoverageNone {
			worst.MayCover = policy.CoveragePart
		}
	}
	return worst
}

// rank orders decisions from the best to the worst.
func rank(d policy.Decision) int {
	return slices.Index([]policy.Decision{policy.Allowed, policy.Undecided, policy.ImplicitlyDenied, policy.ExplicitlyDenied}, d)
}
