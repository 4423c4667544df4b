package main

import (
	"fmt"
	"io"
	"os"
	"runtime"

	"github.com/urfave/cli/v2"
)

// maxJobs bounds how many lines are decided on at once: more of them than
// processors only takes memory.
const maxJobs = 256

func (p *program) evalCommand() *cli.Command {
	return &cli.Command{
		Name:      "eval",
		Usage:     "decide requests, one JSON object a line, with the policies in it",
		ArgsUsage: "[FILE]",
		Description: "Reads questions of the form that docs/how-iamcheck-decides.md describes and writes one decision for each, in the\n" +
			"same order. A bad line is answered with an error and does not stop the rest; the exit code is then 2.",
		Flags:  []cli.Flag{&cli.IntFlag{Name: "jobs", Usage: "decide on `N` lines at once (0: as many as there are processors)", EnvVars: variable("jobs")}},
		Action: p.eval,
	}
}

func (p *program) eval(c *cli.Context) error {
	jobs := c.Int("jobs")
	if jobs < 0 || jobs > maxJobs {
		return usage("--jobs %d is out of range; expected 0 to %d", jobs, maxJobs)
	}
	if jobs == 0 {
		jobs = min(runtime.GOMAXPROCS(0), maxJobs)
	}
	in, err := p.evalInput(c)
	if err != nil {
		return err
	}
	defer in.Close()
	bad, err := evalLines(c.Context, in, p.stdout, jobs)
	switch {
	case err != nil:
		return unreadable(err)
	case bad == 1:
		return usage("1 bad line, answered with an error")
	case bad > 0:
		return usage("%d bad lines; each is answered with an error", bad)
	default:
		return nil
	}
}

func (p *program) evalInput(c *cli.Context) (io.ReadCloser, error) {
	switch name := c.Args().First(); {
	case c.Args().Len() > 1:
		return nil, usage("eval takes one file, or none for stdin; got %d arguments", c.Args().Len())
	case name == "" || name == "-":
		return io.NopCloser(p.stdin), nil
	default:
		f, err := os.Open(name)
		if err != nil {
			return nil, unreadable(fmt.Errorf("reading %s: %w", name, cause(err)))
		}
		return f, nil
	}
}
