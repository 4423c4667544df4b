package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestDocuments runs the examples of README.md and docs: in every block that is
// marked console, a line "$ iamcheck …" is run in a new directory that holds
// docs/examples, and what follows must be what it prints (stdout and stderr
// together). "$ cat FILE" and "$ echo $?" work too. A line "[...]" stands for any
// lines. With -update the documents are rewritten.
func TestDocuments(t *testing.T) {
	names, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat("../../README.md"); err == nil {
		names = append(names, "../../README.md")
	}
	blocks := 0
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		path, err := filepath.Abs(name)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(filepath.Base(name), func(t *testing.T) {
			out, n := runDocument(t, string(text))
			blocks += n
			if *update && out != string(text) {
				if err := os.WriteFile(path, []byte(out), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
	if blocks == 0 {
		t.Error("no document has a block marked console")
	}
}

// runDocument runs the console blocks and returns the text with what they print.
func runDocument(t *testing.T, text string) (out string, blocks int) {
	t.Helper()
	var done strings.Builder
	lines := strings.SplitAfter(text, "\n")
	for i := 0; i < len(lines); i++ {
		done.WriteString(lines[i])
		if strings.TrimSpace(lines[i]) != "```console" {
			continue
		}
		from := i + 1
		for i++; i < len(lines) && strings.TrimSpace(lines[i]) != "```"; i++ {
		}
		if i == len(lines) {
			t.Fatalf("line %d: the block does not end", from)
		}
		blocks++
		t.Run(fmt.Sprintf("line %d", from+1), func(t *testing.T) {
			done.WriteString(runBlock(t, from+1, lines[from:i]))
		})
		done.WriteString(lines[i])
	}
	return done.String(), blocks
}

// runBlock runs the commands of one block, one after the other in one directory.
func runBlock(t *testing.T, first int, lines []string) string {
	t.Helper()
	s := newDocShell(t)
	var out strings.Builder
	for i := 0; i < len(lines); {
		command, ok := strings.CutPrefix(lines[i], "$ ")
		if !ok {
			t.Fatalf("line %d: %q: expected a command, $ …", first+i, lines[i])
		}
		at := first + i
		out.WriteString(lines[i])
		i++
		for strings.HasSuffix(command, "\\\n") && i < len(lines) {
			out.WriteString(lines[i])
			command = strings.TrimSuffix(command, "\\\n") + strings.TrimPrefix(lines[i], "> ")
			i++
		}
		from := i
		for i < len(lines) && !strings.HasPrefix(lines[i], "$ ") {
			i++
		}
		want, got := strings.Join(lines[from:i], ""), s.run(strings.TrimSpace(command))
		switch {
		case matches(want, got):
			out.WriteString(want)
		case *update:
			out.WriteString(got)
		default:
			out.WriteString(want)
			t.Errorf("line %d: $ %s (-document +program):\n%s\ngo test ./cmd/iamcheck -run TestDocuments -update rewrites it", at, command, cmp.Diff(want, got))
		}
	}
	return out.String()
}

// matches compares with a text in which lines "[...]" stand for any lines.
func matches(want, got string) bool {
	parts := strings.Split(want, "[...]\n")
	rest, ok := strings.CutPrefix(got, parts[0])
	if !ok || len(parts) == 1 {
		return ok && rest == ""
	}
	for _, part := range parts[1 : len(parts)-1] {
		_, after, found := strings.Cut("\n"+rest, "\n"+part)
		if !found {
			return false
		}
		rest = after
	}
	return strings.HasSuffix("\n"+rest, "\n"+parts[len(parts)-1])
}

// docShell runs the few commands that documents show.
type docShell struct {
	t    *testing.T
	code int
}

func newDocShell(t *testing.T) *docShell {
	t.Helper()
	dir := t.TempDir()
	if _, err := os.Stat("../../docs/examples"); err == nil {
		if err := os.CopyFS(dir, os.DirFS("../../docs/examples")); err != nil {
			t.Fatal(err)
		}
	}
	for _, entry := range os.Environ() {
		if name, _, _ := strings.Cut(entry, "="); strings.HasPrefix(name, "IAMCHECK_") || strings.HasPrefix(name, "AWS_") {
			t.Setenv(name, "") // so that it comes back after the test
			if err := os.Unsetenv(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Chdir(dir)
	return &docShell{t: t}
}

func (s *docShell) run(command string) string {
	words := shellWords(s.t, command)
	switch {
	case command == "echo $?":
		return fmt.Sprintln(s.code)
	case len(words) == 2 && words[0] == "cat":
		text, err := os.ReadFile(words[1])
		if err != nil {
			s.t.Fatal(err)
		}
		return string(text)
	case len(words) > 0 && words[0] == "iamcheck":
		var out bytes.Buffer
		p := &program{
			stdin: strings.NewReader(""), stdout: &out, stderr: &out,
			getenv: func(string) string { return "" },
			now:    func() time.Time { return time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC) },
		}
		s.code = p.run(context.Background(), words)
		return out.String()
	default:
		s.t.Fatalf("documents may run iamcheck, cat FILE and echo $?, not %q", command)
		return ""
	}
}

// shellWords splits a command as a shell does that knows quotes and nothing more.
func shellWords(t *testing.T, command string) []string {
	t.Helper()
	var words []string
	var word strings.Builder
	quote, open := rune(0), false
	for _, r := range command {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			quote, open = r, true
		case quote == 0 && r == ' ':
			if open {
				words = append(words, word.String())
			}
			word.Reset()
			open = false
		case quote == 0 && strings.ContainsRune("|<>;&`*?\\", r) && command != "echo $?":
			t.Fatalf("%q: quote the %q, which a shell would take for its own", command, r)
		default:
			word.WriteRune(r)
			open = true
		}
	}
	if quote != 0 {
		t.Fatalf("%q: a quote is open", command)
	}
	if open {
		words = append(words, word.String())
	}
	return words
}
