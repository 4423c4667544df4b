package main

import (
	"io"

	"github.com/urfave/cli/v2"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/report"
)

func (p *program) fixCommand() *cli.Command {
	return &cli.Command{
		Name:  "fix",
		Usage: "propose the smallest change of policies that mends what an audit finds",
		Description: "Audits like iamcheck audit, and says for each role and user how its policies, its trust policy and its permissions boundary\n" +
			"are to be changed. Each change is laid over the picture and audited again: what mends nothing, or brings a new finding as\n" +
			"grave as the one it mends, is not offered. What remains is printed, with what to do. iamcheck changes nothing in AWS.\n\n" +
			"   iamcheck fix --role teleport-db-service-role --types rds,redshift\n" +
			"   iamcheck fix -c iamcheck.yaml --snapshot account.json --only missing -f cli\n\n" +
			"The exit code is that of an audit with the change made.",
		Flags: joined(targetFlags(), pictureFlags(), []cli.Flag{
			stringFlag("only", "", "mend `WHAT`: missing (not there, or cannot work) or excess (wider than needed, medium and above); default: both; missing for a part of a configuration file"),
			boolFlag("required-only", "", "leave out permissions that are only recommended"),
			stringFlag("format", "f", "diff, json, terraform or cli: `NAME` (default: diff)"),
			stringFlag("output", "o", "write to `FILE` instead of stdout"),
			stringFlag("fail-on", "", "exit 1 for findings of this `SEVERITY` and above that remain: critical, high, medium, low, info, none (default: high)"),
			boolFlag("allow-incomplete", "", "exit 0 though something could not be read or decided"),
			boolFlag("no-color", "", "no colours"),
			boolFlag("quiet", "q", "no progress and no remarks on stderr"),
		}),
		Action: p.fix,
	}
}

func (p *program) fix(c *cli.Context) error {
	if err := noArguments(c); err != nil {
		return err
	}
	format, err := mendFormat(c.String("format"))
	if err != nil {
		return err
	}
	t, fromFile, err := p.targetOf(c, "")
	if err != nil {
		return err
	}
	only, err := mendOnly(c, fromFile)
	if err != nil {
		return err
	}
	failOn, err := threshold(c.String("fail-on"), t.FailOn)
	if err != nil {
		return err
	}
	accounts, source, err := p.picture(c, t)
	if err != nil {
		return err
	}
	in, err := p.mendInput(t, accounts, source)
	if err != nil {
		return err
	}
	m := checks.Propose(*in, checks.MendOptions{Only: only, RequiredOnly: c.Bool("required-only")})
	if !c.Bool("quiet") {
		for _, n := range m.Before.Notes {
			p.note(n)
		}
	}
	if err := p.writeMend(c, format, m); err != nil {
		return err
	}
	if code := failOn.code(m.After, c.Bool("allow-incomplete")); code != exitClean {
		return &exitError{code: code}
	}
	return nil
}

// mendOnly reads --only. Of a part of a configuration only what is missing can be
// mended: what the part does not need, the rest may.
func mendOnly(c *cli.Context, fromFile bool) (checks.MendOnly, error) {
	only := checks.MendOnly(c.String("only"))
	part := fromFile && (c.IsSet("types") || c.IsSet("role") || c.IsSet("user"))
	switch {
	case only != checks.MendAll && only != checks.MendMissing && only != checks.MendExcess:
		return only, usage("--only %q is neither missing nor excess", string(only))
	case part && only == checks.MendExcess:
		return only, usage("--only excess needs the whole configuration: what a part of it does not need, the rest may\nhint: leave out --types, --role and --user")
	case part:
		return checks.MendMissing, nil
	}
	return only, nil
}

func mendFormat(name string) (report.MendFormat, error) {
	return formatNamed(report.MendFormats(), func(f report.MendFormat) string { return f.Name }, name)
}

// mendInput is what the audits before and after a change judge.
func (p *program) mendInput(t *config.Target, accounts account.Accounts, source checks.Source) (*checks.Input, error) {
	if err := checks.Resolve(t, accounts); err != nil {
		return nil, unreadable(err)
	}
	requirements, identities, err := expected.For(t, defaults(accounts))
	if err != nil {
		return nil, unreadable(err)
	}
	if len(requirements) == 0 {
		return nil, usage("nothing to check: the configuration names no database and no discovery")
	}
	return &checks.Input{
		Target: t, Accounts: accounts, Requirements: requirements, Identities: identities, Source: source, Now: p.now(),
	}, nil
}

func (p *program) writeMend(c *cli.Context, format report.MendFormat, m *checks.Mend) error {
	return p.writeDocument(c, format.Name, func(w io.Writer, o report.Options) error { return format.Write(w, m, o) })
}
