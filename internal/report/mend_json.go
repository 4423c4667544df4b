package report

import (
	"encoding/json"
	"io"

	"github.com/iamcheck/iamcheck/internal/checks"
)

// mendDocument is the JSON of `iamcheck fix`. Lists are never null.
type mendDocument struct {
	SchemaVersion int          `json:"schema_version"`
	Tool          jsonTool     `json:"tool"`
	Before        mendOutcome  `json:"before"`
	After         mendOutcome  `json:"after"`
	Documents     []mendEdit   `json:"documents"`
	Refused       []mendStep   `json:"refused"`
	Remaining     []mendRemain `json:"remaining"`
}

// mendOutcome is what an audit counts.
type mendOutcome struct {
	Requirements jsonStatuses   `json:"requirements"`
	Findings     jsonSeverities `json:"findings"`
}

type mendEdit struct {
	Principal string          `json:"principal"`
	Account   string          `json:"account"`
	Kind      string          `json:"kind"`      // inline, managed, boundary, trust
	Policy    string          `json:"policy"`    // name, ARN, or "trust policy"
	Operation string          `json:"operation"` // create, update, delete, detach
	Before    json.RawMessage `json:"before"`    // null for a new document
	After     json.RawMessage `json:"after"`     // null for one that goes
	Steps     []mendStep      `json:"steps"`
	Calls     []call          `json:"calls"`
	Notes     []string        `json:"notes"`
}

type mendStep struct {
	What         string   `json:"what"`
	Severity     string   `json:"severity"`
	Principal    string   `json:"principal"`
	Check        string   `json:"check"` // "" for a requirement that is not met
	Requirements []string `json:"requirements"`
	Why          string   `json:"why,omitempty"` // it is not offered
}

type mendRemain struct {
	Check        string   `json:"check"`
	Severity     string   `json:"severity"`
	Outcome      string   `json:"outcome"`
	Principal    string   `json:"principal"`
	Databases    []string `json:"databases"`
	Requirements []string `json:"requirements"`
	Message      string   `json:"message"`
	Todo         string   `json:"todo"`
	Fingerprint  string   `json:"fingerprint"`
}

func writeMendJSON(w io.Writer, m *checks.Mend, o Options) error {
	out := mendDocument{
		SchemaVersion: 1, Tool: jsonTool{Name: "iamcheck", Version: o.Version},
		Before:    mendOutcome{countStatuses(m.Before), countSeverities(m.Before)},
		After:     mendOutcome{countStatuses(m.After), countSeverities(m.After)},
		Documents: []mendEdit{}, Refused: []mendStep{}, Remaining: []mendRemain{},
	}
	for i := range m.Documents {
		out.Documents = append(out.Documents, editJSON(&m.Documents[i]))
	}
	for i := range m.Refused {
		s := stepJSON(&m.Refused[i].MendStep)
		s.Why = m.Refused[i].Why
		out.Refused = append(out.Refused, s)
	}
	for i := range m.Left {
		f := &m.Left[i]
		out.Remaining = append(out.Remaining, mendRemain{
			Check: f.Check, Severity: f.Severity.String(), Outcome: string(f.Outcome), Principal: f.Principal,
			Databases: list(f.Databases), Requirements: list(f.Requirements), Message: f.Message, Todo: f.Tell, Fingerprint: f.Fingerprint,
		})
	}
	return writeIndented(w, out)
}

func editJSON(d *checks.MendedDocument) mendEdit {
	e := mendEdit{
		Principal: d.Principal, Account: mendAccount(d), Kind: d.Kind, Policy: d.Policy, Operation: "update",
		Before: json.RawMessage("null"), After: json.RawMessage("null"), Steps: []mendStep{}, Calls: callsOf(d), Notes: list(d.Notes),
	}
	if d.Boundary {
		e.Kind = "boundary"
	}
	if d.Before != nil {
		e.Before = d.Before
	}
	if d.After != nil {
		e.After = d.After
	}
	switch {
	case d.Detach:
		e.Operation = "detach"
	case d.Before == nil:
		e.Operation = "create"
	case d.After == nil:
		e.Operation = "delete"
	}
	for i := range d.Steps {
		e.Steps = append(e.Steps, stepJSON(&d.Steps[i]))
	}
	if e.Calls == nil {
		e.Calls = []call{}
	}
	return e
}

func stepJSON(s *checks.MendStep) mendStep {
	return mendStep{What: s.What, Severity: s.Severity.String(), Principal: s.Principal, Check: s.Check, Requirements: list(s.Requirements)}
}
