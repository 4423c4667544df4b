package checks

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// layers gathers the policies that bear on a question.
func (k knowledge) layers(a *Answer, w who) (*policy.Policies, error) {
	var p policy.Policies
	if q := a.Question; w.caller.Account != "" {
		held, gaps := k.accounts.Policies(w.arn)
		p = held
		a.note(gaps...)
		p.Session = q.SessionPolicies
		if len(p.Session) > 0 && w.caller.Kind == policy.CallerUser {
			return nil, fmt.Errorf("principal %q is a user; only a role's session has session policies", q.Principal)
		}
	}
	switch w.caller.Kind {
	case policy.CallerRoot: // has neither, and all that the account has (id_root-user)
		p.Identity, p.Boundary, a.Gaps = nil, nil, nil
	case policy.CallerService, policy.CallerIdentityProvider:
		p, a.Gaps = policy.Policies{}, nil
	}
	owner := cmp.Or(a.Question.ResourceAccount, accountField(a.Resource), w.caller.Account)
	rcps, gaps := k.accounts.RCPs(owner)
	p.RCPs = rcps
	a.note(gaps...)
	var err error
	p.Resource, err = k.resourcePolicy(a, owner != w.caller.Account)
	return &p, err
}

func (a *Answer) note(gaps ...account.Gap) {
	for _, g := range gaps {
		if !slices.Contains(a.Gaps, g) {
			a.Gaps = append(a.Gaps, g)
		}
	}
}

// accountField is the account of an ARN, "" where it tells none or any.
func accountField(arn string) string {
	fields, _ := splitARN(arn)
	if len(fields) < 5 || policy.HasWildcard(fields[4]) {
		return ""
	}
	return fields[4]
}

// resourcePolicy is the policy of a question's resource: that of a role is known
// from the picture; without that of a resource in another account nothing can be
// decided, since both sides must allow
// (reference_policies_evaluation-logic-cross-account).
func (k knowledge) resourcePolicy(a *Answer, elsewhere bool) (*policy.Source, error) {
	q := a.Question
	switch {
	case !judgedByTrust(q.Action) && q.ResourcePolicy != nil:
		return q.ResourcePolicy, nil
	case !judgedByTrust(q.Action) && elsewhere:
		return &policy.Source{Name: "the policy of the resource, which is in another account", Kind: "resource"}, nil
	case !judgedByTrust(q.Action):
		return nil, nil
	case q.ResourcePolicy != nil:
		return nil, fmt.Errorf("the policy of a role is its trust policy, which is taken from what was read")
	case policy.HasWildcard(a.Resource):
		a.Notes = append(a.Notes, "every role has a trust policy of its own; ask about one role")
		return &policy.Source{Name: "the trust policies of " + a.Resource, Kind: "trust"}, nil
	case !isRole(a.Resource):
		return nil, fmt.Errorf("resource %q is no role; %s acts on roles", a.Resource, q.Action)
	}
	role := k.accounts.RoleByARN(a.Resource)
	switch {
	case role != nil:
		source, gaps := k.accounts.Trust(role)
		a.note(gaps...)
		return &source, nil
	case k.accounts.Absent(a.Resource):
		return nil, k.noSuch(a.Resource, "role")
	default:
		a.note(account.Gap{Operation: "iam:GetRole", Subject: a.Resource, Error: "the role was not read"})
		return &policy.Source{Name: "the trust policy of " + a.Resource, Kind: "trust"}, nil
	}
}

// Says is what a layer says of a question.
type Says string

// What layers say. SaysNothing is for those that can only deny, and do not.
const (
	SaysAllows       Says = "allows"
	SaysDoesNotAllow Says = "does not allow"
	SaysDenies       Says = "denies"
	SaysUnknown      Says = "not known"
	SaysNothing      Says = "does not deny"
	SaysNotApplied   Says = "does not apply"
	SaysNotEvaluated Says = "not evaluated"
)

// LayerRow is what one layer says, or why it says nothing.
type LayerRow struct {
	policy.LayerVerdict // empty but for Layer and Level where the layer has no verdict
	Says                Says
	// Why is for people; "" where the verdict's statements tell all.
	Why string
	// Place is "root" for the first of several levels, "account" for the last, ""
	// elsewhere.
	Place string
}

// rows puts a row for every layer and level.
func (a *Answer) rows(p *policy.Policies) []LayerRow {
	if len(a.Layers) == 0 && a.Decision != policy.Undecided {
		return nil // no policy decides the action
	}
	var rows []LayerRow
	rows = append(rows, a.levels(policy.LayerRCP, p.RCPs, LayerRow{
		Says: SaysNotEvaluated, Why: "what was read holds no RCPs of the resource's account",
	}, LayerRow{Says: SaysNothing})...)
	rows = append(rows, a.levels(policy.LayerSCP, p.SCPs, LayerRow{
		Says: SaysNotEvaluated, Why: "what was read holds no SCPs of the principal's account",
	}, LayerRow{Says: SaysNotApplied, Why: "SCPs do not bind the management account, service-linked roles and callers outside any account"})...)
	absent := LayerRow{Says: SaysNotEvaluated, Why: "a policy of the resource itself, where it has one"}
	if p.Resource != nil {
		absent = LayerRow{Says: SaysNothing}
	}
	rows = append(rows, a.row(policy.LayerTrust, 0, absent))
	rows = append(rows, a.row(policy.LayerIdentity, 0, LayerRow{Says: SaysNotApplied, Why: "the principal has no policies of its own"}))
	rows = append(rows, a.row(policy.LayerBoundary, 0, LayerRow{Says: SaysNotApplied, Why: "the principal has no permissions boundary"}))
	rows = append(rows, a.row(policy.LayerSession, 0, LayerRow{Says: SaysNotApplied, Why: "no session policy was given"}))
	return rows
}

// levels are the rows of an organization's layer.
func (a *Answer) levels(layer policy.Layer, levels [][]policy.Source, none, silent LayerRow) []LayerRow {
	if len(levels) == 0 {
		none.Layer = layer
		return []LayerRow{none}
	}
	rows := make([]LayerRow, len(levels))
	for i := range levels {
		rows[i] = a.row(layer, i, silent)
		switch {
		case len(levels) == 1:
		case i == 0:
			rows[i].Place = "root"
		case i == len(levels)-1:
			rows[i].Place = "account"
		}
	}
	return rows
}

// row is the row of a layer with a verdict, else absent.
func (a *Answer) row(layer policy.Layer, level int, absent LayerRow) LayerRow {
	for i := range a.Layers {
		if v := a.Layers[i]; v.Layer == layer && v.Level == level {
			return verdictRow(v)
		}
	}
	absent.Layer, absent.Level = layer, level
	return absent
}

func verdictRow(v policy.LayerVerdict) LayerRow {
	r := LayerRow{LayerVerdict: v}
	switch v.Decision {
	case policy.Allowed:
		r.Says = SaysAllows
		if v.Layer == policy.LayerRCP {
			r.Says = SaysNothing
		}
		if v.Layer != policy.LayerTrust && len(v.Because) > 0 && (v.Because[0].Kind == "trust" || v.Because[0].Kind == "resource") {
			r.Why = "the resource's own policy names the principal, which makes this layer unnecessary"
		}
		if len(v.Because) == 0 && v.Layer == policy.LayerIdentity {
			r.Why = "the account's root user needs no policy"
		}
	case policy.ImplicitlyDenied:
		r.Says = SaysDoesNotAllow
		r.Why = "no statement allows it"
		if v.Coverage == policy.CoveragePart {
			r.Why = "no statements allow all of it"
		}
	case policy.ExplicitlyDenied:
		r.Says = SaysDenies
	default:
		r.Says = SaysUnknown
	}
	return r
}
