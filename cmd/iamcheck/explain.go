package main

import (
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/awsread"
	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/report"
)

func (p *program) explainCommand() *cli.Command {
	return &cli.Command{
		Name:      "explain",
		Usage:     "say why a connection fails: which link of the chain breaks, and what mends it",
		ArgsUsage: "[FILE|-]",
		Description: "FILE, or - for stdin, is an error message, lines of the agent's log, or CloudTrail events as JSON. Without one, tells\n" +
			"of a database, or of all that are not all right. docs/explain.md has what is understood, and the form of -f json.\n\n" +
			"   iamcheck explain --message 'AccessDenied: User: … is not authorized to perform: …'\n" +
			"   journalctl -u teleport | iamcheck explain -c iamcheck.yaml -\n" +
			"   iamcheck explain --database orders --db-user app --snapshot account.json\n\n" +
			"Exit code: 0 nothing broken was found, 1 a link is broken, 2 nothing to explain, 3 not decided.",
		Flags: joined([]cli.Flag{
			stringFlag("message", "", "explain this `TEXT`"),
			listFlag("database", "", "look at the database of this `NAME` only (repeatable)"),
			stringFlag("db-user", "", "the login `NAME` that fails"),
		}, targetFlags(), pictureFlags(), []cli.Flag{
			listFlag("format", "f", "table or json; or a file in that format beside it: `NAME[=FILE]` (repeatable)"),
			stringFlag("output", "o", "write the explanation to `FILE`"),
			boolFlag("reproducible", "", "leave times out"),
			boolFlag("no-color", "", "no colours"),
			boolFlag("quiet", "q", "no progress and no remarks on stderr"),
		}),
		Action: p.explain,
	}
}

func (p *program) explain(c *cli.Context) error {
	out, err := p.renderings(c, "table", "json")
	if err != nil {
		return err
	}
	reading, err := p.refusals(c)
	if err != nil {
		return err
	}
	t, err := p.explainTarget(c, reading)
	if err != nil {
		return err
	}
	p.decodeAll(c, reading)
	accounts, source, err := p.explainPicture(c, t, reading)
	if err != nil {
		return err
	}
	if err := checks.Resolve(t, accounts); err != nil {
		return unreadable(err)
	}
	in := checks.ExplainInput{
		Input:    checks.Input{Target: t, Accounts: accounts, Source: source, Now: p.now()},
		Defaults: defaults(accounts), Reading: reading,
		Asked: len(c.StringSlice("database")) > 0 || c.String("db-user") != "",
	}
	explanation, err := checks.Explain(in)
	if err != nil {
		return unreadable(err)
	}
	err = out.write(func(format string, w io.Writer, o report.Options) error {
		if o.Reproducible = c.Bool("reproducible"); format == "json" {
			return report.WriteStoriesJSON(w, explanation, o)
		}
		return report.WriteStories(w, explanation, o)
	})
	if err != nil {
		return unreadable(err)
	}
	if code := storiesExit(explanation); code != exitClean {
		return &exitError{code: code}
	}
	return nil
}

// storiesExit: a broken link comes before what is not decided.
func storiesExit(e *checks.Explanation) int {
	code := exitClean
	for i := range e.Stories {
		switch e.Stories[i].Ending {
		case checks.EndsBroken:
			return exitFindings
		case checks.EndsUndecided:
			code = exitIncomplete
		}
	}
	return code
}

// explainTarget is the target, narrowed to what was asked for. It is empty where
// nothing names one: then a message must name the identities itself.
func (p *program) explainTarget(c *cli.Context, reading *checks.Reading) (*config.Target, error) {
	name, _, err := p.configFile(c)
	if err != nil {
		return nil, err
	}
	sources := []string{"role", "user", "types", "db-role", "assume-role", "external-id", "teleport-config"}
	if name == "" && !slices.ContainsFunc(sources, func(flag string) bool { return c.IsSet(flag) }) {
		if reading == nil || len(c.StringSlice("database")) > 0 || c.String("db-user") != "" {
			return nil, usage("no configuration tells the agents and databases: -c, --teleport-config, or --role with --types\n" +
				"hint: a message that names caller and action can be explained without")
		}
		return &config.Target{}, nil
	}
	t, err := p.target(c)
	if err != nil {
		return nil, err
	}
	t, err = config.SelectDatabases(t, c.StringSlice("database"), c.String("db-user"))
	return t, asUsage(err)
}

// explainPicture takes the picture of what the target and the refusals name.
func (p *program) explainPicture(c *cli.Context, t *config.Target, reading *checks.Reading) (account.Accounts, checks.Source, error) {
	roles, users := reading.Names()
	if len(c.StringSlice("snapshot")) > 0 {
		return p.picture(c, t)
	}
	more, others := needed(t)
	roles, users = distinct(append(more, roles...)), distinct(append(others, users...))
	if len(roles)+len(users) == 0 && !c.Bool("all") {
		return nil, checks.Source{}, &exitError{exitUsage, "the message names no role or user to look at\nhint: --role, a configuration file or --all tells what to read"}
	}
	s, err := p.live(c, awsread.Options{Roles: roles, Users: users, All: c.Bool("all")})
	if err != nil {
		return nil, checks.Source{}, err
	}
	accounts, err := account.Merge([]*account.Snapshot{s})
	return accounts, checks.Source{Kind: "live", TakenAt: s.TakenAt}, err
}

// distinct keeps the first of equal names; "role/x" is the name x.
func distinct(names []string) []string {
	var out []string
	for _, n := range names {
		if n = strings.TrimPrefix(n, "role/"); !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}
