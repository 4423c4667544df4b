package policy

import "strings"

// ActionPattern is one value of an Action or NotAction element, compiled
// (reference_policies_elements_action).
type ActionPattern struct {
	Raw      string // as written
	Position Position

	pattern Pattern // of Raw in lower case
}

// compileAction compiles a value. `*` and `?` stand for any characters
// anywhere in it. What is no action, like a list with commas, is a pattern too:
// it matches no action, since no name of one holds a comma or a space (A3).
func compileAction(raw string, pos Position) ActionPattern {
	return ActionPattern{Raw: raw, Position: pos, pattern: CompilePattern(lowerASCII(raw))}
}

// Match reports whether the action, "service:Name", matches. Neither the
// service prefix nor the name is case-sensitive. It does not allocate.
func (a *ActionPattern) Match(action string) bool {
	return a.pattern.matchFolded(action)
}

// Pattern returns the value in lower case as a pattern, to be compared with
// actions in lower case.
func (a *ActionPattern) Pattern() Pattern { return a.pattern }

// lowerASCII folds ASCII letters only, and does not allocate where there is
// none to fold.
func lowerASCII(s string) string {
	if !hasUpperASCII(s) {
		return s
	}
	b := []byte(s)
	for i, c := range b {
		b[i] = byte(lowerRune(rune(c)))
	}
	return string(b)
}

func hasUpperASCII(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return 'A' <= r && r <= 'Z' })
}
