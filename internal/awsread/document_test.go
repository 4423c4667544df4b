package awsread

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
)

func TestDecodeDocument(t *testing.T) {
	plain := `{"a": "a+b c%20é"}`
	tests := []struct{ name, in, want string }{
		{"percent-encoded", url.PathEscape(plain), plain},
		{"everything percent-encoded", "%7B%22a%22%3A%22b%2Bc%22%7D", `{"a":"b+c"}`},
		{"JSON", plain, plain},
		{"JSON with space around", "\n " + plain + "\n", plain},
		{"plus signs stand for themselves", "%7B%22a%22%3A%22b+c%22%7D", `{"a":"b+c"}`},
		{"empty", "", ""},
		{"no JSON", "hello", ""},
		{"JSON, but no object", "%5B1%5D", ""},
		{"null", "null", ""},
		{"cut JSON", `{"a":`, ""},
		{"cut escape", "%7B%7", ""},
		{"encoded twice", url.PathEscape(url.PathEscape(plain)), ""},
		{"no UTF-8", "%7B%22a%22%3A%22%FF%22%7D", ""},
		{"huge", `{"a":"` + strings.Repeat("x", maxDocument) + `"}`, ""},
		{"deep", strings.Repeat(`{"a":`, 100_000) + "1" + strings.Repeat("}", 100_000), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := decodeDocument(tt.in)
			if string(got.Text) != tt.want || (err == nil) != (tt.want != "") {
				t.Errorf("got %q, %v; want %q", got.Text, err, tt.want)
			}
		})
	}
}

func FuzzDecodeDocument(f *testing.F) {
	f.Add(`{"Version":"2012-10-17"}`)
	f.Add("%7B%22a%22%3A%22b%2Bc%22%7D")
	f.Fuzz(func(t *testing.T, text string) {
		d, err := decodeDocument(text)
		if (err == nil) != (d.Text != nil) || err == nil && !json.Valid(d.Text) {
			t.Errorf("%q gave %q, %v", text, d.Text, err)
		}
		if err == nil {
			if again, err := decodeDocument(string(d.Text)); err != nil || string(again.Text) != string(d.Text) {
				t.Errorf("%q decodes on to %q, %v", d.Text, again.Text, err)
			}
		}
	})
}
