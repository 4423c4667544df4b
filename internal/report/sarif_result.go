package report

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/iamcheck/iamcheck/internal/checks"
)

// maxListed bounds the lists in a result's properties.
const maxListed = 100

// results makes a run's results and hands out their fingerprints.
type results struct {
	rules  map[string]int
	places *places
	seen   map[string]int // by fingerprint
}

func (s *results) result(f *checks.Finding) sarifResult {
	principal := friendly(f.Principal)
	if principal == "" {
		principal = strings.Join(f.Databases, ", ")
	}
	arguments := []string{clean(principal, maxName, false), noLinks(clean(f.Message, maxText, false))}
	level := weightOf(f.Severity).level
	if f.Outcome == checks.Unknown && level == "error" {
		level = "warning" // it may be well
	}
	out := sarifResult{
		RuleID: f.Check, RuleIndex: s.rules[f.Check], Kind: "fail", Level: level,
		Message: sarifMessage{
			ID: messageID, Arguments: arguments, Text: fmt.Sprintf("'%s': %s.", arguments[0], arguments[1]),
		},
		Locations:           []sarifLocation{s.places.location(f)},
		PartialFingerprints: s.fingerprints(f),
		Properties:          resultProperties(f),
	}
	if f.Suppressed != nil {
		why := f.Suppressed.Reason
		if f.Suppressed.Expires != "" {
			why += " (until " + f.Suppressed.Expires + ")"
		}
		out.Suppressions = []sarifSuppression{{"external", "accepted", clean(why, maxText, false)}}
	}
	return out
}

// noLinks keeps a message from holding a link (SARIF 2.1.0, 3.11.6), which the
// names in it could spell.
func noLinks(s string) string {
	if !strings.Contains(s, "](") {
		return s
	}
	return strings.ReplaceAll(s, "[", `\[`)
}

// fingerprints name the cause, never the line: GitHub would take two results of
// a rule on one line for the same. The number behind tells twins apart.
func (s *results) fingerprints(f *checks.Finding) sarifFingerprints {
	hash := f.Fingerprint
	if !isHex(hash) {
		sum := sha256.Sum256([]byte(strings.Join([]string{
			f.Check, f.Principal, f.Policy, f.SID, f.Pointer, strings.Join(f.Actions, ","), strings.Join(f.Resources, ","), hash,
		}, "\x00")))
		hash = hex.EncodeToString(sum[:8])
	}
	s.seen[hash]++
	return sarifFingerprints{fmt.Sprintf("%s:%d", hash, s.seen[hash]), fmt.Sprintf("%s:%d", hash, s.seen[hash])}
}

func isHex(s string) bool {
	return len(s) >= 16 && len(s) <= 64 && strings.Trim(s, "0123456789abcdef") == ""
}

func resultProperties(f *checks.Finding) sarifResultProperties {
	name := func(s string) string { return clean(s, maxARN, false) }
	names := func(list []string) []string {
		var out []string
		for i, s := range list {
			if i == maxListed {
				return append(out, fmt.Sprintf("and %d more", len(list)-i))
			}
			out = append(out, name(s))
		}
		return out
	}
	out := sarifResultProperties{
		Severity: f.Severity.String(), Outcome: string(f.Outcome), Account: accountOf(f.Principal), Principal: name(f.Principal),
		Databases: names(f.Databases), Requirements: names(f.Requirements), Layer: f.Layer.String(),
		Policy: name(f.Policy), PolicyKind: name(f.Kind), SID: name(f.SID), Pointer: name(f.Pointer), Line: f.Line,
		Actions: names(f.Actions), Resources: names(f.Resources), Witness: name(f.Witness),
	}
	if f.Fix != nil {
		out.FixKind, out.FixNote = name(f.Fix.Kind), clean(f.Fix.Note, maxText, false)
		if json.Valid(f.Fix.Document) {
			out.Fix = f.Fix.Document
		}
	}
	return out
}
