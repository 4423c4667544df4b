package checks

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// Hostile texts: what is found in them is bounded, and so is the time.
func TestReadRefusalsIsBounded(t *testing.T) {
	const size = 1 << 19
	const refusal = "User: arn:aws:sts::111122223333:assumed-role/a/b is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/"
	repeat := func(s string) string { return strings.Repeat(s, size/len(s)) }
	tests := map[string]string{
		"one line":                    repeat("x"),
		"no end of spaces":            "User:" + repeat(" ") + wordsPerform,
		"words of a refusal":          repeat(wordsPerform + " "),
		"words of another":            repeat(wordsExecute),
		"words, then no others":       repeat(wordsAccess + " "),
		"an ARN without end":          "User: arn:aws:sts::1:" + repeat("a") + " " + wordsPerform + ": a:b on resource: arn:" + repeat("b"),
		"an action without end":       wordsPerform + ": " + repeat("a:"),
		"an encoded text without end": wordsEncoded + " " + repeat("A"),
		"a phrase begun":              repeat("user is not manag "),
		"quotes":                      repeat(`user "`) + "pam authentication failed for user",
		"keys":                        repeat("db_user=x ") + "pam authentication failed for user",
		"short entries":               repeat("ERRO x\n"),
		"objects":                     repeat("{\"a\":\"b\"}\n"),
		"open brackets":               repeat("["),
		"open objects":                repeat(`{"a":`),
		"events that are none":        "[" + repeat("{},") + "{}]",
		"different refusals": func() string {
			var b strings.Builder
			for i := range size / 200 {
				b.WriteString("ERRO " + refusal + strings.Repeat("r", i%64+1) + string(rune('a'+i%26)) + "\n")
			}
			return b.String()
		}(),
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			r := ReadRefusals([]byte(text))
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("took %s", took)
			}
			checkReading(t, r)
		})
	}
}

// checkReading holds what was read to its bounds.
func checkReading(t *testing.T, r *Reading) {
	t.Helper()
	if len(r.Clues) > mostClues {
		t.Errorf("%d clues", len(r.Clues))
	}
	for i := range r.Clues {
		c := &r.Clues[i]
		if len(c.Text) > 2*shownClue || len(c.Around) > aroundLimit || !utf8.ValidString(c.Text) || strings.ContainsAny(c.Text, "\n\r\t") {
			t.Errorf("a clue of %d bytes: %.80q", len(c.Text), c.Text)
		}
		if c.Count < 1 || c.Denial == nil && c.Symptom == nil {
			t.Errorf("clue %+v tells nothing", c)
		}
		for _, names := range [][]string{c.Users, c.Databases, c.Roles} {
			if len(names) > mostFacts {
				t.Errorf("%d names", len(names))
			}
		}
		if d := c.Denial; d != nil {
			if len(d.Principal) > longestARN || len(d.Resource) > longestARN+len("policy/") || len(d.Action) > longestAction || len(d.Encoded) > longestEncoded {
				t.Errorf("a part is too long: %.200s", fmt.Sprintf("%+v", *d))
			}
			if d.Action != "" && strings.Count(d.Action, ":") != 1 {
				t.Errorf("action %q", d.Action)
			}
			if d.Principal != "" && !strings.HasPrefix(d.Principal, "arn:") && d.Event == nil {
				t.Errorf("principal %q", d.Principal)
			}
		}
	}
}

func FuzzMessage(f *testing.F) {
	names, err := filepath.Glob("testdata/messages/*.txt")
	if err != nil || len(names) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		_, message, _ := strings.Cut(string(text), "---\n")
		f.Add([]byte(message))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		r := ReadRefusals(text)
		checkReading(t, r)
		r.Names()
		again := ReadRefusals(text)
		if len(again.Clues) != len(r.Clues) {
			t.Errorf("%d clues, then %d", len(r.Clues), len(again.Clues))
		}
	})
}

func TestDecoded(t *testing.T) {
	const text = `{"allowed": false, "explicitDeny": true, "matchedStatements": {"items": []}, "failures": {"items": []},
		"context": {"principal": {"id": "AROAEXAMPLE:i-1", "name": "agent", "arn": "arn:aws:sts::111122223333:assumed-role/agent/i-1"},
		"action": "ec2:DescribeSubnets", "resource": "*", "conditions": {"items": []}}}`
	var d Denial
	if err := d.Decoded([]byte(text)); err != nil {
		t.Fatal(err)
	}
	want := Denial{Principal: "arn:aws:sts::111122223333:assumed-role/agent/i-1", Action: "ec2:DescribeSubnets", Resource: "*", Explicit: true}
	if d != want {
		t.Errorf("got %+v, want %+v", d, want)
	}
	told := Denial{Principal: "arn:aws:iam::111122223333:user/x", Action: "a:B", Resource: "arn:aws:x:::y"}
	before := told
	if err := told.Decoded([]byte(strings.Replace(text, "true", "false", 1))); err != nil || told != before {
		t.Errorf("got %+v, %v: what the refusal told must stay", told, err)
	}
	for _, bad := range []string{"", "{", "[]", `{"context": 1}`} {
		if err := d.Decoded([]byte(bad)); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}
