package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// question is a line that is Allowed.
func question(id string) string {
	return `{"id":` + id + `,"request":{"principal":"arn:aws:iam::111122223333:role/app","action":"rds-db:connect",` +
		`"resource":"arn:aws:rds-db:us-east-1:111122223333:dbuser:db-A/app","context":{}},` +
		`"identityPolicies":[{"Version":"2012-10-17","Statement":[{"Sid":"Connect","Effect":"Allow","Action":"rds-db:connect",` +
		`"Resource":"arn:aws:rds-db:us-east-1:111122223333:dbuser:db-A/*"}]}]}`
}

type evalLine struct {
	ID       json.RawMessage
	Decision string
	Error    string
}

func evalAll(t *testing.T, in io.Reader, jobs int) ([]evalLine, int, error) {
	t.Helper()
	var out bytes.Buffer
	bad, err := evalLines(context.Background(), in, &out, jobs)
	var lines []evalLine
	for text := range strings.Lines(out.String()) {
		var l evalLine
		if err := json.Unmarshal([]byte(text), &l); err != nil {
			t.Fatalf("output %q: %v", text, err)
		}
		lines = append(lines, l)
	}
	return lines, bad, err
}

// Whatever the number of workers, answers come in the order of the questions.
func TestEvalOrder(t *testing.T) {
	const n = 5000
	var in strings.Builder
	for i := range n {
		in.WriteString(question(fmt.Sprint(i)))
		if i%7 == 0 { // lines of very different cost
			in.WriteString(strings.Repeat(" ", i))
		}
		in.WriteByte('\n')
	}
	for _, jobs := range []int{1, 2, 9} {
		lines, bad, err := evalAll(t, strings.NewReader(in.String()), jobs)
		if err != nil || bad != 0 || len(lines) != n {
			t.Fatalf("%d jobs: got %d lines, %d bad, error %v; want %d lines", jobs, len(lines), bad, err, n)
		}
		for i, l := range lines {
			if string(l.ID) != fmt.Sprint(i) || l.Decision != "Allowed" {
				t.Fatalf("%d jobs: answer %d is %s %s", jobs, i, l.ID, l.Decision)
			}
		}
	}
}

// A bad line is answered with its number, and the rest goes on.
func TestEvalBadLines(t *testing.T) {
	for _, c := range []struct{ name, line, id, want string }{
		{"no JSON", `nonsense`, "null", "line 2: not a question: invalid character"},
		{"a list", `[]`, "null", "line 2: not a question: found a JSON array, expected an object"},
		{"half", `{"id":"x"`, "null", "line 2: not a question: the line ends within the object"},
		{"two", `{"id":"x"} {}`, `"x"`, "line 2: not a question: something follows the object"},
		{"a wrong kind keeps the id", `{"id":"x","scps":"none"}`, `"x"`, "line 2: not a question: scps: found a JSON string"},
		{"a wrong kind before the id", `{"scps":"none","id":"x"}`, `"x"`, "scps: found a JSON string"},
		{"a misspelt boundary", `{"id":"x","bundary":{}}`, `"x"`, `unknown field "bundary", which looks like "boundary"`},
		{"snake case", `{"id":"x","identity_policies":[]}`, `"x"`, `unknown field "identity_policies", which looks like "identityPolicies"`},
		{"singular", `{"id":"x","identityPolicy":[]}`, `"x"`, `which looks like "identityPolicies"`},
		{"within the request", `{"id":"x","request":{"unknownContexts":["a"]}}`, `"x"`, `unknown field "request.unknownContexts", which looks like "request.unknownContext"`},
		{"no principal", `{"id":"x","request":{}}`, `"x"`, "request.principal"},
		{"a policy that is none", strings.Replace(question(`"x"`), `[{"Version"`, `[7,{"Version"`, 1), `"x"`, "identityPolicies/0"},
		{"too long", `{"id":"x","note":"` + strings.Repeat("x", maxEvalLine) + `"}`, "null", "line 2: longer than 8388608 bytes"},
		{"a control character", "{\"id\":\"x\x01\"}", "null", "invalid character"},
		{"deep", `{"id":"x","identityPolicies":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + `}`, "null", "exceeded max depth"},
	} {
		lines, bad, err := evalAll(t, strings.NewReader(question("1")+"\n"+c.line+"\n"+question("3")+"\n"), 2)
		if err != nil || bad != 1 || len(lines) != 3 {
			t.Errorf("%s: got %d lines, %d bad, error %v; want 3 lines, 1 bad", c.name, len(lines), bad, err)
			continue
		}
		if lines[0].Decision != "Allowed" || lines[2].Decision != "Allowed" || string(lines[2].ID) != "3" {
			t.Errorf("%s: its neighbours are %+v and %+v", c.name, lines[0], lines[2])
		}
		if got := lines[1]; string(got.ID) != c.id || !strings.Contains(got.Error, c.want) || got.Decision != "" {
			t.Errorf("%s: got %s %.200q, want %s %q", c.name, got.ID, got.Error, c.id, c.want)
		}
	}
}

// Remarks that a collection of cases has beside its questions are let pass.
func TestEvalOtherFields(t *testing.T) {
	line := strings.Replace(question("1"), `{"id":1`, `{"id":1,"source":"a page","note":["x"],"expected":{"decision":null},"tags":{},"comment":1`, 1)
	lines, bad, err := evalAll(t, strings.NewReader(line), 1)
	if err != nil || bad != 0 || len(lines) != 1 || lines[0].Decision != "Allowed" {
		t.Errorf("got %+v, %d bad, error %v", lines, bad, err)
	}
}

// Ids come back as they were, numbers with all their digits.
func TestEvalIDs(t *testing.T) {
	var want []string
	var in strings.Builder
	for _, id := range []string{`"a"`, `12345678901234567890`, `1.50`, `"\u00e9\u2028<"`, `{"k":[1]}`, `true`} {
		want = append(want, id)
		in.WriteString(question(id) + "\r\n\n  \n")
	}
	in.WriteString(strings.Replace(question("0"), `"id":0,`, "", 1)) // none, and no line end
	want = append(want, "null")
	lines, bad, err := evalAll(t, strings.NewReader(in.String()), 2)
	if err != nil || bad != 0 {
		t.Fatalf("%d bad, error %v", bad, err)
	}
	var got []string
	for _, l := range lines {
		got = append(got, string(l.ID))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
}

// Blank lines are not answered and count as lines.
func TestEvalLineNumbers(t *testing.T) {
	in := "\n\n" + question("1") + "\n\n\nbad\n" + strings.Repeat(question("2")+"\n", 200) + "bad"
	lines, bad, err := evalAll(t, strings.NewReader(in), 2)
	if err != nil || bad != 2 || len(lines) != 203 {
		t.Fatalf("got %d lines, %d bad, error %v", len(lines), bad, err)
	}
	for i, want := range map[int]string{1: "line 6: ", 202: "line 207: "} {
		if !strings.HasPrefix(lines[i].Error, want) {
			t.Errorf("answer %d: got %q, want %q", i, lines[i].Error, want)
		}
	}
}

// Who writes one line and waits gets its answer.
func TestEvalStreams(t *testing.T) {
	in, questions := io.Pipe()
	answers, out := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		_, err := evalLines(t.Context(), in, out, 2)
		out.Close()
		ended <- err
	}()
	reader := bufio.NewReader(answers)
	for i := range 3 {
		if _, err := io.WriteString(questions, question(fmt.Sprint(i))+"\n"); err != nil {
			t.Fatal(err)
		}
		line, err := reader.ReadString('\n') // the test's time limit is the failure
		if err != nil || !strings.HasPrefix(line, fmt.Sprintf(`{"id":%d,"decision":"Allowed"`, i)) {
			t.Fatalf("answer %d: got %q, error %v", i, line, err)
		}
	}
	questions.Close()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// endless gives the same line for ever and counts what it gave.
type endless struct {
	line []byte
	at   int
	n    atomic.Int64
}

func (e *endless) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		c := copy(p[n:], e.line[e.at:])
		n += c
		e.at = (e.at + c) % len(e.line)
	}
	e.n.Add(int64(n))
	return n, nil
}

// stuck is an output that nobody reads from.
type stuck struct{ release chan struct{} }

func (s stuck) Write([]byte) (int, error) {
	<-s.release
	return 0, errors.New("closed")
}

// Where the answers are not taken, reading stops: memory is bounded by what is
// in flight, on millions of lines too.
func TestEvalBoundsWhatIsInFlight(t *testing.T) {
	const jobs, shortestAnswer = 2, 100
	line := question("1") + strings.Repeat(" ", 1<<10) + "\n"
	in := &endless{line: []byte(line)}
	out := stuck{make(chan struct{})}
	ended := make(chan error, 1)
	go func() {
		_, err := evalLines(t.Context(), in, out, jobs)
		ended <- err
	}()
	read, before := in.n.Load(), int64(-1)
	for read == 0 || read != before {
		time.Sleep(200 * time.Millisecond)
		read, before = in.n.Load(), read
	}
	inFlight := (2*jobs + 2) * (evalBatchBytes + len(line))
	written := (64 << 10) / shortestAnswer * len(line) // the output's buffer holds their answers
	if limit := int64(inFlight + written + 128<<10); read > limit {
		t.Errorf("%d bytes were read ahead, want at most %d", read, limit)
	}
	close(out.release)
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "writing the decisions: closed") {
		t.Errorf("got error %v, want that of the output", err)
	}
}

// Batches of long lines are cut by their length.
func TestEvalBatchesAreCutByLength(t *testing.T) {
	line := strings.Repeat("x", evalBatchBytes/2+1) + "\n"
	var sizes []int
	err := readBatches(strings.NewReader(strings.Repeat(line, 5)), func(b *batch) bool {
		sizes = append(sizes, len(b.lines))
		return true
	})
	if err != nil || len(sizes) != 3 || sizes[0] != 2 || sizes[2] != 1 {
		t.Errorf("got batches of %v lines, error %v; want 2, 2, 1", sizes, err)
	}
}

// An interrupt ends the run though the input says nothing.
func TestEvalCancelled(t *testing.T) {
	in, questions := io.Pipe()
	defer questions.Close()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := evalLines(ctx, in, io.Discard, 2)
		ended <- err
	}()
	time.Sleep(10 * time.Millisecond)
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want that the context was cancelled", err)
	}
}

// Of an input that fails on the way, the whole lines are answered.
func TestEvalBrokenInput(t *testing.T) {
	in := io.MultiReader(strings.NewReader(question("1")+"\n"+question("2")+"\n"+`{"id":3`), iotest.ErrReader(errors.New("the disk is gone")))
	lines, bad, err := evalAll(t, in, 2)
	if err == nil || err.Error() != "reading line 3: the disk is gone" {
		t.Errorf("got error %v", err)
	}
	if bad != 0 || len(lines) != 2 {
		t.Errorf("got %d lines, %d bad; want 2 lines", len(lines), bad)
	}
}

func BenchmarkEvalLines(b *testing.B) {
	for _, jobs := range []int{1, 2} {
		b.Run(fmt.Sprintf("jobs=%d", jobs), func(b *testing.B) {
			line := []byte(question("1") + "\n")
			b.SetBytes(int64(len(line)))
			b.ReportAllocs()
			in := io.LimitReader(&endless{line: line}, int64(len(line))*int64(b.N))
			if bad, err := evalLines(b.Context(), in, io.Discard, jobs); bad > 0 || err != nil {
				b.Fatal(bad, err)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "lines/s")
		})
	}
}
