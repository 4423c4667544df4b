package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
)

// TestFlagVariables holds every flag of every command to a variable of its own,
// which the help names and which is read.
func TestFlagVariables(t *testing.T) {
	shorts := map[string]string{}
	flags := 0
	for _, c := range new(program).commands() {
		t.Chdir(t.TempDir())
		help := runHere(t, c.Name, "--help")
		if help.code != exitClean || help.stderr != "" || c.Usage == "" || !strings.Contains(help.stdout, c.Usage) {
			t.Errorf("%s --help: %+v", c.Name, help)
		}
		for _, f := range c.Flags {
			flags++
			name := f.Names()[0]
			want := "IAMCHECK_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
			documented, ok := f.(cli.DocGenerationFlag)
			if !ok || !slices.Equal(documented.GetEnvVars(), []string{want}) {
				t.Errorf("%s --%s: want the variable %s", c.Name, name, want)
				continue
			}
			if documented.GetUsage() == "" || !strings.Contains(help.stdout, "[$"+want+"]") || !strings.Contains(help.stdout, "--"+name) {
				t.Errorf("%s --help does not tell --%s, what it does and %s", c.Name, name, want)
			}
			short := strings.Join(f.Names()[1:], " ")
			if other, known := shorts[name]; known && other != short {
				t.Errorf("%s --%s is also -%s, elsewhere -%s", c.Name, name, short, other)
			}
			shorts[name] = short
			refuseWrongVariable(t, c.Name, f, want)
		}
	}
	if flags < 100 {
		t.Errorf("only %d flags were found", flags)
	}
}

// refuseWrongVariable tells by what a switch or number refuses that its variable
// is read. Texts are tested by what they do, in the scripts.
func refuseWrongVariable(t *testing.T, command string, f cli.Flag, variable string) {
	t.Helper()
	switch f.(type) {
	case *cli.BoolFlag, *cli.DurationFlag, *cli.IntFlag:
	default:
		return
	}
	t.Run(command+" "+variable, func(t *testing.T) {
		t.Setenv(variable, "perhaps")
		r := runHere(t, command)
		if r.code != exitUsage || r.stdout != "" || !strings.Contains(r.stderr, variable) {
			t.Errorf("%s=perhaps: %+v", variable, r)
		}
	})
}

// TestSharedFlags: what commands have in common, they have wholly.
func TestSharedFlags(t *testing.T) {
	output := []cli.Flag{stringFlag("output", "o", ""), boolFlag("quiet", "q", "")}
	for _, group := range []struct {
		flags    []cli.Flag
		commands string
	}{
		{targetFlags(), "audit explain required fix snapshot plan doctor self-policy"},
		{pictureFlags(), "audit explain can fix snapshot plan"},
		{reportFlags(), "audit plan demo"},
		{output, "audit explain can required fix snapshot plan doctor self-policy demo init"},
		{[]cli.Flag{listFlag("format", "f", "")}, "audit explain can required fix plan checks types doctor self-policy demo"},
		{[]cli.Flag{boolFlag("no-color", "", "")}, "audit explain can required fix plan checks types demo"},
		{[]cli.Flag{boolFlag("allow-incomplete", "", "")}, "audit fix snapshot plan demo"},
	} {
		for name := range strings.FieldsSeq(group.commands) {
			commands := new(program).commands()
			i := slices.IndexFunc(commands, func(c *cli.Command) bool { return c.Name == name })
			if i < 0 {
				t.Errorf("there is no command %s", name)
				continue
			}
			for _, f := range group.flags {
				if !slices.ContainsFunc(commands[i].Flags, func(has cli.Flag) bool { return slices.Equal(has.Names(), f.Names()) }) {
					t.Errorf("%s has no --%s", name, strings.Join(f.Names(), ", -"))
				}
			}
		}
	}
}
