package policy

import "slices"

// Decision is the outcome of a request.
type Decision uint8

// The zero value is Undecided: it turns on something that is not known.
const (
	Undecided Decision = iota
	Allowed
	ImplicitlyDenied
	ExplicitlyDenied
)

// String returns the word that `iamcheck eval` prints.
func (d Decision) String() string {
	switch d {
	case Allowed:
		return "Allowed"
	case ImplicitlyDenied:
		return "ImplicitlyDenied"
	case ExplicitlyDenied:
		return "ExplicitlyDenied"
	default:
		return "Unknown"
	}
}

// Layer is a kind of policy that takes part in a decision.
type Layer uint8

// The layers, in the order in which AWS evaluates them. LayerNone is the zero
// value: no single layer decides.
const (
	LayerNone Layer = iota
	LayerRCP
	LayerSCP
	LayerTrust // the resource's policy; for roles, the trust policy
	LayerIdentity
	LayerBoundary
	LayerSession
)

// String returns the name that reports use, "" for LayerNone.
func (l Layer) String() string {
	switch l {
	case LayerRCP:
		return "rcp"
	case LayerSCP:
		return "scp"
	case LayerTrust:
		return "trust"
	case LayerIdentity:
		return "identity"
	case LayerBoundary:
		return "boundary"
	case LayerSession:
		return "session"
	default:
		return ""
	}
}

// Coverage says how much of the requested resource is allowed.
type Coverage uint8

// The zero value says nothing.
const (
	CoverageUnknown Coverage = iota
	CoverageNone
	CoveragePart
	CoverageAll
)

// Verdict is a decision with what made it.
type Verdict struct {
	Decision Decision
	// Layer decides: the one that denies or does not allow, or, for Allowed,
	// the one that grants (identity or trust). LayerNone where several unknowns
	// meet.
	Layer Layer
	// Because are the statements that made the decision; empty for an implicit
	// denial, which is the absence of one, but for those that allow a part of a
	// pattern. Of many thousands not all are named.
	Because []Citation
	// Coverage is about the whole decision: how much of Resource is certainly
	// allowed (All), certainly not (None), or some (Part).
	Coverage Coverage
	// MayCover is the same where everything that is not known turns out well.
	MayCover Coverage
	// Witness is a resource among those requested that is not allowed; set for
	// patterns that are not wholly allowed.
	Witness string
	// Conditions are the context keys that the answer turns on where it is
	// Undecided, as written in the policies, sorted.
	Conditions []string
	// Ambiguities name what else the answer turns on where it is Undecided,
	// sorted: what AWS's documentation leaves open or contradicts itself about,
	// what a caller's ARN does not tell, and that the question was too large.
	Ambiguities []string
	// Unread are the sources without document on which the answer turns.
	Unread []Citation
	// Layers is the same question asked of each layer that applies, in the
	// order of evaluation; an SCP or RCP has one entry per level.
	Layers []LayerVerdict
}

// CutShort reports whether the question's budget did not suffice to decide it.
func (v *Verdict) CutShort() bool {
	return v.Decision == Undecided && slices.Contains(v.Ambiguities, ambiguityTooLarge)
}

// LayerVerdict is what one layer says on its own.
type LayerVerdict struct {
	Layer Layer
	Level int // SCPs and RCPs: index of the level, 0 is the root
	// Decision of this layer alone: Allowed where its Allow statements (or
	// those of a resource policy that make it unnecessary) cover the resource
	// and no Deny of it touches it.
	Decision    Decision
	Coverage    Coverage
	Because     []Citation
	Witness     string
	Conditions  []string
	Ambiguities []string
	Unread      []Citation
}
