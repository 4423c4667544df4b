package planned

import (
	"encoding/json"
	"slices"
	"strings"
)

// leaf is an attribute of an instance that an expression takes its value from.
type leaf struct {
	in        *instance
	attribute string
}

// scope is where an expression stands: a module, and the resource with its key.
type scope struct {
	module string
	key    string // index of the resource's or the module's instance, as JSON
	self   *tfConfig
}

func (in *instance) scope() scope {
	return scope{module: in.Module, key: string(in.Index), self: in.config}
}

// leaves follows the references of an expression to the instances that they
// mean. ok is false where some lead elsewhere: to another value, of which the
// plan says nothing.
func (t *terraform) leaves(s scope, expression value) (out []leaf, ok bool) {
	refs := referencesOf(expression)
	ok = len(refs) > 0
	for _, ref := range refs {
		if isKey(ref) {
			continue // says which instance another reference means
		}
		found, all := t.follow(s, ref, 0)
		ok = ok && all
		out = append(out, found...)
		if len(out) > maxReferences {
			return nil, false
		}
	}
	return out, ok && len(out) > 0
}

func isKey(ref string) bool { return ref == "each.key" || ref == "count.index" }

// follow finds what one reference means.
func (t *terraform) follow(s scope, ref string, hops int) ([]leaf, bool) {
	if hops > maxHops {
		return nil, false
	}
	parts := segments(ref)
	switch {
	case parts[0] == "each" && len(parts) > 1 && parts[1] == "value":
		return t.followEach(s, parts[2:], hops)
	case parts[0] == "var" && len(parts) == 2:
		return t.followVariable(s, parts[1], hops)
	case parts[0] == "module" && len(parts) == 3:
		return t.followOutput(s, parts, hops)
	case parts[0] == "data" && len(parts) >= 3:
		return t.followResource(s, "data."+parts[1]+".", parts[2:])
	case strings.HasPrefix(parts[0], "aws_") && len(parts) >= 2:
		return t.followResource(s, parts[0]+".", parts[1:])
	default:
		return nil, false
	}
}

// followResource: without an index a resource with several instances means the
// one with the same key, where there is such a one, else all of them.
func (t *terraform) followResource(s scope, prefix string, parts []string) ([]leaf, bool) {
	name, index := indexed(parts[0])
	attribute := ""
	if len(parts) > 1 {
		attribute, _ = indexed(parts[1])
	}
	all := t.byBlock[s.module+"|"+prefix+name]
	if index == "" && len(all) > 1 {
		index = s.key
		if !slices.ContainsFunc(all, func(in *instance) bool { return sameKey(in.Index, index) }) {
			index = ""
		}
	}
	var out []leaf
	for _, in := range all {
		if index == "" || len(in.Index) == 0 || sameKey(in.Index, index) {
			out = append(out, leaf{in, attribute})
		}
	}
	return out, len(out) > 0
}

func sameKey(a json.RawMessage, b string) bool { return string(a) == b && b != "" }

// followEach: for_each over another resource makes each.value its instance with
// the same key.
func (t *terraform) followEach(s scope, rest []string, hops int) ([]leaf, bool) {
	if s.self == nil || len(rest) == 0 {
		return nil, false
	}
	over, err := decodeJSON(t.file, s.self.ForEach)
	if err != nil {
		return nil, false
	}
	refs := referencesOf(over)
	if len(refs) != 1 {
		return nil, false
	}
	return t.follow(s, refs[0]+"."+strings.Join(rest, "."), hops+1)
}

// followVariable goes up to what the module was called with.
func (t *terraform) followVariable(s scope, name string, hops int) ([]leaf, bool) {
	name, _ = indexed(name)
	above, call, index := parent(s.module)
	m := t.module(above)
	if call == "" || m == nil {
		return nil, false
	}
	return t.followAll(scope{module: above, key: index}, m.Calls[call].Expressions[name], hops+1)
}

// followOutput goes down to what a module gives.
func (t *terraform) followOutput(s scope, parts []string, hops int) ([]leaf, bool) {
	name, index := indexed(parts[1])
	m := t.module(s.module)
	if m == nil {
		return nil, false
	}
	output, _ := indexed(parts[2])
	below := child(s.module, name, index)
	if index == "" && s.key != "" && t.module(below) != nil && !t.holds(below) {
		below = child(s.module, name, s.key)
	}
	_, _, key := parent(below)
	return t.followAll(scope{module: below, key: key}, m.Calls[name].Module.Outputs[output].Expression, hops+1)
}

// holds tells whether an instance is in a module of exactly this address.
func (t *terraform) holds(module string) bool {
	return slices.ContainsFunc(t.instances, func(in *instance) bool { return in.Module == module })
}

func (t *terraform) followAll(s scope, expression json.RawMessage, hops int) ([]leaf, bool) {
	if len(expression) == 0 {
		return nil, false
	}
	v, err := decodeJSON(t.file, expression)
	if err != nil {
		return nil, false
	}
	refs := referencesOf(v)
	var out []leaf
	ok := len(refs) > 0
	for _, ref := range refs {
		if isKey(ref) {
			continue
		}
		found, all := t.follow(s, ref, hops)
		ok = ok && all
		if out = append(out, found...); len(out) > maxReferences {
			return nil, false
		}
	}
	return out, ok && len(out) > 0
}

// wait says what an attribute waits for, for people: the references of its
// expression.
func (in *instance) wait(attribute string, expression value) string {
	why := in.Address + ": " + attribute + " is known only after apply"
	if refs := referencesOf(expression); len(refs) > 0 {
		why += " (" + strings.Join(refs[:min(len(refs), 3)], ", ") + ")"
	}
	return why
}

// word is an attribute that names something: known, or one that the references
// of its expression lead to, as a policy's ARN that its own resource tells.
func (t *terraform) word(in *instance, attribute string) word {
	v := in.after.get(attribute)
	if text, ok := v.scalar(); ok {
		return known(text)
	}
	if v.kind != isUnknown {
		return known("")
	}
	words := t.words(in, attribute)
	if len(words) == 1 {
		return words[0]
	}
	return word{why: in.wait(attribute, in.exprs.get(attribute))}
}

// words is word for a list of names.
func (t *terraform) words(in *instance, attribute string) []word {
	v, expression := in.after.get(attribute), in.exprs.get(attribute)
	var out []word
	unknown := 0
	for _, item := range v.list() {
		if text, ok := item.scalar(); ok {
			out = append(out, known(text))
		} else if item.unknown() != nil {
			unknown++
		}
	}
	if unknown == 0 {
		return out
	}
	found, ok := t.leaves(in.scope(), expression)
	var named []word
	for _, l := range found {
		if l.attribute == "" { // of r[each.key].arn the plan tells r alone
			l.attribute = meantAttribute(attribute)
		}
		w := t.attribute(l)
		ok = ok && w.why == ""
		if w.why == "" && !slices.Contains(out, w) && !slices.Contains(named, w) {
			named = append(named, w)
		}
	}
	out = append(out, named...)
	// Of a list that is unknown as a whole the plan does not tell what literals it
	// has; of one whose items are there, each must come from one reference.
	if !ok || !single(attribute) && (v.kind == isUnknown || len(named) != unknown) {
		out = append(out, word{why: in.wait(attribute, expression)})
	}
	return out
}

// meantAttribute is what an attribute can only take from an entity: ARNs of
// policies, names of all else.
func meantAttribute(attribute string) string {
	if strings.Contains(attribute, "arn") || attribute == "permissions_boundary" {
		return "arn"
	}
	return "name"
}

// single tells of attributes that hold one value.
func single(attribute string) bool {
	switch attribute {
	case "roles", "users", "groups", "managed_policy_arns", "policy_arns", "policy_names":
		return false
	default:
		return true
	}
}
