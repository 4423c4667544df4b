package policy

import (
	"encoding/json"
	"path/filepath"
	"testing"
)

// FuzzCase: whatever a case holds, it is decided or refused, with the same
// decision whether it is explained or not; and an answer never rests on a key
// that it does not know.
func FuzzCase(f *testing.F) {
	paths, err := filepath.Glob(filepath.Join("testdata", "corpus", "*.jsonl"))
	if err != nil || len(paths) == 0 {
		f.Fatalf("got no corpus, want some: %v", err)
	}
	for _, path := range paths {
		for i, c := range loadCorpus(f, path) {
			if i%25 != 0 {
				continue
			}
			text, err := json.Marshal(c.Case)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var c Case
		if json.Unmarshal(text, &c) != nil {
			return
		}
		req, pol, err := c.Question(Parse)
		if err != nil {
			return
		}
		var e Evaluator
		v := e.Decide(req, pol)
		if d := e.Decision(req, pol); d != v.Decision {
			t.Errorf("got %s without explanation, want %s", d, v.Decision)
		}
		if v.Decision == Undecided && len(v.Conditions)+len(v.Ambiguities)+len(v.Unread) == 0 {
			t.Errorf("got no reason for an undecided answer: %+v", v)
		}
		if v.Witness != "" && !RequestPattern(req.Resource).Match(v.Witness) {
			t.Errorf("got witness %q, which %s does not match", v.Witness, req.Resource)
		}
		blind := *req
		blind.Context = nil
		blindly := Decide(&blind, pol)
		checkRefined(t, &blindly, &v, "all that the case says")
	})
}
