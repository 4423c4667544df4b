package config

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the want.txt of the cases")

// TestCases reads each folder of testdata/cases: iamcheck.yaml with the files
// that it names, or, where there is none, Teleport's files as --teleport-config
// takes them. want.txt holds what comes out, with the chain of each database
// for an agent of account 111122223333.
func TestCases(t *testing.T) {
	dirs, err := filepath.Glob("testdata/cases/*")
	if err != nil || len(dirs) < 25 {
		t.Fatalf("%d cases, want at least 25 (%v)", len(dirs), err)
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			got := outcome(loadCase(t, dir))
			name := filepath.Join(dir, "want.txt")
			if *update {
				if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("want -, got +:\n%s", diff)
			}
			if again := outcome(loadCase(t, dir)); again != got {
				t.Errorf("the second reading differs:\n%s", cmp.Diff(got, again))
			}
		})
	}
}

func loadCase(t *testing.T, dir string) (*Target, error) {
	t.Helper()
	open := func(path string) ([]byte, error) {
		text, err := os.ReadFile(filepath.Join(dir, path))
		if err != nil {
			return nil, fmt.Errorf("%s: no such file", path)
		}
		return text, nil
	}
	if text, err := open("iamcheck.yaml"); err == nil {
		return Load("iamcheck.yaml", text, open)
	}
	o := FlagOptions{Role: "teleport-db-service-role"}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if f.Name() == "want.txt" {
			continue
		}
		text, err := open(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		o.Teleports = append(o.Teleports, Input{Name: f.Name(), Text: text})
	}
	return FromFlags(o)
}

// outcome writes down what is set in a target, or what is wrong.
func outcome(target *Target, err error) string {
	var b strings.Builder
	if err != nil {
		var all *Errors
		if !errors.As(err, &all) {
			return "NOT AN *Errors: " + err.Error()
		}
		return "error:\n" + err.Error() + "\n"
	}
	for _, a := range target.Agents {
		arn := agentARN(a)
		fmt.Fprintf(&b, "agent%s\n", fields(reflect.ValueOf(a), "Databases", "Discovery"))
		for i := range a.Databases {
			d := &a.Databases[i]
			fmt.Fprintf(&b, "  database%s\n", fields(reflect.ValueOf(*d)))
			writeChain(&b, "    ", d.Chain(arn))
		}
		if a.Discovery == nil {
			continue
		}
		for _, m := range a.Discovery.Matchers {
			fmt.Fprintf(&b, "  discovers%s\n", fields(reflect.ValueOf(m)))
			writeChain(&b, "    ", m.Chain(arn))
		}
	}
	for _, s := range target.Suppress {
		fmt.Fprintf(&b, "suppress%s\n", fields(reflect.ValueOf(s)))
	}
	if target.FailOn != "" {
		fmt.Fprintf(&b, "fail_on %s\n", target.FailOn)
	}
	for _, n := range target.Notes {
		fmt.Fprintf(&b, "note %s: %s\n", n.Position, n.Message)
	}
	return b.String()
}

func agentARN(a Agent) string {
	if strings.HasPrefix(a.Role+a.User, "arn:") {
		return a.Role + a.User
	}
	if a.User != "" {
		return "arn:aws:iam::111122223333:user/" + a.User
	}
	return "arn:aws:iam::111122223333:role/" + a.Role
}

func writeChain(b *strings.Builder, indent string, c Chain) {
	fmt.Fprintf(b, "%sservice %s\n", indent, c.Service)
	if c.Assume != nil {
		fmt.Fprintf(b, "%sassume%s\n", indent, fields(reflect.ValueOf(*c.Assume)))
	}
	for _, h := range c.Users {
		fmt.Fprintf(b, "%suser%s\n", indent, fields(reflect.ValueOf(h)))
	}
	if c.Logins != nil || c.AllUsers {
		fmt.Fprintf(b, "%slogins %q all=%v\n", indent, c.Logins, c.AllUsers)
	}
	for _, r := range c.Refused {
		fmt.Fprintf(b, "%srefused %s: %s\n", indent, r.DBUser, r.Reason)
	}
}

// fields writes " Name=value" for each field that is not zero, save those named.
func fields(v reflect.Value, except ...string) string {
	var b strings.Builder
	for i := range v.NumField() {
		f, name := v.Field(i), v.Type().Field(i).Name
		if f.IsZero() || strings.Contains(strings.Join(except, " "), name) {
			continue
		}
		switch value := f.Interface().(type) {
		case AWS:
			fmt.Fprintf(&b, " AWS{%s }", fields(f))
		case *bool:
			fmt.Fprintf(&b, " %s=%v", name, *value)
		case Position:
			fmt.Fprintf(&b, " @%s", value)
		case string, Type, []string:
			fmt.Fprintf(&b, " %s=%q", name, value)
		default:
			fmt.Fprintf(&b, " %s=%v", name, value)
		}
	}
	return b.String()
}
