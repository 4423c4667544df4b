package planned

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// maxTemplate bounds a template: CloudFormation takes 1 MB from S3
// (cloudformation-limits).
const maxTemplate = 8 << 20

// decodeYAML reads a template in YAML. The short forms of CloudFormation's
// functions become the long ones (intrinsic-function-reference).
func decodeYAML(file string, text []byte) (value, error) {
	if len(text) > maxTemplate {
		return value{}, &Error{File: file, Message: fmt.Sprintf("is larger than %d MiB; expected a template, which is not", maxTemplate>>20)}
	}
	loader, err := yaml.NewLoader(bytes.NewReader(text), yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxDepth))))
	if err != nil {
		return value{}, &Error{File: file, Message: err.Error()}
	}
	var doc, more yaml.Node
	if err := loader.Load(&doc); err != nil {
		return value{}, yamlError(file, err)
	}
	if err := loader.Load(&more); !errors.Is(err, io.EOF) {
		return value{}, &Error{File: file, Line: max(more.Line, 1), Column: max(more.Column, 1), Message: "a second YAML document; expected one template"}
	}
	if len(doc.Content) != 1 {
		return value{}, &Error{File: file, Message: "is empty; expected a template"}
	}
	y := yamlReader{file: file}
	return y.value(doc.Content[0], 0)
}

func yamlError(file string, err error) error {
	var load *yaml.LoadError
	if errors.As(err, &load) {
		return &Error{File: file, Line: load.Mark.Line, Column: load.Mark.Column, Message: "not valid YAML: " + oneLine(load.Message)}
	}
	return &Error{File: file, Message: "not valid YAML: " + oneLine(err.Error())}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

type yamlReader struct{ file string }

func (y *yamlReader) errorf(n *yaml.Node, format string, args ...any) error {
	return &Error{File: y.file, Line: n.Line, Column: n.Column, Message: fmt.Sprintf(format, args...)}
}

func (y *yamlReader) value(n *yaml.Node, depth int) (value, error) {
	if depth > maxDepth {
		return value{}, y.errorf(n, "nested deeper than %d levels", maxDepth)
	}
	v := value{at: place{n.Line, n.Column}}
	var err error
	switch n.Kind {
	case yaml.ScalarNode:
		v = y.scalar(n)
	case yaml.SequenceNode:
		v.kind = isList
		for _, c := range n.Content {
			item, err := y.value(c, depth+1)
			if err != nil {
				return value{}, err
			}
			v.items = append(v.items, item)
		}
	case yaml.MappingNode:
		if v, err = y.mapping(n, depth); err != nil {
			return value{}, err
		}
	default:
		return value{}, y.errorf(n, "anchors and aliases are not read; expected the value itself, written out")
	}
	return y.function(n, v), nil
}

func (y *yamlReader) mapping(n *yaml.Node, depth int) (value, error) {
	v := value{kind: isObject, at: place{n.Line, n.Column}}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		switch {
		case key.Kind != yaml.ScalarNode:
			return value{}, y.errorf(key, "a key is no scalar; expected a name")
		case seen[key.Value]:
			return value{}, y.errorf(key, "the key %s is written twice; expected it once", shown(key.Value))
		}
		seen[key.Value] = true
		item, err := y.value(n.Content[i+1], depth+1)
		if err != nil {
			return value{}, err
		}
		// A key's place is what people look for.
		item.at = place{key.Line, key.Column}
		v.members = append(v.members, member{key.Value, item})
	}
	return v, nil
}

// scalar keeps what is no boolean, number or null as it is written: dates, such
// as a policy's Version, too.
func (y *yamlReader) scalar(n *yaml.Node) value {
	v := value{kind: isText, text: n.Value, at: place{n.Line, n.Column}}
	switch n.ShortTag() {
	case "!!null":
		v.kind, v.text = isNull, ""
	case "!!bool":
		v.kind, v.text = isBool, strings.ToLower(n.Value)
		if v.text != "true" && v.text != "false" {
			v.kind, v.text = isText, n.Value
		}
	case "!!int", "!!float":
		v.kind = isNumber
	}
	return v
}

// function turns !Sub and its like into {"Fn::Sub": …}.
func (y *yamlReader) function(n *yaml.Node, v value) value {
	tag, ok := strings.CutPrefix(n.Tag, "!")
	if !ok || tag == "" || strings.HasPrefix(tag, "!") {
		return v
	}
	if v.kind == isNull && n.Kind == yaml.ScalarNode {
		v.kind, v.text = isText, n.Value
	}
	name := "Fn::" + tag
	if tag == "Ref" || tag == "Condition" {
		name = tag
	}
	if resource, attribute, ok := strings.Cut(v.text, "."); tag == "GetAtt" && v.kind == isText && ok {
		v = value{kind: isList, items: []value{textValue(resource), textValue(attribute)}, at: v.at}
	}
	return value{kind: isObject, members: []member{{name, v}}, at: place{n.Line, n.Column}}
}
