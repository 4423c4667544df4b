package checks

import (
	"cmp"
	"slices"
	"strings"
)

// The grammar of AWS's refusals (troubleshoot_access-denied; "Enhanced access
// denied error messages with policy ARNs", AWS Security Blog, 2026):
//
//	[User: ARN] is not authorized to perform: service:Action [on resource: ARN]
//	    [because no KIND policy allows the service:Action action]
//	    [with an explicit deny [in a|an|the KIND policy[: ARN]]]
//
// Every part may be missing, and other words may stand between: services,
// SDKs and whoever logs the text have their own. The reader looks for the words
// it knows and walks a bounded way from there, in time linear in the text.

const (
	wordsPerform  = "is not authorized to perform"
	wordsAccess   = "is not authorized to access this resource"
	wordsExecute  = "is not allowed to execute ["
	wordsBecause  = "because no "
	wordsExplicit = "with an explicit deny"
	wordsEncoded  = "encoded authorization failure message:"
)

// Bounds on the parts of a refusal, in bytes. An ARN has at most 2048 characters
// (reference-arns), an encoded message 10240 (API_DecodeAuthorizationMessage).
const (
	longestARN     = 2048
	longestAction  = 128
	longestEncoded = 10240
	longestReason  = 4096
)

// flat is a text on one line, with the same in lower case at the same offsets.
type flat struct{ text, low string }

// newFlat puts a text on one line.
func newFlat(text string) flat {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "?")), " ")
	return flat{text, lowerASCII(text)}
}

// lowerASCII lowers ASCII letters and leaves all other bytes, so that offsets
// stay.
func lowerASCII(s string) string {
	low := []byte(s)
	for i, c := range low {
		if c >= 'A' && c <= 'Z' {
			low[i] = c + 'a' - 'A'
		}
	}
	return string(low)
}

// denials are the refusals in a text, with where each begins. A refusal ends
// where the next one begins.
func (f flat) denials() (found []Denial, at []int) {
	spans := f.spans(wordsPerform, wordsAccess, wordsExecute)
	for i, s := range spans {
		before, after := 0, len(f.text)
		if i > 0 {
			before = spans[i-1].end
		}
		if i+1 < len(spans) {
			after = spans[i+1].start
		}
		before, after = max(before, s.start-longestARN-64), min(after, s.end+longestARN+longestReason)
		found = append(found, f.denial(before, s.start, s.end, after))
		at = append(at, s.start)
	}
	return found, at
}

// span is a part of a text: [start, end).
type span struct{ start, end int }

// spans are all places of some words, in their order.
func (f flat) spans(all ...string) []span {
	var out []span
	for _, words := range all {
		for from := 0; ; {
			at := strings.Index(f.low[from:], words)
			if at < 0 {
				break
			}
			from += at + len(words)
			out = append(out, span{from - len(words), from})
		}
	}
	slices.SortFunc(out, func(a, b span) int { return cmp.Compare(a.start, b.start) })
	return out
}

// denial reads the refusal whose known words are at [start, end), out of
// [before, after).
func (f flat) denial(before, start, end, after int) Denial {
	d := Denial{Principal: lastARN(f.text[before:start])}
	rest := f.text[end:after]
	if strings.HasSuffix(f.low[start:end], "[") {
		d.Action = action(rest)
		return d
	}
	if f.low[start:end] == wordsPerform {
		rest = strings.TrimLeft(rest, ": ")
		d.Action = action(rest)
		if d.Action != "" {
			rest = rest[len(word(rest)):]
		}
	}
	f.reason(&d, rest)
	if at := strings.Index(lowerASCII(rest), " on resource"); at >= 0 && at < 64 {
		d.Resource = resource(rest[at+len(" on resource"):])
	}
	return d
}

// reason reads which kind of policy decided.
func (f flat) reason(d *Denial, rest string) {
	low := lowerASCII(rest)
	if at := strings.Index(low, wordsExplicit); at >= 0 {
		d.Explicit = true
		d.By, rest = policyKind(rest[at+len(wordsExplicit):], "in a ", "in an ", "in the ")
		d.Policy = policyARN(rest)
		return
	}
	if at := strings.Index(low, wordsBecause); at >= 0 {
		rest = rest[at+len(wordsBecause):]
		d.By, _ = policyKind(rest)
		if allows := strings.Index(lowerASCII(rest), " allows the "); d.Action == "" && allows >= 0 {
			d.Action = action(rest[allows+len(" allows the "):])
		}
	}
}

// policyKind reads the words for a kind of policy, behind one of the articles
// where there are any, and returns what follows them.
func policyKind(text string, articles ...string) (PolicyKind, string) {
	text = strings.TrimLeft(text, " ")
	for _, article := range articles {
		if len(text) >= len(article) && strings.EqualFold(text[:len(article)], article) {
			text = text[len(article):]
			break
		}
	}
	for _, w := range policyWords() {
		if len(text) < len(w.word) || !strings.EqualFold(text[:len(w.word)], w.word) {
			continue
		}
		rest := strings.TrimPrefix(text[len(w.word):], "s") // "sessions policy"
		rest = strings.TrimPrefix(rest, " ")
		if len(rest) >= len("policy") && strings.EqualFold(rest[:len("policy")], "policy") {
			rest = rest[len("policy"):]
		}
		return w.kind, rest
	}
	return "", text
}

// policyARN is the ARN that follows the kind of policy behind a colon.
func policyARN(text string) string {
	rest, ok := strings.CutPrefix(text, ":")
	if !ok {
		return ""
	}
	if w := trimWord(word(strings.TrimLeft(rest, " "))); strings.HasPrefix(w, "arn:") {
		return w
	}
	return ""
}

// encoded is the encoded authorization message of a text, "" where there is none
// or where it was cut.
func (f flat) encoded() string {
	at := strings.Index(f.low, wordsEncoded)
	if at < 0 {
		return ""
	}
	w := word(strings.TrimLeft(f.text[at+len(wordsEncoded):min(len(f.text), at+2*longestEncoded)], " "))
	n := strings.IndexFunc(w, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("_-=+/", r)
	})
	if n >= 0 && strings.HasPrefix(w[n:], "...") || n < 0 && len(w) > longestEncoded {
		return ""
	}
	if n >= 0 {
		w = w[:n]
	}
	return w
}
