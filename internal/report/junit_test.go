package report

import (
	"bytes"
	"encoding/xml"
	"strings"
	"testing"
)

func TestJUnitCounts(t *testing.T) {
	why := &JUnitProblem{Message: "because", Type: "denied", Text: "a\nb"}
	j := JUnit{Name: "iamcheck", Suites: []JUnitSuite{
		{Name: "one", Cases: []JUnitCase{{Name: "passed"}, {Name: "failed", Failure: why}, {Name: "error", Error: why}}},
		{Name: "two", Cases: []JUnitCase{{Name: "skipped", Skipped: why}, {Name: "failed", Failure: why}}},
		{Name: "none"},
	}}
	var b bytes.Buffer
	if err := j.Write(&b); err != nil {
		t.Fatal(err)
	}
	var got JUnit
	if err := xml.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Tests != 5 || got.Failures != 2 || got.Errors != 1 || got.Skipped != 1 || len(got.Suites) != 3 {
		t.Errorf("got %+v", got)
	}
	if s := got.Suites[0]; s.Tests != 3 || s.Failures != 1 || s.Errors != 1 || s.Skipped != 0 || s.Cases[0].Failure != nil {
		t.Errorf("the first suite is %+v", s)
	}
	if j.Tests != 0 || j.Suites[0].Tests != 0 {
		t.Error("writing changed the report")
	}
}

// Names and texts come from accounts and files of others: whatever they hold, the
// report is XML, and says the same.
func TestJUnitEscapes(t *testing.T) {
	for _, text := range []string{
		`<a href="x">&amp;</a>`, "]]>", "a]]]]>>b", "\x00\x01\x1b[31m", "\xff\xfe", "\uFFFE\uFFFF", "\u202e\u2028", "'\"", "tab\tcr\r", "<!--", "&#0;",
	} {
		j := JUnit{Name: text, Suites: []JUnitSuite{{Name: text, Cases: []JUnitCase{
			{Name: text, Classname: text, File: text, Line: 3, Failure: &JUnitProblem{Message: text, Text: "x\n" + text}},
		}}}}
		var b bytes.Buffer
		if err := j.Write(&b); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		var got JUnit
		if err := xml.Unmarshal(b.Bytes(), &got); err != nil {
			t.Fatalf("%q: %v\n%s", text, err, b.String())
		}
		want := clean(text, maxText, false)
		c := got.Suites[0].Cases[0]
		if c.Name != want || c.Classname != want || c.File != want || c.Failure.Message != want {
			t.Errorf("%q: got %+v, want %q", text, c, want)
		}
		if c.Failure.Text != "x\n"+want {
			t.Errorf("%q: got the text %q", text, c.Failure.Text)
		}
		if strings.ContainsAny(b.String(), "\x00\x01\x1b\t\r") {
			t.Errorf("%q: control characters in %q", text, b.String())
		}
	}
}
