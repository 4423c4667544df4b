package main

import (
	"bytes"
	"fmt"
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
	options := report.Options{Version: toolVersion(), ASCII: !utf8Locale(p.getenv)}
	if c.String("output") == "" && p.terminal.is {
		options.Width = p.terminal.width
		options.Color = !c.Bool("no-color") && p.getenv("NO_COLOR") == "" && p.getenv("TERM") != "dumb"
	}
	var text bytes.Buffer
	if err := format.Write(&text, types, options); err != nil {
		return unreadable(fmt.Errorf("writing %s: %w", format.Name, err))
	}
	if err := p.save(c.String("output"), text.Bytes()); err != nil {
		return unreadable(err)
	}
	return nil
}

func typesFormat(name string) (report.TypesFormat, error) {
	formats := report.TypesFormats()
	if name == "" {
		return formats[0], nil
	}
	var names []string
	for _, f := range formats {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	return report.TypesFormat{}, usage("there is no format %q; there are %s", name, strings.Join(names, ", "))
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
