package main

import (
	"github.com/urfave/cli/v2"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/expected"
)

func (p *program) auditCommand() *cli.Command {
	return &cli.Command{
		Name:  "audit",
		Usage: "compare live IAM, or a snapshot, with what the configured databases need",
		Description: "Reads the agent, the roles it assumes and the roles that users log in as, and says of every requirement of every\n" +
			"database whether it is granted, and if not, which statement of which policy is to blame and what mends it.\n\n" +
			"   iamcheck audit --role teleport-db-service-role --types rds,redshift --db-role redshift-user-role\n" +
			"   iamcheck audit -c iamcheck.yaml --snapshot account.json -f sarif=iamcheck.sarif -f table",
		Flags:  joined(targetFlags(), pictureFlags(), []cli.Flag{scopeFlag(), verifyFlag()}, reportFlags()),
		Action: p.audit,
	}
}

func joined(groups ...[]cli.Flag) []cli.Flag {
	var out []cli.Flag
	for _, g := range groups {
		out = append(out, g...)
	}
	return out
}

func (p *program) audit(c *cli.Context) error {
	if err := noArguments(c); err != nil {
		return err
	}
	out, err := p.outputs(c)
	if err != nil {
		return err
	}
	t, err := p.target(c)
	if err != nil {
		return err
	}
	failOn, err := threshold(c.String("fail-on"), t.FailOn)
	if err != nil {
		return err
	}
	scope, err := breadth(c)
	if err != nil {
		return err
	}
	if err := checkVerify(c); err != nil {
		return err
	}
	accounts, source, err := p.picture(c, t)
	if err != nil {
		return err
	}
	report, err := p.judge(t, accounts, source, scope)
	if err != nil {
		return err
	}
	if c.Bool("verify-with-aws") {
		if err := p.verify(c, checks.Input{Target: t, Accounts: accounts, Source: source, Now: p.now(), Breadth: scope}, report); err != nil {
			return err
		}
	}
	return p.finish(c, out, report, failOn)
}

// judge derives the requirements and runs the checks.
func (p *program) judge(t *config.Target, accounts account.Accounts, source checks.Source, scope checks.Breadth) (*checks.Report, error) {
	if err := checks.Resolve(t, accounts); err != nil {
		return nil, unreadable(err)
	}
	return p.judgeWithin(t, accounts, source, scope)
}

// judgeResolved is judge for a target whose agents have their ARNs.
func (p *program) judgeResolved(t *config.Target, accounts account.Accounts, source checks.Source) (*checks.Report, error) {
	return p.judgeWithin(t, accounts, source, checks.BreadthAll)
}

func (p *program) judgeWithin(t *config.Target, accounts account.Accounts, source checks.Source, scope checks.Breadth) (*checks.Report, error) {
	requirements, identities, err := expected.For(t, defaults(accounts))
	if err != nil {
		return nil, unreadable(err)
	}
	if len(requirements) == 0 {
		return nil, usage("nothing to check: the configuration names no database and no discovery")
	}
	return checks.Run(checks.Input{
		Target: t, Accounts: accounts, Requirements: requirements, Identities: identities, Source: source, Now: p.now(), Breadth: scope,
	}), nil
}

// failure is the severity from which findings fail a run; never is set for
// "none".
type failure struct {
	at    checks.Severity
	never bool
}

// threshold reads --fail-on, else the file's fail_on, else "high".
func threshold(flag, file string) (failure, error) {
	word := flag
	if word == "" {
		word = file
	}
	switch word {
	case "":
		return failure{at: checks.High}, nil
	case "none":
		return failure{never: true}, nil
	}
	at, ok := checks.ParseSeverity(word)
	if !ok {
		return failure{}, usage("--fail-on %q is no severity; expected critical, high, medium, low, info or none", word)
	}
	return failure{at: at}, nil
}

// code is the exit code of a report: findings come before incompleteness.
func (f failure) code(r *checks.Report, allowIncomplete bool) int {
	switch {
	case !f.never && r.Fails(f.at):
		return exitFindings
	case !r.Complete() && !allowIncomplete:
		return exitIncomplete
	default:
		return exitClean
	}
}

// finish writes the report in every format that was asked for, and ends the run.
func (p *program) finish(c *cli.Context, out *outputs, r *checks.Report, f failure) error {
	code := f.code(r, c.Bool("allow-incomplete"))
	if !c.Bool("quiet") {
		for _, n := range r.Notes {
			p.note(n)
		}
	}
	if err := out.write(c, r, f, code); err != nil {
		return unreadable(err)
	}
	if code == exitClean {
		return nil
	}
	return &exitError{code: code}
}
