package awsfake

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// simulate answers SimulatePrincipalPolicy from package policy: identity
// policies, boundary and SCPs, with the context keys that are given and no
// others. Lie, if it is set, may change a decision.
func simulate(s *Server, q *query) (string, *apiError) {
	source := q.form.Get("PolicySourceArn")
	if !s.state.exists(source) {
		return "", noSuchEntity("entity", source)
	}
	caller, err := policy.ParseCaller(source)
	if err != nil {
		return "", invalid("PolicySourceArn: %v", err)
	}
	layers, _ := account.Accounts{s.state.snapshot}.Policies(source)
	ctx := simulatedContext(q)
	var items []string
	for _, action := range q.list("ActionNames") {
		for _, resource := range q.list("ResourceArns") {
			request := &policy.Request{Principal: caller, Action: action, Resource: resource, Context: ctx, WildcardOnly: resource == "*"}
			items = append(items, s.evaluation(request, layers))
		}
	}
	from, to, more, failed := s.window(q, len(items))
	if failed != nil {
		return "", failed
	}
	return members("EvaluationResults", items[from:to]) + more, nil
}

func simulatedContext(q *query) *policy.Context {
	ctx := policy.NewContext(policy.KeyAbsent)
	for i := 1; q.form.Has("ContextEntries.member." + strconv.Itoa(i) + ".ContextKeyName"); i++ {
		entry := "ContextEntries.member." + strconv.Itoa(i)
		name, values := q.form.Get(entry+".ContextKeyName"), q.list(entry+".ContextKeyValues")
		if strings.HasSuffix(q.form.Get(entry+".ContextKeyType"), "List") {
			ctx.SetMulti(name, values)
		} else if len(values) == 1 {
			ctx.Set(name, values[0])
		}
	}
	return ctx
}

// evaluation is one result. What a caller may assume is for the trust policy to
// say, which the simulator does not see.
func (s *Server) evaluation(request *policy.Request, layers policy.Policies) string {
	decision, organization := policy.Allowed, true
	for _, l := range policy.Decide(request, &layers).Layers {
		switch l.Layer {
		case policy.LayerIdentity, policy.LayerBoundary, policy.LayerSCP:
			decision = worse(decision, l.Decision)
			organization = organization && (l.Layer != policy.LayerSCP || l.Decision == policy.Allowed)
		}
	}
	word := map[policy.Decision]string{policy.Allowed: "allowed", policy.ExplicitlyDenied: "explicitDeny"}[decision]
	if word == "" {
		word = "implicitDeny"
	}
	if s.Lie != nil {
		word = s.Lie(request.Action, request.Resource, word)
	}
	detail := ""
	if s.state.snapshot.Organization != nil {
		detail = element("OrganizationsDecisionDetail", text("AllowedByOrganizations", strconv.FormatBool(organization)))
	}
	return text("EvalActionName", request.Action) + text("EvalResourceName", request.Resource) + text("EvalDecision", word) + detail
}

// worse is the decision that counts of two layers.
func worse(a, b policy.Decision) policy.Decision {
	order := []policy.Decision{policy.Allowed, policy.Undecided, policy.ImplicitlyDenied, policy.ExplicitlyDenied}
	if slices.Index(order, b) > slices.Index(order, a) {
		return b
	}
	return a
}

// exists tells whether the account has a role or user with an ARN.
func (st *state) exists(arn string) bool {
	return st.snapshot.Role(arn) != nil || st.snapshot.User(arn) != nil
}

func simulatedPrincipal(_ *state, form url.Values) string { return form.Get("PolicySourceArn") }
