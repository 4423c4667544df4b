package checks

import (
	"fmt"

	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/policy"
)

func missingPermission() *Check {
	return &Check{
		ID:       "missing-permission",
		Title:    "a required permission is not allowed",
		Severity: High,
		Doc: Doc{
			What: "No identity-based policy of the holder allows any of what a requirement needs. " +
				"Medium where only metadata is missing, low where the permission is recommended.",
			Why:      "Teleport signs tokens and assumes roles as this identity: without the permission the connection fails, often only at login and without an AWS error.",
			Mend:     "Add the statement that the finding carries to a policy of the identity, and to its permissions boundary where it has one.",
			Suppress: "When another identity serves this database, take the database off this agent instead.",
			Sources:  []string{"reference_policies_evaluation-logic", "Teleport Database Access AWS IAM Reference"},
		},
		Run: runMissingPermission,
	}
}

// missing groups what one absent statement leaves missing.
type missing struct {
	principal, requirement string
	layer                  policy.Layer
	severity               Severity
	near                   nearMiss
}

func runMissingPermission(p *Pass) {
	var findings gather[missing]
	verdicts := p.Verdicts()
	for i := range verdicts {
		v := &verdicts[i]
		layer := policy.LayerIdentity
		if v.otherAccount() {
			layer = policy.LayerTrust
		}
		if v.Status != Missing || v.Side == expected.TrustSide || !v.lacks(layer) && !v.OtherPartition || !p.Claim(i, layer) {
			continue
		}
		if v.OtherPartition {
			layer = policy.LayerNone
		}
		cause := missing{v.Principal, v.ID, layer, v.severity(), nearMiss{}}
		if layer == policy.LayerIdentity {
			cause.near = p.nearMiss(v)
		}
		f := findings.of(cause, v)
		f.Layer, f.Citation = policy.LayerIdentity, cause.near.at
		f.Message = v.Purpose
	}
	findings.each(func(m missing, f *Finding) {
		f.Severity, f.Graded = m.severity, true
		what := fmt.Sprintf("%s on %s is not allowed", list(f.Actions, 3), list(f.Resources, 2)) + m.near.String()
		switch f.Fix = p.addStatement(f); m.layer {
		case policy.LayerTrust:
			what = fmt.Sprintf("%s on %s is in another account, where no policy of this identity reaches", list(f.Actions, 3), list(f.Resources, 2))
			f.Fix = &Fix{Kind: "edit-configuration", Note: "name a role of the database's account in aws.assume_role_arn"}
		case policy.LayerNone:
			what = fmt.Sprintf("%s on %s is in another partition, where this identity's credentials are not valid", list(f.Actions, 3), list(f.Resources, 2))
			f.Fix = &Fix{Kind: "edit-configuration", Note: "run the agent for this database in the database's partition"}
		}
		f.Message = what + "; needed " + f.Message
		f.Quote = p.Quote(f.Principal, f.Citation)
		p.Report(*f)
	})
}

// otherAccount tells whether a permission is asked for on a resource of another
// account, and not on a role that a hop assumes: only the resource's own policy
// could let the holder in (reference_policies_evaluation-logic-cross-account).
func (v *RequirementVerdict) otherAccount() bool {
	return v.Hop == nil && !v.lacks(policy.LayerIdentity) && v.lacks(policy.LayerTrust)
}

// lacks tells whether a layer does not allow the requirement, though nothing in
// it denies.
func (v *RequirementVerdict) lacks(layer policy.Layer) bool {
	for i := range v.Blocks {
		if v.Blocks[i].Layer == layer && v.Blocks[i].Decision == policy.ImplicitlyDenied {
			return true
		}
	}
	return false
}

// severity grades a permission that is not there: what only fills in metadata
// matters less, what is only recommended least.
func (v *RequirementVerdict) severity() Severity {
	switch {
	case v.Need == expected.Recommended:
		return Low
	case v.Metadata:
		return Medium
	default:
		return High
	}
}
