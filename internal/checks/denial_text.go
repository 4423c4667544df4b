package checks

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strings"
)

const (
	mostClues   = 200      // distinct ones of a text; further ones are counted
	aroundLimit = 64 << 10 // bytes of an entry that are kept with a clue
	shownClue   = 600      // bytes of a clue's own words
	mostFacts   = 16       // names of one kind beside a clue
	longestName = 256      // bytes of such a name
)

// ReadRefusals finds the refusals in a text: an error message, lines of a log,
// or CloudTrail events as JSON. It never fails: what it does not know it passes
// over. Time and memory are linear in the text.
func ReadRefusals(text []byte) *Reading {
	r := Reading{table: Symptoms()}
	if r.readEvents(text) {
		return &r
	}
	line := 1
	for _, entry := range entries(string(text)) {
		r.entry(entry, line)
		line += strings.Count(entry, "\n")
	}
	return &r
}

// add keeps a clue, or counts one that is there.
func (r *Reading) add(c Clue) {
	c.Count = 1
	for i := range r.Clues {
		if r.Clues[i].same(&c) {
			r.Clues[i].Count++
			return
		}
	}
	if len(r.Clues) == mostClues {
		r.Left++
		return
	}
	r.Clues = append(r.Clues, c)
}

// same tells whether two clues tell of the same: sessions of one role count as
// one caller.
func (c *Clue) same(o *Clue) bool {
	if (c.Symptom == nil) != (o.Symptom == nil) || c.Symptom != nil && c.Symptom.ID != o.Symptom.ID || (c.Denial == nil) != (o.Denial == nil) {
		return false
	}
	if c.Denial != nil {
		a, b := *c.Denial, *o.Denial
		if identityOf(a.Principal) != identityOf(b.Principal) || a.Action != b.Action || a.Resource != b.Resource ||
			a.By != b.By || a.Explicit != b.Explicit || a.Policy != b.Policy {
			return false
		}
	}
	return slices.Equal(c.Users, o.Users) && slices.Equal(c.Databases, o.Databases) && slices.Equal(c.Roles, o.Roles)
}

// entry reads one entry of a log.
func (r *Reading) entry(text string, line int) {
	f := newFlat(plain(text))
	denials, at := f.denials()
	symptoms := f.symptoms(r.table)
	bare := len(denials) == 0 && !slices.ContainsFunc(symptoms, func(s found) bool { return !s.symptom.Wrapper }) && f.refused()
	if len(denials) == 0 && len(symptoms) == 0 && !bare {
		return
	}
	// Once for all: an entry may hold many refusals.
	encoded, operation := f.encoded(), f.operation()
	c := Clue{Facts: f.facts(), Line: line}
	c.Around = f.text[:min(len(f.text), aroundLimit)]
	if bare {
		denials, at = []Denial{{}}, []int{0}
	}
	for i := range denials {
		d := denials[i]
		d.Encoded, d.Action = encoded, cmp.Or(d.Action, operation)
		c.Denial, c.Text, c.Symptom = &d, f.excerpt(at[i]), nil
		if len(symptoms) > 0 {
			c.Symptom = symptoms[0].symptom
		}
		r.add(c)
	}
	if len(denials) > 0 {
		return
	}
	// What Teleport says about a failure matters less than the failure.
	i := max(slices.IndexFunc(symptoms, func(s found) bool { return !s.symptom.Wrapper }), 0)
	c.Symptom, c.Text = symptoms[i].symptom, f.excerpt(symptoms[i].at)
	r.add(c)
}

// bareRefusals are the words of a refusal that tells nothing
// (data on real messages: EC2, S3, SQS and others).
func bareRefusals() []string {
	return []string{
		wordsEncoded, "you are not authorized to perform this operation", "not authorized to access resource",
		"access to the resource ", "no access to any requested resource", "accessdenied", "access denied", "unauthorizedoperation",
		"not whitelisted for accessing actiontype",
	}
}

func (f flat) refused() bool {
	return slices.ContainsFunc(bareRefusals(), func(words string) bool { return strings.Contains(f.low, words) })
}

// excerpt is the part of a text around an offset.
func (f flat) excerpt(at int) string {
	from := max(0, at-shownClue/3)
	if from > 0 {
		if space := strings.IndexByte(f.text[from:at], ' '); space >= 0 {
			from += space + 1
		}
	}
	to := min(len(f.text), from+shownClue)
	if to < len(f.text) {
		if space := strings.LastIndexByte(f.text[from:to], ' '); space > shownClue/2 {
			to = from + space
		}
	}
	return strings.ToValidUTF8(f.text[from:to], "?")
}

// entries cuts a log into its entries: an entry begins at a line with a time, a
// level or a JSON object, and goes on to the next. A text without any is one.
func entries(text string) []string {
	var out []string
	start, object := 0, false // the entry is a JSON object, and ends with its line
	for at := 0; at < len(text); {
		end := at + 1 + strings.IndexByte(text[at:], '\n')
		if end == at {
			end = len(text)
		}
		line := strings.TrimRight(text[at:end], "\r\n")
		if at > start && (object || beginsEntry(line)) {
			out = append(out, text[start:at])
			start = at
		}
		if at == start {
			object = isObject(line)
		}
		at = end
	}
	return append(out, text[start:])
}

// logLevels begin a line of Teleport's, tsh's and most others' logs.
var logLevels = []string{"ERRO", "ERROR", "WARN", "INFO", "DEBU", "DEBUG", "TRAC", "TRACE", "FATA", "[ERROR", "[WARN", "[INFO", "level="}

func beginsEntry(line string) bool {
	if isObject(line) || dated(strings.TrimLeft(line, `["'`)) {
		return true
	}
	first, _, more := strings.Cut(line[:min(len(line), 16)], " ")
	return more && (slices.Contains(logLevels, strings.TrimRight(first, ":]")) || months[first] && line[len(first)+1] <= '9')
}

// isObject tells a line that is a JSON object.
func isObject(line string) bool { return strings.HasPrefix(line, `{"`) && strings.HasSuffix(line, "}") }

// dated: 2026-11-22, 2026/11/22.
func dated(line string) bool {
	if len(line) < 10 {
		return false
	}
	for i, c := range []byte(line[:10]) {
		separator := i == 4 || i == 7
		if separator && c != '-' && c != '/' || !separator && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// months begin a line of syslog's.
var months = map[string]bool{
	"Jan": true, "Feb": true, "Mar": true, "Apr": true, "May": true, "Jun": true,
	"Jul": true, "Aug": true, "Sep": true, "Oct": true, "Nov": true, "Dec": true,
}

// plain is the text of an entry as it was before it was logged: the values of a
// JSON object, or the text with its escapes resolved.
func plain(entry string) string {
	if trimmed := strings.TrimSpace(entry); strings.HasPrefix(trimmed, "{") {
		if text, ok := flattened([]byte(trimmed)); ok {
			return text
		}
	}
	return escapes.Replace(entry)
}

// escapes are those of quoted text in logs.
var escapes = strings.NewReplacer(`\\n`, " ", `\n`, " ", `\r`, " ", `\t`, " ", `\\"`, `"`, `\"`, `"`, `\u0026`, "&", `\u003c`, "<", `\u003e`, ">")

// flattened writes the members of a JSON object one after another, "key: value".
func flattened(text []byte) (string, bool) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var b strings.Builder
	var objects, valueNext []bool // by depth
	for {
		token, err := d.Token()
		if err != nil {
			return "", false
		}
		top := len(objects) - 1
		isKey := top >= 0 && objects[top] && !valueNext[top]
		switch t := token.(type) {
		case json.Delim:
			if t == '}' || t == ']' {
				objects, valueNext = objects[:top], valueNext[:top]
				if top == 0 {
					return b.String(), int(d.InputOffset()) == len(text)
				}
				continue
			}
			objects, valueNext = append(objects, t == '{'), append(valueNext, false)
		case string:
			b.WriteString(escapes.Replace(t))
		case json.Number:
			b.WriteString(t.String())
		}
		b.WriteByte(' ')
		if top >= 0 && objects[top] {
			valueNext[top] = isKey
		}
		if isKey {
			b.WriteString(": ")
		}
	}
}
