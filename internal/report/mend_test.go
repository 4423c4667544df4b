package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// proposal is a proposal of one document of each sort, with names and values that
// somebody chose who means no good.
func proposal(t *testing.T) *checks.Mend {
	t.Helper()
	role := "arn:aws:iam::111122223333:role/team/-it's=${a}"
	plain := "arn:aws-cn:iam::444455556666:user/db"
	printed := func(statement string) []byte {
		d, err := policy.Parse(policy.KindIdentity, []byte(`{"Version":"2012-10-17","Statement":[`+statement+`]}`))
		if err != nil {
			t.Fatal(err)
		}
		return d.Print()
	}
	hostile := printed(`{"Sid":"A","Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::x/${aws:username}/%{ if }/$(id)` + "`id`" + `'; rm -rf /;'\n\u001b[31m\u202e",
		"Condition":{"Bool":{"aws:MultiFactorAuthPresent":true},"NumericLessThan":{"aws:MultiFactorAuthAge":[3600,1e3,false]}}}`)
	before := printed(`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`)
	step := checks.MendStep{What: "allow x\n$(id)\x1b[31m", Severity: checks.High, Principal: plain, Requirements: []string{"rds/connect"}}
	report := &checks.Report{Requirements: []checks.RequirementVerdict{{Status: checks.Missing}}}
	document := func(kind, entity, name string, before, after []byte) checks.MendedDocument {
		return checks.MendedDocument{
			DocumentPlace: checks.DocumentPlace{Kind: kind, Entity: entity, Policy: name}, Principal: entity,
			Before: before, After: after, Steps: []checks.MendStep{step}, Notes: []string{"a note\nof two lines"},
		}
	}
	managed := document("managed", plain, "arn:aws-cn:iam::444455556666:policy/x/own", before, hostile)
	managed.Versions, managed.Oldest = 5, "v2"
	attached := document("managed", plain, "arn:aws-cn:iam::444455556666:policy/fresh", nil, hostile)
	attached.Attach = true
	detached := document("managed", plain, "arn:aws-cn:iam::444455556666:policy/gone", before, nil)
	detached.Detach = true
	return &checks.Mend{
		Before: report, After: report,
		Documents: []checks.MendedDocument{
			document("inline", plain, "-leading", before, hostile),
			document("inline", plain, "fresh", nil, hostile),
			document("inline", plain, "gone", before, nil),
			managed, attached, detached,
			document("trust", "arn:aws:iam::111122223333:role/team/target", "trust policy", before, hostile),
			document("inline", role, "x'y\n$(id)", before, hostile),
		},
		Refused: []checks.RefusedStep{{MendStep: step, Why: "why\nnot"}},
		Left:    []checks.Unmended{{Finding: checks.Finding{Check: "c", Message: "m\nn", Outcome: checks.Fail, Severity: checks.High}, Tell: "do\nthis"}},
	}
}

func proposalText(t *testing.T, name string) string {
	t.Helper()
	for _, f := range MendFormats() {
		if f.Name == name {
			var out bytes.Buffer
			if err := f.Write(&out, proposal(t), Options{Version: "1.2.3"}); err != nil {
				t.Fatal(err)
			}
			for _, r := range out.String() {
				if r != '\n' && !printable(r, false) {
					t.Errorf("the text holds %U", r)
				}
			}
			return out.String()
		}
	}
	t.Fatalf("no format %s", name)
	return ""
}

// TestMendCLI has a shell read the commands: each gets the words that it is meant
// to get, and nothing else runs.
func TestMendCLI(t *testing.T) {
	text := proposalText(t, "cli")
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no sh")
	}
	script := `set -eu; PATH=/nonexistent; aws() { for a; do printf '%s\0' "$a"; done; printf 'END\0'; }` + "\n" + text
	out, err := exec.Command(shell, "-c", script).Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	var got [][]string
	for command := range strings.SplitSeq(strings.TrimSuffix(string(out), "END\x00"), "END\x00") {
		got = append(got, strings.Split(strings.TrimSuffix(command, "\x00"), "\x00"))
	}
	var want [][]string
	m := proposal(t)
	for i := range m.Documents {
		for _, c := range callsOf(&m.Documents[i]) {
			words := append([]string{"iam"}, c.Args...)
			if at := slices.Index(words, "-leading"); at > 0 { // else it would pass for a flag
				words = slices.Replace(words, at-1, at+1, words[at-1]+"=-leading")
			}
			want = append(want, words)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" || len(got) != 8 {
		t.Errorf("%d commands; want -, got +:\n%s", len(got), diff)
	}
	if !strings.Contains(text, "# aws iam delete-policy-version --policy-arn arn:aws-cn:iam::444455556666:policy/x/own --version-id v2") ||
		!strings.Contains(text, "a name here is none that IAM gives") {
		t.Errorf("the text lacks a remark:\n%s", text)
	}
}

// TestMendCalls: the documents of the calls are those of the proposal.
func TestMendCalls(t *testing.T) {
	m := proposal(t)
	documents := 0
	for i := range m.Documents {
		for _, c := range callsOf(&m.Documents[i]) {
			if at := slices.Index(c.Args, "--policy-document"); at > 0 {
				documents++
				if diff := cmp.Diff(decoded(t, m.Documents[i].After), decoded(t, []byte(c.Args[at+1]))); diff != "" {
					t.Errorf("%s: want -, got +:\n%s", c.Action, diff)
				}
			}
		}
	}
	if documents != 5 {
		t.Errorf("got %d documents, want 5", documents)
	}
}

// TestMendTerraform evaluates what is written as Terraform would: every policy
// comes out as it went in, numbers and booleans as words.
func TestMendTerraform(t *testing.T) {
	text := proposalText(t, "terraform")
	file, diags := hclsyntax.ParseConfig([]byte(text), "x.tf", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatalf("%v\n%s", diags, text)
	}
	body, ok := file.Body.(*hclsyntax.Body)
	if !ok {
		t.Fatal("no native body")
	}
	policies, imports := 0, 0
	seen := map[string]bool{}
	for _, b := range body.Blocks {
		if b.Type == "import" {
			imports++
			continue
		}
		if id := b.Type + strings.Join(b.Labels, "."); b.Type == "resource" && seen[id] {
			t.Errorf("%s stands twice", id)
		} else {
			seen[id] = true
		}
		for _, attribute := range []string{"policy", "assume_role_policy"} {
			a, ok := b.Body.Attributes[attribute]
			if !ok {
				continue
			}
			value, diags := a.Expr.Value(terraformContext(body))
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			policies++
			want := regexp.MustCompile(`([^"\w])(true|false|3600|1e3)([^"\w])`).ReplaceAllString(string(proposal(t).Documents[0].After), `$1"$2"$3`)
			if diff := cmp.Diff(decoded(t, []byte(want)), decoded(t, []byte(value.AsString()))); diff != "" {
				t.Errorf("%v: want -, got +:\n%s", b.Labels, diff)
			}
		}
	}
	if policies != 6 || imports != 4 {
		t.Errorf("got %d policies and %d imports, want 6 and 4\n%s", policies, imports, text)
	}
}

func TestMendJSON(t *testing.T) {
	var got mendDocument
	text := proposalText(t, "json")
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	m := proposal(t)
	var operations []string
	for i := range got.Documents {
		operations = append(operations, got.Documents[i].Operation)
		if diff := cmp.Diff(maybe(t, m.Documents[i].After), maybe(t, got.Documents[i].After)); diff != "" {
			t.Errorf("document %d: want -, got +:\n%s", i, diff)
		}
	}
	want := []string{"update", "create", "delete", "update", "create", "detach", "update", "update"}
	if diff := cmp.Diff(want, operations); diff != "" || len(got.Refused) != 1 || len(got.Remaining) != 1 {
		t.Errorf("want -, got +:\n%s", diff)
	}
}

func maybe(t *testing.T, text []byte) any {
	t.Helper()
	if len(text) == 0 {
		return nil
	}
	return decoded(t, text)
}

// TestUnified applies diffs of random texts: what comes out is the second text.
func TestUnified(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	random := func() []string {
		var lines []string
		for range rng.IntN(40) {
			lines = append(lines, string(rune('a'+rng.IntN(6))))
		}
		return lines
	}
	changed := 0
	for range 3000 {
		a := random()
		b := random()
		if rng.IntN(2) == 0 { // most diffs are small
			b = slices.Clone(a)
			for range rng.IntN(3) {
				if at := rng.IntN(len(b) + 1); at < len(b) {
					b = slices.Delete(b, at, at+1)
				} else {
					b = slices.Insert(b, rng.IntN(len(b)+1), "new")
				}
			}
		}
		hunks := unified(a, b)
		if len(hunks) > 0 {
			changed++
		}
		if diff := cmp.Diff(strings.Join(b, "\n"), strings.Join(patched(t, a, hunks), "\n")); diff != "" {
			t.Fatalf("from %q to %q by\n%s\nwant -, got +:\n%s", a, b, strings.Join(hunks, "\n"), diff)
		}
	}
	if changed < 1500 {
		t.Errorf("only %d texts differed", changed)
	}
}

// patched applies hunks as patch does, and holds their heads to what follows.
func patched(t *testing.T, a, hunks []string) []string {
	t.Helper()
	head := regexp.MustCompile(`^@@ -(\d+),(\d+) \+(\d+),(\d+) @@$`)
	var out []string
	at := 0
	for i := 0; i < len(hunks); {
		m := head.FindStringSubmatch(hunks[i])
		if m == nil {
			t.Fatalf("%q is no head", hunks[i])
		}
		var n [4]int
		for j := range n {
			n[j], _ = strconv.Atoi(m[j+1])
		}
		from := n[0] - min(n[1], 1)
		out = append(out, a[at:from]...)
		at = from
		if len(out) != n[2]-min(n[3], 1) {
			t.Fatalf("%s: %d lines were written before it", hunks[i], len(out))
		}
		minus, plus := 0, 0
		for i++; i < len(hunks) && hunks[i][0] != '@'; i++ {
			if hunks[i][0] != '+' {
				if a[at] != hunks[i][1:] {
					t.Fatalf("line %d is %q, want %q", at, a[at], hunks[i][1:])
				}
				at++
				minus++
			}
			if hunks[i][0] != '-' {
				out = append(out, hunks[i][1:])
				plus++
			}
		}
		if got := fmt.Sprint(minus, plus); got != fmt.Sprint(n[1], n[3]) {
			t.Fatalf("%v has %s lines", m[0], got)
		}
	}
	return append(out, a[at:]...)
}
