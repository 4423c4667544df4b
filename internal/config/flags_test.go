package config

import (
	"bufio"
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFlags runs the command lines of testdata/flags.txt: a line "$ flags",
// then what comes out.
func TestFlags(t *testing.T) {
	const name = "testdata/flags.txt"
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	cases := 0
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() {
		line := lines.Text()
		if strings.HasPrefix(line, "#") {
			got.WriteString(line + "\n")
		}
		if args, ok := strings.CutPrefix(line, "$ "); ok {
			cases++
			got.WriteString("\n" + line + "\n" + outcome(runFlags(t, strings.Fields(args))))
		}
	}
	if cases < 20 {
		t.Errorf("%d cases, want at least 20", cases)
	}
	if *update {
		if err := os.WriteFile(name, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(text), got.String()); diff != "" && !*update {
		t.Errorf("want -, got +:\n%s", diff)
	}
}

// runFlags is FromFlags, or Select where -c names a case whose iamcheck.yaml is
// the configuration.
func runFlags(t *testing.T, args []string) (*Target, error) {
	t.Helper()
	var o FlagOptions
	config := ""
	for i := 0; i+1 < len(args); i += 2 {
		value := args[i+1]
		switch args[i] {
		case "--role":
			o.Role = value
		case "--user":
			o.User = value
		case "--types":
			o.Types = append(o.Types, value)
		case "--db-role":
			o.DBRoles = append(o.DBRoles, value)
		case "--assume-role":
			o.AssumeRole = value
		case "--external-id":
			o.ExternalID = value
		case "--teleport-config":
			text, err := os.ReadFile("testdata/cases/" + value)
			if err != nil {
				t.Fatal(err)
			}
			o.Teleports = append(o.Teleports, Input{Name: value, Text: text})
		case "-c":
			config = value
		default:
			t.Fatalf("unknown flag %s", args[i])
		}
	}
	if config == "" {
		return FromFlags(o)
	}
	target, err := loadCase(t, "testdata/cases/"+config)
	if err != nil {
		t.Fatal(err)
	}
	return Select(target, o.Role, o.User, o.Types)
}
