package report

import (
	"io"
	"time"

	"github.com/iamcheck/iamcheck/internal/checks"
)

// The shape of the JSON that `iamcheck explain -f json` writes. The fields and
// their names are a contract with users' scripts (docs/explain.md).
type (
	jsonExplanation struct {
		SchemaVersion int         `json:"schema_version"`
		Tool          jsonTool    `json:"tool"`
		Source        jsonSource  `json:"source"`
		Scope         jsonScope   `json:"scope"`
		Read          *jsonRead   `json:"read"`
		Stories       []jsonStory `json:"stories"`
		Sound         []string    `json:"sound"`
		Gaps          []jsonGap   `json:"gaps"`
	}

	jsonRead struct {
		Refusals  int `json:"refusals"`
		NotKept   int `json:"not_kept"`
		Events    int `json:"events"`
		Succeeded int `json:"succeeded"`
		Failed    int `json:"failed"`
	}

	jsonStory struct {
		Ending    string        `json:"ending"`
		Database  string        `json:"database"`
		Type      string        `json:"type"`
		Also      []string      `json:"also"`
		Message   *jsonMessage  `json:"message"`
		Chain     []jsonStation `json:"chain"`
		Cause     *jsonLink     `json:"cause"`
		Next      []jsonLink    `json:"next"`
		Answer    *jsonAnswer   `json:"answer"`
		Agreement string        `json:"agreement"`
		Compared  string        `json:"compared"`
		Instead   []string      `json:"instead"`
		Remarks   []string      `json:"remarks"`
	}

	jsonMessage struct {
		Text      string       `json:"text"`
		Line      int          `json:"line"`
		Count     int          `json:"count"`
		Principal string       `json:"principal"`
		Action    string       `json:"action"`
		Resource  string       `json:"resource"`
		DecidedBy string       `json:"decided_by"`
		Explicit  bool         `json:"explicit"`
		Policy    string       `json:"policy"`
		Encoded   bool         `json:"encoded"`
		Event     string       `json:"event"`
		Time      *string      `json:"time"`
		Symptom   *jsonSymptom `json:"symptom"`
	}

	jsonSymptom struct {
		ID      string   `json:"id"`
		Title   string   `json:"title"`
		Means   string   `json:"means"`
		IAM     string   `json:"iam"`
		Sources []string `json:"sources"`
	}

	jsonStation struct {
		ARN   string     `json:"arn"`
		Kind  string     `json:"kind"`
		State string     `json:"state"` // "present", "absent", "unread"
		From  string     `json:"from"`  // the station that assumes it; "" for the agent
		Links []jsonLink `json:"links"` // of the hop to it, then what it must hold
	}

	jsonLink struct {
		jsonRequirement
		Side     string          `json:"side"`
		Layers   []jsonLinkLayer `json:"layers"`
		Findings []jsonFinding   `json:"findings"`
	}

	jsonLinkLayer struct {
		Layer   string         `json:"layer"`
		Level   int            `json:"level"`
		Says    string         `json:"says"`
		Because []jsonCitation `json:"because"`
	}
)

// WriteStoriesJSON writes why connections fail as JSON.
func WriteStoriesJSON(w io.Writer, e *checks.Explanation, o Options) error {
	out := jsonExplanation{
		SchemaVersion: schemaVersion, Tool: jsonTool{"iamcheck", o.Version},
		Source: jsonSource{Kind: e.Source.Kind, TakenAt: timeJSON(e.Source.TakenAt, o)},
		Scope:  jsonScope{list(e.Scope.Accounts), list(e.Scope.Layers), list(e.Scope.NotEvaluated), e.Scope.Data},
		Sound:  list(e.Sound), Stories: []jsonStory{}, Gaps: []jsonGap{},
	}
	if r := e.Reading; r != nil {
		out.Read = &jsonRead{len(r.Clues), r.Left, r.Events, r.Succeeded, r.Failed}
	}
	for i := range e.Stories {
		out.Stories = append(out.Stories, storyJSON(&e.Stories[i], o))
	}
	for _, g := range e.Gaps {
		out.Gaps = append(out.Gaps, jsonGap{g.Operation, g.Subject, g.Error})
	}
	return writeIndented(w, out)
}

func timeJSON(at time.Time, o Options) *string {
	if at.IsZero() || o.Reproducible {
		return nil
	}
	text := at.UTC().Format(time.RFC3339)
	return &text
}

func storyJSON(s *checks.Story, o Options) jsonStory {
	out := jsonStory{
		Ending: string(s.Ending), Also: list(s.Also), Message: messageJSON(s.Clue, o), Chain: []jsonStation{}, Next: []jsonLink{},
		Agreement: string(s.Compared.Agreement), Compared: s.Compared.Text, Instead: list(s.Instead), Remarks: list(s.Remarks),
	}
	if s.Chain != nil {
		out.Database, out.Type = s.Chain.Name, string(s.Chain.Database.Type)
		out.Chain = stationsJSON(nil, s.Chain.Root, "", nil)
	}
	if s.Cause != nil {
		cause := linkJSON(s.Cause)
		out.Cause = &cause
	}
	for _, l := range s.Next {
		out.Next = append(out.Next, linkJSON(l))
	}
	if s.Answer != nil {
		answer := answerJSON(s.Answer)
		out.Answer = &answer
	}
	return out
}

func messageJSON(c *checks.Clue, o Options) *jsonMessage {
	if c == nil {
		return nil
	}
	out := &jsonMessage{Text: c.Text, Line: c.Line, Count: c.Count}
	if d := c.Denial; d != nil {
		out.Principal, out.Action, out.Resource = d.Principal, d.Action, d.Resource
		out.DecidedBy, out.Explicit, out.Policy, out.Encoded = string(d.By), d.Explicit, d.Policy, d.Encoded != ""
		if d.Event != nil {
			out.Event, out.Time = d.Event.ID, timeJSON(d.Event.Time, o)
		}
	}
	if s := c.Symptom; s != nil {
		out.Symptom = &jsonSymptom{s.ID, s.Title, s.Means, s.IAM.String(), list(s.Sources)}
	}
	return out
}

// stationsJSON are the stations of a chain, each behind the one that assumes it.
func stationsJSON(all []jsonStation, s *checks.Station, from string, hop []*checks.Link) []jsonStation {
	one := jsonStation{ARN: s.ARN, Kind: s.Kind, From: from, State: "present", Links: []jsonLink{}}
	if s.Absent {
		one.State = "absent"
	} else if s.Unread {
		one.State = "unread"
	}
	for _, l := range hop {
		one.Links = append(one.Links, linkJSON(l))
	}
	for _, l := range s.Holds {
		one.Links = append(one.Links, linkJSON(l))
	}
	all = append(all, one)
	for _, next := range s.Hops {
		all = stationsJSON(all, next.To, s.ARN, next.Links)
	}
	return all
}

func linkJSON(l *checks.Link) jsonLink {
	out := jsonLink{jsonRequirement: requirementJSON(l.RequirementVerdict), Side: l.Side.String(), Layers: []jsonLinkLayer{}, Findings: []jsonFinding{}}
	for i := range l.Rows {
		r := &l.Rows[i]
		if r.Says == checks.SaysNotApplied {
			continue
		}
		layer := jsonLinkLayer{Layer: r.Layer.String(), Level: r.Level, Says: string(r.Says), Because: []jsonCitation{}}
		for _, c := range r.Because {
			layer.Because = append(layer.Because, jsonCitation{c.Policy, c.Kind, statementIndex(c), c.SID, c.Pointer})
		}
		out.Layers = append(out.Layers, layer)
	}
	for _, f := range l.Findings {
		out.Findings = append(out.Findings, findingJSON(f))
	}
	return out
}
