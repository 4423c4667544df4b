package policy

import (
	"slices"
	"strings"
)

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

// readingBuilder builds both readings of a resource, field by field.
type readingBuilder struct {
	narrow, wide patternBuilder
	arn          bool
	noNarrow     bool // the narrow reading matches nothing
	absent       bool // neither does the wide one
	keys         []string
	ambiguities  []string
}

// differ makes the narrow reading match nothing.
func (b *readingBuilder) differ(ambiguity string) {
	b.noNarrow = true
	b.note(ambiguity)
}

func (b *readingBuilder) note(ambiguity string) {
	if ambiguity != "" && !slices.Contains(b.ambiguities, ambiguity) {
		b.ambiguities = append(b.ambiguities, ambiguity)
	}
}

func (r *ResourcePattern) build(ctx *Context) reading {
	var b readingBuilder
	b.narrow.tokens = make([]token, 0, len(r.Raw)+spare)
	b.wide.tokens = make([]token, 0, len(r.Raw)+spare)
	b.arn = r.arn
	for i := range r.fields {
		if i > 0 {
			b.narrow.text(":")
			b.wide.text(":")
		}
		if r.arn && i < arnResource {
			b.header(&r.fields[i], ctx)
		} else {
			b.resource(&r.fields[i], ctx)
		}
		if i == serviceField && len(r.fields) > arnResource && r.fields[i].wildcard() {
			b.differ(ambiguityServiceField) // R7
		}
	}
	if r.padded {
		b.wide.glob(":*", false)
		b.differ(ambiguityShortARN)
	}
	return b.reading(r.Raw)
}

// spare is room for a value that is longer than the variable.
const spare = 32

// serviceField is the index of the service among an ARN's fields.
const serviceField = 2

// wildcard reports whether the policy's own text holds a wildcard.
func (t *template) wildcard() bool {
	return slices.ContainsFunc(t.parts, func(p templatePart) bool {
		return p.kind == partText && HasWildcard(p.text)
	})
}

// header appends one of an ARN's first five fields. There a wildcard is
// documented to match within the field, but for a `*` that ends the field,
// which may match beyond it (R3).
func (b *readingBuilder) header(field *template, ctx *Context) {
	res := field.resolve(ctx)
	if field.dynamic {
		b.differ(ambiguityFieldVariable) // R8
		b.take(&res)
	}
	for i, p := range res.pieces {
		if p.kind != pieceText {
			b.narrow.piece(p, false, false)
			b.wide.piece(p, false, true)
			continue
		}
		if hasUpperASCII(p.text) {
			b.differ(ambiguityFieldCase) // R1
			p.text = lowerASCII(p.text)
		}
		b.wide.glob(p.text, false)
		inner, crosses := strings.CutSuffix(p.text, "*")
		if crosses = crosses && i == len(res.pieces)-1; !crosses {
			inner = p.text
		}
		b.narrow.glob(inner, true)
		if crosses {
			b.narrow.glob("*", false)
		}
	}
}

// resource appends the resource part, in which wildcards match everything,
// colons too (R4), or a text that is no ARN.
func (b *readingBuilder) resource(field *template, ctx *Context) {
	res := field.resolve(ctx)
	b.take(&res)
	if res.valueWildcards() {
		b.note(ambiguityValueWildcard) // V6
	}
	for _, p := range res.pieces {
		b.narrow.piece(p, false, false)
		b.wide.piece(p, false, true)
	}
}

// take notes what became of a field's variables.
func (b *readingBuilder) take(res *resolution) {
	b.noNarrow = b.noNarrow || res.state != resolutionKnown
	b.absent = b.absent || res.state == resolutionAbsent
	b.note(res.ambiguity)
	for _, key := range res.keys {
		if !slices.Contains(b.keys, key) {
			b.keys = append(b.keys, key)
		}
	}
}

// reading finishes; text is what the patterns' String returns.
func (b *readingBuilder) reading(text string) reading {
	if b.absent {
		return reading{}
	}
	r := reading{wide: b.pattern(&b.wide, text), hasWide: true, keys: b.keys}
	if !b.noNarrow {
		r.narrow, r.hasNarrow = b.pattern(&b.narrow, text), true
		if r.narrow.fields {
			b.note(ambiguityFieldRun)
		}
	}
	r.ambiguity = strings.Join(b.ambiguities, "; ")
	return r
}

func (b *readingBuilder) pattern(of *patternBuilder, text string) Pattern {
	p := of.pattern(text)
	if b.arn {
		p.aligned = aligned(p.tokens)
	}
	return p
}

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
