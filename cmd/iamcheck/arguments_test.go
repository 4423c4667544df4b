package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/urfave/cli/v2"
)

// The flags of a command with arguments may stand anywhere, and reach it whole.
func TestFlagsFirst(t *testing.T) {
	commands := []*cli.Command{
		{Name: "ask", Aliases: []string{"a"}, ArgsUsage: "X", Flags: []cli.Flag{
			&cli.StringFlag{Name: "format", Aliases: []string{"f"}},
			&cli.StringSliceFlag{Name: "context"},
			&cli.IntFlag{Name: "jobs"},
			&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}},
		}},
		{Name: "plain"},
	}
	for _, c := range []struct{ name, args, want, wrong string }{
		{"flags first", "ask -f json x y", "ask -f json -- x y", ""},
		{"flags last", "ask x y -f json", "ask -f json -- x y", ""},
		{"by another name", "a x -q", "a -q -- x", ""},
		{"among the arguments", "ask x --context k=v y -q z", "ask --context k=v -q -- x y z", ""},
		{"a value that looks like a flag", "ask x --context -q y", "ask --context -q -- x y", ""},
		{"with =", "ask x --format=json y --quiet=false z", "ask --format=json --quiet=false -- x y z", ""},
		{"one hyphen is enough", "ask x -format json", "ask -format json -- x", ""},
		{"numbers", "ask x --jobs -1", "ask --jobs -1 -- x", ""},
		{"after -- nothing is a flag", "ask -q x -- -f y", "ask -q -- x -f y", ""},
		{"a hyphen alone is an argument", "ask - -q", "ask -q -- -", ""},
		{"one that nobody knows goes where it is refused", "ask x --bogus y", "ask --bogus -- x y", ""},
		{"help", "ask x --help", "ask --help -- x", ""},
		{"no value", "ask x --context", "", "--context needs a value"},
		{"a command without arguments stays as it is", "plain x -q", "plain x -q", ""},
		{"an unknown command too", "other x -q", "other x -q", ""},
		{"nothing", "", "", ""},
	} {
		got, err := flagsFirst(commands, strings.Fields("iamcheck "+c.args))
		if c.wrong != "" {
			if err == nil || !strings.Contains(err.Error(), c.wrong) {
				t.Errorf("%s: got error %v, want %q", c.name, err, c.wrong)
			}
			continue
		}
		if diff := cmp.Diff(strings.Fields("iamcheck "+c.want), got); diff != "" || err != nil {
			t.Errorf("%s: error %v (-want +got):\n%s", c.name, err, diff)
		}
	}
}
