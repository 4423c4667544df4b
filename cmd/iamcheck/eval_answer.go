package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/iamdata"
	"github.com/iamcheck/iamcheck/internal/policy"
)

const (
	// maxEvalLine bounds one question: the longest policies of AWS together are
	// well below it.
	maxEvalLine = 8 << 20
	// maxKeptDocuments and maxKeptBytes bound the parsed documents that a worker
	// keeps.
	maxKeptDocuments = 512
	maxKeptBytes     = 4 << 20
)

// evalWorker answers batches; documents that come again are parsed once.
type evalWorker struct {
	evaluator policy.Evaluator
	documents map[documentKey]parsedDocument
	kept      int // bytes of text of the documents
}

type documentKey struct {
	kind policy.Kind
	text string
}

type parsedDocument struct {
	document *policy.Document
	err      error
}

func newEvalWorker() *evalWorker {
	return &evalWorker{documents: map[documentKey]parsedDocument{}}
}

func (e *evalWorker) parse(kind policy.Kind, text []byte) (*policy.Document, error) {
	if d, ok := e.documents[documentKey{kind, string(text)}]; ok {
		return d.document, d.err
	}
	d, err := policy.Parse(kind, text)
	if len(e.documents) >= maxKeptDocuments || e.kept+len(text) > maxKeptBytes {
		clear(e.documents)
		e.kept = 0
	}
	if len(text) <= maxKeptBytes {
		e.documents[documentKey{kind, string(text)}] = parsedDocument{d, err}
		e.kept += len(text)
	}
	return d, err
}

// evalQuestion is a line of input: a case, and the remarks that collections of
// cases have beside it.
type evalQuestion struct {
	policy.Case
	Source   json.RawMessage `json:"source"`
	Note     json.RawMessage `json:"note"`
	Expected json.RawMessage `json:"expected"`
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
	for _, line := range b.lines {
		answer, id, err := e.decide(line.text)
		var out any = answer
		if err != nil {
			b.bad++
			out = evalFailure{ID: id, Error: fmt.Sprintf("line %d: %s", line.number, err)}
		}
		if err := encoder.Encode(out); err != nil {
			// Only an id that is not JSON could do this, and it was read as JSON.
			b.bad++
			fmt.Fprintf(&b.answers, "{\"id\":null,\"error\":\"line %d: unprintable\"}\n", line.number)
		}
	}
	b.lines = nil // their memory is not needed until the answers are written
}

func (e *evalWorker) decide(line []byte) (*evalAnswer, json.RawMessage, error) {
	null := json.RawMessage("null")
	if len(line) > maxEvalLine {
		return nil, null, fmt.Errorf("longer than %d bytes", maxEvalLine)
	}
	c, err := readQuestion(line)
	id := c.ID
	if len(id) == 0 {
		id = null
	}
	if err != nil {
		return nil, id, fmt.Errorf("not a question: %w", err)
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

// readQuestion reads one line. A field that nobody knows is let pass, for
// collections of cases have remarks of their own, but not one that looks like a
// field of ours with a slip: a "bundary" would be no boundary.
func readQuestion(line []byte) (*evalQuestion, error) {
	var q evalQuestion
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&q)
	if err != nil && strings.HasPrefix(err.Error(), "json: unknown field") {
		q = evalQuestion{}
		if err = json.Unmarshal(line, &q); err == nil {
			err = misspelt(line)
		}
		return &q, inWords(err)
	}
	if err != nil {
		return &q, inWords(err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return &q, errors.New("something follows the object")
	}
	return &q, nil
}

// inWords says in our words what package json says in Go's.
func inWords(err error) error {
	var kind *json.UnmarshalTypeError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the line ends within the object")
	case errors.As(err, &kind) && kind.Field == "":
		return fmt.Errorf("found a JSON %s, expected an object", kind.Value)
	case errors.As(err, &kind):
		return fmt.Errorf("%s: found a JSON %s, expected another kind of value", strings.TrimPrefix(kind.Field, "Case."), kind.Value)
	default:
		return err
	}
}

var (
	caseFields    = []string{"id", "request", "identityPolicies", "boundary", "sessionPolicies", "scps", "rcps", "resourcePolicy"}
	requestFields = []string{"principal", "action", "resource", "resourceAccount", "context", "unknownContext", "wildcardOnlyAction"}
)

// misspelt finds fields that somebody may have meant for one of ours.
func misspelt(line []byte) error {
	var fields struct{ all, request map[string]json.RawMessage }
	if err := json.Unmarshal(line, &fields.all); err != nil {
		return err
	}
	if err := likeOf(fields.all, caseFields, ""); err != nil {
		return err
	}
	for name, text := range fields.all {
		if strings.EqualFold(name, "request") && json.Unmarshal(text, &fields.request) == nil {
			return likeOf(fields.request, requestFields, "request.")
		}
	}
	return nil
}

func likeOf(fields map[string]json.RawMessage, known []string, prefix string) error {
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if slices.ContainsFunc(known, func(k string) bool { return strings.EqualFold(k, name) }) {
			continue
		}
		for _, k := range known {
			if resembles(name, k) {
				return fmt.Errorf("unknown field %q, which looks like %q", prefix+name, prefix+k)
			}
		}
	}
	return nil
}

// resembles tells of names that are the same without case, underscores, hyphens
// and plurals, or one letter off.
func resembles(name, known string) bool {
	a, b := stem(name), stem(known)
	if a == b {
		return true
	}
	short, long := a, b
	if len(short) > len(long) {
		short, long = long, short
	}
	if len(short) < 4 || len(long)-len(short) > 1 {
		return false
	}
	i := 0
	for i < len(short) && short[i] == long[i] {
		i++
	}
	return short[i:] == long[i+1:] || len(short) == len(long) && short[min(i+1, len(short)):] == long[i+1:]
}

func stem(name string) string {
	name = strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(name))
	name = strings.TrimSuffix(name, "s")
	return strings.TrimSuffix(strings.TrimSuffix(name, "ie"), "y")
}
