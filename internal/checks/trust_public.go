package checks

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/iamcheck/iamcheck/internal/policy"
)

func trustPublic() *Check {
	return &Check{
		ID:       "trust-public",
		Title:    "anybody in AWS may assume the role",
		Severity: Critical,
		Doc: Doc{
			What: "The trust policy of a configured role has the principal `*`. Medium where a condition, a Deny or a resource control policy narrows who that is. " +
				"Conditions on what the caller chooses itself (a session name, its own tags, its user agent, MFA) do not narrow.",
			Why:      "Every principal of every AWS account may assume the role and act with its permissions.",
			Mend:     "Name the callers by their ARNs. Where they change often, trust the account and narrow it by aws:PrincipalArn.",
			Suppress: "When the condition in place keeps everybody out who is not meant, and a principal would not do.",
			Sources:  []string{"reference_policies_elements_principal", "access-analyzer-reference-policy-checks", "cloudsplaining, AssumableByAnyPrincipal"},
		},
		Run: runTrustPublic,
	}
}

func runTrustPublic(p *Pass) {
	for _, o := range p.openings() {
		if public(o.statement.Principals) {
			p.reportPublic(o)
		}
	}
}

// public tells whether an element names everyone. In a trust policy, "Federated":
// "*" stands for every identity provider.
func public(principals *policy.Principals) bool {
	return !principals.Not && slices.ContainsFunc(principals.Entries, func(e policy.PrincipalEntry) bool {
		return e.Value == "*" && e.Type != policy.PrincipalService
	})
}

func (p *Pass) reportPublic(o opening) {
	ctx := strangerContext(p.audit.takenAt)
	keys := narrowing(o.statement, ctx)
	by := p.keptOutBy(o, ctx)
	f := p.finding(o.paper, o.statement)
	f.Fix = p.narrowTrust(o)
	switch {
	case by.shut:
		return // nobody gets in by this statement
	case len(keys) > 0:
		f.graded(Medium)
		f.Message = fmt.Sprintf("anybody in AWS is trusted, narrowed by the condition on %s alone", quoted(keys, 3))
	case by.at != "":
		f.graded(Medium)
		f.Message = "anybody in AWS is trusted, narrowed by " + by.at + " alone"
	default:
		f.Message = "anybody in AWS may assume this role: the principal is *, and nothing narrows it"
	}
	if len(o.party.callers) > 0 {
		f.Message += "; the configuration needs " + list(o.party.callers, 2)
	}
	p.Report(f)
}

// strangerContext is what is known of a request by somebody of another account
// and organization.
func strangerContext(at time.Time) *policy.Context {
	c := policy.NewContext(policy.KeyUnknown)
	knowledge{at: at}.setTime(c)
	for key, value := range map[string]string{
		"aws:SecureTransport":       "true",
		"aws:ViaAWSService":         "false",
		"aws:PrincipalIsAWSService": "false",
		"aws:PrincipalType":         "AssumedRole",
		"aws:PrincipalAccount":      "000000000000",
		"aws:PrincipalArn":          strangerARN,
		"aws:PrincipalOrgID":        "o-0000000000",
	} {
		c.Set(key, value)
	}
	return c
}

// strangerARN stands for somebody of an account that is nobody's.
const strangerARN = "arn:aws:iam::000000000000:role/stranger"

// callersChoice are the keys whose values a caller chooses, so that a condition
// on them keeps nobody out who has read it (reference_policies_condition-keys,
// reference_policies_iam-condition-keys). A prefix ends in a slash.
var callersChoice = []string{
	"aws:MultiFactorAuthAge", "aws:MultiFactorAuthPresent", "aws:PrincipalTag/", "aws:Referer", "aws:RequestTag/", "aws:RequestedRegion",
	"aws:SourceIdentity", "aws:TagKeys", "aws:TokenIssueTime", "aws:UserAgent", "aws:userid", "aws:username",
	"sts:RoleSessionName", "sts:SourceIdentity", "sts:TransitiveTagKeys", "sts:DurationSeconds",
}

func chosenByCaller(key string) bool {
	return slices.ContainsFunc(callersChoice, func(k string) bool {
		if strings.HasSuffix(k, "/") {
			return len(key) > len(k) && strings.EqualFold(key[:len(k)], k)
		}
		return strings.EqualFold(key, k)
	})
}

// narrowing are the keys of a statement's conditions that a stranger may fail.
func narrowing(st *policy.Statement, ctx *policy.Context) []string {
	var keys []string
	for i := range st.Conditions {
		c := &st.Conditions[i]
		if !chosenByCaller(c.Key) && c.Test(ctx).Truth != policy.True && !c.HoldsForEveryValue() {
			keys = append(keys, c.Key)
		}
	}
	return sortedSet(keys)
}

// barrier is what keeps strangers out besides the statement itself.
type barrier struct {
	at   string // what, in words; "" for nothing
	shut bool   // nobody at all gets in
}

// keptOutBy looks for a Deny, in the trust policy or in the resource control
// policies above the role, that may keep a stranger out.
func (p *Pass) keptOutBy(o opening, ctx *policy.Context) barrier {
	sources := []*policy.Source{o.source}
	rcps := p.audit.holder(o.party.arn).layers.RCPs
	for _, level := range rcps {
		for i := range level {
			sources = append(sources, &level[i])
		}
	}
	var found barrier
	stranger, _ := policy.ParseCaller(strangerARN)
	for _, s := range sources {
		if s.Document == nil {
			continue
		}
		for i := range s.Document.Statements {
			st := &s.Document.Statements[i]
			if st.Effect != policy.Deny || !assumes(st) || st.Principals != nil && st.Principals.Names(&stranger) == policy.False {
				continue
			}
			if len(st.Conditions) == 0 && st.Principals != nil && public(st.Principals) && reachesRole(st, o.party.arn) {
				return barrier{shut: true}
			}
			if mayHold(st, ctx) && found.at == "" {
				found.at = describe(citeStatement(s, st))
			}
		}
	}
	return found
}

// mayHold tells whether a Deny may take in a stranger, by more than what the
// stranger chooses.
func mayHold(st *policy.Statement, ctx *policy.Context) bool {
	for i := range st.Conditions {
		if c := &st.Conditions[i]; c.Test(ctx).Truth == policy.False || chosenByCaller(c.Key) {
			return false
		}
	}
	return true
}

// reachesRole tells whether a statement's resources take in a role, as those of a
// trust policy always do.
func reachesRole(st *policy.Statement, arn string) bool {
	if !st.Resources.Present {
		return true
	}
	matched := slices.ContainsFunc(st.Resources.Patterns, func(r policy.ResourcePattern) bool {
		return policy.CompilePattern(r.Raw).Match(arn)
	})
	return matched != st.Resources.Not
}
