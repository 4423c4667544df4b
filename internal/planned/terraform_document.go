package planned

import (
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/account"
)

// document is an attribute that holds a policy document.
func (t *terraform) document(in *instance, attribute string) document {
	return t.documentOf(in, attribute, in.after.get(attribute), in.exprs.get(attribute))
}

// documentOf reads a document's text. One that is not known yet is put together
// from the data source that will render it, where its expression is no more than
// that.
func (t *terraform) documentOf(in *instance, attribute string, v, expression value) document {
	if v.kind != isUnknown {
		d := documentOf(v)
		if d.why != "" {
			d.why = in.Address + ": " + d.why
		}
		return d
	}
	why := in.wait(attribute, expression)
	found, ok := t.leaves(in.scope(), expression)
	if !ok || len(found) != 1 || !rendered(found[0]) {
		return unknownDocument(why)
	}
	d := t.render(found[0].in, 0)
	if d.why != "" {
		d.why = why + "; " + d.why
	}
	return d
}

// rendered tells whether a reference is to the text of a policy document.
func rendered(l leaf) bool {
	return l.in.Type == "aws_iam_policy_document" && (l.attribute == "json" || l.attribute == "minified_json")
}

// render is the document of a data source that is read only when the plan is
// applied.
func (t *terraform) render(in *instance, hops int) document {
	if text := in.after.path("json"); text.kind == isText {
		return documentOf(text)
	}
	v, ok := t.statements(in, hops)
	if !ok {
		return unknownDocument(in.wait("json", in.exprs.get("override_policy_documents")))
	}
	version := in.after.get("version")
	if version.kind == isNull {
		version = textValue("2012-10-17")
	}
	doc := object(member{"Version", version}, member{"Statement", v})
	return documentOf(doc)
}

// statements are those of a data source: of the documents that it goes out from,
// its own, and those of the documents that override them (Terraform,
// aws_iam_policy_document).
func (t *terraform) statements(in *instance, hops int) (value, bool) {
	all := value{kind: isList}
	for _, name := range []string{"source_json", "source_policy_documents"} {
		if !t.merge(in, name, &all, hops) {
			return value{}, false
		}
	}
	blocks := in.after.get("statement")
	if blocks.kind == isUnknown {
		return value{}, false
	}
	for i, b := range blocks.list() {
		put1(&all, t.statement(in, b, blockAt(in.exprs, "statement", i, len(blocks.items))))
	}
	for _, name := range []string{"override_json", "override_policy_documents"} {
		if !t.merge(in, name, &all, hops) {
			return value{}, false
		}
	}
	return all, true
}

// put1 adds a statement, in place of one with the same Sid where there is one.
func put1(all *value, st value) {
	sid := st.path("Sid")
	for i := range all.items {
		if other := all.items[i].path("Sid"); sid.str() != "" && sid.str() == other.str() {
			all.items[i] = st
			return
		}
	}
	all.items = append(all.items, st)
}

// merge adds the statements of the documents that an attribute lists.
func (t *terraform) merge(in *instance, attribute string, all *value, hops int) bool {
	list := in.after.get(attribute)
	if list.kind == isNull {
		return true
	}
	texts, unknown := []value{}, 0
	for _, item := range list.list() {
		if item.kind == isText {
			texts = append(texts, item)
		} else {
			unknown++
		}
	}
	for _, text := range texts {
		doc, err := decodeJSON(t.file, []byte(text.text))
		if err != nil {
			return text.text == ""
		}
		statements := doc.get("Statement")
		for _, st := range statements.list() {
			put1(all, st)
		}
	}
	if unknown == 0 {
		return true
	}
	found, ok := t.leaves(in.scope(), in.exprs.get(attribute))
	if !ok || hops > maxHops || len(texts) > 0 || len(found) != unknown {
		return false
	}
	for _, l := range found {
		if !rendered(l) || l.in == in {
			return false
		}
		statements, ok := t.statements(l.in, hops+1)
		if !ok {
			return false
		}
		for _, st := range statements.items {
			put1(all, st)
		}
	}
	return true
}

// statement makes a statement of a block, in the order in which Terraform
// renders it.
func (t *terraform) statement(in *instance, block, config value) value {
	effect := block.get("effect")
	if effect.kind == isNull {
		effect = textValue("Allow")
	}
	sid := block.get("sid")
	if sid.str() == "" && sid.kind == isText {
		sid = value{}
	}
	return object(
		member{"Sid", sid},
		member{"Effect", effect},
		member{"Action", t.texts(in, block, config, "actions")},
		member{"NotAction", t.texts(in, block, config, "not_actions")},
		member{"Resource", t.texts(in, block, config, "resources")},
		member{"NotResource", t.texts(in, block, config, "not_resources")},
		member{"Principal", t.principals(in, block, config, "principals")},
		member{"NotPrincipal", t.principals(in, block, config, "not_principals")},
		member{"Condition", t.conditions(in, block)},
	)
}

// texts are a block's list of strings; null where it is empty. ARNs of entities
// that the plan makes are put in place of the references to them.
func (t *terraform) texts(in *instance, block, config value, name string) value {
	list := block.get(name)
	out := value{kind: isList}
	unknown := 0
	for _, item := range list.list() {
		switch item.kind {
		case isText:
			out.items = append(out.items, textValue(strings.ReplaceAll(item.text, "&{", "${")))
		case isNull:
		default:
			unknown++
		}
	}
	if unknown > 0 {
		arns, whole := t.arns(in, config.path(name))
		out.items = append(out.items, arns...)
		if !whole || list.kind == isUnknown || len(arns) != unknown {
			out.items = append(out.items, unknownValue(in.wait(name, config.path(name))))
		}
	}
	if len(out.items) == 0 {
		return value{}
	}
	return out
}

// arns are the ARNs of roles, users and policies that an expression refers to;
// whole is false where it refers to something else too.
func (t *terraform) arns(in *instance, expression value) (out []value, whole bool) {
	found, whole := t.leaves(in.scope(), expression)
	if !whole {
		return nil, false // what it does with them is not told
	}
	for _, l := range found {
		w := t.attribute(l)
		if w.why != "" || l.attribute != "arn" {
			return nil, false
		}
		if v := textValue(w.text); !slices.ContainsFunc(out, func(o value) bool { return o.text == v.text }) {
			out = append(out, v)
		}
	}
	return out, true
}

// principals makes a Principal element; {"*": ["*"]} is written "*".
func (t *terraform) principals(in *instance, block, config value, name string) value {
	blocks := block.get(name)
	if blocks.kind == isUnknown {
		return unknownValue(in.wait(name, config.path(name)))
	}
	items := blocks.list()
	out := value{kind: isObject}
	for i, b := range items {
		class := b.get("type")
		if b.kind == isUnknown || class.kind == isUnknown {
			return unknownValue(in.wait(name, config.path(name)))
		}
		ids := t.texts(in, b, blockAt(config, name, i, len(items)), "identifiers")
		if class.str() == "*" {
			return textValue("*")
		}
		if at := slices.IndexFunc(out.members, func(m member) bool { return m.name == class.str() }); at >= 0 {
			out.members[at].value.items = append(out.members[at].value.items, ids.items...)
			continue
		}
		out.members = append(out.members, member{class.str(), ids})
	}
	if len(out.members) == 0 {
		return value{}
	}
	return out
}

// conditions makes a Condition element of condition blocks.
func (t *terraform) conditions(in *instance, block value) value {
	blocks := block.get("condition")
	if blocks.kind == isUnknown {
		return unknownValue(in.wait("condition", value{}))
	}
	out := value{kind: isObject}
	for _, b := range blocks.list() {
		test, variable := b.get("test"), b.get("variable")
		if test.kind != isText || variable.kind != isText {
			return unknownValue(in.wait("condition", value{}))
		}
		values := t.texts(in, b, value{}, "values")
		at := slices.IndexFunc(out.members, func(m member) bool { return m.name == test.text })
		if at < 0 {
			out.members = append(out.members, member{test.text, value{kind: isObject}})
			at = len(out.members) - 1
		}
		keys := &out.members[at].value
		if i := slices.IndexFunc(keys.members, func(m member) bool { return m.name == variable.text }); i >= 0 {
			keys.members[i].value.items = append(keys.members[i].value.items, values.items...)
			continue
		}
		keys.members = append(keys.members, member{variable.text, values})
	}
	if len(out.members) == 0 {
		return value{}
	}
	return out
}

// readData takes the managed policies that data sources have read.
func (t *terraform) readData() {
	if t.plan.PriorState == nil || t.plan.PriorState.Values == nil {
		return
	}
	t.readDataOf(&t.plan.PriorState.Values.Root, 0)
}

func (t *terraform) readDataOf(m *tfStateModule, depth int) {
	if depth > maxDepth {
		return
	}
	for i := range m.Resources {
		r := &m.Resources[i]
		if r.Mode != "data" || r.Type != "aws_iam_policy" {
			continue
		}
		v, err := decodeJSON(t.file, r.Values)
		if err != nil {
			continue
		}
		arn, policy := v.get("arn"), v.get("policy")
		if _, err := account.DecodeDocument(policy.str()); err == nil && field(arn.str(), 5) != "" {
			t.change.documents = append(t.change.documents, managed{arn.str(), []byte(policy.str())})
		}
	}
	for i := range m.Children {
		t.readDataOf(&m.Children[i], depth+1)
	}
}
