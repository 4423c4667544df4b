package planned

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// template is a CloudFormation template while it is read.
type template struct {
	file    string
	options Options
	change  *Change

	parameters map[string]value // what Ref gives
	mappings   value
	conditions map[string]*condition
	resources  map[string]*resource
	order      []string // of the resources
	set        *changeSet
	work       int
}

// condition is a template's condition, decided at most once.
type condition struct {
	value   value
	decided bool
	outcome truth
}

// resource is a resource of a template.
type resource struct {
	id, kind   string
	properties value
	condition  string
	at         place
	change     *resourceChange // of the change set; nil where it leaves it alone
}

// maxWork bounds the values that the evaluation of a template makes, maxString
// the length of a string: a few lines can spell billions of letters.
const (
	maxWork   = 2_000_000
	maxString = 1 << 20
)

func readTemplate(file string, text []byte, o Options) (*Change, error) {
	decode := decodeYAML
	if isJSON(text) {
		decode = decodeJSON
	}
	root, err := decode(file, text)
	if err != nil {
		return nil, err
	}
	if resources := root.get("Resources"); root.kind != isObject || resources.kind != isObject {
		return nil, &Error{File: file, Line: root.at.line, Column: root.at.column, Message: "this has no Resources, so it is no template; " + expectedPlan}
	}
	t := &template{
		file: file, options: o, change: &Change{Kind: "CloudFormation template", File: file},
		parameters: map[string]value{}, mappings: root.get("Mappings"),
		conditions: map[string]*condition{}, resources: map[string]*resource{},
	}
	if o.ChangeSet != nil {
		if t.set, err = readChangeSet(o.ChangeSetFile, o.ChangeSet); err != nil {
			return nil, err
		}
		t.set.settle(&t.options)
	}
	if err := t.readParameters(root.get("Parameters")); err != nil {
		return nil, err
	}
	for _, m := range root.path("Conditions").members {
		t.conditions[m.name] = &condition{value: m.value}
	}
	if err := t.readResources(root.get("Resources")); err != nil {
		return nil, err
	}
	for _, id := range t.order {
		t.read(t.resources[id])
	}
	t.removals()
	if t.work > maxWork {
		return nil, &Error{File: file, Message: "evaluating the template takes too long; expected one that CloudFormation would take"}
	}
	return t.change, nil
}

func (t *template) note(format string, args ...any) {
	t.change.Notes = append(t.change.Notes, fmt.Sprintf(format, args...))
}

// readParameters takes what is given for each parameter, else its default.
func (t *template) readParameters(declared value) error {
	given := maps.Clone(t.options.Parameters)
	for _, p := range declared.members {
		kind, fallback := p.value.get("Type"), p.value.get("Default")
		text, ok := given[p.name]
		delete(given, p.name)
		if !ok && t.set != nil {
			text, ok = t.set.parameters[p.name]
		}
		isSSM := strings.HasPrefix(kind.str(), "AWS::SSM::Parameter::Value")
		switch {
		case ok && !isSSM || ok && t.set == nil:
		case isSSM:
			t.parameters[p.name] = unknownValue("parameter " + p.name + " is read from SSM")
			continue
		default:
			if text, ok = fallback.scalar(); !ok {
				t.parameters[p.name] = unknownValue("parameter " + p.name + " has no value; give it with --parameter")
				continue
			}
		}
		t.parameters[p.name] = parameterValue(kind.str(), text)
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if !strings.HasPrefix(name, "AWS::") {
			return &Error{File: t.file, Path: "Parameters", Message: fmt.Sprintf("there is no parameter %s; there are %s", shown(name), names(declared))}
		}
		t.parameters[name] = textValue(given[name])
	}
	return nil
}

func names(v value) string {
	var out []string
	for _, m := range v.members {
		out = append(out, m.name)
	}
	if len(out) == 0 {
		return "none"
	}
	return strings.Join(out[:min(len(out), 20)], ", ")
}

// parameterValue makes a list of what is one: CommaDelimitedList and List<…>.
func parameterValue(kind, text string) value {
	if kind != "CommaDelimitedList" && !strings.HasPrefix(kind, "List<") && !strings.Contains(kind, "<List<") {
		return textValue(text)
	}
	out := value{kind: isList}
	for part := range strings.SplitSeq(text, ",") {
		out.items = append(out.items, textValue(strings.TrimSpace(part)))
	}
	return out
}

func (t *template) readResources(all value) error {
	for _, m := range all.members {
		kind, on := m.value.get("Type"), m.value.get("Condition")
		if strings.HasPrefix(m.name, "Fn::") {
			t.note("%s makes resources that are not looked into", m.name)
			continue
		}
		if m.value.kind != isObject || kind.kind != isText {
			return &Error{
				File: t.file, Line: m.value.at.line, Column: m.value.at.column, Path: "Resources." + m.name,
				Message: fmt.Sprintf("has no Type; expected a resource such as AWS::IAM::Role, got %s", m.value.kind),
			}
		}
		r := &resource{id: m.name, kind: kind.text, properties: m.value.get("Properties"), condition: on.str(), at: m.value.at}
		if t.set != nil {
			r.change = t.set.changes[m.name]
		}
		if on.kind == isText && t.conditions[on.text] == nil {
			return &Error{File: t.file, Line: on.at.line, Column: on.at.column, Path: "Resources." + m.name + ".Condition", Message: fmt.Sprintf("there is no condition %s", shown(on.text))}
		}
		t.resources[m.name] = r
		t.order = append(t.order, m.name)
	}
	return nil
}
