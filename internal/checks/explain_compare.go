package checks

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/iamcheck/iamcheck/internal/policy"
)

// Agreement says how AWS's refusal and what iamcheck decides now go together.
type Agreement string

// The agreements; "" where there is nothing to compare.
const (
	Agrees          Agreement = "agrees"           // refused then and now, by the same kind of policy where it is told
	AgreesOtherwise Agreement = "agrees-otherwise" // refused then and now, by another kind
	Disagrees       Agreement = "disagrees"        // refused then, allowed now
	Unseen          Agreement = "unseen"           // AWS names a kind of policy that was not read
	NoComparison    Agreement = "undecided"        // iamcheck could not decide
)

// Comparison is an agreement and why.
type Comparison struct {
	Agreement Agreement
	Text      string // one or more sentences, without final period
}

// decided is what iamcheck decides about a call.
type decided struct {
	decision   policy.Decision
	layers     []policy.LayerVerdict // that stand in its way
	sources    []policy.Source
	conditions []string
}

// worstOf is the decision on the links of one call.
func worstOf(links []*Link) decided {
	out := decided{decision: policy.Allowed}
	for _, l := range links {
		out.sources = append(out.sources, l.sources...)
		out.layers = append(out.layers, l.Blocks...)
		switch {
		case l.fails():
			out.decision = policy.ImplicitlyDenied
			if len(l.Blocks) == 0 {
				out.layers = append(out.layers, policy.LayerVerdict{Layer: l.Layer, Decision: policy.ImplicitlyDenied})
			}
		case (l.Status == Conditional || l.Status == Undecided) && out.decision == policy.Allowed:
			out.decision = policy.Undecided
			out.conditions = union(out.conditions, l.Conditions)
		}
	}
	return out
}

// layerOf is the layer that a kind of policy is; LayerNone for those that
// iamcheck never sees.
func (k PolicyKind) layerOf() policy.Layer {
	switch k {
	case ByIdentity:
		return policy.LayerIdentity
	case ByTrust, ByResource:
		return policy.LayerTrust
	case ByBoundary:
		return policy.LayerBoundary
	case BySession:
		return policy.LayerSession
	case BySCP:
		return policy.LayerSCP
	case ByRCP:
		return policy.LayerRCP
	default:
		return policy.LayerNone
	}
}

// seen tells whether the kind of policy was read, or why not.
func (e *explainer) seen(d *Denial) (why string, seen bool) {
	switch d.By {
	case BySCP, ByRCP:
		if e.organizationRead() {
			return "", true
		}
		return "the organization's policies were not read: --org reads them where you may", false
	case BySession:
		return "session policies are given with the call that makes the session, and no account tells them; Teleport gives none", false
	case ByEndpoint:
		return "a VPC endpoint's policy is no part of IAM: look at the endpoint by which the agent reaches the service", false
	case ByResource:
		if !judgedByTrust(d.Action) {
			return "the resource's own policy is no part of IAM: look at it in the service", false
		}
	}
	return "", true
}

func (e *explainer) organizationRead() bool {
	for _, s := range e.Accounts {
		if s.Organization != nil {
			return true
		}
	}
	return false
}

// compare compares a refusal with the present decision, and lets the story end
// accordingly: where AWS refused and iamcheck sees no reason, it does not say
// that all is right unless it saw all that may be the reason.
func (e *explainer) compare(s *Story, d *Denial, now decided) {
	why, seen := e.seen(d)
	by := ""
	if d.By != "" {
		by = " by a " + string(d.By)
		if d.By == ByIdentity {
			by = " by an " + string(d.By)
		}
	}
	switch {
	case now.decision == policy.Undecided:
		s.Compared = Comparison{NoComparison, "AWS refused the call" + by + "; iamcheck cannot decide it" + turnsOn(now.conditions)}
	case denied(now.decision):
		s.Compared = bothDeny(d, by, why, seen, now)
	case !seen:
		s.Compared = Comparison{Unseen, "AWS refused the call" + by + ", and all that iamcheck read allows it: " + why}
		s.settle(EndsUndecided)
	case d.By == "" && !e.organizationRead():
		s.Compared = Comparison{Disagrees, "AWS refused the call, and all that iamcheck read allows it: the policies were changed since" +
			e.times(d) + ", or the organization's policies deny it, which were not read (--org reads them)"}
		s.settle(EndsUndecided)
	default:
		s.Compared = Comparison{Disagrees, "AWS refused the call" + by + ", and all that iamcheck read allows it: the policies were changed since" +
			e.times(d) + ", or the call held something that a condition turns on; changes take some minutes to arrive"}
	}
	e.policyNamed(s, d, now)
	e.sent(s, d)
}

// settle changes how a story ends where nothing was found broken.
func (s *Story) settle(to Ending) {
	if s.Ending == EndsSound {
		s.Ending = to
	}
}

func turnsOn(conditions []string) string {
	if len(conditions) == 0 {
		return ""
	}
	return ", since it turns on " + list(conditions, 4)
}

func bothDeny(d *Denial, by, why string, seen bool, now decided) Comparison {
	var layers []string
	same := d.By == ""
	for _, l := range now.layers {
		same = same || l.Layer == d.By.layerOf()
		layers = append(layers, l.Layer.String())
	}
	found := list(layers, 6)
	switch {
	case same && d.By == "":
		return Comparison{Agrees, "AWS refused the call and does not say by which policy; iamcheck finds it refused too: " + found}
	case same:
		return Comparison{Agrees, "AWS refused the call" + by + ", and so does iamcheck" + others(layers, d.By.layerOf().String())}
	case !seen:
		return Comparison{Unseen, "AWS refused the call" + by + ", which iamcheck did not see: " + why + ". What iamcheck read does not allow it either: " + found}
	default:
		return Comparison{AgreesOtherwise, "AWS refused the call" + by + ", and iamcheck finds it refused elsewhere: " + found +
			". AWS names one kind of policy where several refuse; or the policies were changed since"}
	}
}

// others names the layers besides the one that AWS named.
func others(layers []string, named string) string {
	layers = slices.DeleteFunc(slices.Clone(layers), func(l string) bool { return l == named })
	if len(layers) == 0 {
		return ""
	}
	return "; refused as well, which AWS does not say: " + list(layers, 6)
}

// times says when the call was and when the picture was taken, where both are
// known.
func (e *explainer) times(d *Denial) string {
	at := e.Source.TakenAt
	if d.Event == nil || d.Event.Time.IsZero() || at.IsZero() {
		return ""
	}
	order := "later"
	if at.Before(d.Event.Time) {
		order = "earlier"
	}
	return fmt.Sprintf(" (the call was at %s, the picture is %s, of %s)",
		d.Event.Time.UTC().Format(time.RFC3339), order, at.UTC().Format(time.RFC3339))
}

// policyNamed looks for the policy that the refusal names.
func (e *explainer) policyNamed(s *Story, d *Denial, now decided) {
	if d.Policy == "" {
		return
	}
	var found *policy.Source
	for i := range now.sources {
		if now.sources[i].Name == d.Policy || strings.HasSuffix(d.Policy, "/"+now.sources[i].Name) {
			found = &now.sources[i]
		}
	}
	_, seen := e.seen(d)
	switch {
	case found == nil && !seen:
		s.remark("AWS names the policy %s, which was not read", d.Policy)
	case found == nil:
		s.remark("AWS names the policy %s, which is not among those that bear on the call now: it was detached since, or the picture is older", d.Policy)
	case found.Document == nil:
		s.remark("AWS names the policy %s, which could not be read", d.Policy)
	case !slices.ContainsFunc(found.Document.Statements, func(st policy.Statement) bool {
		return st.Effect == policy.Deny && st.Actions.Match(d.Action)
	}):
		s.remark("AWS names the policy %s, which has no Deny of %s now: it was changed since, or the picture is older", d.Policy, d.Action)
	default:
		s.remark("AWS names the policy %s, which is in force and has a Deny of %s", d.Policy, d.Action)
	}
}

// sent compares what the call sent with what the configuration says.
func (e *explainer) sent(s *Story, d *Denial) {
	if d.Event == nil || !d.Event.Parameters || s.Chain == nil {
		return
	}
	for _, l := range s.Chain.about(d) {
		if l.Hop == nil {
			continue
		}
		if l.Hop.ExternalID != d.Event.ExternalID {
			s.remark("the call sent %s, and the configuration has %s: the agent runs with another configuration", externalID(d.Event.ExternalID), externalID(l.Hop.ExternalID))
		}
		return
	}
}

func externalID(id string) string {
	if id == "" {
		return "no external ID"
	}
	return "the external ID " + fmt.Sprintf("%q", id)
}
