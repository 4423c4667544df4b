package report

import (
	"io"

	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// The shape of the JSON that `iamcheck can -f json` writes. The fields and their
// names are a contract with users' scripts (docs/how-iamcheck-decides.md).
type (
	jsonAnswer struct {
		SchemaVersion int               `json:"schema_version"`
		Decision      string            `json:"decision"`
		Layer         string            `json:"layer"`
		Principal     string            `json:"principal"`
		Action        string            `json:"action"`
		Resource      string            `json:"resource"`
		Coverage      string            `json:"coverage"`
		Witness       string            `json:"witness"`
		Because       []jsonLined       `json:"because"`
		Conditions    []string          `json:"conditions"`
		Ambiguities   []string          `json:"ambiguities"`
		Unread        []jsonLined       `json:"unread"`
		Layers        []jsonAnswerLayer `json:"layers"`
		NotEvaluated  []string          `json:"not_evaluated"`
		Gaps          []jsonGap         `json:"gaps"`
		Notes         []string          `json:"notes"`
		Data          string            `json:"data"`
	}

	jsonAnswerLayer struct {
		Layer       string      `json:"layer"`
		Level       int         `json:"level"`
		Says        string      `json:"says"`
		Decision    string      `json:"decision"`
		Coverage    string      `json:"coverage"`
		Witness     string      `json:"witness"`
		Because     []jsonLined `json:"because"`
		Conditions  []string    `json:"conditions"`
		Ambiguities []string    `json:"ambiguities"`
		Unread      []jsonLined `json:"unread"`
	}

	// jsonLined is a citation with its line in the policy's text, and the text of
	// the statement; Line is 0 and Text "" where a policy as a whole is meant.
	jsonLined struct {
		jsonCitation
		Version string `json:"version"`
		Line    int    `json:"line"`
		Text    string `json:"text"`
	}
)

// WriteAnswerJSON writes the answer to one question as JSON.
func WriteAnswerJSON(w io.Writer, a *checks.Answer) error { return writeIndented(w, answerJSON(a)) }

func answerJSON(a *checks.Answer) jsonAnswer {
	out := jsonAnswer{
		SchemaVersion: schemaVersion,
		Decision:      a.Decision.String(), Layer: a.Layer.String(),
		Principal: a.Principal, Action: a.Question.Action, Resource: a.Resource,
		Coverage: coverageOf(a), Witness: a.Witness,
		Because: lined(a, a.Because), Conditions: list(a.Conditions), Ambiguities: list(a.Ambiguities), Unread: lined(a, a.Unread),
		Layers: []jsonAnswerLayer{}, NotEvaluated: []string{}, Gaps: []jsonGap{}, Notes: list(a.Notes), Data: a.Data,
	}
	for i := range a.Rows {
		r := &a.Rows[i]
		if r.Says == checks.SaysNotEvaluated {
			out.NotEvaluated = append(out.NotEvaluated, r.Layer.String())
		}
		if r.Says == checks.SaysNotEvaluated || r.Says == checks.SaysNotApplied {
			continue
		}
		layer := jsonAnswerLayer{
			Layer: r.Layer.String(), Level: r.Level, Says: string(r.Says), Decision: r.Decision.String(),
			Coverage: coverageWord(r.Coverage), Witness: r.Witness,
			Because: lined(a, r.Because), Conditions: list(r.Conditions), Ambiguities: list(r.Ambiguities), Unread: lined(a, r.Unread),
		}
		if r.Says == checks.SaysNothing { // it has no verdict, and lets all pass
			layer.Decision, layer.Coverage = policy.Allowed.String(), coverageWord(policy.CoverageAll)
		}
		if r.Says == checks.SaysDenies { // how much its Deny leaves is not asked of one layer
			layer.Coverage = coverageWord(policy.CoverageUnknown)
		}
		out.Layers = append(out.Layers, layer)
	}
	for _, g := range a.Gaps {
		out.Gaps = append(out.Gaps, jsonGap{g.Operation, g.Subject, g.Error})
	}
	return out
}

func lined(a *checks.Answer, cited []policy.Citation) []jsonLined {
	out := make([]jsonLined, 0, len(cited))
	for _, c := range cited {
		out = append(out, jsonLined{jsonCitation{c.Policy, c.Kind, statementIndex(c), c.SID, c.Pointer}, c.Version, c.Line, a.Quote(c)})
	}
	return out
}
