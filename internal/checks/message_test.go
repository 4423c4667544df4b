package checks

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/config"
)

// updateMessages rewrites what is expected of testdata/messages:
// go test ./internal/checks -run TestMessages -update
var updateMessages = flag.Bool("update", false, "rewrite the expectations of testdata/messages")

// TestMessages reads every message of testdata/messages and explains it by the
// demonstration's accounts. A file has what is expected, a line "---", and the
// message: the rest of the file, byte by byte.
func TestMessages(t *testing.T) {
	names, err := filepath.Glob("testdata/messages/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	if len(names) < 40 {
		t.Fatalf("only %d messages", len(names))
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			want, message, found := bytes.Cut(text, []byte("---\n"))
			if !found {
				t.Fatal("there is no line ---")
			}
			got := told(t, message)
			if *updateMessages {
				if err := os.WriteFile(name, slicesOf(got, message), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func slicesOf(expectation string, message []byte) []byte {
	return append([]byte(expectation+"---\n"), message...)
}

// told is what a message is found to tell, and how its stories end.
func told(t *testing.T, message []byte) string {
	t.Helper()
	var b strings.Builder
	line := func(key string, value any) {
		if text := fmt.Sprint(value); text != "" && text != "[]" && text != "0" && text != "false" {
			fmt.Fprintf(&b, "%s: %s\n", key, text)
		}
	}
	reading := ReadRefusals(message)
	line("events", reading.Events)
	line("succeeded", reading.Succeeded)
	line("failed", reading.Failed)
	explanation := explained(t, reading)
	for i := range reading.Clues {
		c := &reading.Clues[i]
		fmt.Fprintf(&b, "clue: line %d, %d times\n", c.Line, c.Count)
		if d := c.Denial; d != nil {
			line("  principal", d.Principal)
			line("  action", d.Action)
			line("  resource", d.Resource)
			line("  by", d.By)
			line("  explicit", d.Explicit)
			line("  policy", d.Policy)
			line("  encoded", len(d.Encoded))
		}
		if c.Symptom != nil {
			line("  symptom", c.Symptom.ID)
		}
		line("  users", fmt.Sprintf("%q", c.Users))
		line("  databases", fmt.Sprintf("%q", c.Databases))
		line("  roles", c.Roles)
		for j := range explanation.Stories {
			if s := &explanation.Stories[j]; s.Clue == c {
				b.WriteString(storyLine(s))
			}
		}
	}
	return b.String()
}

func storyLine(s *Story) string {
	parts := []string{string(s.Ending)}
	if s.Chain != nil {
		parts = append(parts, s.Chain.Name)
	}
	if len(s.Also) > 0 {
		parts = append(parts, "also "+strings.Join(s.Also, ", "))
	}
	if s.Cause != nil {
		cause := "cause " + s.Cause.ID
		if len(s.Cause.Findings) > 0 {
			cause += " " + s.Cause.Findings[0].Check
		}
		parts = append(parts, cause)
	}
	if s.Answer != nil {
		parts = append(parts, "answer "+s.Answer.Decision.String())
	}
	if s.Compared.Agreement != "" {
		parts = append(parts, string(s.Compared.Agreement))
	}
	if len(s.Instead) > 0 {
		parts = append(parts, fmt.Sprintf("%d things besides", len(s.Instead)))
	}
	out := "  story: " + strings.Join(parts, "; ") + "\n"
	for _, r := range s.Remarks {
		out += "    " + fmt.Sprintf("%+q", r) + "\n"
	}
	return out
}

// explained explains a reading by the demonstration's accounts.
func explained(t *testing.T, reading *Reading) *Explanation {
	t.Helper()
	const demo = "../../cmd/iamcheck/demo"
	text, err := os.ReadFile(filepath.Join(demo, "iamcheck.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	target, err := config.Load("iamcheck.yaml", text, os.ReadFile)
	if err != nil {
		t.Fatal(err)
	}
	var snapshots []*account.Snapshot
	for _, name := range []string{"account.json", "partner.json"} {
		f, err := os.Open(filepath.Join(demo, name))
		if err != nil {
			t.Fatal(err)
		}
		some, err := account.Read(name, f)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		snapshots = append(snapshots, some...)
	}
	accounts, err := account.Merge(snapshots)
	if err != nil {
		t.Fatal(err)
	}
	if err := Resolve(target, accounts); err != nil {
		t.Fatal(err)
	}
	explanation, err := Explain(ExplainInput{
		Input:   Input{Target: target, Accounts: accounts, Source: Source{Kind: "snapshot", TakenAt: time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)}},
		Reading: reading,
	})
	if err != nil {
		t.Fatal(err)
	}
	return explanation
}
