package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/iamcheck/iamcheck/internal/expected"
)

// TypesFormat is a way to write what is known of database types.
type TypesFormat struct {
	Name  string
	Write func(w io.Writer, types []expected.TypeInfo, o Options) error
}

// TypesFormats are the formats of `iamcheck types`, the default first.
func TypesFormats() []TypesFormat {
	return []TypesFormat{{"table", writeTypesTable}, {"json", writeTypesJSON}, {"markdown", writeTypesMarkdown}}
}

// writeTypesTable lists several types in a line each, and describes one.
func writeTypesTable(w io.Writer, types []expected.TypeInfo, o Options) error {
	p := newPage(o)
	if len(types) == 1 {
		p.databaseType(&types[0])
	} else {
		p.typeList(types)
	}
	_, err := io.WriteString(w, p.String())
	return err
}

func (p *page) typeList(types []expected.TypeInfo) {
	width := 0
	for i := range types {
		width = max(width, len(types[i].Type))
	}
	for i := range types {
		t := &types[i]
		p.line(fmt.Sprintf("%-*s  %s", width, t.Type, t.Title))
		p.text(width+2, fmt.Sprintf("%s; %s; logins: %s", count(len(t.Entries), "statement"), discoveryWord(t), t.Logins))
	}
	p.gap()
	p.text(0, "iamcheck types TYPE shows the statements of one, their sources, and known errors of the published documentation.")
}

func discoveryWord(t *expected.TypeInfo) string {
	if t.Discovery == nil {
		return "not discovered by Teleport"
	}
	return "discovered by Teleport"
}

func (p *page) databaseType(t *expected.TypeInfo) {
	p.line(string(t.Type) + ": " + t.Title)
	p.field(2, "logins", t.Logins)
	for i := range t.Entries {
		p.entry(&t.Entries[i])
	}
	for i := range t.Discovery {
		p.entry(&t.Discovery[i])
	}
	for i := range t.Errata {
		e := &t.Errata[i]
		p.gap()
		p.text(2, "known error "+e.ID)
		p.field(4, "in", e.Where)
		p.field(4, "printed", e.Printed)
		p.field(4, "correct", e.Correct)
		p.field(4, "effect", e.Effect)
		p.field(4, "sources", strings.Join(e.Sources, "; "))
	}
}

func (p *page) entry(e *expected.Entry) {
	p.gap()
	p.text(2, e.ID)
	if e.SID != "" {
		p.field(4, "Sid", e.SID)
	}
	p.field(4, "held by", e.Holder.String())
	p.field(4, "needed", e.Purpose)
	p.field(4, "when", e.Rule.String())
	actions := strings.Join(e.Actions, ", ")
	if e.AnyOf {
		actions = "any of " + actions
	}
	p.field(4, "actions", actions)
	for _, resource := range e.Resources {
		p.field(4, "resource", resource)
	}
	p.field(4, "sources", strings.Join(e.Sources, "; "))
}

// typesDocument is the JSON of `iamcheck types`. Lists are never null.
type typesDocument struct {
	SchemaVersion int            `json:"schema_version"`
	Tool          jsonTool       `json:"tool"`
	Types         []typeDocument `json:"types"`
}

type typeDocument struct {
	Type       string            `json:"type"`
	Title      string            `json:"title"`
	Logins     string            `json:"logins"`
	Statements []entryDocument   `json:"statements"`
	Discovery  []entryDocument   `json:"discovery"`
	Errata     []erratumDocument `json:"known_errors"`
}

type entryDocument struct {
	ID        string   `json:"id"`
	SID       string   `json:"sid"`
	HeldBy    string   `json:"held_by"`
	Actions   []string `json:"actions"`
	AnyOf     bool     `json:"any_of"`
	Resources []string `json:"resources"`
	Printed   []string `json:"printed_resources"`
	Purpose   string   `json:"purpose"`
	When      string   `json:"when"`
	Sources   []string `json:"sources"`
}

type erratumDocument struct {
	ID          string   `json:"id"`
	Requirement string   `json:"requirement"`
	Where       string   `json:"where"`
	Printed     string   `json:"printed"`
	Correct     string   `json:"correct"`
	Effect      string   `json:"effect"`
	Sources     []string `json:"sources"`
}

func writeTypesJSON(w io.Writer, types []expected.TypeInfo, o Options) error {
	document := typesDocument{SchemaVersion: 1, Tool: jsonTool{"iamcheck", o.Version}, Types: []typeDocument{}}
	for i := range types {
		t := &types[i]
		one := typeDocument{
			Type: string(t.Type), Title: t.Title, Logins: t.Logins,
			Statements: entriesJSON(t.Entries), Discovery: entriesJSON(t.Discovery), Errata: []erratumDocument{},
		}
		for _, e := range t.Errata {
			one.Errata = append(one.Errata, erratumDocument{e.ID, e.Requirement, e.Where, e.Printed, e.Correct, e.Effect, list(e.Sources)})
		}
		document.Types = append(document.Types, one)
	}
	return writeIndented(w, document)
}

func entriesJSON(entries []expected.Entry) []entryDocument {
	out := []entryDocument{}
	for i := range entries {
		e := &entries[i]
		out = append(out, entryDocument{
			ID: e.ID, SID: e.SID, HeldBy: e.Holder.String(), Actions: list(e.Actions), AnyOf: e.AnyOf, Resources: list(e.Resources),
			Printed: list(e.Printed), Purpose: e.Purpose, When: e.Rule.String(), Sources: list(e.Sources),
		})
	}
	return out
}

func writeTypesMarkdown(w io.Writer, types []expected.TypeInfo, _ Options) error {
	var b strings.Builder
	b.WriteString("# Database types and what they need of IAM\n")
	for i := range types {
		t := &types[i]
		fmt.Fprintf(&b, "\n## %s: %s\n\nLogins: %s.\n", codeSpan(string(t.Type)), inMarkdown(t.Title), inMarkdown(t.Logins))
		for _, entries := range [][]expected.Entry{t.Entries, t.Discovery} {
			for j := range entries {
				entryMarkdown(&b, &entries[j])
			}
		}
		for _, e := range t.Errata {
			fmt.Fprintf(&b, "\n### Known error: %s\n\n- in: %s\n- printed: %s\n- correct: %s\n- effect: %s\n- sources: %s\n", e.ID,
				inMarkdown(e.Where), inMarkdown(e.Printed), inMarkdown(e.Correct), inMarkdown(e.Effect), inMarkdown(strings.Join(e.Sources, "; ")))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func entryMarkdown(b *strings.Builder, e *expected.Entry) {
	title := codeSpan(e.ID)
	if e.SID != "" {
		title += " (" + inMarkdown(e.SID) + ")"
	}
	actions := make([]string, 0, len(e.Actions))
	for _, action := range e.Actions {
		actions = append(actions, codeSpan(action))
	}
	resources := make([]string, 0, len(e.Resources))
	for _, resource := range e.Resources {
		resources = append(resources, codeSpan(resource))
	}
	which := ""
	if e.AnyOf {
		which = "any of "
	}
	fmt.Fprintf(b, "\n### %s\n\n- held by: %s\n- needed %s\n- when: %s\n- actions: %s%s\n- resources: %s\n- sources: %s\n", title,
		inMarkdown(e.Holder.String()), inMarkdown(e.Purpose), inMarkdown(e.Rule.String()), which, strings.Join(actions, ", "),
		strings.Join(resources, ", "), inMarkdown(strings.Join(e.Sources, "; ")))
}
