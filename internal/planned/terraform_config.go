package planned

import (
	"path"
	"slices"
	"strings"
)

// segments parts an address or reference at its dots, those in brackets left
// alone: module.a["x.y"].aws_iam_role.r has four.
func segments(address string) []string {
	var out []string
	from, depth, quoted := 0, 0, false
	for i := 0; i < len(address); i++ {
		switch c := address[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[':
			depth++
		case c == ']':
			depth--
		case c == '.' && depth == 0:
			out = append(out, address[from:i])
			from = i + 1
		}
	}
	return append(out, address[from:])
}

// indexed parts a segment into name and index: `r["k"]` into r and "k" with its
// quotes.
func indexed(segment string) (name, index string) {
	name, index, ok := strings.Cut(segment, "[")
	if !ok {
		return segment, ""
	}
	return name, strings.TrimSuffix(index, "]")
}

// moduleNames are the names of the modules on the way to one, without indexes.
func moduleNames(address string) []string {
	var names []string
	for i, s := range segments(address) {
		if i%2 == 1 {
			name, _ := indexed(s)
			names = append(names, name)
		}
	}
	return names
}

// parent is the address of the module that calls one, with the name of the call
// and its index.
func parent(module string) (above, name, index string) {
	s := segments(module)
	if len(s) < 2 {
		return "", "", ""
	}
	name, index = indexed(s[len(s)-1])
	return strings.Join(s[:len(s)-2], "."), name, index
}

func child(module, name, index string) string {
	out := "module." + name
	if index != "" {
		out += "[" + index + "]"
	}
	if module != "" {
		out = module + "." + out
	}
	return out
}

// moduleDirs notes in which directory each module's files are, as far as its
// source is a local one.
func (t *terraform) moduleDirs(m *tfModule, at, dir string, depth int) {
	if depth > maxDepth {
		return
	}
	for name, call := range m.Calls {
		below := strings.TrimPrefix(at+"."+name, ".")
		if !strings.HasPrefix(call.Source, "./") && !strings.HasPrefix(call.Source, "../") {
			continue
		}
		t.change.modules[below] = path.Join(dir, call.Source)
		t.moduleDirs(&call.Module, below, t.change.modules[below], depth+1)
	}
}

// module returns the configuration of a module by its address, nil where the
// plan has none.
func (t *terraform) module(address string) *tfModule {
	m := &t.plan.Configuration.Root
	for _, name := range moduleNames(address) {
		call, ok := m.Calls[name]
		if !ok {
			return nil
		}
		m = &call.Module
	}
	return m
}

// configure finds the configuration of an instance.
func (t *terraform) configure(in *instance) {
	m := t.module(in.Module)
	if m == nil {
		return
	}
	for i := range m.Resources {
		if c := &m.Resources[i]; c.Type == in.Type && c.Name == in.Name && (c.Mode == "data") == (in.Mode == "data") {
			in.config = c
			if v, err := decodeJSON(t.file, c.Expressions); err == nil {
				in.exprs = v
			}
			return
		}
	}
}

// configured tells whether the configuration sets an attribute, and whether that
// is known: a plan from which the configuration was cut does not tell.
func (in *instance) configured(attribute string) (set, told bool) {
	if in.config == nil {
		return false, false
	}
	return in.exprs.has(attribute), true
}

// referencesOf are the references of an expression, without those that another
// one goes on from: of aws_iam_role.r.arn and aws_iam_role.r the first.
func referencesOf(expression value) []string {
	var all []string
	refs := expression.get("references")
	for _, r := range refs.list() {
		if r.str() != "" && len(all) < maxReferences {
			all = append(all, r.str())
		}
	}
	var out []string
	for _, r := range all {
		longer := func(other string) bool {
			return len(other) > len(r) && strings.HasPrefix(other, r) && (other[len(r)] == '.' || other[len(r)] == '[')
		}
		if !slices.ContainsFunc(all, longer) && !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	return out
}

const (
	// maxReferences bounds the references of one expression that are looked at.
	maxReferences = 200
	// maxHops bounds how far a reference is followed through modules.
	maxHops = 30
)
