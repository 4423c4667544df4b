package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/policy"
	"github.com/iamcheck/iamcheck/internal/report"
)

// auditedRequirement is what an audit said of one requirement.
type auditedRequirement struct {
	ID, Principal, Action, Resource, Status string
	Conditions                              []string
}

// TestCanAgreesWithAudit puts every verdict of every fixture to can. An audit
// knows more of a request, so that can may answer "unknown" where it is certain;
// the opposite answer would be a mistake of one of them.
func TestCanAgreesWithAudit(t *testing.T) {
	compared := map[string]int{}
	for _, name := range fixtureNames(t, fixturesDir) {
		dir := filepath.Join(fixturesDir, name)
		var want struct{ Requirements []auditedRequirement }
		text, err := os.ReadFile(filepath.Join(dir, "want.json"))
		if errors.Is(err, fs.ErrNotExist) {
			continue // TestFixtures says so
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatal(err)
		}
		accounts := fixtureAccounts(t, dir)
		for _, r := range want.Requirements {
			wrong, decided := contradicts(r.Status)
			// Hops are judged side by side there, and as one here; a name that is
			// not told stands for its forms there.
			if !decided || strings.HasPrefix(r.Action, "sts:") || r.Principal == "" || strings.ContainsAny(r.Principal, "*?") ||
				strings.ContainsAny(r.Resource, "*?") && r.Resource != "*" {
				continue
			}
			if r.Resource == "*" && wrong == "allowed" {
				continue // the audit knows the database's account, which "*" does not tell
			}
			q := &checks.Question{Principal: r.Principal, Action: r.Action, Resource: r.Resource}
			answer, err := checks.Ask(accounts, accountsTime(accounts), q)
			if err != nil {
				if r.Status == "granted" {
					t.Errorf("%s: %s is granted, and can says %v", name, r.ID, err)
				}
				continue
			}
			got := report.Decision(answer.Decision)
			compared[r.Status+": "+got]++
			if got == wrong {
				t.Errorf("%s: the audit says that %s (%s on %s) is %s, and can that it is %s", name, r.ID, r.Action, r.Resource, r.Status, got)
			}
		}
	}
	for _, both := range []string{"granted: allowed", "missing: denied", "denied: denied"} {
		if compared[both] < 5 {
			t.Errorf("only %d verdicts are %s: %v", compared[both], both, compared)
		}
	}
}

// contradicts is the answer that a verdict rules out.
func contradicts(status string) (answer string, decided bool) {
	switch status {
	case "granted":
		return report.Decision(policy.ImplicitlyDenied), true
	case "missing", "partial", "denied":
		return report.Decision(policy.Allowed), true
	default:
		return "", false
	}
}

func fixtureAccounts(t *testing.T, dir string) account.Accounts {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "snapshot*.json"))
	if err != nil {
		t.Fatal(err)
	}
	p := &program{now: time.Now}
	accounts, err := p.snapshots(names)
	if err != nil {
		t.Fatalf("%s: %v", dir, err)
	}
	return accounts
}

func accountsTime(accounts account.Accounts) time.Time {
	if at := latest(accounts); !at.IsZero() {
		return at
	}
	return time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
}
