package main

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/iamcheck/iamcheck/internal/config"
)

// TestPageIsCurrent: the page is what the keys say.
func TestPageIsCurrent(t *testing.T) {
	text, err := os.ReadFile("../../../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != page() {
		t.Error("docs/configuration.md is out of date: run go generate ./internal/config")
	}
}

// holder is a configuration with a place for the keys of each section, and what
// must stand beside them; %s is where the keys go.
func holders() map[string]string {
	const agent = "version: 1\nagents:\n- role: a\n  databases:\n"
	out := map[string]string{
		"":                                "version: 1\nagents: [{role: a, databases: [{type: rds}]}]\nKEY\n",
		"agents[]":                        "version: 1\nagents:\n- databases: [{type: rds}]\n  KEY\n",
		"agents[].databases[]":            agent + "  - type: rds\n    KEY\n",
		"agents[].databases[].admin_user": agent + "  - type: rds\n    admin_user:\n      KEY\n",
		"agents[].databases[].aws":        agent + "  - type: dynamodb\n    aws:\n      KEY\n",
		"agents[].discovery":              "version: 1\nagents:\n- role: a\n  discovery:\n    KEY\n",
		"suppress[]":                      "version: 1\nagents: [{role: a, databases: [{type: rds}]}]\nsuppress:\n- KEY\n",
	}
	for _, s := range awsSections() {
		name := s.path[strings.LastIndexByte(s.path, '.')+1:]
		out[s.path] = agent + "  - type: rds\n    aws:\n      " + name + ":\n        KEY\n"
	}
	return out
}

// TestKeysAreThoseOfTheReader: the reader names all keys that it knows when it
// meets one that it does not.
func TestKeysAreThoseOfTheReader(t *testing.T) {
	places := holders()
	for _, s := range sections() {
		place, ok := places[s.path]
		if !ok {
			t.Errorf("%q: the test has no place for it", s.path)
			continue
		}
		delete(places, s.path)
		const strange = "zzzzzzzzzzzzzzzzzzzz"
		_, err := config.Load("iamcheck.yaml", []byte(strings.Replace(place, "KEY", strange+": 1", 1)), nil)
		known := ""
		if err != nil {
			for line := range strings.Lines(err.Error()) {
				if _, list, ok := strings.Cut(strings.TrimSpace(line), "expected one of "); ok && strings.Contains(line, strange) {
					known = list
				}
			}
		}
		got := strings.Split(known, ", ")
		var want []string
		for _, k := range s.keys {
			want = append(want, k.name)
			if k.kind == "" || k.about == "" {
				t.Errorf("%s.%s lacks a kind or a description", s.path, k.name)
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%q: the reader knows %q, the page has %q (%v)", s.path, got, want, err)
		}
	}
	for path := range places {
		t.Errorf("%q is not among the sections", path)
	}
}

// TestExamples: every example is a value that the reader takes.
func TestExamples(t *testing.T) {
	open := func(string) ([]byte, error) {
		return []byte("db_service: {enabled: yes, databases: [{name: x, protocol: dynamodb, aws: {region: us-east-1, account_id: \"111122223333\"}}]}"), nil
	}
	if _, err := config.Load("iamcheck.yaml", []byte(example), open); err != nil {
		t.Error(err)
	}
	places := holders()
	tried := 0
	for _, s := range sections() {
		for _, k := range s.keys {
			if k.example == "" {
				continue
			}
			tried++
			place := places[s.path]
			// What stands in the place already, or is needed beside the key.
			for _, line := range []string{"version: 1\n", "agents: [{role: a, databases: [{type: rds}]}]\n"} {
				if s.path == "" && strings.HasPrefix(k.example, strings.SplitN(line, ":", 2)[0]+":") {
					place = strings.Replace(place, line, "", 1)
				}
			}
			_, err := config.Load("iamcheck.yaml", []byte(strings.Replace(place, "KEY", k.example, 1)), open)
			if err == nil {
				continue
			}
			for line := range strings.Lines(err.Error()) {
				if strings.Contains(line, k.name) && !complaint(line) {
					t.Errorf("%s: %s: %s", s.path, k.example, line)
				}
			}
		}
	}
	if tried < 40 {
		t.Errorf("only %d examples", tried)
	}
}

// complaint says whether an error is about what stands beside the key, not
// about its value.
func complaint(line string) bool {
	for _, beside := range []string{
		"stands twice", "without", "are those of", "is for elasticache", "speak", "an agent with role and user", "external_id",
	} {
		if strings.Contains(line, beside) {
			return true
		}
	}
	return false
}
