package expected_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// TestStatementsMeetRequirements: whatever a configuration needs is in the
// policies made of it, in the document where it belongs.
func TestStatementsMeetRequirements(t *testing.T) {
	for name, target := range fixtures(t) {
		requirements, _ := derive(t, target)
		policies := expected.Statements(requirements)
		groups := map[string]bool{}
		for _, r := range requirements {
			met := r.Need == expected.NotNeeded || allowed(policies, r)
			if r.AnyOf != "" {
				groups[r.AnyOf] = groups[r.AnyOf] || met
				continue
			}
			if !met {
				t.Errorf("%s: no statement allows %s %s on %s to %s", name, r.ID, r.Action, r.Resource, r.Principal)
			}
		}
		for group, met := range groups {
			if !met {
				t.Errorf("%s: no statement allows any of %s", name, group)
			}
		}
	}
}

// allowed says whether a statement of the right documents allows r.
func allowed(policies []expected.Policy, r expected.Requirement) bool {
	if r.Side == expected.TrustSide {
		return slices.ContainsFunc(policies, func(p expected.Policy) bool {
			return p.Kind == expected.TrustPolicy && p.Principal == r.Resource && slices.ContainsFunc(p.Statements, func(s expected.PolicyStatement) bool {
				return slices.Contains(s.Actions, r.Action) && slices.ContainsFunc(s.Principals, func(p string) bool { return unplaced(p) == r.Hop.Caller }) &&
					(s.ExternalID == "" || s.ExternalID == r.Hop.ExternalID)
			})
		})
	}
	for _, kind := range []expected.PolicyKind{expected.IdentityPolicy, expected.BoundaryPolicy} {
		if !slices.ContainsFunc(policies, func(p expected.Policy) bool {
			return p.Kind == kind && p.Principal == r.Principal && slices.ContainsFunc(p.Statements, func(s expected.PolicyStatement) bool {
				return slices.Contains(s.Actions, r.Action) && slices.ContainsFunc(s.Resources, func(resource string) bool {
					return policy.CompilePattern(unplaced(resource)).Match(r.Resource)
				})
			})
		}) {
			return false
		}
	}
	return true
}

// unplaced puts the "*" of requirements where policies have a placeholder.
func unplaced(arn string) string {
	return regexp.MustCompile(`<[A-Z_]+>`).ReplaceAllString(arn, "*")
}

// TestStatementsAllowNothingElse: every action and resource of a policy is
// that of a requirement.
func TestStatementsAllowNothingElse(t *testing.T) {
	for name, target := range fixtures(t) {
		requirements, _ := derive(t, target)
		for _, p := range expected.Statements(requirements) {
			for _, s := range p.Statements {
				for _, action := range s.Actions {
					for _, resource := range s.Resources {
						if !slices.ContainsFunc(requirements, func(r expected.Requirement) bool {
							return r.Need != expected.NotNeeded && r.Principal == p.Principal && r.Action == action && r.Resource == unplaced(resource)
						}) {
							t.Errorf("%s: %s allows %s on %s to %q, which nothing needs", name, s.SID, action, resource, p.Principal)
						}
					}
				}
			}
		}
	}
}

func TestStatementsAreWellFormed(t *testing.T) {
	sid := regexp.MustCompile(`^[A-Z][A-Za-z0-9]*$`)
	for name, target := range fixtures(t) {
		requirements, _ := derive(t, target)
		for _, p := range expected.Statements(requirements) {
			seen := map[string]bool{}
			for _, s := range p.Statements {
				if !sid.MatchString(s.SID) || seen[s.SID] {
					t.Errorf("%s: Sid %q is malformed or there twice in the %s of %s", name, s.SID, p.Kind, p.Principal)
				}
				seen[s.SID] = true
				if len(s.Actions) == 0 || s.Purpose == "" || len(s.Requirements) == 0 {
					t.Errorf("%s: %s lacks actions, purpose or requirements", name, s.SID)
				}
				if trust := p.Kind == expected.TrustPolicy; trust != (len(s.Principals) > 0) || trust == (len(s.Resources) > 0) {
					t.Errorf("%s: %s of the %s has principals %q and resources %q", name, s.SID, p.Kind, s.Principals, s.Resources)
				}
				if (p.Principal == "") != (p.Type != "") {
					t.Errorf("%s: the %s of %q is of the type %q", name, p.Kind, p.Principal, p.Type)
				}
			}
		}
	}
}

// TestStatementsOfTwoExternalIDs: databases that send different external IDs to
// one role each need their own statement in its trust policy.
func TestStatementsOfTwoExternalIDs(t *testing.T) {
	hop := func(external string) expected.Requirement {
		h := &expected.Hop{Caller: "arn:aws:iam::111122223333:role/a", Target: "arn:aws:iam::444455556666:role/b", ExternalID: external}
		return expected.Requirement{ID: expected.HopTrust, Principal: h.Caller, Resource: h.Target, Action: "sts:AssumeRole", Side: expected.TrustSide, Hop: h, Purpose: "to test"}
	}
	policies := expected.Statements([]expected.Requirement{hop("one"), hop("two"), hop("one")})
	if len(policies) != 1 {
		t.Fatalf("got %d policies, want 1", len(policies))
	}
	var got []string
	for _, s := range policies[0].Statements {
		got = append(got, s.SID+" "+s.ExternalID)
	}
	if want := "TeleportAssumeRole one, TeleportAssumeRole2 two"; strings.Join(got, ", ") != want {
		t.Errorf("got %q, want %q", strings.Join(got, ", "), want)
	}
}
