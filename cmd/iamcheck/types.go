package main

import (
	"io"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/report"
)

func (p *program) typesCommand() *cli.Command {
	return &cli.Command{
		Name:      "types",
		Usage:     "list the database types, or show what one of them needs and why",
		ArgsUsage: "[TYPE]",
		Description: "Without a type, lists them. With one, shows its statements: actions, resources, who must hold them, when, and the sources;\n" +
			"and what the published documentation is known to have wrong.\n\n" +
			"   iamcheck types memorydb",
		Flags: []cli.Flag{
			stringFlag("format", "f", "table, json or markdown: `NAME`"),
			stringFlag("output", "o", "write to `FILE` instead of stdout"),
			boolFlag("no-color", "", "no colours"),
		},
		Action: p.types,
	}
}

func (p *program) types(c *cli.Context) error {
	types, err := typesAsked(c.Args().Slice())
	if err != nil {
		return err
	}
	format, err := typesFormat(c.String("format"))
	if err != nil {
		return err
	}
	return p.writeDocument(c, format.Name, func(w io.Writer, o report.Options) error { return format.Write(w, types, o) })
}

func typesFormat(name string) (report.TypesFormat, error) {
	return formatNamed(report.TypesFormats(), func(f report.TypesFormat) string { return f.Name }, name)
}

// typesAsked are all types, or the one that the argument names.
func typesAsked(args []string) ([]expected.TypeInfo, error) {
	all := expected.Types()
	switch {
	case len(args) == 0:
		return all, nil
	case len(args) > 1:
		return nil, usage("one type at a time, or none for all; got %q", args)
	}
	asked := config.Type(strings.ToLower(args[0]))
	if asked != config.MongoDBAtlas {
		var err error
		if asked, err = config.ParseType(args[0]); err != nil {
			return nil, unreadable(err)
		}
	}
	for i := range all {
		if all[i].Type == asked {
			return all[i : i+1], nil
		}
	}
	return nil, usage("nothing is known of the type %s", asked)
}
