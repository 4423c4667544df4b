package checks

import (
	"cmp"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/iamdata"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// judgeAll gives every requirement its verdict. Each is judged on its own, as if
// the hops before it worked (design 5.7), so that all that is broken shows at once.
func (a *audit) judgeAll() {
	a.verdicts = make([]RequirementVerdict, len(a.in.Requirements))
	for i, r := range a.in.Requirements {
		v := &a.verdicts[i]
		v.Requirement, a.pending = r, len(a.in.Requirements)-i
		a.judge(v)
	}
	satisfyGroups(a.verdicts)
	for i := range a.verdicts {
		if v := &a.verdicts[i]; v.Status == NotNeeded {
			v.Need = expected.NotNeeded // it may have turned out so only here
		}
	}
}

func (a *audit) judge(v *RequirementVerdict) {
	r := &v.Requirement
	switch {
	case r.Need == expected.NotNeeded:
		v.Status = NotNeeded
	case r.Principal == "" || noRoleNamed(r):
		v.Status, v.Conditions = Conditional, r.Open
	case r.Side == expected.TrustSide:
		a.judgeTrustSide(v)
	default:
		a.judgeIdentitySide(v)
	}
}

// noRoleNamed: the type's users are roles, and the configuration names none. The
// trust side cannot be judged, so that not even a grant on every role is enough
// (design 5.9).
func noRoleNamed(r *expected.Requirement) bool {
	aboutRole := strings.HasSuffix(r.ID, "/connect-iam-role") || strings.HasSuffix(r.ID, "/session-tags")
	return aboutRole && slices.Contains(r.Open, "db_users")
}

// judgeIdentitySide asks whether the holder's own layers allow the requirement.
func (a *audit) judgeIdentitySide(v *RequirementVerdict) {
	r := &v.Requirement
	holder := a.holder(r.Principal)
	switch holder.presence {
	case unread:
		v.Status, v.Layer = Undecided, policy.LayerIdentity
		v.Unread = []policy.Citation{{Policy: r.Principal, Statement: -1}}
		return
	case absent:
		v.Status, v.Layer = Missing, policy.LayerIdentity
		v.Explanation = "the identity does not exist in its account"
		return
	}
	caller, err := policy.ParseCaller(r.Principal)
	if err != nil {
		v.Status = Undecided
		return
	}
	if partition := cmp.Or(partitionOf(r.Resource), config.PartitionOf(r.Region)); partition != "" && partition != caller.Partition {
		v.Status, v.Layer, v.OtherPartition = Missing, policy.LayerIdentity, true
		v.Explanation = "the resource is in partition " + partition + ", where credentials of " + caller.Partition + " are not valid"
		return
	}
	req, layers := a.identityQuestion(r, caller)
	if r.Hop == nil {
		v.fromVerdict(a.decideOnce(r, req, layers))
		return
	}
	answer := a.decide(req, layers)
	// The trust side has a requirement of its own.
	v.fromLayers(slices.DeleteFunc(answer.Layers, func(l policy.LayerVerdict) bool {
		return l.Layer == policy.LayerTrust || l.Layer == policy.LayerRCP
	}))
	a.explainOmission(v)
}

// identityQuestion is what the identity side of a requirement asks, with all
// policies that bear on the answer.
func (a *audit) identityQuestion(r *expected.Requirement, caller policy.Caller) (*policy.Request, *policy.Policies) {
	req := &policy.Request{Principal: caller, Action: r.Action, Resource: r.Resource, ResourceAccount: knownAccount(r.Account), Context: a.requestContext(r)}
	if yes, known := iamdata.WildcardOnly(r.Action); known && yes {
		req.WildcardOnly = true
	}
	layers := a.holder(r.Principal).layers
	switch {
	case r.Hop != nil:
		layers.Resource = a.trust(r.Resource)
	case foreignKey(r, caller.Account):
		layers.Resource = &policy.Source{Name: "the key policy of " + r.Resource, Kind: "trust"}
	}
	return req, &layers
}

// foreignKey tells whether a KMS key is of another account than the caller's:
// its key policy must let the caller in too, and is no part of IAM data (KMS
// Developer Guide, key-policy-modifying-external-accounts).
func foreignKey(r *expected.Requirement, account string) bool {
	owner := knownAccount(r.Account)
	return strings.HasPrefix(r.Action, "kms:") && owner != "" && owner != account
}

// judgeTrustSide asks whether the target role's trust policy, and the RCPs of
// its account, let the caller in.
func (a *audit) judgeTrustSide(v *RequirementVerdict) {
	r := &v.Requirement
	v.Layer = policy.LayerTrust
	target := a.holder(r.Resource).presence
	if target != present && r.ID == expected.HopExternalID && r.Hop != nil && r.Hop.ExternalID == "" {
		v.Status, v.Layer, v.Explanation = NotNeeded, policy.LayerNone, "Teleport sends none, and the role was not seen"
		return
	}
	switch target {
	case unread:
		v.Status = Undecided
		v.Unread = []policy.Citation{{Policy: r.Resource, Statement: -1}}
		return
	case absent:
		v.Status = Missing
		v.Explanation = "the role does not exist in its account"
		return
	}
	if r.ID == expected.HopExternalID {
		a.judgeExternalID(v)
		return
	}
	answer := a.askTrust(r, a.requestContext(r))
	v.fromLayers(answer.Layers)
}

// askTrust puts the question of a hop to the trust policy and the RCPs of the
// target's account alone.
func (a *audit) askTrust(r *expected.Requirement, ctx *policy.Context) policy.Verdict {
	caller, err := policy.ParseCaller(r.Principal)
	if err != nil {
		return policy.Verdict{}
	}
	layers := policy.Policies{Resource: a.trust(r.Resource)}
	layers.Boundary = a.holder(r.Principal).layers.Boundary
	target := a.holder(r.Resource).layers
	layers.RCPs, layers.ManagementAccount = target.RCPs, target.ManagementAccount
	req := &policy.Request{Principal: caller, Action: r.Action, Resource: r.Resource, Context: ctx}
	answer := a.decide(req, &layers)
	answer.Layers = slices.DeleteFunc(answer.Layers, func(l policy.LayerVerdict) bool {
		return l.Layer != policy.LayerTrust && l.Layer != policy.LayerRCP
	})
	return answer
}

// trust returns the trust policy of a role as the engine takes it: nil where the
// role does not exist, a source without document where it was not read.
func (a *audit) trust(arn string) *policy.Source {
	switch a.holder(arn).presence {
	case absent:
		return nil
	case unread:
		return &policy.Source{Name: trustPolicy, Kind: "trust"}
	default:
		return &a.holder(arn).trust
	}
}

// trustPolicy is the name that findings give to a role's trust policy (design 5.18).
const trustPolicy = "trust policy"

// partitionOf is the partition of an ARN, "" for a pattern of one or no ARN.
func partitionOf(resource string) string {
	fields, _ := splitARN(resource)
	if len(fields) == 0 || policy.HasWildcard(fields[1]) {
		return ""
	}
	return fields[1]
}

func knownAccount(id string) string {
	if id == "*" {
		return ""
	}
	return id
}

// fromVerdict takes over an answer about a permission.
func (v *RequirementVerdict) fromVerdict(answer *policy.Verdict) {
	v.Blocks = blocking(answer.Layers)
	v.Because, v.Layer = answer.Because, answer.Layer
	v.Conditions, v.Ambiguities, v.Unread = answer.Conditions, answer.Ambiguities, answer.Unread
	open := len(v.Open) > 0 && answer.MayCover != policy.CoverageNone
	if v.AnyOf != "" && answer.Coverage == policy.CoveragePart {
		v.Status, v.Blocks = Granted, nil // something with the database is all that is asked for
		return
	}
	if v.AnyOf != "" && answer.Coverage == policy.CoverageNone && answer.MayCover != policy.CoverageNone {
		v.perhapsSome(answer.Layers)
		return
	}
	switch answer.Decision {
	case policy.Allowed:
		v.Status = Granted
	case policy.Undecided:
		v.Status = Conditional
		if len(answer.Unread) > 0 {
			v.Status = Undecided
		}
		if answer.CutShort() {
			v.Status, v.Explanation = Undecided, tooMuch
		}
	case policy.ExplicitlyDenied:
		v.Status = Denied
	default:
		v.Status = Missing
		if answer.Coverage == policy.CoveragePart {
			v.Status = Partial
		}
		v.Layer = v.blockingLayer()
	}
	if v.Status == Partial || v.Status == Denied && answer.Coverage == policy.CoveragePart {
		v.Witness = answer.Witness
	}
	if open && (v.Status == Denied || v.Status == Missing || v.Status == Partial) {
		// Some of what the missing name may stand for is allowed (design 5.3).
		v.Status, v.Conditions, v.Blocks, v.Witness = Conditional, union(v.Open, v.Conditions), nil, ""
	}
}

// fromLayers takes over the answer of some layers alone: the worst decides.
func (v *RequirementVerdict) fromLayers(layers []policy.LayerVerdict) {
	whole := policy.Verdict{Layers: layers, Decision: policy.Allowed, Coverage: policy.CoverageAll}
	for _, d := range []policy.Decision{policy.Undecided, policy.ImplicitlyDenied, policy.ExplicitlyDenied} {
		for i := range layers {
			l := &layers[i]
			if l.Decision != d {
				continue
			}
			if whole.Decision != d {
				whole = policy.Verdict{Layers: layers, Decision: d, Layer: l.Layer}
			}
			whole.Because = distinct(append(whole.Because, l.Because...))
			whole.Conditions = union(whole.Conditions, l.Conditions)
			whole.Ambiguities = union(whole.Ambiguities, l.Ambiguities)
			whole.Unread = append(whole.Unread, l.Unread...)
			whole.Coverage, whole.MayCover = policy.CoverageNone, policy.CoverageNone
		}
	}
	if whole.Decision == policy.Allowed {
		whole.Layer, whole.Because = grantingLayer(layers)
	}
	v.fromVerdict(&whole)
}

// grantingLayer finds the layer that grants: identity or trust.
func grantingLayer(layers []policy.LayerVerdict) (policy.Layer, []policy.Citation) {
	for i := range layers {
		l := &layers[i]
		if l.Layer != policy.LayerIdentity && l.Layer != policy.LayerTrust {
			continue
		}
		own := slices.DeleteFunc(slices.Clone(l.Because), func(c policy.Citation) bool { return c.Kind == "trust" })
		if l.Layer == policy.LayerTrust || len(own) == 0 {
			return policy.LayerTrust, l.Because
		}
		return policy.LayerIdentity, own
	}
	return policy.LayerNone, nil
}

// blocking picks the layers that stand in the way, in the order in which they
// are mended: what grants first, then what limits.
func blocking(layers []policy.LayerVerdict) []policy.LayerVerdict {
	var out []policy.LayerVerdict
	for _, layer := range []policy.Layer{policy.LayerIdentity, policy.LayerTrust, policy.LayerBoundary, policy.LayerSession, policy.LayerSCP, policy.LayerRCP} {
		for i := range layers {
			l := layers[i]
			if l.Layer == layer && (l.Decision == policy.ImplicitlyDenied || l.Decision == policy.ExplicitlyDenied) {
				out = append(out, l)
			}
		}
	}
	return out
}

func (v *RequirementVerdict) blockingLayer() policy.Layer {
	for i := range v.Blocks {
		if v.Blocks[i].Decision == policy.ImplicitlyDenied {
			return v.Blocks[i].Layer
		}
	}
	return v.Layer
}

// explainOmission says why an identity side needs no policy of its own: in one
// account, a trust policy that names the caller's full ARN grants (STS API
// reference, AssumeRole; design 5.6).
func (a *audit) explainOmission(v *RequirementVerdict) {
	if v.Status != Granted || v.Layer != policy.LayerTrust {
		return
	}
	v.Explanation = "omission rule: caller and role are in one account and the role's trust policy names the caller itself, so that no identity policy is needed"
	if !a.namesCaller(v) {
		v.Explanation = "the role's trust policy lets everyone of its account in, so that no identity policy is needed"
	}
}

// namesCaller tells whether a statement that granted names the caller by its own
// ARN, and not as one of everyone.
func (a *audit) namesCaller(v *RequirementVerdict) bool {
	source := a.trust(v.Resource)
	if source == nil || source.Document == nil {
		return false
	}
	for _, c := range v.Because {
		if c.Statement < 0 || c.Statement >= len(source.Document.Statements) {
			continue
		}
		if p := source.Document.Statements[c.Statement].Principals; p != nil {
			for _, e := range p.Entries {
				if e.Value == v.Principal {
					return true
				}
			}
		}
	}
	return false
}

func union(a, b []string) []string {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}
