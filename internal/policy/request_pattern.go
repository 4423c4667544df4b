package policy

import "strings"

// RequestPattern compiles the resource of a question in which wildcards ask
// for all that they match. In the first five fields of an ARN they match no
// colon, since no resource has one there: a question about every Region is not
// one about other accounts. An ARN that breaks off with `*` is filled up with
// it. "*" is every string; what is no ARN is a plain pattern.
func RequestPattern(resource string) Pattern {
	fields, n := arnFields(resource)
	if fields[0] != "arn" || n == 1 {
		return CompilePattern(resource)
	}
	if n <= arnResource && strings.HasSuffix(resource, "*") {
		for ; n <= arnResource; n++ {
			fields[n] = "*"
		}
	}
	var b patternBuilder
	for i, field := range fields[:n] {
		if i > 0 {
			b.text(":")
		}
		b.glob(field, i < arnResource)
	}
	p := b.pattern(resource)
	p.colonless = withoutColons(p.tokens, len(p.tokens))
	return p
}
