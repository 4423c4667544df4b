package policy

import (
	"slices"
	"strings"
)

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
		padding := ":*"
		if HasWildcard(r.Raw) {
			padding = "*" // takes in the text as a plain glob, too
		}
		b.wide.glob(padding, false)
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
			b.narrow.piece(p, false)
			b.wide.piece(p, true)
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
		b.narrow.piece(p, false)
		b.wide.piece(p, true)
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
