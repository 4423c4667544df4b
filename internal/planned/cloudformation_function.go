package planned

import (
	"cmp"
	"strconv"
	"strings"
)

// noValue marks what Ref AWS::NoValue takes away.
const noValue = "AWS::NoValue"

// eval evaluates the functions in a value (intrinsic-function-reference).
func (t *template) eval(v value, depth int) value {
	t.work++
	if t.work > maxWork || depth > 2*maxDepth {
		return unknownValue("the template is too large to evaluate")
	}
	switch v.kind {
	case isList:
		out := value{kind: isList, at: v.at}
		for _, item := range v.items {
			if item = t.eval(item, depth+1); item.text != noValue || item.kind != isNull {
				out.items = append(out.items, item)
			}
		}
		return out
	case isObject:
		if len(v.members) == 1 {
			if out, ok := t.function(v.members[0].name, v.members[0].value, depth); ok {
				out.at = v.at
				return out
			}
		}
		out := value{kind: isObject, at: v.at}
		for _, m := range v.members {
			if m.value = t.eval(m.value, depth+1); m.value.text != noValue || m.value.kind != isNull {
				out.members = append(out.members, m)
			}
		}
		return out
	case isText:
		if strings.Contains(v.text, "{{resolve:") {
			return value{kind: isUnknown, why: "a dynamic reference is read when the stack is deployed", pattern: dynamicPattern(v.text), at: v.at}
		}
	}
	return v
}

// dynamicPattern puts * in place of {{resolve:…}}.
func dynamicPattern(text string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "{{resolve:")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		b.WriteByte('*')
		_, text, _ = strings.Cut(rest, "}}")
	}
}

// function evaluates one function; ok is false where the name is none.
func (t *template) function(name string, argument value, depth int) (out value, ok bool) {
	functions := map[string]func(value, int) value{
		"Ref": t.ref, "Fn::GetAtt": t.getAtt, "Fn::Sub": t.sub, "Fn::Join": t.join, "Fn::If": t.branch,
		"Fn::FindInMap": t.findInMap, "Fn::Select": t.pick, "Fn::Split": t.split, "Fn::ToJsonString": t.toJSON,
	}
	if f := functions[name]; f != nil {
		return f(argument, depth+1), true
	}
	if strings.HasPrefix(name, "Fn::") {
		if text := argument.str(); text != "" {
			name += " " + shown(text)
		}
		return unknownValue(name + " is evaluated when the stack is deployed"), true
	}
	return value{}, false
}

func (t *template) ref(argument value, _ int) value {
	name := argument.str()
	if v, ok := t.parameters[name]; ok {
		return v
	}
	if v, ok := t.pseudo(name); ok {
		return v
	}
	r := t.resources[name]
	if r == nil {
		return unknownValue("Ref " + shown(name) + " names nothing in the template")
	}
	switch r.kind {
	case "AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group":
		return textValue(t.nameOf(r))
	case "AWS::IAM::ManagedPolicy":
		return t.arn(r)
	}
	return t.physical(r)
}

// physical is the name of a resource that AWS makes up, known where it is there
// already and stays.
func (t *template) physical(r *resource) value {
	if r.change != nil && r.change.physical != "" && r.change.replacement == "False" {
		return textValue(r.change.physical)
	}
	return unknownValue(r.id + " (" + r.kind + ") gets its name when the stack is deployed")
}

// pseudo are the pseudo parameters (pseudo-parameter-reference).
func (t *template) pseudo(name string) (value, bool) {
	partition := t.partition()
	switch name {
	case "AWS::AccountId":
		if t.options.Account == "" {
			return unknownValue("the account is not known; name it with --account"), true
		}
		return textValue(t.options.Account), true
	case "AWS::Partition":
		return textValue(partition), true
	case "AWS::Region":
		if t.options.Region == "" {
			return unknownValue("the Region is not known; name it with --region"), true
		}
		return textValue(t.options.Region), true
	case "AWS::URLSuffix":
		if partition == "aws-cn" {
			return textValue("amazonaws.com.cn"), true
		}
		return textValue("amazonaws.com"), true
	case noValue:
		return value{text: noValue}, true
	case "AWS::StackName", "AWS::StackId", "AWS::NotificationARNs":
		return unknownValue(name + " is not known; give it with --parameter"), true
	}
	return value{}, false
}

func (t *template) partition() string {
	byRegion := "aws"
	switch {
	case strings.HasPrefix(t.options.Region, "cn-"):
		byRegion = "aws-cn"
	case strings.HasPrefix(t.options.Region, "us-gov-"):
		byRegion = "aws-us-gov"
	}
	return cmp.Or(t.options.Partition, byRegion)
}

func (t *template) getAtt(argument value, depth int) value {
	var id, attribute string
	if text := argument.str(); text != "" {
		id, attribute, _ = strings.Cut(text, ".")
	} else if items := argument.list(); len(items) == 2 {
		second := t.eval(items[1], depth)
		id, attribute = items[0].str(), second.str()
	}
	r := t.resources[id]
	switch {
	case r == nil:
		return unknownValue("Fn::GetAtt " + shown(id) + " names no resource of the template")
	case attribute == "Arn" && (r.kind == "AWS::IAM::Role" || r.kind == "AWS::IAM::User" || r.kind == "AWS::IAM::Group"),
		attribute == "PolicyArn" && r.kind == "AWS::IAM::ManagedPolicy":
		return t.arn(r)
	}
	return unknownValue(id + "." + attribute + " (" + r.kind + ") is known when the stack is deployed")
}

// text joins pieces, of which some may not be known: then the whole is not, but
// for its pattern.
func (t *template) textOf(pieces []value) value {
	var whole, pattern strings.Builder
	why := ""
	for _, p := range pieces {
		s, ok := p.scalar()
		switch {
		case ok:
			whole.WriteString(s)
			pattern.WriteString(s)
		case p.kind == isUnknown:
			why = cmp.Or(why, p.why)
			pattern.WriteString(cmp.Or(p.pattern, "*"))
		default:
			why = cmp.Or(why, "a part of a string is "+p.kind.String()+"; expected a string")
			pattern.WriteByte('*')
		}
		t.work += len(s)>>6 + 1
		if pattern.Len() > maxString || t.work > maxWork {
			return unknownValue("a string is too long")
		}
	}
	if why != "" {
		return value{kind: isUnknown, why: why, pattern: pattern.String()}
	}
	return textValue(whole.String())
}

// sub puts values in place of ${Name}; ${!Name} is written ${Name}, which IAM
// reads as a policy variable.
func (t *template) sub(argument value, depth int) value {
	text, own := argument.str(), value{}
	if items := argument.list(); argument.kind == isList && len(items) == 2 {
		text, own = items[0].str(), items[1]
	}
	var pieces []value
	for {
		before, rest, ok := strings.Cut(text, "${")
		pieces = append(pieces, textValue(before))
		if !ok {
			return t.textOf(pieces)
		}
		name, after, ok := strings.Cut(rest, "}")
		if !ok {
			pieces = append(pieces, textValue("${"+rest))
			return t.textOf(pieces)
		}
		text = after
		switch name = strings.TrimSpace(name); {
		case strings.HasPrefix(name, "!"):
			pieces = append(pieces, textValue("${"+name[1:]+"}"))
		case own.has(name):
			pieces = append(pieces, t.eval(own.get(name), depth+1))
		case strings.Contains(name, ".") && !strings.Contains(name, "::"):
			pieces = append(pieces, t.getAtt(textValue(name), depth))
		default:
			pieces = append(pieces, t.ref(textValue(name), depth))
		}
	}
}

func (t *template) join(argument value, depth int) value {
	items := argument.list()
	if len(items) != 2 {
		return unknownValue("Fn::Join has no delimiter and list")
	}
	list := t.eval(items[1], depth)
	if list.kind == isUnknown {
		return unknownValue(list.why)
	}
	var pieces []value
	for i, item := range list.list() {
		if i > 0 {
			pieces = append(pieces, textValue(items[0].str()))
		}
		pieces = append(pieces, item)
	}
	return t.textOf(pieces)
}

// branch is Fn::If: a condition that cannot be decided leaves its value open.
func (t *template) branch(argument value, depth int) value {
	items := argument.list()
	if len(items) != 3 {
		return unknownValue("Fn::If has no condition and two values")
	}
	outcome := t.decide(items[0].str())
	switch {
	case outcome.why != "":
		return unknownValue(outcome.why)
	case outcome.holds:
		return t.eval(items[1], depth)
	default:
		return t.eval(items[2], depth)
	}
}

func (t *template) findInMap(argument value, depth int) value {
	found := t.mappings
	for i, key := range argument.list() {
		if i > 2 {
			break // DefaultValue
		}
		key = t.eval(key, depth)
		name, ok := key.scalar()
		if !ok {
			return unknownValue(cmp.Or(key.why, "a key of Fn::FindInMap is no string"))
		}
		if !found.has(name) {
			return unknownValue("the mapping has no " + shown(name))
		}
		found = found.get(name)
	}
	return found
}

func (t *template) pick(argument value, depth int) value {
	items := argument.list()
	if len(items) != 2 {
		return unknownValue("Fn::Select has no index and list")
	}
	index, list := t.eval(items[0], depth), t.eval(items[1], depth)
	text, _ := index.scalar()
	i, err := strconv.Atoi(text)
	if list.kind != isList || err != nil || i < 0 || i >= len(list.items) {
		return unknownValue(cmp.Or(list.why, index.why, "Fn::Select has no such item"))
	}
	return list.items[i]
}

func (t *template) split(argument value, depth int) value {
	items := argument.list()
	if len(items) != 2 {
		return unknownValue("Fn::Split has no delimiter and string")
	}
	text := t.eval(items[1], depth)
	if text.kind != isText || items[0].str() == "" {
		return unknownValue(cmp.Or(text.why, "Fn::Split has no string"))
	}
	out := value{kind: isList}
	for part := range strings.SplitSeq(text.text, items[0].str()) {
		t.work++
		out.items = append(out.items, textValue(part))
	}
	return out
}

func (t *template) toJSON(argument value, depth int) value {
	v := t.eval(argument, depth)
	if u := v.unknown(); u != nil {
		return v // documents may be told in part
	}
	return textValue(string(v.json()))
}
