package expected_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/expected"
)

// TestTell: every name that a resource may leave open is explained.
func TestTell(t *testing.T) {
	placeholder := regexp.MustCompile(`\{([^}]+)\}`)
	always := []string{"partition", "role", "aws.secret_store.key_prefix"} // never open
	asked := 0
	for _, e := range expected.Catalogue() {
		for _, resource := range e.Resources {
			for _, match := range placeholder.FindAllStringSubmatch(resource, -1) {
				name := strings.Replace(match[1], "kms.", "aws.", 1)
				if asked++; !slices.Contains(always, name) && expected.Tell(name) == "" {
					t.Errorf("%s: nothing tells what %q is", e.ID, name)
				}
			}
		}
	}
	if asked == 0 {
		t.Error("the catalogue has no placeholders")
	}
}

// logins is an agent with n databases of m logins each.
func logins(n, m int) *config.Target {
	a := config.Agent{ARN: "arn:aws:iam::111122223333:role/agent"}
	for i := range n {
		db := config.Database{Name: fmt.Sprintf("db%d", i), Type: config.RDS}
		db.AWS.Region, db.AWS.AccountID = "us-east-1", "111122223333"
		db.AWS.RDSResourceID = fmt.Sprintf("db-ABCDEFGHIJKLMNOPQRSTU%05d", i)
		for j := range m {
			db.DBUsers = append(db.DBUsers, fmt.Sprintf("user-%d", j))
		}
		a.Databases = append(a.Databases, db)
	}
	return &config.Target{Agents: []config.Agent{a}}
}

func TestAttachmentsKeepQuotas(t *testing.T) {
	for _, test := range []struct {
		databases, logins int
		inline            bool
		policies          int // at least
		isInline, wider   bool
		note              string
	}{
		{1, 1, false, 1, false, false, ""},
		{1, 1, true, 1, true, false, ""},
		{100, 1, false, 2, false, true, ""},
		{100, 1, true, 1, true, true, ""},
		{200, 2, true, 3, false, true, "inline policies of a role"},
		{1000, 2, false, 20, false, true, "more than the 10"},
	} {
		t.Run(fmt.Sprintf("%d by %d", test.databases, test.logins), func(t *testing.T) {
			requirements, identities := derive(t, logins(test.databases, test.logins))
			attachments := expected.Attachments(requirements, identities, expected.AttachOptions{Inline: test.inline})
			if len(attachments) != 1 {
				t.Fatalf("got %d attachments, want 1", len(attachments))
			}
			a := attachments[0]
			if len(a.Identity) < test.policies || test.policies == 1 && len(a.Identity) != 1 || a.Inline != test.isInline || a.Wider != test.wider {
				t.Errorf("got %d policies, inline %v, wider %v", len(a.Identity), a.Inline, a.Wider)
			}
			if notes := strings.Join(a.Notes, "\n"); (test.note == "") != (notes == "") || !strings.Contains(notes, test.note) {
				t.Errorf("notes are %q, want %q", notes, test.note)
			}
			whole := expected.Statements(requirements)[0]
			if got, want := pairs(t, a.Identity), pairs(t, []expected.Document{{Policy: whole}}); !slices.Equal(got, want) {
				t.Errorf("the parts allow %d pairs of action and resource, the whole %d", len(got), len(want))
			}
			quota := expected.ManagedPolicyQuota
			if a.Inline {
				quota = expected.RoleInlineQuota
			}
			for _, d := range append(slices.Clone(a.Identity), *a.Boundary) {
				if d.Size() > quota && d.Name != a.Boundary.Name || d.Size() > expected.RoleInlineQuota {
					t.Errorf("%s has %d characters", d.Name, d.Size())
				}
			}
		})
	}
}

// pairs are the actions and resources that documents allow, sorted. It fails on
// a Sid that stands twice.
func pairs(t *testing.T, documents []expected.Document) []string {
	t.Helper()
	var out []string
	for _, d := range documents {
		seen := map[string]bool{}
		var parsed struct{ Statement []struct{ Sid string } }
		if err := json.Unmarshal(d.JSON(), &parsed); err != nil {
			t.Fatal(err)
		}
		for i, s := range d.Statements {
			if seen[s.SID] || parsed.Statement[i].Sid != s.SID {
				t.Errorf("%s: Sid %q", d.Name, s.SID)
			}
			seen[s.SID] = true
			for _, action := range s.Actions {
				for _, resource := range s.Resources {
					out = append(out, action+" "+resource)
				}
			}
		}
	}
	slices.Sort(out)
	return out
}

// TestSize counts as AWS does: what is left of the document without white space
// between its elements.
func TestSize(t *testing.T) {
	requirements, _ := derive(t, logins(3, 2))
	for _, p := range expected.Statements(requirements) {
		var v any
		if err := json.Unmarshal(p.JSON(), &v); err != nil {
			t.Fatal(err)
		}
		if text, err := json.Marshal(v); err != nil || len(text) != p.Size() {
			t.Errorf("%s: got %d, want %d (%v)", p.Kind, p.Size(), len(text), err)
		}
	}
}

// TestSplitDividesOneStatement: a statement that is too long by itself.
func TestSplitDividesOneStatement(t *testing.T) {
	p := expected.Policy{Statements: []expected.PolicyStatement{
		{SID: "A", Actions: []string{"rds-db:connect"}},
		{SID: "A2", Actions: []string{"x:Y"}, Resources: []string{"*"}},
	}}
	for i := range 40 {
		p.Statements[0].Resources = append(p.Statements[0].Resources, fmt.Sprintf("arn:aws:rds-db:us-east-1:111122223333:dbuser:db-%d/é<", i))
	}
	parts := p.Split(400)
	var documents []expected.Document
	for i, part := range parts {
		if part.Size() > 400 {
			t.Errorf("part %d has %d characters", i, part.Size())
		}
		documents = append(documents, expected.Document{Policy: part})
	}
	if len(parts) < 5 || len(parts) > 15 || !slices.Equal(pairs(t, documents), pairs(t, []expected.Document{{Policy: p}})) {
		t.Errorf("got %d parts", len(parts))
	}
}

func TestTrustPolicyQuota(t *testing.T) {
	var requirements []expected.Requirement
	for i := range 40 {
		hop := &expected.Hop{Caller: fmt.Sprintf("arn:aws:iam::444455556666:role/a-role-with-a-long-name-%d", i), Target: "arn:aws:iam::444455556666:role/b"}
		requirements = append(requirements, expected.Requirement{
			ID: expected.HopTrust, Principal: hop.Caller, Resource: hop.Target, Action: "sts:AssumeRole", Side: expected.TrustSide, Hop: hop, Purpose: "to test",
		})
	}
	got := expected.Attachments(requirements, nil, expected.AttachOptions{})
	if len(got) != 1 || got[0].Trust == nil || len(got[0].Notes) != 1 || !strings.Contains(got[0].Notes[0], "2048 by default") {
		t.Errorf("got %+v", got)
	}
}

// TestForeignCallers: a role that another account assumes without an external ID
// is noted.
func TestForeignCallers(t *testing.T) {
	noted := func(requirements []expected.Requirement, identities []expected.Identity) bool {
		var notes string
		for _, a := range expected.Attachments(requirements, identities, expected.AttachOptions{}) {
			notes += strings.Join(a.Notes, "\n")
		}
		return strings.Contains(notes, "without an external ID")
	}
	requirements, identities := derive(t, load(t, "testdata/two-hops.yaml"))
	if noted(requirements, identities) {
		t.Error("noted though the configuration has an external ID")
	}
	for i := range requirements {
		if r := &requirements[i]; r.Hop != nil {
			hop := *r.Hop
			hop.ExternalID = ""
			r.Hop = &hop
		}
	}
	if !noted(requirements, identities) {
		t.Error("not noted, and there is no external ID")
	}
}

// TestPlaceholders: nothing is handed out that would assume any role or use any
// key, and nothing that IAM refuses passes for complete.
func TestPlaceholders(t *testing.T) {
	for name, target := range fixtures(t) {
		requirements, identities := derive(t, target)
		for _, a := range expected.Attachments(requirements, identities, expected.AttachOptions{}) {
			documents := slices.Clone(a.Identity)
			if a.Trust != nil {
				documents = append(documents, *a.Trust)
			}
			for _, d := range documents {
				text := string(d.JSON())
				if regexp.MustCompile(`:(role|key)/\*|"arn:aws:iam::\*`).MatchString(text) {
					t.Errorf("%s: %s", name, text)
				}
				for _, place := range regexp.MustCompile(`<[A-Z_]+>`).FindAllString(text, -1) {
					if !slices.ContainsFunc(a.Placeholders, func(p expected.Placeholder) bool { return p.Text == place && p.Tell() != "" }) {
						t.Errorf("%s: %s is not among the placeholders %v", name, place, a.Placeholders)
					}
				}
			}
		}
	}
}
