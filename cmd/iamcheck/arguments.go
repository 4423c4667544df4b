package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// flagsFirst puts the flags of a command that takes arguments before them:
// urfave/cli takes everything behind the first argument for another one, flags
// included. Commands without arguments stay as they are, so that noArguments can
// say where a flag stands wrong. What follows "--" is never a flag.
func flagsFirst(commands []*cli.Command, args []string) ([]string, error) {
	if len(args) < 2 {
		return args, nil
	}
	i := slices.IndexFunc(commands, func(c *cli.Command) bool { return c.HasName(args[1]) && c.ArgsUsage != "" })
	if i < 0 {
		return args, nil
	}
	valued := valueFlags(commands[i])
	var flags, arguments []string
	rest := args[2:]
	for len(rest) > 0 {
		arg := rest[0]
		rest = rest[1:]
		switch {
		case arg == "--":
			arguments, rest = append(arguments, rest...), nil
		case !strings.HasPrefix(arg, "-") || arg == "-":
			arguments = append(arguments, arg)
		case valued[strings.TrimLeft(arg, "-")]: // without "=": the value is the next
			if len(rest) == 0 {
				return nil, usage("%s needs a value\nhint: iamcheck %s --help shows the flags", arg, args[1])
			}
			flags, rest = append(flags, arg, rest[0]), rest[1:]
		default:
			flags = append(flags, arg)
		}
	}
	return slices.Concat(args[:2], flags, []string{"--"}, arguments), nil
}

// valueFlags are the names of the flags of a command that take a value.
func valueFlags(c *cli.Command) map[string]bool {
	names := map[string]bool{}
	for _, f := range c.Flags {
		if _, isBool := f.(*cli.BoolFlag); isBool {
			continue
		}
		for _, name := range f.Names() {
			names[name] = true
		}
	}
	return names
}
