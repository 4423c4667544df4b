package expected

import (
	"slices"
	"strings"
)

// filling is a template with its placeholders filled: a resource, and the names
// that stand open in it.
type filling struct {
	resource string
	open     []string // in the order of the template; nil where all are told
}

// fill puts every combination of values into the placeholders of a template,
// in the order of the values. A name that the configuration does not tell is a
// "*" that is reported as open.
func fill(template string, values func(name string) []value) []filling {
	done := []filling{{}}
	for template != "" {
		literal, rest, found := strings.Cut(template, "{")
		for i := range done {
			done[i].resource += literal
		}
		if !found {
			break
		}
		var name string
		name, template, _ = strings.Cut(rest, "}")
		done = multiply(done, values(name))
	}
	return done
}

// multiply appends each value to each filling.
func multiply(fillings []filling, values []value) []filling {
	out := make([]filling, 0, len(fillings)*len(values))
	for _, f := range fillings {
		for _, v := range values {
			next := filling{resource: f.resource + v.text, open: slices.Clone(f.open)}
			if v.open != "" && !slices.Contains(next.open, v.open) {
				next.open = append(next.open, v.open)
			}
			out = append(out, next)
		}
	}
	return out
}

// value is what stands for a placeholder: a text, or "*" with the name that is
// not told.
type value struct {
	text string
	open string // "" where the text is what was told, "*" included
}

// told returns the value of a name, open where text is empty.
func told(text, name string) []value {
	if text == "" || text == "*" {
		return []value{{text: "*", open: name}}
	}
	return []value{{text: text}}
}
