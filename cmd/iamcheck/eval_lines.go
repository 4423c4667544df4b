package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
)

// How lines flow: one goroutine cuts the input into batches and hands each to
// the workers and, in the order of the input, to the writer, which waits for the
// answers of the one before it looks at the next.
//
//	reader ──► work ────► workers (jobs)
//	       └─► ordered ─► writer
//
// Memory is bounded by the batches in flight, at most 2*jobs+2, and these by
// lines and bytes. A batch goes off early where the input has no more to give
// just now, and answers are flushed where nothing is on the way, so that whoever
// writes one line and waits gets its answer.

const (
	// evalBatch is how many lines go from hand to hand at once, evalBatchBytes
	// the length from which a batch takes no further line.
	evalBatch      = 64
	evalBatchBytes = 256 << 10
)

// batch is some lines on their way; done is closed when answers are there.
type batch struct {
	lines   []numbered
	bytes   int
	answers bytes.Buffer
	bad     int
	done    chan struct{}
}

// numbered is a line that is not blank, with its number from 1.
type numbered struct {
	number int
	text   []byte
}

func newBatch() *batch { return &batch{done: make(chan struct{})} }

func (b *batch) full() bool { return len(b.lines) >= evalBatch || b.bytes >= evalBatchBytes }

// evalLines answers the lines of in on out, in their order, and returns how many
// were bad. It returns at once when ctx ends, though a read of in may still be
// waiting then. What was read before a failure of in is answered.
func evalLines(ctx context.Context, in io.Reader, out io.Writer, jobs int) (bad int, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	work, ordered := make(chan *batch), make(chan *batch, 2*jobs)
	var readErr error // written before ordered is closed
	go func() {
		defer close(ordered)
		defer close(work)
		readErr = readBatches(in, func(b *batch) bool { return send(ctx, ordered, b) && send(ctx, work, b) })
	}()
	var workers sync.WaitGroup
	for range jobs {
		workers.Go(func() {
			e := newEvalWorker()
			for b := range work {
				e.answer(b)
				close(b.done)
			}
		})
	}
	bad, err = writeAnswers(ctx, ordered, out)
	if err != nil {
		return bad, err
	}
	workers.Wait()
	return bad, readErr
}

func send(ctx context.Context, to chan<- *batch, b *batch) bool {
	select {
	case to <- b:
		return true
	case <-ctx.Done():
		return false
	}
}

// writeAnswers writes the answers of the batches in their order.
func writeAnswers(ctx context.Context, ordered <-chan *batch, out io.Writer) (bad int, err error) {
	buffered := bufio.NewWriterSize(out, 64<<10)
	for {
		var b *batch
		var more bool
		select {
		case b, more = <-ordered:
		default:
			if err := buffered.Flush(); err != nil {
				return bad, fmt.Errorf("writing the decisions: %w", err)
			}
			select {
			case b, more = <-ordered:
			case <-ctx.Done():
				return bad, ctx.Err()
			}
		}
		if !more {
			break
		}
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
	return bad, ctx.Err()
}

// readBatches cuts the input into batches of lines, until send refuses one. Of
// an input that fails, the lines before the failure are sent, but not the part
// of a line that it cut off.
func readBatches(in io.Reader, send func(*batch) bool) error {
	reader := bufio.NewReaderSize(in, 64<<10)
	b := newBatch()
	for n := 1; ; n++ {
		line, err := readLine(reader)
		ended := errors.Is(err, io.EOF)
		if (err == nil || ended) && len(bytes.TrimSpace(line)) > 0 {
			b.lines = append(b.lines, numbered{n, line})
			b.bytes += len(line)
		}
		if len(b.lines) > 0 && (b.full() || err != nil || reader.Buffered() == 0) {
			if !send(b) {
				return nil
			}
			b = newBatch()
		}
		switch {
		case ended:
			return nil
		case err != nil:
			return fmt.Errorf("reading line %d: %w", n, cause(err))
		}
	}
}

// readLine reads a line with its end. One that is too long is cut short, so that
// it is answered with an error and takes no memory.
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
