package planned

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/iamcheck/iamcheck/internal/account"
)

// update rewrites the stories: go test ./internal/planned -update
var update = flag.Bool("update", false, "rewrite the stories that plans and templates are expected to tell")

// TestStories reads every plan and template of testdata and compares what is
// after it, laid over base.json and alone, with the story beside it.
func TestStories(t *testing.T) {
	for _, dir := range []struct {
		name  string
		least int
	}{{"terraform", 17}, {"cloudformation", 10}} {
		t.Run(dir.name, func(t *testing.T) {
			told := 0
			for _, file := range planFiles(t, dir.name) {
				told++
				name := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
				t.Run(name, func(t *testing.T) { checkStory(t, file) })
			}
			if told < dir.least {
				t.Errorf("%d plans, want at least %d", told, dir.least)
			}
		})
	}
}

func planFiles(t *testing.T, dir string) []string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join("testdata", dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, file := range all {
		if ext := filepath.Ext(file); (ext == ".json" || ext == ".yaml") && !strings.HasSuffix(file, ".changes.json") {
			out = append(out, file)
		}
	}
	return out
}

func checkStory(t *testing.T, file string) {
	base := readBase(t)
	untouched := written(t, base)
	options := Options{Account: "111122223333", Partition: "aws", Region: "us-east-1"}
	stem := strings.TrimSuffix(file, filepath.Ext(file))
	if set, err := os.ReadFile(stem + ".changes.json"); err == nil {
		options.ChangeSet, options.ChangeSetFile = set, stem+".changes.json"
	}
	c, err := Read(file, readFile(t, file), options)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d resources\n", c.Kind, len(c.Resources()))
	for _, r := range c.Resources() {
		fmt.Fprintf(&b, "  %s %s\n", r.Action, r.Address)
	}
	for _, over := range []struct {
		title string
		base  account.Accounts
	}{{"over the base", base}, {"alone", nil}} {
		after, notes, err := Overlay(over.base, c)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "\n%s\n", over.title)
		for _, n := range notes {
			fmt.Fprintf(&b, "  note: %s\n", n)
		}
		for _, s := range after {
			tell(&b, s, over.base.Account(s.Account))
		}
	}
	if now := written(t, base); !bytes.Equal(untouched, now) {
		t.Errorf("the base was changed:\n%s", cmp.Diff(string(untouched), string(now)))
	}
	compareStory(t, stem+".want", b.String())
}

func compareStory(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want := string(readFile(t, file)); got != want {
		t.Errorf("%s (rewrite with -update):\n%s", file, cmp.Diff(want, got))
	}
}

// tell writes what is other than in the base.
func tell(b *strings.Builder, s, base *account.Snapshot) {
	known := map[string]string{}
	if base != nil {
		for _, e := range entitiesOf(base) {
			known[e.arn] = e.text
		}
	} else {
		fmt.Fprintf(b, "  account %s (%s), partial %v\n", s.Account, s.Partition, s.Partial)
	}
	for _, e := range entitiesOf(s) {
		if known[e.arn] != e.text {
			b.WriteString(e.text)
		}
		delete(known, e.arn)
	}
	if base != nil {
		for _, e := range entitiesOf(base) {
			if _, gone := known[e.arn]; gone {
				fmt.Fprintf(b, "  gone: %s\n", e.arn)
			}
		}
	}
	for _, g := range s.Gaps {
		fmt.Fprintf(b, "  gap: %s %s: %s\n", g.Operation, g.Subject, g.Error)
	}
}

type told struct{ arn, text string }

func entitiesOf(s *account.Snapshot) []told {
	var out []told
	add := func(arn string, lines ...string) {
		text := "  " + arn + "\n"
		for _, l := range lines {
			text += "    " + l + "\n"
		}
		out = append(out, told{arn, text})
	}
	for i := range s.Users {
		u := &s.Users[i]
		add(u.ARN, append(parts(u.Inline, u.Attached, u.Boundary, u.Tags), fmt.Sprintf("groups %v", u.Groups))...)
	}
	for i := range s.Groups {
		g := &s.Groups[i]
		add(g.ARN, parts(g.Inline, g.Attached, "", nil)...)
	}
	for i := range s.Roles {
		r := &s.Roles[i]
		add(r.ARN, append([]string{"trust " + text(r.Trust)}, parts(r.Inline, r.Attached, r.Boundary, r.Tags)...)...)
	}
	for i := range s.Policies {
		p := &s.Policies[i]
		line := "no default version"
		if v := p.DefaultVersion(); v != nil {
			line = v.ID + " " + text(v.Document)
		}
		add(p.ARN, line)
	}
	return out
}

func parts(inline []account.InlinePolicy, attached []account.AttachedPolicy, boundary string, tags []account.Tag) []string {
	var out []string
	for _, p := range inline {
		out = append(out, fmt.Sprintf("inline %s %s", p.Name, text(p.Document)))
	}
	for _, p := range attached {
		out = append(out, "attached "+p.ARN)
	}
	if boundary != "" {
		out = append(out, "boundary "+boundary)
	}
	for _, tag := range tags {
		out = append(out, "tag "+tag.Key+"="+tag.Value)
	}
	return out
}

func text(d account.Document) string {
	switch {
	case d.Text == nil && d.May == nil:
		return "unread"
	case d.May == nil:
		return compact(d.Text)
	case d.Text == nil:
		return "may " + compact(d.May)
	default:
		return compact(d.Text) + " may " + compact(d.May)
	}
}

func compact(text []byte) string {
	var b bytes.Buffer
	if err := json.Compact(&b, text); err != nil {
		return err.Error()
	}
	return b.String()
}

func readBase(t testing.TB) account.Accounts {
	t.Helper()
	file := filepath.Join("testdata", "base.json")
	snapshots, err := account.Read(file, bytes.NewReader(readFile(t, file)))
	if err != nil {
		t.Fatal(err)
	}
	base, err := account.Merge(snapshots)
	if err != nil {
		t.Fatal(err)
	}
	return base
}

func written(t testing.TB, accounts account.Accounts) []byte {
	t.Helper()
	var b bytes.Buffer
	for _, s := range accounts {
		if err := account.Write(&b, s); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

func readFile(t testing.TB, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
