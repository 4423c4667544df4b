package report

import (
	"encoding/xml"
	"io"
	"strings"
)

// JUnit is one JUnit report. There is no standard; this is the part that GitLab,
// Jenkins and GitHub's actions read alike. Texts may hold anything: they are
// escaped when they are written.
type JUnit struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Skipped  int          `xml:"skipped,attr"`
	Suites   []JUnitSuite `xml:"testsuite"`
}

// JUnitSuite is a group of test cases.
type JUnitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []JUnitCase `xml:"testcase"`
}

// JUnitCase is one test case. It passed where Failure, Error and Skipped are
// nil; at most one of them is set.
type JUnitCase struct {
	Name      string        `xml:"name,attr"`
	Classname string        `xml:"classname,attr"`
	File      string        `xml:"file,attr,omitempty"`
	Line      int           `xml:"line,attr,omitempty"`
	Failure   *JUnitProblem `xml:"failure"`
	Error     *JUnitProblem `xml:"error"`
	Skipped   *JUnitProblem `xml:"skipped"`
}

// JUnitProblem says why a case did not pass.
type JUnitProblem struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",cdata"`
}

// Write counts the cases and writes the report, in one call of w.Write.
func (j *JUnit) Write(w io.Writer) error {
	out := *j
	out.Tests, out.Failures, out.Errors, out.Skipped = 0, 0, 0, 0
	out.Suites = make([]JUnitSuite, len(j.Suites))
	for i := range j.Suites {
		s := j.Suites[i].counted()
		out.Suites[i] = s
		out.Tests += s.Tests
		out.Failures += s.Failures
		out.Errors += s.Errors
		out.Skipped += s.Skipped
	}
	text, err := xml.MarshalIndent(&out, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(append([]byte(xml.Header), text...), '\n'))
	return err
}

// counted returns a copy with its counts, and with the texts made safe to show:
// XML has no place for most control characters, not even escaped.
func (s *JUnitSuite) counted() JUnitSuite {
	out := JUnitSuite{Name: clean(s.Name, maxARN, false), Tests: len(s.Cases), Cases: make([]JUnitCase, len(s.Cases))}
	for i := range s.Cases {
		c := s.Cases[i]
		c.Name, c.Classname, c.File = clean(c.Name, maxARN, false), clean(c.Classname, maxARN, false), clean(c.File, maxARN, false)
		c.Failure, c.Error, c.Skipped = c.Failure.clean(), c.Error.clean(), c.Skipped.clean()
		switch {
		case c.Failure != nil:
			out.Failures++
		case c.Error != nil:
			out.Errors++
		case c.Skipped != nil:
			out.Skipped++
		}
		out.Cases[i] = c
	}
	return out
}

func (p *JUnitProblem) clean() *JUnitProblem {
	if p == nil {
		return nil
	}
	return &JUnitProblem{Message: clean(p.Message, maxText, false), Type: p.Type, Text: cleanLines(p.Text)}
}

// cleanLines makes every line of a text safe to show.
func cleanLines(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = clean(l, maxText, false)
	}
	return strings.Join(lines, "\n")
}
