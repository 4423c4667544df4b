package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
)

// FuzzLoad: any text gives a target that can be used, or errors that can be
// shown; never a panic, and the same each time.
func FuzzLoad(f *testing.F) {
	seed(f, "iamcheck.yaml")
	f.Fuzz(func(t *testing.T, text []byte) {
		run := func() (*Target, error) { return Load("iamcheck.yaml", text, nil) }
		checkOutcome(t, run)
	})
}

// FuzzTeleport: the same of Teleport's files.
func FuzzTeleport(f *testing.F) {
	seed(f, "*.yaml", "*.json", "*.txt", "conf/*.yaml")
	f.Fuzz(func(t *testing.T, text []byte) {
		run := func() (*Target, error) {
			return FromFlags(FlagOptions{Role: "a", Teleports: []Input{{Name: "teleport.yaml", Text: text}}})
		}
		checkOutcome(t, run)
	})
}

func seed(f *testing.F, patterns ...string) {
	for _, p := range patterns {
		files, err := filepath.Glob("testdata/cases/*/" + p)
		if err != nil || len(files) == 0 {
			f.Fatalf("no seeds in %s", p)
		}
		for _, name := range files {
			text, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(text)
		}
	}
}

func checkOutcome(t *testing.T, run func() (*Target, error)) {
	target, err := run()
	got := outcome(target, err)
	if again := outcome(run()); got != again {
		t.Errorf("two readings differ:\n%s\n%s", got, again)
	}
	if err == nil {
		checkTarget(t, target)
		return
	}
	var all *Errors
	if !errors.As(err, &all) {
		t.Fatalf("got %T, want *Errors", err)
	}
	for _, one := range all.List {
		if strings.IndexFunc(one.Error(), func(r rune) bool { return unicode.IsControl(r) || r == '\u202e' }) >= 0 {
			t.Errorf("control character in %q", one.Error())
		}
	}
}

// checkTarget checks what the other packages rely on.
func checkTarget(t *testing.T, target *Target) {
	if len(target.Agents) == 0 {
		t.Error("no agents and no error")
	}
	for _, a := range target.Agents {
		if (a.Role == "") == (a.User == "") {
			t.Errorf("agent with role %q and user %q", a.Role, a.User)
		}
		if len(a.Databases) == 0 && a.Discovery == nil {
			t.Errorf("agent %q has nothing to audit", a.Role+a.User)
		}
		for i := range a.Databases {
			d := &a.Databases[i]
			if d.Type == "" || d.Name == "" {
				t.Errorf("database %q of type %q", d.Name, d.Type)
			}
			// A pattern in a name would be read as "all" by whoever compares it.
			for _, field := range d.AWS.fields() {
				if strings.ContainsAny(*field.to, "*?") {
					t.Errorf("%s holds a pattern: %q", field.key, *field.to)
				}
			}
			for _, user := range d.DBUsers {
				if user != "*" && strings.ContainsAny(user, "*?") {
					t.Errorf("db_users holds a pattern: %q", user)
				}
			}
			for _, h := range d.Chain(agentARN(a)).Users {
				if _, err := ParseRoleARN(h.Target); err != nil {
					t.Errorf("hop to %q: %v", h.Target, err)
				}
			}
		}
	}
}
