package report

import (
	"bytes"
	"encoding/json"
	"io"
	"time"

	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// schemaVersion changes when a reader of the JSON report would have to.
const schemaVersion = 1

// The shape of the JSON report. The fields, their names and their order are a
// contract with users' scripts (schema/report-1.schema.json).
type (
	jsonReport struct {
		SchemaVersion int               `json:"schema_version"`
		Tool          jsonTool          `json:"tool"`
		Source        jsonSource        `json:"source"`
		Scope         jsonScope         `json:"scope"`
		Requirements  []jsonRequirement `json:"requirements"`
		Findings      []jsonFinding     `json:"findings"`
		Gaps          []jsonGap         `json:"gaps"`
		Summary       jsonSummary       `json:"summary"`
		Change        *jsonChange       `json:"change,omitempty"`
	}

	jsonTool struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}

	jsonSource struct {
		Kind    string  `json:"kind"`
		TakenAt *string `json:"taken_at"`
	}

	jsonScope struct {
		Accounts     []string `json:"accounts"`
		Layers       []string `json:"layers"`
		NotEvaluated []string `json:"not_evaluated"`
		Data         string   `json:"data"`
	}

	jsonRequirement struct {
		ID         string         `json:"id"`
		SID        string         `json:"sid"`
		Database   string         `json:"database"`
		Type       string         `json:"type"`
		Principal  string         `json:"principal"`
		Action     string         `json:"action"`
		Resource   string         `json:"resource"`
		Need       string         `json:"need"`
		Reason     string         `json:"reason"`
		Status     string         `json:"status"`
		Layer      string         `json:"layer"`
		Because    []jsonCitation `json:"because"`
		Witness    string         `json:"witness,omitempty"`
		Conditions []string       `json:"conditions"`
	}

	jsonCitation struct {
		Policy    string `json:"policy"`
		Kind      string `json:"kind"`
		Statement int    `json:"statement"`
		SID       string `json:"sid"`
		Pointer   string `json:"pointer"`
	}

	jsonFinding struct {
		Check        string          `json:"check"`
		Severity     string          `json:"severity"`
		Outcome      string          `json:"outcome"`
		Principal    string          `json:"principal"`
		Databases    []string        `json:"databases"`
		Requirements []string        `json:"requirements"`
		Layer        string          `json:"layer"`
		Policy       string          `json:"policy"`
		Statement    int             `json:"statement"`
		SID          string          `json:"sid"`
		Pointer      string          `json:"pointer"`
		Line         int             `json:"line"`
		Actions      []string        `json:"actions"`
		Resources    []string        `json:"resources"`
		Witness      string          `json:"witness,omitempty"`
		Message      string          `json:"message"`
		Fix          *jsonFix        `json:"fix"`
		Fingerprint  string          `json:"fingerprint"`
		Suppressed   *jsonSuppressed `json:"suppressed"`
	}

	jsonFix struct {
		Kind     string          `json:"kind"`
		Document json.RawMessage `json:"document"`
		Note     string          `json:"note,omitempty"`
	}

	jsonSuppressed struct {
		Reason  string `json:"reason"`
		Expires string `json:"expires"`
	}

	jsonGap struct {
		Operation string `json:"operation"`
		Subject   string `json:"subject"`
		Error     string `json:"error"`
	}

	jsonSummary struct {
		Requirements jsonStatuses   `json:"requirements"`
		Findings     jsonSeverities `json:"findings"`
	}

	jsonStatuses struct {
		Granted     int `json:"granted"`
		Missing     int `json:"missing"`
		Partial     int `json:"partial"`
		Denied      int `json:"denied"`
		Conditional int `json:"conditional"`
		Unknown     int `json:"unknown"`
		NotNeeded   int `json:"not-needed"`
	}

	jsonSeverities struct {
		Critical int `json:"critical"`
		High     int `json:"high"`
		Medium   int `json:"medium"`
		Low      int `json:"low"`
		Info     int `json:"info"`
	}
)

func writeJSON(w io.Writer, r *checks.Report, o Options) error {
	out := jsonReport{
		SchemaVersion: schemaVersion,
		Tool:          jsonTool{"iamcheck", o.Version},
		Source:        jsonSource{Kind: r.Source.Kind},
		Scope:         jsonScope{list(r.Scope.Accounts), list(r.Scope.Layers), list(r.Scope.NotEvaluated), r.Scope.Data},
		Requirements:  make([]jsonRequirement, 0, len(r.Requirements)),
		Findings:      make([]jsonFinding, 0, len(r.Findings)),
		Gaps:          make([]jsonGap, 0, len(r.Gaps)),
		Summary:       jsonSummary{countStatuses(r), countSeverities(r)},
		Change:        changeJSON(r.Change),
	}
	if at := r.Source.TakenAt; !at.IsZero() && !o.Reproducible {
		text := at.UTC().Format(time.RFC3339)
		out.Source.TakenAt = &text
	}
	for i := range r.Requirements {
		out.Requirements = append(out.Requirements, requirementJSON(&r.Requirements[i]))
	}
	for i := range r.Findings {
		out.Findings = append(out.Findings, findingJSON(&r.Findings[i]))
	}
	for _, g := range r.Gaps {
		out.Gaps = append(out.Gaps, jsonGap{g.Operation, g.Subject, g.Error})
	}
	return writeIndented(w, out)
}

func requirementJSON(v *checks.RequirementVerdict) jsonRequirement {
	out := jsonRequirement{
		ID: v.ID, SID: v.SID, Database: v.Database, Type: string(v.Type), Principal: v.Principal,
		Action: v.Action, Resource: v.Resource, Need: v.Need.String(), Reason: reason(v),
		Status: string(v.Status), Layer: v.Layer.String(), Because: make([]jsonCitation, 0, len(v.Because)),
		Witness: v.Witness, Conditions: list(v.Conditions),
	}
	for _, c := range v.Because {
		out.Because = append(out.Because, jsonCitation{c.Policy, c.Kind, statementIndex(c), c.SID, c.Pointer})
	}
	return out
}

func findingJSON(f *checks.Finding) jsonFinding {
	out := jsonFinding{
		Check: f.Check, Severity: f.Severity.String(), Outcome: string(f.Outcome), Principal: f.Principal,
		Databases: list(f.Databases), Requirements: list(f.Requirements), Layer: f.Layer.String(),
		Policy: f.Policy, Statement: statementIndex(f.Citation), SID: f.SID, Pointer: f.Pointer, Line: f.Line,
		Actions: list(f.Actions), Resources: list(f.Resources), Witness: f.Witness,
		Message: f.Message, Fingerprint: f.Fingerprint,
	}
	if f.Fix != nil {
		out.Fix = &jsonFix{Kind: f.Fix.Kind, Document: f.Fix.Document, Note: f.Fix.Note}
		if !json.Valid(f.Fix.Document) {
			out.Fix.Document = nil // written as null
		}
	}
	if f.Suppressed != nil {
		out.Suppressed = &jsonSuppressed{f.Suppressed.Reason, f.Suppressed.Expires}
	}
	return out
}

// reason is why a requirement is there, or what its verdict has to say.
func reason(v *checks.RequirementVerdict) string {
	if v.Explanation != "" {
		return v.Explanation
	}
	return v.Reason
}

// statementIndex is -1 where no statement is meant, also in a citation that was
// never filled in.
func statementIndex(c policy.Citation) int {
	if c.Policy == "" && c.Pointer == "" {
		return -1
	}
	return c.Statement
}

// list is s, written as [] where it is nil.
func list(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

func countStatuses(r *checks.Report) jsonStatuses {
	n := map[checks.Status]int{}
	for i := range r.Requirements {
		n[r.Requirements[i].Status]++
	}
	return jsonStatuses{
		n[checks.Granted], n[checks.Missing], n[checks.Partial], n[checks.Denied],
		n[checks.Conditional], n[checks.Undecided], n[checks.NotNeeded],
	}
}

// countSeverities counts what was not set aside.
func countSeverities(r *checks.Report) jsonSeverities {
	var n [checks.Critical + 1]int
	for i := range r.Findings {
		if r.Findings[i].Suppressed == nil {
			n[r.Findings[i].Severity]++
		}
	}
	return jsonSeverities{n[checks.Critical], n[checks.High], n[checks.Medium], n[checks.Low], n[checks.Info]}
}

// writeIndented writes a value as JSON that stays itself in HTML-shy readers
// ("<" is "<") and that a terminal cannot mistake for orders.
func writeIndented(w io.Writer, v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(escapeJSON(b.Bytes(), false))
	return err
}
