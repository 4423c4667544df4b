package policy

import (
	"slices"
	"strings"
)

// template is text that may hold policy variables (reference_policies_variables):
// the resource part of an ARN, or the value of a condition.
type template struct {
	parts   []templatePart
	dynamic bool    // some part is a variable
	fixed   []piece // where none is
}

type templatePart struct {
	kind partKind
	text string // partText, partEscape: the text; partVariable: the key, as written
	key  string // partVariable: the key, folded
	// fallback is the default of a variable, `${key, 'fallback'}`.
	fallback    string
	hasFallback bool
	broken      bool // between the braces stands something that no page describes
}

type partKind uint8

const (
	partText     partKind = iota // the policy's own text, with its wildcards
	partEscape                   // ${*}, ${?} or ${$}: the character itself
	partVariable                 // ${key}
)

// parseTemplate cuts s into text and variables. Without variables, as under
// Version 2008-10-17, all of it is text. So is "${" that nothing closes.
func parseTemplate(s string, variables bool) template {
	var t template
	for variables {
		open, end := nextVariable(s)
		if end < 0 {
			break
		}
		if open > 0 {
			t.parts = append(t.parts, templatePart{text: s[:open]})
		}
		part := parseVariable(s[open+len("${") : end-len("}")])
		t.dynamic = t.dynamic || part.kind == partVariable
		t.parts = append(t.parts, part)
		s = s[end:]
	}
	if s != "" {
		t.parts = append(t.parts, templatePart{text: s})
	}
	if !t.dynamic {
		t.fixed = t.substitute(nil).pieces
	}
	return t
}

// nextVariable finds the first ${…} in s: s[open:end]. end is -1 where there
// is none.
func nextVariable(s string) (open, end int) {
	open = strings.Index(s, "${")
	if open < 0 {
		return 0, -1
	}
	length := strings.IndexByte(s[open:], '}')
	if length < 0 {
		return 0, -1
	}
	return open, open + length + 1
}

// parseVariable reads what stands between the braces. A default is written
// with a comma, a space and single quotes (V3).
func parseVariable(s string) templatePart {
	if s == "*" || s == "?" || s == "$" {
		return templatePart{kind: partEscape, text: s}
	}
	part := templatePart{kind: partVariable}
	var rest string
	part.text, rest, part.hasFallback = strings.Cut(s, ",")
	part.key = foldKey(part.text)
	if !part.hasFallback {
		part.broken = !isVariableKey(s)
		return part
	}
	text, quoted := strings.CutPrefix(rest, " '")
	text, closed := strings.CutSuffix(text, "'")
	part.fallback = text
	part.broken = !quoted || !closed || !isVariableKey(part.text)
	return part
}

// isVariableKey tells whether a variable names a key in a form that AWS
// documents. The key of a tag, after the slash, may hold spaces
// (id_tags: letters, numbers, spaces and _ . : / = + - @).
func isVariableKey(s string) bool {
	if s == "" || strings.ContainsAny(s, "'{$*?") {
		return false
	}
	prefix, tag, _ := strings.Cut(s, "/")
	return !strings.Contains(prefix, " ") && strings.TrimSpace(tag) == tag
}

// resolution is a template under a context.
type resolution struct {
	pieces []piece
	state  resolutionState
	// keys are the keys that are not known, as written, where state is
	// resolutionUnknown.
	keys []string
	// ambiguity, where state is resolutionUndefined, names what AWS's
	// documentation leaves open.
	ambiguity string
}

// resolutionState says what became of a template's variables. A template
// without variables is always resolutionKnown.
type resolutionState uint8

// The states. Where several apply, the highest counts but for Known.
const (
	// resolutionUnknown: the value of some key is not known; it may be absent.
	resolutionUnknown resolutionState = iota
	// resolutionKnown: every variable has its value.
	resolutionKnown
	// resolutionUndefined: some key is multivalued, or a variable is written in
	// a way that no page describes.
	resolutionUndefined
	// resolutionAbsent: some key is absent and has no default, which makes the
	// whole text match nothing (reference_policies_variables#policy-vars-no-value).
	resolutionAbsent
)

// piece is a part of a resolved template.
type piece struct {
	kind pieceKind
	text string // "" for pieceAnything
}

type pieceKind uint8

const (
	pieceText     pieceKind = iota // the policy's own text: its wildcards count
	pieceEscape                    // a character that is never a wildcard
	pieceValue                     // the value or default of a variable: data
	pieceAnything                  // a variable whose value is not known
)

// resolve puts in the values of the keys; ctx may be nil. It neither changes t
// nor allocates where t has no variables.
func (t *template) resolve(ctx *Context) resolution {
	if !t.dynamic {
		return resolution{state: resolutionKnown, pieces: t.fixed}
	}
	return t.substitute(ctx)
}

func (t *template) substitute(ctx *Context) resolution {
	r := resolution{state: resolutionKnown, pieces: make([]piece, 0, len(t.parts))}
	for _, part := range t.parts {
		switch part.kind {
		case partText:
			r.pieces = append(r.pieces, piece{pieceText, part.text})
		case partEscape:
			r.pieces = append(r.pieces, piece{pieceEscape, part.text})
		case partVariable:
			r.variable(part, ctx)
		}
	}
	return r
}

// variable appends the piece for one variable.
func (r *resolution) variable(part templatePart, ctx *Context) {
	if part.broken {
		r.open(resolutionUndefined, ambiguityVariableForm)
		return
	}
	values, multi, state := ctx.lookupFolded(part.key)
	switch {
	case state == KeyUnknown:
		r.open(resolutionUnknown, "")
		if !slices.Contains(r.keys, part.text) {
			r.keys = append(r.keys, part.text)
		}
	case state == KeyPresent && (multi || len(values) != 1):
		r.open(resolutionUndefined, ambiguityMultivalued)
	case state == KeyPresent:
		r.pieces = append(r.pieces, piece{pieceValue, values[0]})
	case part.hasFallback:
		r.pieces = append(r.pieces, piece{pieceValue, part.fallback})
	default:
		r.open(resolutionAbsent, "")
	}
}

// open appends a piece without value.
func (r *resolution) open(state resolutionState, ambiguity string) {
	r.pieces = append(r.pieces, piece{kind: pieceAnything})
	if r.state == resolutionKnown || r.state < state {
		r.state = state
	}
	if r.ambiguity == "" {
		r.ambiguity = ambiguity
	}
}

// plain is the text of a resolution that is known, for operators without
// wildcards.
func (r *resolution) plain() string {
	if len(r.pieces) == 1 {
		return r.pieces[0].text
	}
	var b strings.Builder
	for _, p := range r.pieces {
		b.WriteString(p.text)
	}
	return b.String()
}

// pattern is the resolution as a pattern whose wildcards match every
// character. A value is data, so that wildcards in it are literal (V6); with
// valuesWild they count. What is not known matches anything.
func (r *resolution) pattern(valuesWild bool) Pattern {
	var b patternBuilder
	for _, p := range r.pieces {
		b.piece(p, valuesWild)
	}
	return b.pattern(r.plain())
}

// valueWildcards reports whether a value holds a wildcard, so that pattern
// depends on valuesWild.
func (r *resolution) valueWildcards() bool {
	return slices.ContainsFunc(r.pieces, func(p piece) bool {
		return p.kind == pieceValue && HasWildcard(p.text)
	})
}

// piece appends a piece.
func (b *patternBuilder) piece(p piece, valuesWild bool) {
	switch {
	case p.kind == pieceText:
		b.glob(p.text, false)
	case p.kind == pieceAnything:
		b.add(token{kind: anyRun})
	case p.kind == pieceValue && valuesWild:
		b.glob(p.text, false)
	default:
		b.text(p.text)
	}
}
