package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/report"
)

func (p *program) checksCommand() *cli.Command {
	return &cli.Command{
		Name:      "checks",
		Usage:     "list the checks, or say what one of them means and how to mend what it finds",
		ArgsUsage: "[CHECK]",
		Description: "Without a check, lists them. With one, says what fires it, why it matters, what to do, when it is right to set it aside, and the sources.\n\n" +
			"   iamcheck checks trust-public",
		Flags: []cli.Flag{
			stringFlag("format", "f", "table, json or markdown: `NAME`"),
			stringFlag("output", "o", "write to `FILE` instead of stdout"),
			boolFlag("no-color", "", "no colours"),
		},
		Action: p.checks,
	}
}

func (p *program) checks(c *cli.Context) error {
	asked, err := checksAsked(c.Args().Slice())
	if err != nil {
		return err
	}
	format, err := checksFormat(c.String("format"))
	if err != nil {
		return err
	}
	return p.writeDocument(c, format.Name, func(w io.Writer, o report.Options) error { return format.Write(w, asked, o) })
}

func checksFormat(name string) (report.ChecksFormat, error) {
	return formatNamed(report.ChecksFormats(), func(f report.ChecksFormat) string { return f.Name }, name)
}

// checksAsked are all checks, or the one that the argument names.
func checksAsked(args []string) ([]*checks.Check, error) {
	switch {
	case len(args) == 0:
		return checks.All(), nil
	case len(args) > 1:
		return nil, usage("one check at a time, or none for all; got %q", args)
	}
	if c := checks.ByID(strings.ToLower(args[0])); c != nil {
		return []*checks.Check{c}, nil
	}
	return nil, usage("there is no check %q; %s\nhint: iamcheck checks lists them", args[0], likeChecks(args[0]))
}

// likeChecks suggests the checks that share the most words with a name that none
// has.
func likeChecks(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r == '-' || r == '_' || r == ' ' })
	shared := func(id string) int {
		n := 0
		for _, w := range strings.Split(id, "-") {
			if slices.Contains(words, w) {
				n++
			}
		}
		return n
	}
	all := checks.All()
	slices.SortStableFunc(all, func(a, b *checks.Check) int { return cmp.Compare(shared(b.ID), shared(a.ID)) })
	var near []string
	for _, c := range all {
		if shared(c.ID) > 0 && len(near) < 3 {
			near = append(near, c.ID)
		}
	}
	if len(near) == 0 {
		return fmt.Sprintf("there are %d", len(all))
	}
	return "did you mean " + strings.Join(near, ", ")
}
