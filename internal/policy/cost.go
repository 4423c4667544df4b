package policy

import "strings"

// What comparisons cost at most, in the steps and bytes of a Budget. They bound
// a question about one resource, however many and however large its policies.

// cost is how many steps Match takes.
func (a *Actions) cost(action string) int {
	return 1 + len(a.Patterns) + a.blocks*len(action)/4
}

// cost is what match takes.
func (r *ResourcePattern) cost(resource string, ctx *Context) (steps, bytes int) {
	steps = r.fixed.wide.cost(resource)
	if r.fixed.narrow.fields {
		steps += r.fixed.narrow.cost(resource)
	}
	if r.dynamic && r.fixed.wide.Match(resource) {
		more, size := r.buildCost(ctx)
		// What is built may have wildcards anywhere, and stop at colons.
		return steps + more + (len(r.Raw)+ctx.text())*len(resource)/2, size
	}
	return steps, 0
}

// buildCost is what read takes.
func (r *ResourcePattern) buildCost(ctx *Context) (steps, bytes int) {
	if !r.dynamic {
		return 1, 0
	}
	text := spare + len(r.Raw)
	for i := range r.fields {
		for _, p := range r.fields[i].parts {
			if p.kind == partVariable {
				text += ctx.text()
			}
		}
	}
	return 16 * text, 112 * text
}

// text is the most text that a key of the context holds.
func (c *Context) text() int {
	if c == nil {
		return 0
	}
	return c.longest
}

// conditionWeight is what a condition costs: a step per value of the request's
// key and unit of each, and so many sixteenths of a step per byte of the
// request's key.
type conditionWeight struct {
	units      int
	sixteenths int
	variables  int // bytes of values that hold variables
}

// weigh is about all values of a condition.
func weigh(c *Condition, variables bool) conditionWeight {
	w := conditionWeight{units: 2}
	for _, v := range c.Values {
		w.units += 1 + len(v.Raw)/16
		w.sixteenths++
		if fact := c.compiled.fact; fact.Wildcards {
			w.sixteenths += 4 * innerBlock(v.Raw)
		}
		if variables && strings.Contains(v.Raw, "${") {
			w.variables += spare + len(v.Raw)
			w.sixteenths += 16 * len(v.Raw)
		}
	}
	return w
}

// innerBlock is the length of the longest text that stands between two `*`,
// which may have to be compared at every place.
func innerBlock(s string) int {
	first, last := strings.IndexByte(s, '*'), strings.LastIndexByte(s, '*')
	longest := 0
	for first < last {
		next := strings.IndexByte(s[first+1:], '*')
		longest = max(longest, next)
		first += 1 + next
	}
	return longest
}

// cost is what Test takes.
func (c *Condition) cost(ctx *Context) (steps, bytes int) {
	w := &c.weight
	if ctx == nil {
		return w.units, 48 * w.variables
	}
	steps = w.units*(1+ctx.count) + w.sixteenths*ctx.longest/16
	if w.variables > 0 {
		text := (w.variables + ctx.longest) * (1 + ctx.count)
		return steps + 8*text, 48 * text
	}
	return steps, 0
}
