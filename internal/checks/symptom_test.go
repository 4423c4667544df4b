package checks

import (
	"strings"
	"testing"

	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/iamdata"
)

// The table is data: what it names must exist, and every row must be told by
// something, say what it means, and name where that is from.
func TestSymptoms(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range Symptoms() {
		if seen[s.ID] {
			t.Errorf("%s stands twice", s.ID)
		}
		seen[s.ID] = true
		if s.Title == "" || s.Means == "" || len(s.Sources) == 0 || len(s.Phrases)+len(s.Actions) == 0 {
			t.Errorf("%s: something is missing", s.ID)
		}
		if s.IAM == Never && len(s.Instead) == 0 {
			t.Errorf("%s: IAM is not the cause, and there is nothing to check instead", s.ID)
		}
		if s.IAM == Perhaps && len(s.Requirements) == 0 {
			t.Errorf("%s: IAM may be the cause, and no requirement is named", s.ID)
		}
		for _, id := range s.Requirements {
			if _, ok := expected.Lookup(id); !ok {
				t.Errorf("%s: there is no requirement %s", s.ID, id)
			}
		}
		for _, a := range s.Actions {
			if iamdata.StandingOf(a) != iamdata.Known {
				t.Errorf("%s: there is no action %s", s.ID, a)
			}
			if symptomOf(a) != nil && symptomOf(a).ID != s.ID {
				t.Errorf("%s: %s is the symptom %s already", s.ID, a, symptomOf(a).ID)
			}
		}
		for _, phrase := range s.Phrases {
			if phrase != strings.ToLower(phrase) || newFlat(strings.ReplaceAll(phrase, "*", " x ")).phrase(phrase) < 0 && strings.Contains(phrase, "*") {
				t.Errorf("%s: the phrase %q can never be found", s.ID, phrase)
			}
		}
		for _, text := range append([]string{s.Title, s.Means}, s.Instead...) {
			if strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "...") || strings.ContainsFunc(text, func(r rune) bool { return r > '~' }) {
				t.Errorf("%s: %q ends in a period, or is not ASCII", s.ID, text)
			}
		}
	}
}

// Of every type there is something to look at besides IAM.
func TestBesides(t *testing.T) {
	for _, typ := range append(config.Types(), config.MongoDBAtlas) {
		if len(besides(typ, "")) == 0 {
			t.Errorf("%s: nothing", typ)
		}
	}
}
