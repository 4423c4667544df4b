package policy

import "strings"

const ambiguityShortARNLike = "how ArnLike reads a value that has fewer than the six fields of an ARN"

// arnTest is a value of ArnLike or ArnEquals, which behave identically, without
// variables: "each of the six colon-delimited components of the ARN is checked
// separately and each can include" wildcards
// (reference_policies_elements_condition_operators#Conditions_ARN).
type arnTest struct{ pattern arnPattern }

func compileARNLike(raw string, variables bool) valueTest {
	if t, ok := compileVariableText(raw, variables, arnText); ok {
		return t
	}
	return &arnTest{compileARNPattern(raw)}
}

func (t *arnTest) match(value string, _ *Context) ConditionResult { return t.pattern.match(value) }

func (t *arnTest) reach(*Context) (some, every bool) { return true, false }

func (t *arnTest) variables(keys []string) []string { return keys }

// arnPattern is a pattern for each field of an ARN; the sixth keeps its colons.
type arnPattern struct {
	fields   [arnResource + 1]Pattern // those that are missing hold *
	complete bool                     // all six were there
	whole    Pattern                  // the text as a plain pattern
	all      bool                     // "*" alone, which matches every ARN
}

func compileARNPattern(s string) arnPattern {
	fields, n := arnFields(s)
	p := arnPattern{complete: n == len(fields), whole: CompilePattern(s), all: s == "*"}
	for i := range fields {
		if i >= n {
			fields[i] = "*"
		}
		p.fields[i] = CompilePattern(fields[i])
	}
	return p
}

// match compares field by field. Of texts that are no ARNs AWS's page says only
// that "the ARN is considered a string".
func (p *arnPattern) match(value string) ConditionResult {
	fields, n := arnFields(value)
	same := n == len(fields)
	for i := 0; same && i < n; i++ {
		same = p.fields[i].Match(fields[i])
	}
	if n == len(fields) && (p.complete || p.all && fields[0] == "arn") {
		return decided(same)
	}
	if same || p.whole.Match(value) {
		return open(ambiguityShortARNLike)
	}
	return decided(false)
}

// matchARNText compares with a value whose variables are known. The values are
// data: a colon in one does not end a field where the policy's own text has all
// the fields, nor is a wildcard in one a wildcard. AWS's documentation settles
// neither, so what would match otherwise is open.
func matchARNText(r *resolution, value string) ConditionResult {
	literal := resolvedARNPattern(r, true, false)
	result := literal.match(value)
	if own := resolvedARNPattern(r, false, false); own.complete && result.Truth == True {
		return result.either(own.match(value), ambiguityVariableColon)
	}
	if result.Truth != False || !r.valueWildcards() {
		return result
	}
	wild := resolvedARNPattern(r, true, true)
	return possible(wild.match(value).Truth != False, ambiguityValueWildcard)
}

// matchOpenARNText tells whether an ARN may match where some variable may stand
// for anything: field by field where all such variables are in the sixth.
func matchOpenARNText(r *resolution, value string) bool {
	if !r.pattern(true).Match(value) {
		return false
	}
	colons := 0
	for _, p := range r.pieces {
		switch p.kind {
		case pieceText:
			colons += strings.Count(p.text, ":")
		case pieceAnything:
			if colons < arnResource {
				return true
			}
		}
	}
	wide := resolvedARNPattern(r, true, true)
	return wide.match(value).Truth != False
}

// resolvedARNPattern cuts a resolution into the fields of an ARN; with
// valueColons the colons in values count.
func resolvedARNPattern(r *resolution, valueColons, valuesWild bool) arnPattern {
	var builders [arnResource + 1]patternBuilder
	n := 0
	for _, p := range r.pieces {
		for n < arnResource && (p.kind == pieceText || p.kind == pieceValue && valueColons) {
			field, rest, more := strings.Cut(p.text, ":")
			if !more {
				break
			}
			builders[n].piece(piece{p.kind, field}, valuesWild)
			p.text = rest
			n++
		}
		builders[n].piece(p, valuesWild)
	}
	a := arnPattern{complete: n == arnResource, whole: r.pattern(valuesWild)}
	for i := range builders {
		if i > n {
			builders[i].add(token{kind: anyRun})
		}
		a.fields[i] = builders[i].pattern("")
	}
	return a
}
