package main

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/planned"
)

// maxPlan bounds a plan's file; planned refuses what is larger than it reads.
const maxPlan = 256<<20 + 1

func (p *program) planCommand() *cli.Command {
	return &cli.Command{
		Name:      "plan",
		Usage:     "audit the account as a Terraform plan or CloudFormation template would leave it",
		ArgsUsage: "FILE",
		Description: "FILE is what terraform show -json prints of a plan or a state, a CloudFormation template in JSON or YAML, or a folder of\n" +
			"policy documents by role (ROLE/trust.json, ROLE/boundary.json, ROLE/attached.json with a list of ARNs, and inline\n" +
			"policies as ROLE/NAME.json). What it would change is laid over the live account, a snapshot, or nothing (--alone), and\n" +
			"audited; the report begins with what the change itself makes better or worse. What a plan does not know before it is\n" +
			"applied is not known here either, and named.\n\n" +
			"   terraform show -json tfplan > plan.json\n" +
			"   iamcheck plan plan.json --snapshot account.json --role teleport-db-service-role --types rds --source .\n" +
			"   iamcheck plan template.yaml --parameter Env=prod --change-set change-set.json\n\n" +
			"The exit code is that of an audit after the change.",
		Flags:  joined(planFlags(), targetFlags(), pictureFlags(), reportFlags()),
		Action: p.plan,
	}
}

// planFlags say how the plan is read.
func planFlags() []cli.Flag {
	return []cli.Flag{
		boolFlag("alone", "", "judge the plan alone, without the account that it changes"),
		stringFlag("account", "", "the account `ID` that the plan is for, where it does not tell"),
		listFlag("parameter", "", "a parameter of the template: `KEY=VALUE` (repeatable)"),
		stringFlag("change-set", "", "what aws cloudformation describe-change-set prints for the template: `FILE`"),
		stringFlag("source", "", "let findings point at the blocks of the Terraform files below `DIR`"),
	}
}

func (p *program) plan(c *cli.Context) error {
	if c.Args().Len() != 1 {
		return usage("plan takes one file or folder, got %d arguments\nhint: iamcheck plan --help shows its forms", c.Args().Len())
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
	base, source, err := p.planBase(c, t)
	if err != nil {
		return err
	}
	options, err := p.planOptions(c, t, base)
	if err != nil {
		return err
	}
	change, err := p.readPlan(c.Args().First(), options)
	if err != nil {
		return unreadable(err)
	}
	report, err := p.judgePlan(c, t, base, change, source)
	if err != nil {
		return err
	}
	return p.finish(c, out, report, failOn)
}

// planBase is the picture before the change; nil with --alone.
func (p *program) planBase(c *cli.Context, t *config.Target) (account.Accounts, checks.Source, error) {
	if !c.Bool("alone") {
		return p.picture(c, t)
	}
	if len(c.StringSlice("snapshot")) > 0 {
		return nil, checks.Source{}, usage("--alone judges without a picture of the account, and --snapshot gives one; choose")
	}
	return nil, checks.Source{}, nil
}

func (p *program) planOptions(c *cli.Context, t *config.Target, base account.Accounts) (planned.Options, error) {
	o := planned.Options{Account: c.String("account"), Region: c.String("region"), Parameters: map[string]string{}}
	if o.Account != "" && (len(o.Account) != 12 || strings.Trim(o.Account, "0123456789") != "") {
		return o, usage("--account %q is no account; expected twelve digits", o.Account)
	}
	if o.Account == "" && len(base) == 1 {
		o.Account = base[0].Account
	}
	if s := base.Account(o.Account); s != nil {
		o.Partition = s.Partition
	}
	if o.Account == "" {
		o.Account, o.Partition = namedAccount(t)
	}
	for _, parameter := range c.StringSlice("parameter") {
		key, value, ok := strings.Cut(parameter, "=")
		if !ok || key == "" {
			return o, usage("--parameter %q has no value; expected KEY=VALUE", parameter)
		}
		if _, twice := o.Parameters[key]; twice {
			return o, usage("--parameter %s is given twice", key)
		}
		o.Parameters[key] = value
	}
	if name := c.String("change-set"); name != "" {
		text, err := p.readInput(name)
		if err != nil {
			return o, unreadable(err)
		}
		o.ChangeSet, o.ChangeSetFile = text, name
	}
	return o, nil
}

// namedAccount is the account that the agents' ARNs name, where they name one
// alone.
func namedAccount(t *config.Target) (id, partition string) {
	for i := range t.Agents {
		a := &t.Agents[i]
		for _, name := range []string{a.Role, a.User} {
			arn, ok := config.ParseARN(name)
			switch {
			case !ok:
			case id != "" && id != arn.Account:
				return "", ""
			default:
				id, partition = arn.Account, arn.Partition
			}
		}
	}
	return id, partition
}

// readPlan reads a file, stdin or a folder.
func (p *program) readPlan(name string, o planned.Options) (*planned.Change, error) {
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return planned.ReadFolder(relative(name), os.DirFS(name), o)
	}
	text, err := p.readInput(name)
	if err != nil {
		return nil, err
	}
	if name == "-" {
		return planned.Read("stdin", text, o)
	}
	return planned.Read(relative(name), text, o)
}

func (p *program) readInput(name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(io.LimitReader(p.stdin, maxPlan))
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, cause(err))
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxPlan))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, cause(err))
	}
	return text, nil
}

// judgePlan judges the target by the picture after the change, and by the one
// before it to compare.
func (p *program) judgePlan(c *cli.Context, t *config.Target, base account.Accounts, change *planned.Change, source checks.Source) (*checks.Report, error) {
	after, notes, err := planned.Overlay(base, change)
	if err != nil {
		return nil, unreadable(err)
	}
	was, err := p.target(c)
	if err != nil {
		return nil, err
	}
	if err := resolvePlan(t, was, base, after); err != nil {
		return nil, err
	}
	report, err := p.judgeResolved(t, after, checks.Source{Kind: "plan", TakenAt: source.TakenAt})
	if err != nil {
		return nil, err
	}
	var before *checks.Report
	if !c.Bool("alone") {
		if before, err = p.judgeResolved(was, base, source); err != nil {
			return nil, err
		}
	}
	point(report, change, c.String("source"))
	report.Change = &checks.Change{Kind: change.Kind, File: change.File, Notes: notes}
	for _, r := range change.Resources() {
		report.Change.Resources = append(report.Change.Resources, checks.ChangedResource(r))
	}
	report.Change.Compare(before, report, movedAgents(was, t))
	return report, nil
}

// resolvePlan gives the agents their ARNs: t those of the picture after the
// change, was those of the one before it. An agent that is in one of
// them alone gets its ARN there in both.
func resolvePlan(t, was *config.Target, base, after account.Accounts) error {
	err := checks.Resolve(t, after)
	if len(base) > 0 {
		// An agent that is made only now is in no picture before; that is no error.
		_ = checks.Resolve(was, base)
	}
	for i := range t.Agents {
		now, then := &t.Agents[i], &was.Agents[i]
		isNow, wasThen := holds(after, now.ARN), holds(base, then.ARN)
		switch {
		case !isNow && wasThen:
			now.ARN = then.ARN
		case !wasThen:
			then.ARN = now.ARN
		}
	}
	if slices.ContainsFunc(t.Agents, func(a config.Agent) bool { return a.ARN == "" }) {
		return asUsage(err)
	}
	return nil
}

func holds(accounts account.Accounts, arn string) bool {
	return accounts.RoleByARN(arn) != nil || accounts.UserByARN(arn) != nil
}

// movedAgents are the ARNs of agents before the change by those after it.
func movedAgents(was, is *config.Target) map[string]string {
	moved := map[string]string{}
	for i := range is.Agents {
		if from, to := was.Agents[i].ARN, is.Agents[i].ARN; from != to {
			moved[from] = to
		}
	}
	return moved
}

// point lets findings show the place in the plan's sources that makes what they
// are about.
func point(r *checks.Report, change *planned.Change, dir string) {
	var files fs.FS
	if dir != "" {
		files = os.DirFS(dir)
	}
	sources := change.Sources(files)
	for i := range r.Findings {
		f := &r.Findings[i]
		at, ok := sources.Find(f.Principal, f.Policy)
		if !ok {
			continue
		}
		name := at.File
		if strings.HasPrefix(change.Kind, "Terraform") {
			name = filepath.Join(dir, filepath.FromSlash(name))
		}
		f.Position = config.Position{File: relative(name), Line: at.Line, Column: at.Column}
	}
}
