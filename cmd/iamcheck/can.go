package main

import (
	"bytes"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/awsread"
	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/policy"
	"github.com/iamcheck/iamcheck/internal/report"
)

func (p *program) canCommand() *cli.Command {
	return &cli.Command{
		Name:      "can",
		Usage:     "ask whether a role or user may perform an action, and which layer decides",
		ArgsUsage: "PRINCIPAL ACTION RESOURCE",
		Description: "PRINCIPAL is a name, path/name or ARN of a role or user, or the ARN of a role's session. RESOURCE is an ARN, a pattern\n" +
			"that asks about all that it matches, or a role's name. Condition keys that nobody told are not known.\n" +
			"docs/how-iamcheck-decides.md has the rules and the form of --file.\n\n" +
			"   iamcheck can app-agent sts:AssumeRole app-db-role --context sts:ExternalId=x7 --snapshot account.json\n" +
			"   iamcheck can --file tests.yaml --snapshot account.json -f junit=can.xml -f table\n\n" +
			"Exit code: 0 decided (with --expect or --file: as expected), 1 not as expected, 2 no such question, 3 not known.",
		Flags:  joined(questionFlags(), answerFlags(), pictureFlags()),
		Action: p.can,
	}
}

// questionFlags describe the one question of the command line.
func questionFlags() []cli.Flag {
	return []cli.Flag{
		listFlag("context", "", "the request holds this condition key: `KEY=VALUE` (repeatable; a key given again has several values)"),
		listFlag("unknown", "", "this condition `KEY` is not known, though the account tells it; KEY* means all that begin so (repeatable)"),
		listFlag("absent", "", "the request does not hold this condition `KEY`; KEY* means all that begin so (repeatable)"),
		stringFlag("session", "", "the caller is the session `NAME` of the role PRINCIPAL"),
		listFlag("tag", "", "a tag of the caller's session: `KEY=VALUE` (repeatable)"),
		listFlag("session-policy", "", "a policy that limits the caller's session: `FILE` (repeatable)"),
		stringFlag("resource-policy", "", "the policy of RESOURCE, where that is no role: `FILE`"),
		stringFlag("resource-account", "", "the account `ID` that owns RESOURCE, where its ARN does not tell"),
		stringFlag("expect", "", "exit 1 where the answer is not `allowed|denied`"),
	}
}

// answerFlags say how answers are shown.
func answerFlags() []cli.Flag {
	return []cli.Flag{
		stringFlag("file", "", "answer the questions of `FILE` instead, and compare with what each expects"),
		listFlag("format", "f", "table, json, or for --file junit; or a file in that format beside it: `NAME[=FILE]` (repeatable)"),
		stringFlag("output", "o", "write the answer to `FILE`"),
		boolFlag("no-color", "", "no colours"),
		boolFlag("quiet", "q", "no progress and no remarks on stderr"),
	}
}

func (p *program) can(c *cli.Context) error {
	if c.String("file") != "" {
		return p.canFile(c)
	}
	expect := c.String("expect")
	if !slices.Contains([]string{"", "allowed", "denied"}, expect) {
		return usage("--expect %q is no decision; expected allowed or denied", expect)
	}
	out, err := p.renderings(c, "table", "json")
	if err != nil {
		return err
	}
	q, err := questionOf(c)
	if err != nil {
		return err
	}
	accounts, err := p.pictureFor(c, []*checks.Question{q})
	if err != nil {
		return err
	}
	answer, err := p.ask(accounts, q)
	if err != nil {
		return unreadable(err)
	}
	err = out.write(func(format string, w io.Writer, o report.Options) error {
		if format == "json" {
			return report.WriteAnswerJSON(w, answer)
		}
		return report.WriteAnswer(w, answer, o)
	})
	if err != nil {
		return unreadable(err)
	}
	switch got := report.Decision(answer.Decision); {
	case answer.Decision == policy.Undecided:
		return &exitError{code: exitIncomplete}
	case expect != "" && expect != got:
		return &exitError{exitFindings, "expected " + expect + ", is " + got}
	default:
		return nil
	}
}

// ask puts a question at the time at which the picture was taken.
func (p *program) ask(accounts account.Accounts, q *checks.Question) (*checks.Answer, error) {
	at := latest(accounts)
	if at.IsZero() {
		at = p.now()
	}
	return checks.Ask(accounts, at, q)
}

// questionOf reads the question of the command line.
func questionOf(c *cli.Context) (*checks.Question, error) {
	args := c.Args().Slice()
	if len(args) != 3 {
		return nil, usage("can takes PRINCIPAL ACTION RESOURCE, or --file FILE; got %d arguments: %s\nhint: iamcheck can --help shows the flags",
			len(args), strings.Join(args, " "))
	}
	q := &checks.Question{
		Principal: args[0], Action: args[1], Resource: args[2], ResourceAccount: c.String("resource-account"),
		Session: c.String("session"), Unknown: c.StringSlice("unknown"), Absent: c.StringSlice("absent"),
	}
	var err error
	if q.Context, err = contextOf(c.StringSlice("context")); err != nil {
		return nil, err
	}
	if q.Tags, err = tagsOf(c.StringSlice("tag")); err != nil {
		return nil, err
	}
	for _, name := range c.StringSlice("session-policy") {
		source, err := policyFile(name, "session", policy.KindSession)
		if err != nil {
			return nil, unreadable(err)
		}
		q.SessionPolicies = append(q.SessionPolicies, *source)
	}
	if name := c.String("resource-policy"); name != "" {
		if q.ResourcePolicy, err = policyFile(name, "resource", policy.KindResource); err != nil {
			return nil, unreadable(err)
		}
	}
	return q, nil
}

// pictureFor takes the picture for some questions: from files, or live of the
// roles and users that they name.
func (p *program) pictureFor(c *cli.Context, questions []*checks.Question) (account.Accounts, error) {
	if files := c.StringSlice("snapshot"); len(files) > 0 {
		return p.snapshots(files)
	}
	options := awsread.Options{All: c.Bool("all")}
	for _, q := range questions {
		roles, users := q.Names()
		options.Roles, options.Users = append(options.Roles, roles...), append(options.Users, users...)
	}
	s, err := p.live(c, options)
	if err != nil {
		return nil, err
	}
	return account.Merge([]*account.Snapshot{s})
}

// renderings are the formats that were asked for, each with its file; "" is
// stdout.
type renderings struct {
	program *program
	context *cli.Context
	list    []rendering
}

type rendering struct{ format, file string }

func (p *program) renderings(c *cli.Context, known ...string) (*renderings, error) {
	out := &renderings{program: p, context: c}
	onStdout := false
	for _, asked := range c.StringSlice("format") {
		format, file, hasFile := strings.Cut(asked, "=")
		switch {
		case !slices.Contains(known, format):
			return nil, usage("there is no format %q here; there are %s", format, strings.Join(known, ", "))
		case hasFile && file == "":
			return nil, usage("--format %s: a file name is missing after =", asked)
		case !hasFile && onStdout:
			return nil, usage("--format %s: only one format goes to stdout; give the other a file, %s=FILE", asked, format)
		case !hasFile:
			onStdout, file = true, c.String("output")
		}
		out.list = append(out.list, rendering{format, file})
	}
	if !onStdout && (len(out.list) == 0 || c.String("output") != "") {
		out.list = append(out.list, rendering{known[0], c.String("output")})
	}
	return out, nil
}

// write renders all formats first, so that none is written if one fails.
func (r *renderings) write(write func(format string, w io.Writer, o report.Options) error) error {
	texts := make([]bytes.Buffer, len(r.list))
	for i, one := range r.list {
		if err := write(one.format, &texts[i], r.program.textOptions(r.context, one.file == "")); err != nil {
			return err
		}
	}
	for i, one := range r.list {
		if err := r.program.save(one.file, texts[i].Bytes()); err != nil {
			return err
		}
	}
	return nil
}

// textOptions are the options of a format for people: only what goes to a
// terminal is fitted to it.
func (p *program) textOptions(c *cli.Context, toStdout bool) report.Options {
	o := report.Options{Version: toolVersion(), ASCII: !utf8Locale(p.getenv)}
	if toStdout && p.terminal.is {
		o.Width = p.terminal.width
		o.Color = !c.Bool("no-color") && p.getenv("NO_COLOR") == "" && p.getenv("TERM") != "dumb"
	}
	return o
}
