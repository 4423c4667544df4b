package checks

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/iamdata"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// Question asks whether a principal may perform an action on a resource, as
// `iamcheck can` does.
type Question struct {
	// Principal is a role's or user's name, path/name or ARN, the ARN of a
	// role's session or of an account's root, or the name of a service.
	Principal string
	Action    string // "service:Name"
	// Resource is an ARN, a pattern of ARNs or "*"; for actions on roles also a
	// role's name or path/name.
	Resource string
	// ResourceAccount is the account that owns Resource; "" takes it from
	// Resource, and where that tells none, the principal's own.
	ResourceAccount string

	Session string            // name of the caller's session of the role; "" where not told
	Tags    map[string]string // tags of that session
	// SessionPolicies were passed to the call that made the session.
	SessionPolicies []policy.Source
	// ResourcePolicy is the policy of Resource; nil where it is not told. That
	// of a role is its trust policy, which the picture holds.
	ResourcePolicy *policy.Source

	Context []config.ContextKey // what the request holds
	// Unknown are keys that are not known though the picture tells them, Absent
	// those that the request does not hold; "aws:PrincipalTag/*" means all that
	// begin so.
	Unknown, Absent []string
}

// Answer is the decision on a question, with what every layer says.
type Answer struct {
	policy.Verdict
	Question *Question

	// As they were found: ARNs where the question had names.
	Principal, Resource string
	// Pattern: Resource stands for many resources.
	Pattern bool
	// Rows are the layers, in the order in which AWS evaluates them, those
	// included that have nothing to say and those that were not evaluated.
	Rows []LayerRow
	// Gaps are what could not be read of the layers that bear on the question.
	Gaps []account.Gap
	// Notes are remarks on the question: one sentence each, no final period.
	Notes []string
	// Data names the reference data and its date.
	Data string

	sources []policy.Source
}

// Quote is the text of a cited statement; "" where a policy as a whole is cited.
func (a *Answer) Quote(c policy.Citation) string { return quote(a.sources, c) }

// Ask answers a question from the accounts, at the time at which their picture
// was taken. An error says that there is no such question: a name that nothing
// has or that several have, or a value of the wrong form.
func Ask(accounts account.Accounts, at time.Time, q *Question) (*Answer, error) {
	k := knowledge{accounts: accounts, at: at}
	w, err := k.who(q)
	if err != nil {
		return nil, err
	}
	a := &Answer{Question: q, Principal: w.shown, Data: iamdata.Version()}
	if err := a.checkAction(q.Action); err != nil {
		return nil, err
	}
	if a.Resource, err = k.resource(q); err != nil {
		return nil, err
	}
	ctx, err := k.context(q, w, a.Resource)
	if err != nil {
		return nil, err
	}
	req := &policy.Request{
		Principal: w.caller, Action: q.Action, Resource: a.Resource, ResourceAccount: q.ResourceAccount, Context: ctx,
	}
	if yes, known := iamdata.WildcardOnly(q.Action); known && yes {
		req.WildcardOnly = true
		if a.Resource != "*" {
			a.Notes = append(a.Notes, q.Action+" has no resource types: it is authorised against \"*\", whatever the resource")
		}
	}
	a.Pattern = policy.HasWildcard(a.Resource) && !req.WildcardOnly
	if p := partitionOf(a.Resource); p != "" && w.caller.Partition != "" && p != w.caller.Partition {
		a.Verdict = policy.Verdict{Decision: policy.ImplicitlyDenied, Coverage: policy.CoverageNone, MayCover: policy.CoverageNone}
		a.Notes = append(a.Notes, fmt.Sprintf("the resource is in partition %s, where credentials of %s are not valid", p, w.caller.Partition))
		return a, nil
	}
	layers, err := k.layers(a, w)
	if err != nil {
		return nil, err
	}
	a.Verdict = policy.Decide(req, layers)
	a.sources = allSources(layers)
	a.Rows = a.rows(layers)
	return a, nil
}

// checkAction refuses what is no action, and remarks on one that the reference
// data does not have.
func (a *Answer) checkAction(action string) error {
	switch iamdata.StandingOf(action) {
	case iamdata.Malformed:
		return fmt.Errorf("action %q is not one action, of the form service:Name", action)
	case iamdata.Known:
		return nil
	}
	note := fmt.Sprintf("%s has no action %q; it may be newer than the data", iamdata.Version(), action)
	if near := iamdata.Nearest(action, 3); len(near) > 0 {
		note = fmt.Sprintf("%s has no action %q; did you mean %s?", iamdata.Version(), action, strings.Join(near, ", "))
	}
	a.Notes = append(a.Notes, note)
	return nil
}

// context is what is known of the request: what the picture tells, and what the
// question adds to it or takes from it. All else is unknown.
func (k knowledge) context(q *Question, w who, resource string) (*policy.Context, error) {
	c := policy.NewContext(policy.KeyUnknown)
	k.setTime(c)
	if w.caller.Kind != policy.CallerService && w.caller.Kind != policy.CallerIdentityProvider {
		k.setDirect(c)
		k.setPrincipal(c, w.arn, q.Tags)
		w.setIDs(c)
	}
	setPlace(c, q, resource)
	if isRole(resource) && !policy.HasWildcard(resource) {
		k.setRoleTags(c, resource)
	}
	return c, q.tell(c)
}

// tell lays what the question says over what the picture tells: first of keys
// that share a beginning, then of single ones.
func (q *Question) tell(c *policy.Context) error {
	told := map[string]bool{}
	once := func(key string) error {
		folded := strings.ToLower(key)
		if key == "" || told[folded] {
			return fmt.Errorf("context key %q is told twice, or empty", key)
		}
		told[folded] = true
		return nil
	}
	for _, prefixes := range []bool{true, false} {
		for i, key := range slices.Concat(q.Unknown, q.Absent) {
			state := policy.KeyUnknown
			if i >= len(q.Unknown) {
				state = policy.KeyAbsent
			}
			prefix, isPrefix := strings.CutSuffix(key, "*")
			if isPrefix != prefixes {
				continue
			}
			if err := once(key); err != nil {
				return err
			}
			if isPrefix {
				c.OverridePrefix(prefix, state)
			} else {
				c.SetState(key, state)
			}
		}
	}
	for _, one := range q.Context {
		if err := once(one.Key); err != nil {
			return err
		}
		if len(one.Values) == 1 && !manyValued(q.Action, one.Key) {
			c.Set(one.Key, one.Values[0])
		} else {
			c.SetMulti(one.Key, one.Values)
		}
	}
	return nil
}

// setDirect: the caller makes the request itself, over TLS.
func (k knowledge) setDirect(c *policy.Context) {
	for _, key := range neverDirect {
		c.SetState(key, policy.KeyAbsent)
	}
	c.Set("aws:SecureTransport", "true")
	c.Set("aws:PrincipalIsAWSService", "false")
	c.Set("aws:ViaAWSService", "false")
}

// setPlace sets the account and the Region of the resource, as far as its ARN
// tells them: AWS serves a resource in its own Region.
func setPlace(c *policy.Context, q *Question, resource string) {
	owner := q.ResourceAccount
	if fields, _ := splitARN(resource); len(fields) > 4 {
		if owner == "" && !policy.HasWildcard(fields[4]) {
			owner = fields[4]
		}
		if region := fields[3]; region != "" && !policy.HasWildcard(region) {
			c.Set("aws:RequestedRegion", region)
		}
	}
	setResourceAccount(c, owner)
}

// manyValued tells whether a request holds a set of values under a key.
func manyValued(action, key string) bool {
	keys := iamdata.GlobalKeys()
	prefix, _, _ := strings.Cut(action, ":")
	if s, ok := iamdata.ServiceOf(prefix); ok {
		keys = append(keys, s.ConditionKeys...)
	}
	return slices.ContainsFunc(keys, func(k iamdata.ConditionKey) bool { return k.Many && strings.EqualFold(k.Name, key) })
}

// quote is the text of a cited statement of some sources.
func quote(sources []policy.Source, c policy.Citation) string {
	for _, s := range sources {
		if s.Name == c.Policy && s.Kind == c.Kind && s.Document != nil && c.Statement >= 0 && c.Statement < len(s.Document.Statements) {
			return s.Document.Quote(c.Statement)
		}
	}
	return ""
}
