package account

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// repeat is a reader of one text after another text, many times over, that
// does not hold it in memory.
func repeat(head, text string, size int) io.Reader {
	block := strings.Repeat(text, 1+64<<10/len(text))
	return io.MultiReader(strings.NewReader(head), io.LimitReader(&repeater{text: block}, int64(size)))
}

type repeater struct {
	text string
	at   int
}

func (r *repeater) Read(p []byte) (n int, err error) {
	for n < len(p) {
		c := copy(p[n:], r.text[r.at:])
		n += c
		r.at = (r.at + c) % len(r.text)
	}
	return n, nil
}

// TestReadHostile reads large texts that are made to cost much. Each must
// fail soon, in little memory beyond the text, with a message that fits a
// screen.
func TestReadHostile(t *testing.T) {
	tests := []struct {
		name, head, text string
		want             string // part of the message
	}{
		{"garbage", "", "\x00\x01garbage", "not JSON"},
		{"garbage in an object", "{", "garbage", "expected a key"},
		{"white space", "", " ", "is empty"},
		{"lists in lists", "", "[", "JSON list"},
		{"objects in objects", "", `{"a":`, "nested deeper than 100 levels"},
		{"lists in a list of roles", `{"RoleDetailList":`, "[", "nested deeper than 100 levels"},
		{"an endless string", `{"RoleDetailList":["`, "aaaaaaaaaaaaaaaa", "cut short"},
		{"an endless number", `{"RoleDetailList":[1`, "1111111111111111", "cut short"},
		{"many keys", `{"a":1`, `,"a":1`, "cut short"},
		{"empty roles", `{"RoleDetailList":[{}`, `,{}`, "cut short"},
		{"many snapshots", "", `{"UserDetailList":[]}`, ""},
		{"not UTF-8", `{"RoleDetailList":["`, "\xff", "not valid UTF-8"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			_, err := Read("hostile.json", repeat(tt.head, tt.text, large))
			if err == nil {
				t.Fatal("got no error")
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %.300q, want it to tell %q", err, tt.want)
			}
			if len(err.Error()) > 8000 {
				t.Errorf("the message has %d bytes, want at most 8000", len(err.Error()))
			}
			if took := time.Since(start); took > 20*time.Second { // 0.5 s without the race detector
				t.Errorf("took %v, want less than 20 s", took)
			}
			runtime.ReadMemStats(&after)
			if grown := after.TotalAlloc - before.TotalAlloc; grown > 5*large+32<<20 {
				t.Errorf("allocated %d MB in all, want at most %d", grown>>20, 5*large>>20+32)
			}
		})
	}
}

// TestReadTooMany reads well-formed texts that would grow in memory.
func TestReadTooMany(t *testing.T) {
	var roles, documents bytes.Buffer
	roles.WriteString(`{"RoleDetailList":[`)
	for i := range maxEntities + 10 {
		fmt.Fprintf(&roles, `{"Arn":"arn:aws:iam::111122223333:role/%d"},`, i)
	}
	roles.WriteString(`{"Arn":"arn:aws:iam::111122223333:role/last"}]}`)
	documents.WriteString(`{"RoleDetailList":[{"Arn":"arn:aws:iam::111122223333:role/a"}`)
	for i := range maxUndecodable + 10 {
		fmt.Fprintf(&documents, `,{"Arn":"arn:aws:iam::111122223333:role/%d","AssumeRolePolicyDocument":0}`, i)
	}
	documents.WriteString(`]}`)
	tests := []struct {
		name string
		text io.Reader
		want string
	}{
		{"roles", &roles, "more than 200000 elements"},
		{"documents that are none", &documents, "more than 10000 policy documents cannot be decoded"},
		{"empty roles", strings.NewReader(`{"RoleDetailList":[{}` + strings.Repeat(",{}", 1<<20) + `]}`), "more problems follow"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Read("many.json", tt.text)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %.300v, want %q", err, tt.want)
			}
		})
	}
}

func TestReadTooLarge(t *testing.T) {
	const limit = 1 << 20
	if text, err := readAll("x.json", repeat("{", " ", limit-1), limit); err != nil || len(text) != limit {
		t.Errorf("at the limit got %d bytes and %v", len(text), err)
	}
	_, err := readAll("x.json", repeat("{", " ", limit), limit)
	if want := "x.json: is larger than 1 MiB; expected one account's IAM, which is not"; err == nil || err.Error() != want {
		t.Errorf("above the limit got %v, want %s", err, want)
	}
}

// failing gives some bytes and then an error.
type failing struct{ io.Reader }

func (f failing) Read(p []byte) (int, error) {
	n, err := f.Reader.Read(p)
	if err == io.EOF {
		err = io.ErrClosedPipe
	}
	return n, err
}

func TestReadFailure(t *testing.T) {
	for _, size := range []int{10, 100_000} {
		_, err := Read("pipe", failing{repeat("{", " ", size)})
		if err == nil || err.Error() != "pipe: io: read/write on closed pipe" {
			t.Errorf("after %d bytes got %v, want the reader's error", size, err)
		}
	}
}

// TestReadExample reads a real-shaped account of two, where it is at hand.
func TestReadExample(t *testing.T) {
	f, err := os.Open("../../../shared/data/account-example.json")
	if err != nil {
		t.Skip("not at hand")
	}
	defer f.Close()
	snapshots, err := Read("account-example.json", f)
	if err != nil {
		t.Fatal(err)
	}
	var users, roles int
	for _, s := range snapshots {
		roundTrip(t, s)
		users, roles = users+len(s.Users), roles+len(s.Roles)
		if len(s.Gaps) > 0 {
			t.Errorf("account %s has gaps: %v", s.Account, s.Gaps)
		}
	}
	if users != 44 || roles != 78 {
		t.Errorf("got %d users and %d roles, want 44 and 78", users, roles)
	}
}
