package planned

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// tfFile is what `terraform show -json` prints of a plan or of a state, as far
// as it matters here (Terraform, "JSON Output Format").
type tfFile struct {
	FormatVersion   string     `json:"format_version"`
	ResourceChanges []tfChange `json:"resource_changes"`
	PriorState      *tfState   `json:"prior_state"`
	Values          *tfValues  `json:"values"` // of a state
	Configuration   struct {
		Providers map[string]struct {
			Expressions map[string]json.RawMessage `json:"expressions"`
		} `json:"provider_config"`
		Root tfModule `json:"root_module"`
	} `json:"configuration"`
	Errored  bool  `json:"errored"`
	Complete *bool `json:"complete"`
}

type tfState struct {
	Values *tfValues `json:"values"`
}

type tfValues struct {
	Root tfStateModule `json:"root_module"`
}

type tfStateModule struct {
	Address   string `json:"address"`
	Resources []struct {
		tfName
		Values json.RawMessage `json:"values"`
	} `json:"resources"`
	Children []tfStateModule `json:"child_modules"`
}

// tfName is how a resource is named.
type tfName struct {
	Address string          `json:"address"`
	Module  string          `json:"module_address"`
	Mode    string          `json:"mode"`
	Type    string          `json:"type"`
	Name    string          `json:"name"`
	Index   json.RawMessage `json:"index"`
}

type tfChange struct {
	tfName
	Deposed string `json:"deposed"`
	Change  struct {
		Actions      []string        `json:"actions"`
		Before       json.RawMessage `json:"before"`
		After        json.RawMessage `json:"after"`
		AfterUnknown json.RawMessage `json:"after_unknown"`
	} `json:"change"`
}

type tfModule struct {
	Resources []tfConfig                 `json:"resources"`
	Calls     map[string]tfCall          `json:"module_calls"`
	Outputs   map[string]tfOutput        `json:"outputs"`
	Variables map[string]json.RawMessage `json:"variables"`
}

type tfOutput struct {
	Expression json.RawMessage `json:"expression"`
}

type tfCall struct {
	Source      string                     `json:"source"`
	Expressions map[string]json.RawMessage `json:"expressions"`
	Module      tfModule                   `json:"module"`
}

type tfConfig struct {
	Mode        string          `json:"mode"`
	Type        string          `json:"type"`
	Name        string          `json:"name"`
	Provider    string          `json:"provider_config_key"`
	Expressions json.RawMessage `json:"expressions"`
	ForEach     json.RawMessage `json:"for_each_expression"`
}

// instance is one instance of a Terraform resource with what will be of it.
type instance struct {
	tfName
	action  action
	fresh   bool // made anew: created or replaced
	skip    bool // no longer Terraform's: "forget"
	deposed bool
	before  value
	after   value
	config  *tfConfig
	exprs   value // config.Expressions
}

// terraform is one plan or state while it is read.
type terraform struct {
	file      string
	options   Options
	plan      tfFile
	change    *Change
	instances []*instance
	byBlock   map[string][]*instance // by module address and block: "module.a[0]|data.t.n"
	homes     map[string]home        // by provider key
}

func readTerraform(file string, text []byte, o Options) (*Change, error) {
	t := &terraform{
		file: file, options: o, byBlock: map[string][]*instance{}, homes: map[string]home{},
		change: &Change{Kind: "Terraform plan", File: file, modules: map[string]string{"": "."}},
	}
	if err := json.Unmarshal(text, &t.plan); err != nil {
		return nil, jsonError(file, text, err)
	}
	if major, _, _ := strings.Cut(t.plan.FormatVersion, "."); major != "0" && major != "1" {
		return nil, &Error{File: file, Path: "format_version", Message: fmt.Sprintf("is %s; expected 1.x, which this iamcheck reads", shown(t.plan.FormatVersion))}
	}
	if t.plan.Errored {
		t.note("the plan is errored: Terraform stopped while it was made, and what it does not hold is not judged")
	}
	if c := t.plan.Complete; c != nil && !*c && !t.plan.Errored {
		t.note("the plan is not complete: changes that Terraform puts off are not in it, and not judged")
	}
	t.moduleDirs(&t.plan.Configuration.Root, "", ".", 0)
	if err := t.load(); err != nil {
		return nil, err
	}
	t.findHomes()
	for _, in := range t.instances {
		t.resource(in)
	}
	t.readData()
	return t.change, nil
}

func (t *terraform) note(format string, args ...any) {
	t.change.Notes = append(t.change.Notes, fmt.Sprintf(format, args...))
}

// jsonError gives the place of an error of encoding/json.
func jsonError(file string, text []byte, err error) error {
	e := &Error{File: file, Message: "not JSON: " + err.Error()}
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	offset := -1
	switch {
	case errors.As(err, &syntax):
		offset = int(syntax.Offset) - 1
	case errors.As(err, &kind):
		offset, e.Path = int(kind.Offset)-1, kind.Field
		e.Message = fmt.Sprintf("is %s; expected what terraform show -json prints", kind.Value)
	}
	if offset >= 0 && offset <= len(text) {
		p := linesOf(text).at(offset)
		e.Line, e.Column = p.line, p.column
	}
	return e
}

// load makes the instances: of the changes, or of the values of a state.
func (t *terraform) load() error {
	if t.plan.Values != nil {
		t.change.Kind = "Terraform state"
		return t.loadState(&t.plan.Values.Root, put, 0)
	}
	for i := range t.plan.ResourceChanges {
		c := &t.plan.ResourceChanges[i]
		if strings.HasPrefix(c.Type, "awscc_iam_") {
			t.note("%s is of the provider awscc, whose resources are not looked into", c.Address)
		}
		if !matters(c.Type) {
			continue
		}
		in, err := t.instanceOf(c)
		if err != nil {
			return err
		}
		t.add(in)
	}
	return nil
}

func matters(kind string) bool { return strings.HasPrefix(kind, "aws_iam_") }

func (t *terraform) add(in *instance) {
	t.instances = append(t.instances, in)
	if !in.deposed && in.action != drop {
		key := in.Module + "|" + in.block()
		t.byBlock[key] = append(t.byBlock[key], in)
	}
}

// block is the resource's own address in its module, without index.
func (in *instance) block() string {
	if in.Mode == "data" {
		return "data." + in.Type + "." + in.Name
	}
	return in.Type + "." + in.Name
}

// instanceOf reads one change. What is unknown after it is marked so.
func (t *terraform) instanceOf(c *tfChange) (*instance, error) {
	in := &instance{tfName: c.tfName, deposed: c.Deposed != ""}
	var err error
	if in.before, err = t.raw(c.Address+": change.before", c.Change.Before); err != nil {
		return nil, err
	}
	after, err := t.raw(c.Address+": change.after", c.Change.After)
	if err != nil {
		return nil, err
	}
	unknown, err := t.raw(c.Address+": change.after_unknown", c.Change.AfterUnknown)
	if err != nil {
		return nil, err
	}
	in.after = withUnknown(after, unknown)
	switch strings.Join(c.Change.Actions, "+") {
	case "no-op":
	case "create", "delete+create", "create+delete":
		in.action, in.fresh = put, true
	case "update", "read":
		in.action = put
	case "delete":
		in.action = drop
	case "forget", "create+forget":
		in.skip = len(c.Change.Actions) == 1
		in.action, in.fresh = put, !in.skip
	default:
		return nil, &Error{File: t.file, Path: c.Address, Message: fmt.Sprintf("actions %s are not known; expected create, update, delete, read, no-op or forget", shown(strings.Join(c.Change.Actions, ", ")))}
	}
	t.configure(in)
	return in, nil
}

func (t *terraform) raw(path string, raw json.RawMessage) (value, error) {
	if len(raw) == 0 {
		return value{}, nil
	}
	v, err := decodeJSON(t.file, raw)
	var e *Error
	if errors.As(err, &e) {
		e.Line, e.Column, e.Path = 0, 0, path
	}
	return v, err
}

// withUnknown marks what after_unknown names.
func withUnknown(v, unknown value) value {
	switch unknown.kind {
	case isBool:
		if unknown.isTrue() {
			return unknownValue("")
		}
	case isList:
		if v.kind != isList && v.kind != isNull {
			return v
		}
		out := value{kind: isList}
		for i := range max(len(v.items), len(unknown.items)) {
			var item, u value
			if i < len(v.items) {
				item = v.items[i]
			}
			if i < len(unknown.items) {
				u = unknown.items[i]
			}
			out.items = append(out.items, withUnknown(item, u))
		}
		if v.kind == isNull && len(out.items) == 0 {
			return v
		}
		return out
	case isObject:
		if v.kind != isObject && v.kind != isNull {
			return v
		}
		out := value{kind: isObject}
		for _, m := range v.members {
			out.members = append(out.members, member{m.name, withUnknown(m.value, unknown.get(m.name))})
		}
		for _, m := range unknown.members {
			if w := withUnknown(value{}, m.value); !v.has(m.name) && w.unknown() != nil {
				out.members = append(out.members, member{m.name, w})
			}
		}
		if v.kind == isNull && len(out.members) == 0 {
			return v
		}
		return out
	}
	return v
}

func (t *terraform) loadState(m *tfStateModule, a action, depth int) error {
	if depth > maxDepth {
		return &Error{File: t.file, Path: m.Address, Message: fmt.Sprintf("modules are nested deeper than %d levels", maxDepth)}
	}
	for i := range m.Resources {
		r := &m.Resources[i]
		if !matters(r.Type) {
			continue
		}
		in := &instance{tfName: r.tfName, action: a}
		in.Module = m.Address
		var err error
		if in.after, err = t.raw(r.Address+": values", r.Values); err != nil {
			return err
		}
		in.before = in.after
		t.add(in)
	}
	for i := range m.Children {
		if err := t.loadState(&m.Children[i], a, depth+1); err != nil {
			return err
		}
	}
	return nil
}
