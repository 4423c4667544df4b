package policy

import (
	"bytes"
	"slices"
	"sort"
	"unicode/utf8"
)

// nodeKind is the type of a JSON value.
type nodeKind uint8

const (
	nodeNull nodeKind = iota
	nodeBool
	nodeNumber
	nodeString
	nodeArray
	nodeObject
)

// String returns the type as messages name it.
func (k nodeKind) String() string {
	return [...]string{"null", "a boolean", "a number", "a string", "an array", "an object"}[k]
}

// node is a JSON value with its place in the text. Unlike a Go value it keeps
// duplicate members, their order and the letter case of their names, all of
// which matter (reference_policies_grammar: "Individual elements must not
// contain multiple instances of the same key").
type node struct {
	kind       nodeKind
	start, end int    // byte offsets; end is just past the value
	text       string // a string's value; a number's or boolean's literal
	members    []member
	elements   []node
}

// member is a name and value of an object.
type member struct {
	name  string
	start int // offset of the name's opening quote
	value node
}

// items returns the elements of an array, or the value itself: in a policy
// every list may be a bare value.
func (n *node) items() []node {
	if n.kind == nodeArray {
		return n.elements
	}
	return []node{*n}
}

// count is how many items there are.
func (n *node) count() int {
	if n.kind == nodeArray {
		return len(n.elements)
	}
	return 1
}

// has tells whether an object has a member of a name.
func (n *node) has(name string) bool {
	return slices.ContainsFunc(n.members, func(m member) bool { return m.name == name })
}

// memberStart returns the offset of an object's first member of a name, or of
// the object itself.
func (n *node) memberStart(name string) int {
	for i := range n.members {
		if n.members[i].name == name {
			return n.members[i].start
		}
	}
	return n.start
}

// lineIndex turns offsets into positions.
type lineIndex []int // offsets of the first byte of each line

func indexLines(text []byte) lineIndex {
	lines := make(lineIndex, 1, bytes.Count(text, []byte("\n"))+1)
	for i, b := range text {
		if b == '\n' {
			lines = append(lines, i+1)
		}
	}
	return lines
}

func (l lineIndex) position(offset int) Position {
	line := sort.SearchInts(l, offset+1)
	return Position{Line: line, Column: offset - l[line-1] + 1, Offset: offset}
}

// shorten bounds what a message quotes of the input.
func shorten(s string) string {
	const most = 80
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}
