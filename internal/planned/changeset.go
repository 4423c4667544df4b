package planned

import (
	"cmp"
	"fmt"
	"strings"
)

// changeSet is what `aws cloudformation describe-change-set` prints
// (API_DescribeChangeSet).
type changeSet struct {
	file       string
	stack      string // ARN
	name       string
	parameters map[string]string
	changes    map[string]*resourceChange // by logical id
	order      []string
}

// resourceChange is one ResourceChange (API_ResourceChange).
type resourceChange struct {
	id, kind, action, physical, replacement string
	before                                  value // properties, where the change set was asked for them
}

func readChangeSet(file string, text []byte) (*changeSet, error) {
	root, err := decodeJSON(file, text)
	if err != nil {
		return nil, err
	}
	changes := root.get("Changes")
	status, next := root.get("Status"), root.get("NextToken")
	switch {
	case changes.kind != isList:
		return nil, &Error{File: file, Message: "this is no change set: it has no list \"Changes\"; expected what aws cloudformation describe-change-set prints"}
	case status.str() == "FAILED":
		return nil, &Error{File: file, Path: "Status", Message: "the change set failed, so that it changes nothing; expected one that can be executed"}
	case next.str() != "":
		return nil, &Error{File: file, Path: "NextToken", Message: "more changes follow; expected all of them: run the command without --no-paginate"}
	}
	stack, name := root.get("StackId"), root.get("StackName")
	s := &changeSet{file: file, stack: stack.str(), name: name.str(), parameters: map[string]string{}, changes: map[string]*resourceChange{}}
	parameters := root.get("Parameters")
	for _, p := range parameters.list() {
		key, v := p.get("ParameterKey"), p.get("ResolvedValue")
		if v.kind == isNull {
			v = p.get("ParameterValue")
		}
		if v.kind == isText && v.text != "****" { // NoEcho
			s.parameters[key.str()] = v.text
		}
	}
	for i, c := range changes.items {
		if err := s.add(i, c.get("ResourceChange")); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (s *changeSet) add(i int, v value) error {
	get := func(name string) string { f := v.get(name); return f.str() }
	c := &resourceChange{
		id: get("LogicalResourceId"), kind: get("ResourceType"), action: get("Action"), physical: get("PhysicalResourceId"),
		replacement: get("Replacement"),
	}
	if c.action == "Modify" {
		c.replacement = cmp.Or(c.replacement, "False")
	}
	if v.kind != isObject || c.id == "" {
		return &Error{File: s.file, Path: fmt.Sprintf("Changes[%d].ResourceChange", i), Message: "has no LogicalResourceId; expected a change of a resource"}
	}
	if before, err := decodeJSON(s.file, []byte(get("BeforeContext"))); err == nil {
		c.before = before.get("Properties")
	}
	s.changes[c.id] = c
	s.order = append(s.order, c.id)
	return nil
}

// settle takes account and Region from the stack's ARN.
func (s *changeSet) settle(o *Options) {
	if id := field(s.stack, 4); isAccount(id) {
		o.Account, o.Partition, o.Region = id, field(s.stack, 1), field(s.stack, 3)
	}
	if _, ok := s.parameters["AWS::StackName"]; !ok && s.name != "" {
		parameters := map[string]string{"AWS::StackName": s.name, "AWS::StackId": s.stack}
		for k, v := range o.Parameters {
			parameters[k] = v
		}
		o.Parameters = parameters
	}
}

// removals takes away what the change set removes or replaces.
func (t *template) removals() {
	if t.set == nil {
		return
	}
	for _, id := range t.set.order {
		c := t.set.changes[id]
		if c.physical == "" || c.action != "Remove" && c.replacement != "True" || !strings.HasPrefix(c.kind, "AWS::IAM::") {
			continue
		}
		o := origin{address: c.id, kind: c.kind, account: t.options.Account, partition: t.partition()}
		if kind, ok := entityKinds[c.kind]; ok {
			e := entity{origin: o, class: kind.class, action: drop, name: nameOf(c.physical)}
			path := c.before.path("Path")
			e.path = path.str()
			if kind.class == aPolicy && field(c.physical, 5) != "" {
				e.path = pathIn(c.physical)
			}
			t.change.entities = append(t.change.entities, e)
			continue
		}
		t.removePart(c, o)
	}
}

// removePart takes away an inline policy. Its physical id tells neither its name
// nor its holder; the change set does where it was made with property values.
func (t *template) removePart(c *resourceChange, o origin) {
	name := c.before.path("PolicyName")
	if name.kind != isText {
		t.change.lost = append(t.change.lost, lost{o, c.id + ": which inline policy goes with it is not told; make the change set with --include-property-values"})
		return
	}
	for _, list := range holderLists {
		if holders := wordsOf(c.before.get(list.name)); len(holders) > 0 {
			t.change.parts = append(t.change.parts, part{origin: o, action: drop, trait: inlinePolicy, class: list.class, holders: holders, name: name.text})
		}
	}
	for _, one := range []struct {
		class class
		name  string
	}{{aRole, "RoleName"}, {aUser, "UserName"}, {aGroup, "GroupName"}} {
		if holders := wordsOf(c.before.get(one.name)); len(holders) > 0 {
			t.change.parts = append(t.change.parts, part{origin: o, action: drop, trait: inlinePolicy, class: one.class, holders: holders, name: name.text})
		}
	}
}
