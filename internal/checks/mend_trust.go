package checks

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/expected"
)

// trust lets the callers of a statement assume a role: the external ID of a
// statement for this caller alone is corrected, a statement that says the same of
// others is given the callers, else the statement is added. sent are all external
// IDs that the configuration sends to the role.
func (e *editor) trust(role string, s expected.PolicyStatement, sent []string) error {
	at := DocumentPlace{"trust", role, trustPolicy}
	d, err := e.draft(at)
	if err != nil {
		return err
	}
	if !d.correctExternalID(s, sent) && !d.letIn(s) {
		d.appendAllow(s)
	}
	return e.put(at, d)
}

// trustApart adds the statement, and leaves the others as they are.
func (e *editor) trustApart(role string, s expected.PolicyStatement) error {
	at := DocumentPlace{"trust", role, trustPolicy}
	d, err := e.draft(at)
	if err != nil {
		return err
	}
	d.appendAllow(s)
	return e.put(at, d)
}

// awsPrincipalsOf are the principals of an Allow statement of a trust policy that
// names AWS principals and nobody else.
func awsPrincipalsOf(st elements) ([]string, bool) {
	var effect string
	if json.Unmarshal(st.get("Effect"), &effect) != nil || effect != "Allow" {
		return nil, false
	}
	for _, e := range st {
		if !slices.Contains([]string{"Sid", "Effect", "Principal", "Action", "Condition"}, e.name) {
			return nil, false
		}
	}
	principal, err := parseElements(st.get("Principal"))
	if err != nil || len(principal) != 1 || principal[0].name != "AWS" {
		return nil, false
	}
	return words(principal[0].value)
}

// externalIDOf is the external ID that is a statement's only condition: none for
// no condition; false where it has another one.
func externalIDOf(st elements) (ids []string, ok bool) {
	condition := st.get("Condition")
	if condition == nil {
		return nil, true
	}
	operators, err := parseElements(condition)
	if err != nil || len(operators) != 1 || operators[0].name != "StringEquals" {
		return nil, false
	}
	keys, err := parseElements(operators[0].value)
	if err != nil || len(keys) != 1 || !strings.EqualFold(keys[0].name, externalKey) {
		return nil, false
	}
	return words(keys[0].value)
}

// correctExternalID writes the external ID of s into the statement that is for
// its caller alone and asks for another one. One that is sent for another database
// stays beside it.
func (d *draftDocument) correctExternalID(s expected.PolicyStatement, sent []string) bool {
	for i, text := range d.statements {
		st, err := parseElements(text)
		if err != nil || s.ExternalID == "" || len(s.Principals) != 1 {
			continue
		}
		principals, ok := awsPrincipalsOf(st)
		ids, also := externalIDOf(st)
		actions, known := words(st.get("Action"))
		if !ok || !also || !known || len(ids) == 0 || !slices.Equal(principals, s.Principals) || !sameSet(actions, s.Actions, true) {
			continue
		}
		ids = slices.DeleteFunc(ids, func(id string) bool { return !slices.Contains(sent, id) })
		d.statements[i] = st.with("Condition", externalIDCondition(joined(ids, []string{s.ExternalID}))).text()
		return true
	}
	return false
}

func externalIDCondition(ids []string) json.RawMessage {
	return elements{{"StringEquals", elements{{externalKey, wordsText(ids)}}.text()}}.text()
}

// letIn adds the callers of s to a statement that lets others do the same.
func (d *draftDocument) letIn(s expected.PolicyStatement) bool {
	for i, text := range d.statements {
		st, err := parseElements(text)
		if err != nil {
			continue
		}
		principals, ok := awsPrincipalsOf(st)
		ids, also := externalIDOf(st)
		actions, known := words(st.get("Action"))
		var want []string
		if s.ExternalID != "" {
			want = []string{s.ExternalID}
		}
		if !ok || !also || !known || !slices.Equal(ids, want) || !sameSet(actions, s.Actions, true) {
			continue
		}
		d.statements[i] = st.with("Principal", awsElement(joined(principals, s.Principals))).text()
		return true
	}
	return false
}

func awsElement(arns []string) json.RawMessage {
	return elements{{"AWS", wordsText(arns)}}.text()
}

// dropPrincipals takes principals out of a statement, and the statement where it
// names nobody else and nobody is to be named instead.
func (e *editor) dropPrincipals(role string, quote []byte, drop, instead []string) error {
	return e.editStatement(DocumentPlace{"trust", role, trustPolicy}, quote, func(st elements) (json.RawMessage, error) {
		principal, err := parseElements(st.get("Principal"))
		if err != nil {
			return nil, errors.New("its principals are not a list that entries can be taken from")
		}
		var left elements
		for _, kind := range principal {
			list, ok := words(kind.value)
			if !ok {
				return nil, errors.New("its principals are not a list that entries can be taken from")
			}
			list = slices.DeleteFunc(list, func(s string) bool { return slices.Contains(drop, s) })
			if kind.name == "AWS" {
				list = joined(list, instead)
			}
			if len(list) > 0 {
				left = append(left, element{kind.name, wordsText(list)})
			}
		}
		if len(left) == 0 {
			return nil, nil
		}
		return st.with("Principal", left.text()).text(), nil
	})
}

// namePrincipals lets a statement name the given callers alone; its conditions
// stay.
func (e *editor) namePrincipals(role string, quote []byte, callers []string) error {
	return e.editStatement(DocumentPlace{"trust", role, trustPolicy}, quote, func(st elements) (json.RawMessage, error) {
		return st.without("NotPrincipal").with("Principal", awsElement(callers)).text(), nil
	})
}

// editStatement changes one statement, which is known by its text; edit returns
// nil to take it away.
func (e *editor) editStatement(at DocumentPlace, quote []byte, edit func(elements) (json.RawMessage, error)) error {
	d, err := e.draft(at)
	if err != nil {
		return err
	}
	i := d.find(quote)
	if i < 0 {
		return errChanged
	}
	st, err := parseElements(d.statements[i])
	if err != nil {
		return err
	}
	text, err := edit(st)
	if err != nil {
		return err
	}
	if text == nil {
		d.statements = slices.Delete(slices.Clone(d.statements), i, i+1)
	} else {
		d.statements[i] = text
	}
	return e.put(at, d)
}

// setVersion writes the version of the policy language that has variables.
func (e *editor) setVersion(at DocumentPlace) error {
	d, err := e.draft(at)
	if err != nil {
		return err
	}
	d.root = d.root.with("Version", jsonText("2012-10-17"))
	return e.put(at, d)
}
