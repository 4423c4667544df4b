package policy

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite docs/conformance.md from testdata/corpus")

// TestConformancePage: the page that lists the corpus is what it lists.
func TestConformancePage(t *testing.T) {
	path := filepath.Join(repositoryRoot(t), "docs", "conformance.md")
	want := conformancePage(t)
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("docs/conformance.md differs from testdata/corpus; run make generate")
	}
}

// corpusGroup is a file of the corpus, as its README lists it.
type corpusGroup struct {
	name, about, rules string
	cases              []corpusCase
}

// corpusGroups reads the table of the corpus's README, and the files.
func corpusGroups(t *testing.T) []corpusGroup {
	t.Helper()
	folder := filepath.Join("testdata", "corpus")
	readme, err := os.ReadFile(filepath.Join(folder, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	var groups []corpusGroup
	for line := range strings.Lines(string(readme)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) != 3 || !strings.HasPrefix(line, "|") || strings.Contains(line, "---") || strings.Contains(line, "| file |") {
			continue
		}
		g := corpusGroup{name: strings.TrimSpace(cells[0]), about: strings.TrimSpace(cells[1]), rules: strings.TrimSpace(cells[2])}
		g.cases = loadCorpus(t, filepath.Join(folder, g.name+".jsonl"))
		groups = append(groups, g)
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(groups) {
		t.Fatalf("got %d files in the corpus, but %d in its README", len(files), len(groups))
	}
	return groups
}

func conformancePage(t *testing.T) string {
	t.Helper()
	groups := corpusGroups(t)
	counts, all := map[string]int{}, 0
	for _, g := range groups {
		for _, c := range g.cases {
			counts[c.Expected.Decision]++
			all++
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<!-- Made by go generate ./internal/policy from internal/policy/testdata/corpus. Do not edit. -->

# What iamcheck holds itself to

%d decisions that AWS documents, and that iamcheck's tests check on every run: %d Allowed, %d ImplicitlyDenied,
%d ExplicitlyDenied, and %d Unknown, where something is not known or AWS's documentation leaves it open. Each names the
page that it rests on. The requests and policies are in the
[corpus](../internal/policy/testdata/corpus), in the form that `+"`iamcheck eval`"+` reads. How decisions are made is
said in [How iamcheck decides](how-iamcheck-decides.md).

| group | about | cases |
|---|---|---|
`, all, counts["Allowed"], counts["ImplicitlyDenied"], counts["ExplicitlyDenied"], counts["Unknown"])
	for _, g := range groups {
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %d |\n", g.name, g.name, g.about, len(g.cases))
	}
	for _, g := range groups {
		fmt.Fprintf(&b, "\n## %s\n\n%s (rules: %s)\n\n| case | what AWS documents | decision | page |\n|---|---|---|---|\n", g.name, upperFirst(g.about), g.rules)
		for _, c := range g.cases {
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", strings.TrimPrefix(c.name, g.name+"/"), escapeMarkdown(c.Note), c.Expected.Decision, pageLink(c.Source))
		}
	}
	return b.String()
}

func upperFirst(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// escapeMarkdown keeps text from being read as markup in a cell of a table.
func escapeMarkdown(s string) string {
	return strings.NewReplacer(
		`\`, `\\`, "|", `\|`, "*", `\*`, "_", `\_`, "<", "&lt;", "`", "\\`", "[", `\[`, "]", `\]`, "~", `\~`, "$", `\$`,
	).Replace(s)
}

// pageLink links to a page of AWS's documentation.
func pageLink(source string) string {
	slug, fragment, _ := strings.Cut(source, "#")
	guide := "IAM/latest/UserGuide/"
	switch {
	case slug == "update-to-iam-role-trust-policy-behavior":
		return "[" + slug + "](https://aws.amazon.com/blogs/security/announcing-an-update-to-iam-role-trust-policy-behavior/)"
	case strings.HasPrefix(slug, "API_"):
		guide = "STS/latest/APIReference/"
	case strings.HasPrefix(slug, "orgs_"):
		guide = "organizations/latest/userguide/"
	}
	link := "https://docs.aws.amazon.com/" + guide + slug + ".html"
	if fragment != "" {
		link += "#" + fragment
	}
	return "[" + strings.ReplaceAll(slug, "_", `\_`) + "](" + link + ")"
}
