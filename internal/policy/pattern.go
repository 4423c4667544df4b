package policy

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Pattern is a compiled IAM pattern: text in which `*` stands for any run of
// characters, also none, and `?` for exactly one
// (reference_policies_elements_resource). It may hold wildcards that stop at a
// colon, which patterns from [CompilePattern] never do; see [RequestPattern].
//
// A Pattern is immutable, cheap to copy and safe for concurrent use. The zero
// value matches the empty string only.
type Pattern struct {
	text   string
	tokens []token
	// The literal text at both ends, which most comparisons fail on. For a
	// pattern without wildcards prefix is the whole text.
	prefix, suffix string
	// tokens[from:to] is what is left between prefix and suffix; core is the
	// longest literal text there.
	from, to int
	core     string
	block    int  // tokens between two runs there, at most
	literal  bool // no wildcard
	fields   bool // some wildcard stops at a colon

	// For Intersects; see there. nil where they would be the same as tokens.
	colonless []token // of a question: no wildcard matches a colon
	aligned   []token // of a resource: its first five fields are those of the ARN
}

type tokenKind uint8

const (
	literalRune tokenKind = iota // token.r itself
	anyOne                       // ?
	fieldOne                     // ? that is no colon
	anyRun                       // *
	fieldRun                     // * that stops at a colon
)

// token is one element of a pattern. Tokens are compared with ==, so r is 0 in
// all kinds but literalRune.
type token struct {
	r    rune
	kind tokenKind
}

// run reports whether t stands for any number of characters.
func (t token) run() bool { return t.kind >= anyRun }

// admits reports whether the character r may be t, or one of the run t.
func (t token) admits(r rune) bool {
	switch t.kind {
	case literalRune:
		return r == t.r
	case fieldOne, fieldRun:
		return r != ':'
	default:
		return true
	}
}

// CompilePattern compiles a pattern whose wildcards match every character.
// Every string is a pattern. Characters are those of UTF-8; a byte that is not
// valid UTF-8 is a character of its own.
func CompilePattern(s string) Pattern {
	var b patternBuilder
	b.glob(s, false)
	return b.pattern(s)
}

// String returns the text that the pattern was compiled from.
func (p Pattern) String() string { return p.text }

// Literal returns the only string that the pattern matches, and false where it
// holds a wildcard.
func (p Pattern) Literal() (string, bool) {
	if !p.literal {
		return "", len(p.tokens) == 0
	}
	return p.prefix, true
}

// All reports whether the pattern matches every string.
func (p Pattern) All() bool {
	return len(p.tokens) == 1 && p.tokens[0].kind == anyRun
}

// Equal reports whether both patterns are made of the same elements, so that
// they match the same strings. `**` equals `*`, and `*?` equals `?*`.
func (p Pattern) Equal(q Pattern) bool { return slices.Equal(p.tokens, q.tokens) }

// HasWildcard reports whether a resource, as it stands in a question, holds
// `*` or `?`.
func HasWildcard(resource string) bool { return strings.ContainsAny(resource, "*?") }

// patternBuilder puts a pattern together from text in which wildcards count
// and text in which they do not.
type patternBuilder struct {
	tokens []token
}

// glob appends text with its wildcards; with fields they stop at a colon.
func (b *patternBuilder) glob(s string, fields bool) {
	one, run := anyOne, anyRun
	if fields {
		one, run = fieldOne, fieldRun
	}
	if b.tokens == nil {
		b.tokens = make([]token, 0, len(s))
	}
	for at := 0; at < len(s); {
		r, n := decodeRune(s[at:])
		at += n
		switch r {
		case '*':
			b.add(token{kind: run})
		case '?':
			b.add(token{kind: one})
		default:
			b.add(token{r: r})
		}
	}
}

// text appends text in which `*` and `?` are themselves.
func (b *patternBuilder) text(s string) {
	for at := 0; at < len(s); {
		r, n := decodeRune(s[at:])
		at += n
		b.add(token{r: r})
	}
}

// add appends a token in the normal form that the searches rely on: no two
// runs side by side, and a single wildcard before the run that it follows.
func (b *patternBuilder) add(t token) {
	last := len(b.tokens) - 1
	if last < 0 || !b.tokens[last].run() {
		b.tokens = append(b.tokens, t)
		return
	}
	before := b.tokens[last].kind
	switch {
	case t.kind == anyRun:
		b.tokens[last] = t
	case t.kind == fieldRun: // part of what the run before it matches
	case t.kind == anyOne && before == anyRun, t.kind == fieldOne && before == fieldRun:
		b.tokens[last] = t
		b.tokens = append(b.tokens, token{kind: before})
	default:
		b.tokens = append(b.tokens, t)
	}
}

// pattern finishes; text is what String returns.
func (b *patternBuilder) pattern(text string) Pattern {
	p := Pattern{text: text, tokens: b.tokens, to: len(b.tokens), literal: true}
	for _, t := range b.tokens {
		p.literal = p.literal && t.kind == literalRune
		p.fields = p.fields || t.kind == fieldOne || t.kind == fieldRun
	}
	var ends []byte
	for p.from < p.to && b.tokens[p.from].comparable(p.literal) {
		ends = appendRune(ends, b.tokens[p.from].r)
		p.from++
	}
	for p.to > p.from && b.tokens[p.to-1].comparable(p.literal) {
		p.to--
	}
	p.prefix, ends = string(ends), ends[:0]
	for _, t := range b.tokens[p.to:] {
		ends = appendRune(ends, t.r)
	}
	p.suffix = string(ends)
	block := 0
	for _, t := range b.tokens[p.from:p.to] {
		if block++; t.run() {
			block = 0
		}
		p.block = max(p.block, block)
	}
	p.core = longestText(b.tokens[p.from:p.to])
	return p
}

// longestText is the longest text that the tokens spell in one piece.
func longestText(tokens []token) string {
	var longest []token
	for len(tokens) > 0 {
		n := slices.IndexFunc(tokens, func(t token) bool { return t.kind != literalRune })
		if n < 0 {
			n = len(tokens)
		}
		if n > len(longest) {
			longest = tokens[:n]
		}
		tokens = tokens[min(n+1, len(tokens)):]
	}
	var text []byte
	for _, t := range longest {
		text = appendRune(text, t.r)
	}
	return string(text)
}

// comparable reports whether t may be compared as text. A stray byte may only
// where the whole pattern is compared: in a part it could be half of a
// character.
func (t token) comparable(whole bool) bool {
	return t.kind == literalRune && (whole || t.r < strayByte)
}

// strayByte plus a byte is the character for a byte that is not valid UTF-8:
// above all characters there are, so that different bytes stay different.
const strayByte rune = utf8.MaxRune + 1

// decodeRune returns the first character of s, which is not empty, and its
// length in bytes.
func decodeRune(s string) (rune, int) {
	if s[0] < utf8.RuneSelf {
		return rune(s[0]), 1
	}
	r, n := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError && n == 1 {
		return strayByte + rune(s[0]), 1
	}
	return r, n
}

// appendRune undoes decodeRune.
func appendRune(b []byte, r rune) []byte {
	if r >= strayByte {
		return append(b, byte(r-strayByte))
	}
	return utf8.AppendRune(b, r)
}
