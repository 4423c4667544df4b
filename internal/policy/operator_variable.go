package policy

import (
	"slices"
	"strings"
)

const ambiguityVariableColon = "whether a colon in the value of a policy variable ends a field of an ARN"

// textMode is how a value with variables is compared.
type textMode uint8

const (
	plainText  textMode = iota // exactly
	foldedText                 // ignoring case
	globText                   // with wildcards that match every character
	arnText                    // with wildcards, field by field
)

// variableText is a value of a condition that holds policy variables
// (reference_policies_variables).
type variableText struct {
	template template
	mode     textMode
}

// compileVariableText compiles raw; false where no ${…} is to be substituted in
// it.
func compileVariableText(raw string, variables bool, mode textMode) (*variableText, bool) {
	if !variables || !strings.Contains(raw, "${") {
		return nil, false
	}
	return &variableText{template: parseTemplate(raw, true), mode: mode}, true
}

func (t *variableText) match(value string, ctx *Context) ConditionResult {
	if own, ok := t.alone(ctx); ok {
		return decided(value == own)
	}
	r := t.template.resolve(ctx)
	switch {
	case r.state == resolutionAbsent:
		// A variable without value matches nothing; a negated operator is true
		// then (reference_policies_variables#policy-vars-no-value).
		return decided(false)
	case r.state != resolutionKnown:
		return t.matchOpen(&r, value)
	}
	switch t.mode {
	case plainText:
		return decided(value == r.plain())
	case foldedText:
		return equalIgnoringCase(value, r.plain())
	case arnText:
		return matchARNText(&r, value)
	default:
		if r.pattern(false).Match(value) {
			return decided(true)
		}
		return possible(r.valueWildcards() && r.pattern(true).Match(value), ambiguityValueWildcard)
	}
}

// alone is the text of a value that is compared exactly and is one variable,
// whose value is known: the common case, for which nothing is allocated.
func (t *variableText) alone(ctx *Context) (string, bool) {
	if t.mode != plainText || len(t.template.parts) != 1 || t.template.parts[0].broken || t.template.parts[0].kind != partVariable {
		return "", false
	}
	values, multi, state := ctx.lookupFolded(t.template.parts[0].key)
	if state != KeyPresent || multi || len(values) != 1 {
		return "", false
	}
	return values[0], true
}

// matchOpen compares where some variable may stand for anything or nothing: no
// match is certain, but that there is none may be.
func (t *variableText) matchOpen(r *resolution, value string) ConditionResult {
	var wide bool
	switch t.mode {
	case plainText:
		wide = openPattern(r, func(s string) string { return s }).Match(value)
	case foldedText:
		wide = openPattern(r, foldLetters).Match(foldLetters(value))
	case arnText:
		wide = matchOpenARNText(r, value)
	default:
		wide = r.pattern(true).Match(value)
	}
	if !wide {
		return decided(false)
	}
	keys := slices.Clone(r.keys)
	slices.Sort(keys)
	return ConditionResult{Keys: keys, Ambiguity: r.ambiguity}
}

// openPattern is a resolution in which all that is known is literal.
func openPattern(r *resolution, fold func(string) string) Pattern {
	var b patternBuilder
	for _, p := range r.pieces {
		if p.kind == pieceAnything {
			b.add(token{kind: anyRun})
		} else {
			b.text(fold(p.text))
		}
	}
	return b.pattern("")
}

// foldLetters makes equal what strings.EqualFold finds equal.
func foldLetters(s string) string { return strings.ToLower(strings.ToUpper(s)) }

func (t *variableText) reach(ctx *Context) (some, every bool) {
	r := t.template.resolve(ctx)
	if r.state == resolutionKnown && t.mode == globText {
		return true, r.pattern(false).All()
	}
	return r.state != resolutionAbsent, false
}

func (t *variableText) variables(keys []string) []string {
	for _, p := range t.template.parts {
		if p.kind == partVariable && !p.broken {
			keys = append(keys, p.text)
		}
	}
	return keys
}

// possible is an outcome that is true in one reading of AWS's documentation
// only.
func possible(b bool, ambiguity string) ConditionResult {
	if b {
		return open(ambiguity)
	}
	return decided(false)
}
