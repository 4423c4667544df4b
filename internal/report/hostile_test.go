package report

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/iamcheck/iamcheck/internal/checks"
)

// Nothing that an account names may reach a terminal as an order, turn its text
// around, or make lines of its own.
func TestHostileReport(t *testing.T) {
	for _, f := range Formats() {
		for _, ascii := range []bool{false, true} {
			o := options()
			o.Width, o.ASCII = 80, ascii
			text := written(t, f.Name, hostile(), o)
			if !utf8.Valid(text) {
				t.Errorf("%s: not UTF-8", f.Name)
			}
			for _, r := range string(text) {
				if r != '\n' && !unicode.IsPrint(r) {
					t.Errorf("%s: %U reaches the terminal", f.Name, r)
					break
				}
			}
			if ascii && f.Name == "table" && bytes.ContainsFunc(text, func(r rune) bool { return r > '~' }) {
				t.Error("the table is not ASCII though it was asked for")
			}
		}
	}
}

// With colours, the only orders are the colours themselves.
func TestHostileColors(t *testing.T) {
	o := options()
	o.Width, o.Color = 80, true
	text := written(t, "table", hostile(), o)
	plain := regexp.MustCompile(`\x1b\[[0-9;]*m`).ReplaceAll(text, nil)
	if len(plain) == len(text) {
		t.Fatal("no colours")
	}
	if i := bytes.IndexFunc(plain, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }); i >= 0 {
		t.Errorf("an order beside the colours: %.20q", plain[i:])
	}
	o.Color = false
	if want := written(t, "table", hostile(), o); !bytes.Equal(plain, want) {
		t.Error("colours change more than colours")
	}
}

// The table is bounded; the JSON report keeps all.
func TestHostileLengths(t *testing.T) {
	o := options()
	o.Width = 80
	for _, line := range strings.Split(string(written(t, "table", hostile(), o)), "\n") {
		if n := utf8.RuneCountInString(line); n > maxText+200 {
			t.Errorf("a line of %d characters: %.60q", n, line)
		}
	}
	var got jsonReport
	if err := json.Unmarshal(written(t, "json", hostile(), o), &got); err != nil {
		t.Fatal(err)
	}
	want := strings.ToValidUTF8(strings.ReplaceAll(nasty, "\xff\xfe", "\uFFFD\uFFFD"), "")
	if got.Requirements[0].Database != want || got.Findings[0].Message != want {
		t.Error("the JSON report does not keep a name as it is")
	}
	if string(got.Findings[1].Fix.Document) != "null" && got.Findings[1].Fix.Document != nil {
		t.Errorf("a fix that is not JSON: got %s", got.Findings[1].Fix.Document)
	}
}

func TestClean(t *testing.T) {
	tests := []struct {
		name, in string
		limit    int
		ascii    bool
		want     string
	}{
		{"plain", "arn:aws:iam::1:role/x", 99, false, "arn:aws:iam::1:role/x"},
		{"other scripts", "rôle-ролі-役", 99, false, "rôle-ролі-役"},
		{"other scripts in ASCII", "é役😀", 99, true, `\u00e9\u5f79\ud83d\ude00`},
		{"escape sequence", "\x1b[31m", 99, false, `\x1b[31m`},
		{"lines", "a\r\n\tb", 99, false, `a\x0d\n\tb`},
		{"C1", "\u009b31m", 99, false, `\u009b31m`},
		{"bidirectional", "a\u202eb\u2066", 99, false, `a\u202eb\u2066`},
		{"invisible", "a\u200bb\ufeff\u00ad\u00a0", 99, false, `a\u200bb\ufeff\u00ad\u00a0`},
		{"tag characters", "\U000e0041", 99, false, `\udb40\udc41`},
		{"not UTF-8", "a\xffb", 99, false, `a\xffb`},
		{"the replacement character itself", "\ufffd", 99, false, "\ufffd"},
		{"long", "abcdef", 4, false, "abcd...(+2)"},
		{"as long as may be", "abcd", 4, false, "abcd"},
		{"empty", "", 4, false, ""},
	}
	for _, tt := range tests {
		if got := clean(tt.in, tt.limit, tt.ascii); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestEscapeJSON(t *testing.T) {
	for _, in := range []string{"plain", "\u009b\x7f\u202e\U000e0041", "役😀é", nasty} {
		text, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		for _, ascii := range []bool{false, true} {
			var got, want string
			if err := json.Unmarshal(escapeJSON(text, ascii), &got); err != nil {
				t.Fatalf("%q: %v", in, err)
			}
			if err := json.Unmarshal(text, &want); err != nil || got != want {
				t.Errorf("got %q, want %q (%v)", got, want, err)
			}
		}
	}
}

// The text that mends is there to be copied: whole, and JSON.
func TestFixIsWhole(t *testing.T) {
	resource := "arn:aws:rds-db:us-east-1:111122223333:dbuser:" + strings.Repeat("x", 500) + "/app"
	r := &checks.Report{Findings: []checks.Finding{{
		Check: "missing-permission", Message: "m",
		Fix: &checks.Fix{Kind: "add-statement", Document: []byte(`{"Resource":["` + strings.Repeat(resource+`","`, 100) + `"]}`)},
	}}}
	o := options()
	o.Width = 80
	_, text, _ := strings.Cut(string(written(t, "table", r, o)), "policy of the principal\n")
	text, _, found := strings.Cut(text, "\n\n")
	var got struct{ Resource []string }
	if err := json.Unmarshal([]byte(text), &got); err != nil || !found || len(got.Resource) != 101 || got.Resource[99] != resource {
		t.Errorf("got %d resources (%v) of %.200q", len(got.Resource), err, text)
	}
}
