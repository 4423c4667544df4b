package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/urfave/cli/v2"
	"golang.org/x/term"
)

// The exit codes (README, "Exit codes"). The format of a report never changes
// them.
const (
	exitClean       = 0
	exitFindings    = 1
	exitUsage       = 2
	exitIncomplete  = 3
	exitInterrupted = 130
)

// program is one run: its streams, and the little of the world it may look at.
type program struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	terminal       terminal // of stdout
	errTerminal    terminal // of stderr
	getenv         func(string) string
	now            func() time.Time
}

// terminal is what is known of the device behind a stream.
type terminal struct {
	is    bool
	width int // columns; 0 where not known
}

func terminalOf(f *os.File) terminal {
	fd := int(f.Fd())
	if !term.IsTerminal(fd) {
		return terminal{}
	}
	width, _, err := term.GetSize(fd)
	if err != nil || width <= 0 {
		width = 80
	}
	return terminal{is: true, width: width}
}

func now() time.Time { return time.Now() }

// exitError ends a run with a code; an empty message says nothing.
type exitError struct {
	code    int
	message string
}

// Error implements error.
func (e *exitError) Error() string { return e.message }

// usage is an error in what was asked for: exit 2.
func usage(format string, args ...any) error {
	return &exitError{exitUsage, fmt.Sprintf(format, args...)}
}

// unreadable makes an error of the input one of exit 2.
func unreadable(err error) error { return &exitError{exitUsage, err.Error()} }

// run runs the command line and returns the exit code.
func (p *program) run(ctx context.Context, args []string) int {
	app := p.app()
	args, err := flagsFirst(app.Commands, args)
	if err == nil {
		err = app.RunContext(ctx, args)
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		p.complain("interrupted")
		return exitInterrupted
	}
	var exit *exitError
	switch {
	case err == nil:
		return exitClean
	case errors.As(err, &exit):
		if exit.message != "" {
			p.complain(exit.message)
		}
		return exit.code
	default:
		p.complain(err.Error())
		return exitUsage
	}
}

// complain writes an error for the person who runs iamcheck. Lines after the
// first are indented, so that one complaint reads as one.
func (p *program) complain(message string) {
	lines := strings.Split(strings.TrimRight(message, "\n"), "\n")
	fmt.Fprintln(p.stderr, "iamcheck: "+strings.Join(lines, "\n  "))
}

func (p *program) app() *cli.App {
	app := &cli.App{
		Name:  "iamcheck",
		Usage: "do these AWS IAM roles allow exactly what Teleport's databases need?",
		Description: "iamcheck reads role policies, trust policies and permissions boundaries, compares them with what each database type of\n" +
			"Teleport's Database Service needs, and says what is missing, where and why. It changes nothing in AWS.",
		HideVersion:               true,
		HideHelpCommand:           true,
		DisableSliceFlagSeparator: true,
		Reader:                    p.stdin,
		Writer:                    p.stdout,
		ErrWriter:                 p.stderr,
		ExitErrHandler:            func(*cli.Context, error) {}, // run decides the code
		OnUsageError:              onUsageError,
		Flags:                     []cli.Flag{&cli.BoolFlag{Name: "version", Usage: "print the version"}},
		Commands:                  p.commands(),
		Action: func(c *cli.Context) error {
			switch {
			case c.Bool("version"):
				return p.printVersion()
			case c.Args().Present():
				return usage("there is no command %q\nhint: iamcheck --help lists them", c.Args().First())
			default:
				return cli.ShowAppHelp(c)
			}
		},
	}
	for _, c := range app.Commands {
		c.OnUsageError = onUsageError
		c.HideHelpCommand = true
	}
	return app
}

// onUsageError keeps urfave/cli from printing help on stdout, where the report
// goes.
func onUsageError(c *cli.Context, err error, _ bool) error {
	name := "iamcheck"
	if c.Command != nil && c.Command.Name != "" && c.Command.Name != name {
		name += " " + c.Command.Name
	}
	return usage("%s\nhint: %s --help shows the flags", err, name)
}

func (p *program) commands() []*cli.Command {
	return []*cli.Command{
		p.auditCommand(),
		p.explainCommand(),
		p.canCommand(),
		p.requiredCommand(),
		p.fixCommand(),
		p.snapshotCommand(),
		p.evalCommand(),
		p.planCommand(),
		p.checksCommand(),
		p.typesCommand(),
		p.initCommand(),
		p.doctorCommand(),
		p.selfPolicyCommand(),
		p.demoCommand(),
		p.completionCommand(),
		p.manCommand(),
		p.versionCommand(),
	}
}

// noArguments refuses what is left over after the flags: urfave/cli would take a
// flag that follows an argument for another argument, silently.
func noArguments(c *cli.Context) error {
	if !c.Args().Present() {
		return nil
	}
	first := c.Args().First()
	if strings.HasPrefix(first, "-") {
		return usage("%q stands after an argument; flags go first", first)
	}
	return usage("unexpected argument %q\nhint: iamcheck %s --help shows the flags", first, c.Command.Name)
}
