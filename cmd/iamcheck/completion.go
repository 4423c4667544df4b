package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/config"
)

func (p *program) completionCommand() *cli.Command {
	return &cli.Command{
		Name:      "completion",
		Usage:     "print the completion script of a shell",
		ArgsUsage: "bash|zsh|fish|powershell",
		Description: "The script holds the names of all commands and flags, and runs nothing when it completes.\n\n" +
			"   source <(iamcheck completion bash)                                    # in ~/.bashrc\n" +
			"   iamcheck completion zsh > \"${fpath[1]}/_iamcheck\"\n" +
			"   iamcheck completion fish > ~/.config/fish/completions/iamcheck.fish\n" +
			"   iamcheck completion powershell | Out-String | Invoke-Expression       # in $PROFILE",
		Action: p.completion,
	}
}

func (p *program) completion(c *cli.Context) error {
	if c.NArg() != 1 {
		return usage("completion takes one shell: %s", strings.Join(shellNames(), ", "))
	}
	for _, s := range shells() {
		if s.name == c.Args().First() {
			return p.save("", []byte(s.script(p.vocabulary())))
		}
	}
	return usage("there is no script for %q; there are %s", c.Args().First(), strings.Join(shellNames(), ", "))
}

func shellNames() []string {
	var names []string
	for _, s := range shells() {
		names = append(names, s.name)
	}
	return names
}

// vocabulary is what can be completed: plain words, so that no shell can find
// anything to expand in them.
type vocabulary []commandWords

type commandWords struct {
	name, usage string
	flags       []flagWords
}

type flagWords struct {
	names  []string // as written: "--format", "-f"
	usage  string
	valued bool     // it takes a value
	values []string // those that are known; with valued and none, files complete
}

func (p *program) vocabulary() vocabulary {
	var v vocabulary
	for _, command := range p.commands() {
		w := commandWords{name: command.Name, usage: command.Usage}
		for _, f := range append(slices.Clone(command.Flags), &cli.BoolFlag{Name: "help", Usage: "show help"}) {
			w.flags = append(w.flags, wordsOf(command.Name, f))
		}
		v = append(v, w)
	}
	return v
}

func wordsOf(command string, f cli.Flag) flagWords {
	var w flagWords
	for _, name := range f.Names() {
		dashes := "--"
		if len(name) == 1 {
			dashes = "-"
		}
		w.names = append(w.names, dashes+name)
	}
	if documented, ok := f.(cli.DocGenerationFlag); ok {
		w.usage = strings.ReplaceAll(documented.GetUsage(), "`", "")
		w.valued = documented.TakesValue()
	}
	if w.valued {
		w.values = knownValues(command, f.Names()[0])
	}
	return w
}

// knownValues are the values of a flag that has only so many.
func knownValues(command, flag string) []string {
	var values []string
	switch flag {
	case "fail-on":
		for s := checks.Critical; s > checks.Info; s-- {
			values = append(values, s.String())
		}
		values = append(values, checks.Info.String(), "none")
	case "types":
		for _, t := range config.Types() {
			values = append(values, string(t))
		}
	case "partition":
		values = config.Partitions()
	case "expect":
		values = []string{"allowed", "denied"}
	case "format":
		if slices.Contains([]string{"audit", "demo"}, command) {
			values = formatNames()
		}
	}
	return values
}
