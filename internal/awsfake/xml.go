package awsfake

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
)

// element is an XML element around content that is XML already.
func element(name string, content ...string) string {
	return "<" + name + ">" + strings.Join(content, "") + "</" + name + ">"
}

// text is an XML element around text.
func text(name, value string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(value)) // a bytes.Buffer does not fail
	return element(name, b.String())
}

// optional is text, or nothing where value is empty.
func optional(name, value string) string {
	if value == "" {
		return ""
	}
	return text(name, value)
}

// members is a list of the query protocol; an empty one is there all the same.
func members(name string, items []string) string {
	var b strings.Builder
	for _, item := range items {
		b.WriteString(element("member", item))
	}
	return element(name, b.String())
}

// escaped is a member's text.
func escaped(value string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(value))
	return b.String()
}

func namespace(service string) string {
	return "https://" + service + ".amazonaws.com/doc/" + versions()[service] + "/"
}

const requestID = "00000000-0000-0000-0000-000000000000"

func answerXML(q *query, result string) string {
	name := q.form.Get("Action")
	return "<" + name + `Response xmlns="` + namespace(q.service) + `">` +
		element(name+"Result", result) +
		element("ResponseMetadata", text("RequestId", requestID)) +
		"</" + name + "Response>"
}

func errorXML(q *query, e *apiError) string {
	return `<ErrorResponse xmlns="` + namespace(q.service) + `">` +
		element("Error", text("Type", "Sender"), text("Code", e.code), text("Message", e.message)) +
		text("RequestId", requestID) + "</ErrorResponse>"
}

// document encodes a policy document as IAM does: every byte but RFC 3986's
// unreserved characters.
func (s *Server) document(q *query, name string, plain []byte) string {
	switch {
	case q.fault.Kind == BadDocument:
		return text(name, "%7B%22Version%22%3A%ZZ")
	case s.RawDocuments:
		return text(name, string(plain))
	}
	const unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~"
	var b strings.Builder
	for _, c := range plain {
		if strings.IndexByte(unreserved, c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return element(name, b.String())
}
