package policy

import "strings"

// escapes are the policy variables that stand for a character that would be a
// wildcard (reference_policies_variables#policy-vars-specialchars).
var escapes = strings.NewReplacer("${*}", "*", "${?}", "?", "${$}", "$")

// namesLiterally tells whether some policy names a resource, character by
// character, with ${*} or ${?} for its wildcards: a case that asks about that
// text then means the one resource of that name, such as an object of S3 that is
// called "*", and not all that the text would match as a pattern.
func (pol *Policies) namesLiterally(resource string) bool {
	if !HasWildcard(resource) {
		return false
	}
	lists := [][]Source{pol.Identity, pol.Boundary, pol.Session}
	lists = append(lists, pol.SCPs...)
	lists = append(lists, pol.RCPs...)
	if pol.Resource != nil {
		lists = append(lists, []Source{*pol.Resource})
	}
	for _, sources := range lists {
		for i := range sources {
			if sources[i].Document.namesLiterally(resource) {
				return true
			}
		}
	}
	return false
}

func (d *Document) namesLiterally(resource string) bool {
	for _, st := range d.statements() {
		for i := range st.Resources.Patterns {
			p := &st.Resources.Patterns[i]
			if !p.dynamic && !p.wildcard() && st.Variables && escapes.Replace(p.Raw) == resource {
				return true
			}
		}
	}
	return false
}

// wildcard tells whether the policy's own text holds a wildcard.
func (r *ResourcePattern) wildcard() bool {
	for i := range r.fields {
		if r.fields[i].wildcard() {
			return true
		}
	}
	return false
}
