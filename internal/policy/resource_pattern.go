package policy

import "strings"

// ResourcePattern is one value of a Resource or NotResource element, compiled
// (reference_policies_elements_resource).
type ResourcePattern struct {
	Raw      string // as written
	Position Position

	fields []template // of the ARN; one where Raw is no ARN
	arn    bool
	padded bool // a short ARN that may be read as if `:*` followed
	// fixed is the reading without any context. Where dynamic, some field holds
	// a variable, and no reading matches what fixed.wide does not.
	fixed   reading
	dynamic bool
}

// reading is a pattern under a context, in the two readings that AWS's
// documentation leaves open: what matches in both, and what matches in some.
// narrow matches nothing that wide does not.
type reading struct {
	narrow, wide       Pattern
	hasNarrow, hasWide bool // false: that reading matches nothing
	// keys are the context keys, as written, whose values are not known.
	keys []string
	// ambiguity names what in AWS's documentation makes the readings differ;
	// "" where only keys do, or where they are the same.
	ambiguity string
}

// What AWS's documentation on resources and variables leaves open.
const (
	ambiguityFieldCase     = "whether letter case counts in the first five fields of an ARN"
	ambiguityFieldRun      = "whether a wildcard inside a field of an ARN matches a colon"
	ambiguityFieldVariable = "whether a policy variable counts outside the resource part of an ARN"
	ambiguityLongPattern   = "a resource longer than any ARN"
	ambiguityMultivalued   = "what a policy variable with several values stands for"
	ambiguityServiceField  = "whether a wildcard counts in the service field of an ARN"
	ambiguityShortARN      = "how an ARN of fewer than six fields is read"
	ambiguityValueWildcard = "whether a wildcard in the value of a policy variable acts as one"
	ambiguityVariableForm  = "a policy variable that is written in no documented form"
)

// maxResource is the length in bytes of the longest resource that is compiled:
// no ARN is longer than 2,048 characters (reference-arns).
const maxResource = 2048

// compileResource compiles a value. kind decides how a short ARN is read,
// variables whether ${…} is substituted (reference_policies_elements_version).
func compileResource(raw string, pos Position, kind Kind, variables bool) ResourcePattern {
	r := ResourcePattern{Raw: raw, Position: pos}
	if len(raw) > maxResource {
		r.fixed = reading{wide: CompilePattern("*"), hasWide: true, ambiguity: ambiguityLongPattern}
		return r
	}
	texts := templateFields(raw, variables)
	r.arn = len(texts) > arnResource || texts[0] == "arn"
	if !r.arn {
		texts = []string{raw}
	}
	r.padded = r.arn && len(texts) <= arnResource && padsShortARN(kind, raw)
	for _, text := range texts {
		field := parseTemplate(text, variables)
		r.dynamic = r.dynamic || field.dynamic
		r.fields = append(r.fields, field)
	}
	r.fixed = r.build(nil)
	return r
}

// padsShortARN reports whether an ARN of fewer than six fields may be read as
// if it went on with `*` (R5). One that ends with `*` matches beyond its fields
// anyway (R3).
func padsShortARN(kind Kind, raw string) bool {
	if strings.HasSuffix(raw, "*") {
		return false
	}
	switch kind {
	case KindIdentity, KindBoundary, KindSession:
		return true
	case KindResource:
		return HasWildcard(raw)
	default:
		return false
	}
}

// templateFields cuts a resource at its first five colons that stand in no
// variable.
func templateFields(s string, variables bool) []string {
	var fields []string
	start := 0
	for at := 0; at < len(s) && len(fields) < arnResource; at++ {
		if variables && s[at] == '$' {
			if open, end := nextVariable(s[at:]); open == 0 && end > 0 {
				at += end - 1
				continue
			}
		}
		if s[at] == ':' {
			fields = append(fields, s[start:at])
			start = at + 1
		}
	}
	return append(fields, s[start:])
}

// read returns the pattern's readings under a context, which may be nil. It
// does not allocate for a pattern without variables.
func (r *ResourcePattern) read(ctx *Context) reading {
	if !r.dynamic {
		return r.fixed
	}
	return r.build(ctx)
}

// reading is read without a copy, for those who change nothing.
func (r *ResourcePattern) reading(ctx *Context) *reading {
	if !r.dynamic {
		return &r.fixed
	}
	built := r.build(ctx)
	return &built
}

// match reports whether a resource matches: Unknown where only the wide
// reading does. It does not allocate for a pattern without variables.
func (r *ResourcePattern) match(resource string, ctx *Context) Truth {
	if !r.dynamic {
		return r.fixed.match(resource)
	}
	if !r.fixed.wide.Match(resource) {
		return False
	}
	built := r.build(ctx)
	return built.match(resource)
}

func (r *reading) match(resource string) Truth {
	switch {
	case r.hasNarrow && r.narrow.Match(resource):
		return True
	case r.ambiguity == "" && len(r.keys) == 0:
		return False
	case r.hasWide && r.wide.Match(resource):
		return Unknown
	default:
		return False
	}
}
