package planned

import "cmp"

// truth is the outcome of a condition; why is what an undecided one waits for.
type truth struct {
	holds bool
	why   string
}

// decide decides a condition by name (intrinsic-function-reference-conditions).
func (t *template) decide(name string) truth {
	c := t.conditions[name]
	if c == nil {
		return truth{why: "there is no condition " + shown(name)}
	}
	if !c.decided {
		c.decided, c.outcome = true, truth{why: "condition " + name + " depends on itself"}
		c.outcome = t.truth(c.value, 0)
		if c.outcome.why != "" {
			c.outcome.why = "condition " + name + " is not decided: " + c.outcome.why
		}
	}
	return c.outcome
}

// truth evaluates a condition function.
func (t *template) truth(v value, depth int) truth {
	if t.work++; v.kind != isObject || len(v.members) != 1 || depth > maxDepth {
		return truth{why: "it is no condition function"}
	}
	argument := v.members[0].value
	items := argument.list()
	switch v.members[0].name {
	case "Condition":
		return t.decide(argument.str())
	case "Fn::Not":
		if len(items) == 1 {
			inner := t.truth(items[0], depth+1)
			return truth{!inner.holds, inner.why}
		}
	case "Fn::And", "Fn::Or":
		return t.several(items, v.members[0].name == "Fn::Or", depth)
	case "Fn::Equals":
		if len(items) == 2 {
			a, b := t.eval(items[0], depth), t.eval(items[1], depth)
			left, ok := a.scalar()
			right, also := b.scalar()
			if !ok || !also {
				return truth{why: cmp.Or(a.why, b.why, "Fn::Equals compares what is no string")}
			}
			return truth{holds: left == right}
		}
	}
	return truth{why: v.members[0].name + " is not decided here"}
}

// several is Fn::Or, or Fn::And: one outcome settles it, whatever the others.
func (t *template) several(items []value, or bool, depth int) truth {
	out := truth{holds: !or}
	for _, item := range items {
		switch inner := t.truth(item, depth+1); {
		case inner.why != "":
			out.why = cmp.Or(out.why, inner.why)
		case inner.holds == or:
			return truth{holds: or}
		}
	}
	return out
}
