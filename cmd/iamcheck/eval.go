package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"

	"github.com/urfave/cli/v2"

	"github.com/iamcheck/iamcheck/internal/iamdata"
	"github.com/iamcheck/iamcheck/internal/policy"
)

const (
	// maxEvalLine bounds one question: the longest policies of AWS together are
	// well below it.
	maxEvalLine = 8 << 20
	// evalBatch is how many lines go from hand to hand at once.
	evalBatch = 64
	// maxKeptDocuments bounds the parsed documents that a worker keeps.
	maxKeptDocuments = 512
)

func (p *program) evalCommand() *cli.Command {
	return &cli.Command{
		Name:      "eval",
		Usage:     "decide requests, one JSON object a line, with the policies in it",
		ArgsUsage: "[FILE]",
		Description: "Reads questions of the form that docs/how-iamcheck-decides.md describes and writes one decision for each, in the\n" +
			"same order. A bad line is answered with an error and does not stop the rest; the exit code is then 2.",
		Flags:  []cli.Flag{&cli.IntFlag{Name: "jobs", Usage: "decide on `N` lines at once (0: as many as there are processors)", EnvVars: variable("jobs")}},
		Action: p.eval,
	}
}

func (p *program) eval(c *cli.Context) error {
	in, err := p.evalInput(c)
	if err != nil {
		return err
	}
	defer in.Close()
	jobs := c.Int("jobs")
	if jobs <= 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	bad, err := evalLines(c.Context, in, p.stdout, jobs)
	switch {
	case err != nil:
		return unreadable(err)
	case bad > 0:
		return usage("%d bad lines; each is answered with an error", bad)
	default:
		return nil
	}
}

func (p *program) evalInput(c *cli.Context) (io.ReadCloser, error) {
	switch name := c.Args().First(); {
	case c.Args().Len() > 1:
		return nil, usage("eval takes one file, or none for stdin; got %d arguments", c.Args().Len())
	case name == "" || name == "-":
		return io.NopCloser(p.stdin), nil
	case name[0] == '-':
		return nil, usage("%q stands after an argument; flags go first", name)
	default:
		f, err := os.Open(name)
		if err != nil {
			return nil, unreadable(fmt.Errorf("reading %s: %w", name, cause(err)))
		}
		return f, nil
	}
}

// batch is some lines on their way; done is closed when answers are there.
type batch struct {
	first   int // number of the first line, from 1
	lines   [][]byte
	answers bytes.Buffer
	bad     int
	done    chan struct{}
}

// evalLines answers the lines of in on out, in their order, and returns how many
// were bad. Memory is bounded by the batches in flight.
func evalLines(ctx context.Context, in io.Reader, out io.Writer, jobs int) (bad int, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	work, ordered := make(chan *batch), make(chan *batch, 2*jobs)
	var readErr error
	go func() {
		defer close(ordered)
		defer close(work)
		readErr = readBatches(in, func(b *batch) bool {
			for _, to := range []chan *batch{ordered, work} {
				select {
				case to <- b:
				case <-ctx.Done():
					return false
				}
			}
			return true
		})
	}()
	var workers sync.WaitGroup
	for range jobs {
		workers.Go(func() {
			e := evalWorker{documents: map[documentKey]parsedDocument{}}
			for b := range work {
				e.answer(b)
				close(b.done)
			}
		})
	}
	buffered := bufio.NewWriterSize(out, 64<<10)
	for b := range ordered {
		select {
		case <-b.done:
		case <-ctx.Done():
			return bad, ctx.Err()
		}
		bad += b.bad
		if _, err := buffered.Write(b.answers.Bytes()); err != nil {
			return bad, fmt.Errorf("writing the decisions: %w", err)
		}
	}
	if err := buffered.Flush(); err != nil {
		return bad, fmt.Errorf("writing the decisions: %w", err)
	}
	workers.Wait()
	return bad, readErr
}

// readBatches cuts the input into batches of lines. A line that is too long is
// passed on cut short, so that it is answered with an error.
func readBatches(in io.Reader, send func(*batch) bool) error {
	reader := bufio.NewReaderSize(in, 64<<10)
	b := &batch{first: 1, done: make(chan struct{})}
	for n := 1; ; n++ {
		line, err := readLine(reader)
		if len(bytes.TrimSpace(line)) > 0 || len(b.lines) > 0 {
			b.lines = append(b.lines, line)
		} else {
			b.first = n + 1
		}
		last := errors.Is(err, io.EOF)
		if err != nil && !last {
			return fmt.Errorf("reading line %d: %w", n, err)
		}
		if (len(b.lines) == evalBatch || last) && len(b.lines) > 0 {
			if !send(b) {
				return nil
			}
			b = &batch{first: n + 1, done: make(chan struct{})}
		}
		if last {
			return nil
		}
	}
}

func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		if len(line) <= maxEvalLine {
			line = append(line, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
	}
}

// evalWorker answers batches; documents that come again are parsed once.
type evalWorker struct {
	evaluator policy.Evaluator
	documents map[documentKey]parsedDocument
}

type documentKey struct {
	kind policy.Kind
	text string
}

type parsedDocument struct {
	document *policy.Document
	err      error
}

func (e *evalWorker) parse(kind policy.Kind, text []byte) (*policy.Document, error) {
	key := documentKey{kind, string(text)}
	if d, ok := e.documents[key]; ok {
		return d.document, d.err
	}
	if len(e.documents) >= maxKeptDocuments {
		clear(e.documents)
	}
	d, err := policy.Parse(kind, text)
	e.documents[key] = parsedDocument{d, err}
	return d, err
}

// evalAnswer is one line of output.
type evalAnswer struct {
	ID          json.RawMessage `json:"id"`
	Decision    string          `json:"decision,omitempty"`
	Layer       string          `json:"layer"`
	Because     []evalCitation  `json:"because"`
	Witness     string          `json:"witness,omitempty"`
	Conditions  []string        `json:"conditions,omitempty"`
	Ambiguities []string        `json:"ambiguities,omitempty"`
}

type evalCitation struct {
	Policy    string `json:"policy"`
	Kind      string `json:"kind"`
	Statement int    `json:"statement"`
	SID       string `json:"sid"`
	Pointer   string `json:"pointer"`
}

type evalFailure struct {
	ID    json.RawMessage `json:"id"`
	Error string          `json:"error"`
}

func (e *evalWorker) answer(b *batch) {
	encoder := json.NewEncoder(&b.answers)
	encoder.SetEscapeHTML(false)
	for i, line := range b.lines {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		answer, id, err := e.decide(line)
		var out any = answer
		if err != nil {
			b.bad++
			out = evalFailure{ID: id, Error: fmt.Sprintf("line %d: %s", b.first+i, err)}
		}
		if err := encoder.Encode(out); err != nil {
			// Only an id that is not JSON could do this, and it was read as JSON.
			b.bad++
			fmt.Fprintf(&b.answers, "{\"id\":null,\"error\":\"line %d: unprintable\"}\n", b.first+i)
		}
	}
}

func (e *evalWorker) decide(line []byte) (*evalAnswer, json.RawMessage, error) {
	null := json.RawMessage("null")
	if len(line) > maxEvalLine {
		return nil, null, fmt.Errorf("longer than %d bytes", maxEvalLine)
	}
	var c policy.Case
	if err := json.Unmarshal(line, &c); err != nil {
		return nil, null, fmt.Errorf("not a question: %w", err)
	}
	id := c.ID
	if len(id) == 0 {
		id = null
	}
	req, pol, err := c.Question(e.parse)
	if err != nil {
		return nil, id, err
	}
	if yes, known := iamdata.WildcardOnly(req.Action); known && yes {
		req.WildcardOnly = true
	}
	v := e.evaluator.Decide(req, pol)
	answer := &evalAnswer{
		ID: id, Decision: v.Decision.String(), Layer: v.Layer.String(), Because: []evalCitation{},
		Witness: v.Witness, Conditions: v.Conditions, Ambiguities: v.Ambiguities,
	}
	for _, cited := range v.Because {
		answer.Because = append(answer.Because, evalCitation{cited.Policy, cited.Kind, cited.Statement, cited.SID, cited.Pointer})
	}
	return answer, id, nil
}
