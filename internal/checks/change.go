package checks

import "strings"

// Change is what a planned change does to the outcome of an audit: the same
// target judged by the picture before it and by the one after it.
type Change struct {
	Kind      string // "Terraform plan", "CloudFormation template" …
	File      string
	Resources []ChangedResource
	Notes     []string // one sentence each, no final period

	// Alone: there was no picture before, so that nothing is compared.
	Alone        bool
	Requirements []RequirementChange // those that fare otherwise, the worst first
	New          []Finding           // not there before
	Fixed        []Finding           // no longer there after
	Unchanged    []Finding           // of the report after
}

// ChangedResource is one resource of the plan.
type ChangedResource struct {
	Address, Type string
	Action        string // "put", "drop" or "keep"
}

// Effect says how a requirement fares.
type Effect string

// The effects. Broken is what was granted and will be refused.
const (
	Broken  Effect = "broken"
	Worse   Effect = "worse"
	Better  Effect = "better"
	Mended  Effect = "mended" // was refused, will be granted
	Another Effect = "other"  // neither better nor worse
)

// RequirementChange is a requirement whose verdict the change changes.
type RequirementChange struct {
	RequirementVerdict        // after the change
	Before             Status // "" where the requirement was not asked for before
	Effect             Effect
}

// Compare fills in what changes from one report to another, by the requirements
// and by the fingerprints of findings. before is nil where there is no picture
// before. moved are ARNs of before by the ones that stand for them after: of an
// agent that the change makes anew under another path.
func (c *Change) Compare(before, after *Report, moved map[string]string) {
	if before == nil {
		c.Alone = true
		return
	}
	c.compareRequirements(before, after, moved)
	was, is := fingerprints(before), fingerprints(after)
	for i := range after.Findings {
		f := after.Findings[i]
		if was[f.Fingerprint] {
			c.Unchanged = append(c.Unchanged, f)
		} else {
			c.New = append(c.New, f)
		}
	}
	for i := range before.Findings {
		if f := before.Findings[i]; !is[f.Fingerprint] {
			c.Fixed = append(c.Fixed, f)
		}
	}
}

func fingerprints(r *Report) map[string]bool {
	out := map[string]bool{}
	for i := range r.Findings {
		out[r.Findings[i].Fingerprint] = true
	}
	return out
}

// compareRequirements matches requirements by what they ask for; of several that
// ask for the same, each with its like.
func (c *Change) compareRequirements(before, after *Report, moved map[string]string) {
	was := map[string][]Status{}
	for i := range before.Requirements {
		v := &before.Requirements[i]
		key := v.key(moved)
		was[key] = append(was[key], v.Status)
	}
	var all []RequirementChange
	for i := range after.Requirements {
		v := &after.Requirements[i]
		changed := RequirementChange{RequirementVerdict: *v}
		key := v.key(nil)
		if left := was[key]; len(left) > 0 {
			changed.Before, was[key] = left[0], left[1:]
		}
		if changed.Before != v.Status {
			changed.Effect = effect(changed.Before, v.Status)
			all = append(all, changed)
		}
	}
	for _, e := range []Effect{Broken, Worse, Another, Better, Mended} {
		for i := range all {
			if all[i].Effect == e {
				c.Requirements = append(c.Requirements, all[i])
			}
		}
	}
}

func (v *RequirementVerdict) key(moved map[string]string) string {
	now := func(arn string) string {
		if to, ok := moved[arn]; ok {
			return to
		}
		return arn
	}
	return strings.Join([]string{v.Database, v.ID, now(v.Principal), v.Action, now(v.Resource)}, "\x00")
}

// worth orders the statuses by what they mean for a connection.
var worth = map[Status]int{Granted: 3, NotNeeded: 3, Conditional: 2, Undecided: 2, Partial: 1, Missing: 0, Denied: 0}

func effect(before, after Status) Effect {
	switch {
	case before == "" || worth[before] == worth[after], worth[after] == worth[Undecided] && worth[before] < worth[after]:
		return Another // what is not known is no better than what is refused
	case worth[after] > worth[before] && after == Granted && worth[before] < worth[Conditional]:
		return Mended
	case worth[after] > worth[before]:
		return Better
	case before == Granted && worth[after] < worth[Conditional]:
		return Broken
	default:
		return Worse
	}
}

// Count is how many requirements fare so.
func (c *Change) Count(e Effect) int {
	n := 0
	for i := range c.Requirements {
		if c.Requirements[i].Effect == e {
			n++
		}
	}
	return n
}
