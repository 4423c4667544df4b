package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// Bounds on a file that somebody else wrote.
const (
	maxSize  = 4 << 20
	maxDepth = 64
	// maxVisits bounds what aliases expand to: a few lines of YAML can name
	// billions of nodes.
	maxVisits = 400_000
)

// reader reads one file and collects what is wrong with it.
type reader struct {
	file   string
	strict bool // unknown keys are errors: iamcheck's own file
	errs   *Errors
	notes  []Note
	visits int
}

func (r *reader) at(n *yaml.Node) Position {
	return Position{File: r.file, Line: n.Line, Column: n.Column}
}

func (r *reader) errorf(n *yaml.Node, format string, args ...any) {
	r.errs.add(r.at(n), format, args...)
}

func (r *reader) note(p Position, message string) {
	r.notes = append(r.notes, Note{Position: p, Message: message})
}

// documents parses a YAML stream (JSON is YAML). It returns the root of each
// document that is not empty; what cannot be parsed is an error.
func (r *reader) documents(text []byte) []*yaml.Node {
	if !r.readable(text) {
		return nil
	}
	loader, err := yaml.NewLoader(bytes.NewReader(text), yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxDepth))))
	if err != nil {
		r.errs.add(Position{File: r.file}, "%s", err)
		return nil
	}
	var roots []*yaml.Node
	for {
		var doc yaml.Node
		err := loader.Load(&doc)
		if errors.Is(err, io.EOF) {
			return roots
		}
		if err != nil {
			r.syntaxError(text, err)
			return roots
		}
		for _, root := range doc.Content {
			if root = r.resolve(root); !isNull(root) {
				roots = append(roots, root)
			}
		}
	}
}

// readable checks what the YAML reader would refuse without a position.
func (r *reader) readable(text []byte) bool {
	if len(text) > maxSize {
		r.errs.add(Position{File: r.file}, "is %d bytes, at most %d MiB are read", len(text), maxSize>>20)
		return false
	}
	line, column := 1, 1
	for i := 0; i < len(text); {
		c, size := utf8.DecodeRune(text[i:])
		here := Position{File: r.file, Line: line, Column: column}
		switch {
		case c == utf8.RuneError && size == 1:
			r.errs.add(here, "byte 0x%02x is not UTF-8 text", text[i])
			return false
		case c < 0x20 && c != '\t' && c != '\n' && c != '\r', c == 0x7f:
			r.errs.add(here, "control character 0x%02x, expected text", c)
			return false
		case c == '\n':
			line, column = line+1, 0
		}
		column++
		i += size
	}
	return true
}

// syntaxError reports an error of the YAML parser in our words where its own
// would not help.
func (r *reader) syntaxError(text []byte, err error) {
	var load *yaml.LoadError
	if !errors.As(err, &load) {
		r.errs.add(Position{File: r.file}, "not valid YAML: %s", oneLine(err.Error()))
		return
	}
	p := Position{File: r.file, Line: load.Mark.Line, Column: load.Mark.Column}
	message := oneLine(load.Message)
	switch {
	case indentedByTab(text, p.Line):
		message = "a tab cannot indent a line in YAML, use spaces"
	case load.ContextMsg != "":
		message = fmt.Sprintf("not valid YAML: %s, begun at line %d, column %d: %s",
			oneLine(load.ContextMsg), load.ContextMark.Line, load.ContextMark.Column, message)
	default:
		message = "not valid YAML: " + message
	}
	r.errs.add(p, "%s", message)
}

func oneLine(s string) string {
	return strings.Trim(quote(strings.ReplaceAll(s, `"`, "'")), `"`)
}

func indentedByTab(text []byte, line int) bool {
	for range line - 1 {
		_, rest, ok := bytes.Cut(text, []byte("\n"))
		if !ok {
			return false
		}
		text = rest
	}
	return bytes.HasPrefix(bytes.TrimLeft(text, " "), []byte("\t"))
}

// resolve follows an alias, and counts: beyond maxVisits everything is empty.
func (r *reader) resolve(n *yaml.Node) *yaml.Node {
	r.visits++
	if r.visits > maxVisits {
		if r.visits == maxVisits+1 {
			r.errorf(n, "too many values: aliases (*name) expand to more than %d", maxVisits)
		}
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Line: n.Line, Column: n.Column}
	}
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias
	}
	return n
}

func isNull(n *yaml.Node) bool {
	return n == nil || n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null"
}

// describe says what a node is, for "found …".
func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	switch n.ShortTag() {
	case "!!null":
		return "nothing"
	case "!!bool":
		return "the boolean " + quote(n.Value)
	case "!!int", "!!float":
		return "the number " + quote(n.Value)
	}
	return "the text " + quote(n.Value)
}
