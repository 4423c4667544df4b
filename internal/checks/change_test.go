package checks

import (
	"testing"

	"github.com/iamcheck/iamcheck/internal/expected"
)

func TestCompare(t *testing.T) {
	verdict := func(id, principal string, s Status) RequirementVerdict {
		return RequirementVerdict{Requirement: expected.Requirement{ID: id, Database: "orders", Principal: principal, Action: "rds-db:connect", Resource: "*"}, Status: s}
	}
	before := &Report{
		Requirements: []RequirementVerdict{
			verdict("same", "a", Granted), verdict("broken", "a", Granted), verdict("worse", "a", Granted), verdict("better", "a", Missing),
			verdict("mended", "a", Denied), verdict("other", "a", Missing), verdict("not-needed", "a", Granted), verdict("twice", "a", Granted), verdict("twice", "a", Missing),
			verdict("moved", "old", Granted), verdict("open", "a", Missing),
		},
		Findings: []Finding{{Fingerprint: "stays"}, {Fingerprint: "goes"}},
	}
	after := &Report{
		Requirements: []RequirementVerdict{
			verdict("same", "a", Granted), verdict("mended", "a", Granted), verdict("worse", "a", Undecided), verdict("better", "a", Partial),
			verdict("broken", "a", Missing), verdict("other", "a", Denied), verdict("not-needed", "a", NotNeeded), verdict("twice", "a", Granted), verdict("twice", "a", Granted),
			verdict("moved", "new", Granted), verdict("added", "a", Missing), verdict("open", "a", Undecided),
		},
		Findings: []Finding{{Fingerprint: "comes"}, {Fingerprint: "stays"}},
	}
	var c Change
	c.Compare(before, after, map[string]string{"old": "new"})
	want := []struct {
		id     string
		effect Effect
		before Status
	}{
		{"broken", Broken, Granted},
		{"worse", Worse, Granted},
		{"other", Another, Missing},
		{"not-needed", Another, Granted},
		{"added", Another, ""},
		{"open", Another, Missing},
		{"better", Better, Missing},
		{"mended", Mended, Denied},
		{"twice", Mended, Missing},
	}
	if len(c.Requirements) != len(want) {
		t.Fatalf("got %d changes, want %d: %+v", len(c.Requirements), len(want), c.Requirements)
	}
	for i, w := range want {
		if g := c.Requirements[i]; g.ID != w.id || g.Effect != w.effect || g.Before != w.before {
			t.Errorf("%d: got %s %s before %q, want %s %s before %q", i, g.ID, g.Effect, g.Before, w.id, w.effect, w.before)
		}
	}
	if len(c.New) != 1 || c.New[0].Fingerprint != "comes" || len(c.Fixed) != 1 || c.Fixed[0].Fingerprint != "goes" || len(c.Unchanged) != 1 {
		t.Errorf("new %v, fixed %v, unchanged %v", c.New, c.Fixed, c.Unchanged)
	}
	if c.Count(Mended) != 2 || c.Alone {
		t.Errorf("mended %d, alone %v", c.Count(Mended), c.Alone)
	}
	var alone Change
	if alone.Compare(nil, after, nil); !alone.Alone || len(alone.Requirements)+len(alone.New) > 0 {
		t.Errorf("without a picture before: %+v", alone)
	}
}
