package checks

import "github.com/iamcheck/iamcheck/internal/policy"

// perhapsSome: whether anything is allowed, which is all that is asked for, turns
// on what is not known.
func (v *RequirementVerdict) perhapsSome(layers []policy.LayerVerdict) {
	v.Status, v.Blocks = Conditional, nil
	for i := range layers {
		l := &layers[i]
		v.Conditions, v.Unread = union(v.Conditions, l.Conditions), append(v.Unread, l.Unread...)
		if l.Decision == policy.Undecided {
			v.Layer = l.Layer
		}
	}
	if len(v.Unread) > 0 {
		v.Status = Undecided
	}
}

// satisfyGroups settles requirements of which any one will do: once one of a
// group is granted, the others are not needed; while one may be, those that are
// missing are not missed.
func satisfyGroups(verdicts []RequirementVerdict) {
	type group struct{ database, principal, name string }
	granted, open := map[group]bool{}, map[group]bool{}
	key := func(v *RequirementVerdict) group { return group{v.Database, v.Principal, v.AnyOf} }
	for i := range verdicts {
		if v := &verdicts[i]; v.AnyOf != "" {
			granted[key(v)] = granted[key(v)] || v.Status == Granted
			open[key(v)] = open[key(v)] || v.Status == Conditional || v.Status == Undecided
		}
	}
	for i := range verdicts {
		v := &verdicts[i]
		switch {
		case v.AnyOf == "" || v.Status == Granted:
		case granted[key(v)]:
			*v = RequirementVerdict{
				Requirement: v.Requirement, Status: NotNeeded,
				Explanation: "another action on the database's data is granted",
			}
		case open[key(v)] && v.Status != Conditional && v.Status != Undecided:
			*v = RequirementVerdict{
				Requirement: v.Requirement, Status: NotNeeded,
				Explanation: "another action on the database's data may be granted",
			}
		}
	}
}
