package planned

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// kind is the kind of a value.
type kind uint8

const (
	isNull kind = iota // the zero value: null, or absent
	isBool
	isNumber
	isText
	isList
	isObject
	isUnknown // known only when the change is made
)

// String names the kind for messages.
func (k kind) String() string {
	return [...]string{"null", "a boolean", "a number", "a string", "a list", "an object", "not known yet"}[k]
}

// value is a JSON value of a plan or template, in which parts may not be known.
type value struct {
	kind    kind
	text    string // of a string, number or boolean, as written
	items   []value
	members []member
	at      place

	// Of an unknown value: what it waits for, and for a string known in part,
	// what it is with * for what is not known.
	why     string
	pattern string
}

type member struct {
	name  string
	value value
}

// get returns the value of a key; the zero value where there is none.
func (v *value) get(name string) value {
	for i := range v.members {
		if v.members[i].name == name {
			return v.members[i].value
		}
	}
	return value{}
}

// has tells whether the key is there, be it with null.
func (v *value) has(name string) bool {
	return slices.ContainsFunc(v.members, func(m member) bool { return m.name == name })
}

// path follows keys downwards.
func (v value) path(names ...string) value {
	for _, name := range names {
		v = v.get(name)
	}
	return v
}

// str is the text of a string; "" for anything else.
func (v *value) str() string {
	if v.kind == isText {
		return v.text
	}
	return ""
}

// list is the items of a list, or the value itself where it is a single one:
// policy documents allow both (reference_policies_grammar).
func (v *value) list() []value {
	switch v.kind {
	case isList:
		return v.items
	case isNull:
		return nil
	default:
		return []value{*v}
	}
}

// unknown finds the first part that is not known, nil where all is.
func (v *value) unknown() *value {
	switch v.kind {
	case isUnknown:
		return v
	case isList:
		for i := range v.items {
			if u := v.items[i].unknown(); u != nil {
				return u
			}
		}
	case isObject:
		for i := range v.members {
			if u := v.members[i].value.unknown(); u != nil {
				return u
			}
		}
	}
	return nil
}

func textValue(s string) value { return value{kind: isText, text: s} }

func unknownValue(why string) value { return value{kind: isUnknown, why: why} }

// object makes an object of the members that are not null.
func object(members ...member) value {
	v := value{kind: isObject}
	for _, m := range members {
		if m.value.kind != isNull {
			v.members = append(v.members, m)
		}
	}
	return v
}

// json writes a value that is known throughout.
func (v *value) json() []byte {
	var b bytes.Buffer
	v.write(&b)
	var out bytes.Buffer
	if json.Indent(&out, b.Bytes(), "", "  ") != nil {
		return b.Bytes()
	}
	return out.Bytes()
}

func (v *value) write(b *bytes.Buffer) {
	switch v.kind {
	case isBool:
		b.WriteString(v.text)
	case isNumber:
		if json.Valid([]byte(v.text)) {
			b.WriteString(v.text)
			return
		}
		writeText(b, v.text)
	case isText:
		writeText(b, v.text)
	case isList:
		b.WriteByte('[')
		for i := range v.items {
			if i > 0 {
				b.WriteByte(',')
			}
			v.items[i].write(b)
		}
		b.WriteByte(']')
	case isObject:
		b.WriteByte('{')
		for i := range v.members {
			if i > 0 {
				b.WriteByte(',')
			}
			writeText(b, v.members[i].name)
			b.WriteByte(':')
			v.members[i].value.write(b)
		}
		b.WriteByte('}')
	default:
		b.WriteString("null")
	}
}

func writeText(b *bytes.Buffer, s string) {
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil { // a string always can be
		b.WriteString(strconv.Quote(""))
		return
	}
	b.Truncate(b.Len() - 1) // the line end that Encode adds
}

// scalar is the text of a string, number or boolean; false for anything else.
func (v *value) scalar() (string, bool) {
	switch v.kind {
	case isText, isNumber, isBool:
		return v.text, true
	default:
		return "", false
	}
}

// isTrue tells of a true.
func (v *value) isTrue() bool { return v.kind == isBool && strings.EqualFold(v.text, "true") }
