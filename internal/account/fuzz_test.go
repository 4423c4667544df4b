package account

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/url"
	"os"
	"testing"
	"unicode/utf8"
)

// FuzzRead holds Read to three things: it does not panic; what it accepts comes
// back from Write as it was, also through Merge; and what it refuses it refuses
// with a place that is in the text.
func FuzzRead(f *testing.F) {
	for _, folder := range []string{"good", "bad"} {
		for _, input := range cases(f, folder) {
			text, err := os.ReadFile(input)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		snapshots, err := Read("fuzz.json", bytes.NewReader(text))
		if err != nil {
			checkReadError(t, err, text)
			return
		}
		if len(snapshots) == 0 {
			t.Fatal("neither a snapshot nor an error")
		}
		for _, s := range snapshots {
			roundTrip(t, s)
		}
		accounts, err := Merge(snapshots)
		if err != nil {
			return
		}
		for _, s := range accounts {
			roundTrip(t, s)
			for i := range s.Roles {
				accounts.Policies(s.Roles[i].ARN)
				accounts.Trust(&s.Roles[i])
			}
			for i := range s.Users {
				accounts.Policies(s.Users[i].ARN)
			}
		}
	})
}

func checkReadError(t *testing.T, err error, text []byte) {
	t.Helper()
	var bad *ReadError
	if !errors.As(err, &bad) || len(bad.Problems) == 0 || len(bad.Problems) > maxProblems {
		t.Fatalf("got %v, want 1 to %d problems", err, maxProblems)
	}
	lines := bytes.Split(text, []byte("\n"))
	for _, p := range bad.Problems {
		if p.Message == "" {
			t.Fatalf("a problem without message at %d:%d", p.Line, p.Column)
		}
		if p.Line == 0 && p.Column == 0 {
			continue
		}
		if p.Line < 1 || p.Line > len(lines) || p.Column < 1 || p.Column > len(lines[p.Line-1])+1 {
			t.Fatalf("%d:%d is not in the text", p.Line, p.Column)
		}
	}
	if !utf8.ValidString(err.Error()) {
		t.Fatalf("the message is not UTF-8: %q", err)
	}
}

// FuzzCheck holds the scanner to encoding/json: what is JSON and nested no
// deeper than the limit, and only that, passes.
func FuzzCheck(f *testing.F) {
	for _, seed := range []string{`{}`, `[1,-0.5e+3,0]`, `{"a":[true,false,null,"\u00e9\n"]}`, `01`, `[1,]`, `{"a" 1}`, `"`, `nul`, `1.`, `-`, `[]]`, "\"\x01\""} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		s := scanner{text: text}
		depth, err := s.check(maxDepth)
		s.space()
		passed := err == nil && s.pos == len(text)
		if valid := json.Valid(text); passed != valid && (passed || !deeper(text, maxDepth)) {
			t.Fatalf("got %v (%v), encoding/json says %v", passed, err, valid)
		}
		if passed && deeper(text, depth) {
			t.Fatalf("got depth %d, which is too little", depth)
		}
	})
}

// deeper tells whether brackets outside strings nest deeper than a depth.
func deeper(text []byte, depth int) bool {
	level, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case !quoted && (c == '{' || c == '['):
			if level++; level > depth {
				return true
			}
		case !quoted && (c == '}' || c == ']'):
			level--
		}
	}
	return false
}

// FuzzDecodeDocument: a document that is decoded is a JSON object in UTF-8, and
// the same text comes out of its percent-encoded form.
func FuzzDecodeDocument(f *testing.F) {
	for _, seed := range []string{`{"a+b": "c%20d é"}`, `%7B%22a%22%3A%22+%2B%22%7D`, ` {} `, `%7b`, `%zz`, `{`, `[]`, ``} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, sent string) {
		text, err := DecodeDocument(sent)
		if err != nil {
			return
		}
		var object map[string]any
		if err := json.Unmarshal(text, &object); err != nil || object == nil || !utf8.Valid(text) {
			t.Fatalf("%q is no JSON object in UTF-8: %v", text, err)
		}
		again, err := DecodeDocument(url.PathEscape(string(text)))
		if err != nil || !bytes.Equal(again, text) {
			t.Fatalf("percent-encoded %q came back as %q, %v", text, again, err)
		}
	})
}
