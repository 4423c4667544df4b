package planned

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

const (
	// maxSize bounds a file: plans of thousands of resources stay below it.
	maxSize = 256 << 20
	// maxDepth bounds the nesting of values: that of a policy document in a
	// property of a resource of a template is below twenty.
	maxDepth = 100
)

// decoder turns JSON into values with their places.
type decoder struct {
	file   string
	tokens *json.Decoder
	lines  *lines
}

// decodeJSON reads one JSON value, and nothing behind it.
func decodeJSON(file string, text []byte) (value, error) {
	if !utf8.Valid(text) {
		return value{}, &Error{File: file, Message: "is not UTF-8; expected JSON in UTF-8"}
	}
	d := &decoder{file: file, tokens: json.NewDecoder(bytes.NewReader(text)), lines: linesOf(text)}
	d.tokens.UseNumber()
	v, err := d.value(0)
	if err != nil {
		return value{}, err
	}
	if _, err := d.tokens.Token(); !errors.Is(err, io.EOF) {
		return value{}, d.errorf("something follows the JSON value; expected nothing more")
	}
	return v, nil
}

func (d *decoder) errorf(format string, args ...any) error {
	p := d.lines.at(int(d.tokens.InputOffset()))
	return &Error{File: d.file, Line: p.line, Column: p.column, Message: fmt.Sprintf(format, args...)}
}

func (d *decoder) token() (json.Token, error) {
	t, err := d.tokens.Token()
	var syntax *json.SyntaxError
	switch {
	case err == nil:
		return t, nil
	case errors.As(err, &syntax):
		p := d.lines.at(max(int(syntax.Offset)-1, 0))
		return nil, &Error{File: d.file, Line: p.line, Column: p.column, Message: "not JSON: " + syntax.Error()}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return nil, d.errorf("the text ends in the middle of a value; expected the whole of it")
	default:
		return nil, d.errorf("not JSON: %s", err)
	}
}

func (d *decoder) value(depth int) (value, error) {
	if depth > maxDepth {
		return value{}, d.errorf("nested deeper than %d levels", maxDepth)
	}
	t, err := d.token()
	if err != nil {
		return value{}, err
	}
	at := d.lines.at(max(int(d.tokens.InputOffset())-1, 0))
	switch t := t.(type) {
	case nil:
		return value{at: at}, nil
	case bool:
		return value{kind: isBool, text: fmt.Sprint(t), at: at}, nil
	case json.Number:
		return value{kind: isNumber, text: t.String(), at: at}, nil
	case string:
		return value{kind: isText, text: t, at: at}, nil
	case json.Delim:
		if t == '[' {
			return d.list(at, depth)
		}
		return d.object(at, depth)
	default:
		return value{}, d.errorf("not JSON: unexpected %v", t)
	}
}

func (d *decoder) list(at place, depth int) (value, error) {
	v := value{kind: isList, at: at}
	for d.tokens.More() {
		item, err := d.value(depth + 1)
		if err != nil {
			return value{}, err
		}
		v.items = append(v.items, item)
	}
	_, err := d.token()
	return v, err
}

// object refuses a key that is written twice: which of the values is meant
// differs from reader to reader.
func (d *decoder) object(at place, depth int) (value, error) {
	v := value{kind: isObject, at: at}
	seen := map[string]bool{}
	for d.tokens.More() {
		t, err := d.token()
		if err != nil {
			return value{}, err
		}
		name, ok := t.(string)
		if !ok || seen[name] {
			return value{}, d.errorf("the key %s is written twice; expected it once", shown(fmt.Sprint(t)))
		}
		seen[name] = true
		item, err := d.value(depth + 1)
		if err != nil {
			return value{}, err
		}
		v.members = append(v.members, member{name, item})
	}
	_, err := d.token()
	return v, err
}
