package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/iamcheck/iamcheck/internal/awsread"
	"github.com/iamcheck/iamcheck/internal/iamdata"
)

func (p *program) doctorCommand() *cli.Command {
	return &cli.Command{
		Name:  "doctor",
		Usage: "try the AWS calls that an audit would make, and say what is missing",
		Description: "Says as whom AWS is asked and where, whether this machine's clock is right, and tries each call that an audit with the\n" +
			"same flags needs, on each role and user that it names. For what is refused it prints the statement to add.\n\n" +
			"   iamcheck doctor -c iamcheck.yaml --org\n" +
			"   iamcheck doctor --role teleport-db-service-role --profile audit\n\n" +
			"Exit code: 0 all is well, 3 something is refused or fails, 2 AWS cannot be asked at all.",
		Flags: joined(targetFlags(), awsFlags(), []cli.Flag{
			boolFlag("verify-with-aws", "", "try the policy simulator too, for audits with --verify-with-aws"),
			stringFlag("format", "f", "table or json: `NAME`"),
			stringFlag("output", "o", "write to `FILE` instead of stdout"),
			boolFlag("quiet", "q", "no remarks on stderr"),
		}),
		Action: p.doctor,
	}
}

// awsFlags are the picture flags of a command that does not judge files.
func awsFlags() []cli.Flag {
	var out []cli.Flag
	for _, f := range pictureFlags() {
		if f.Names()[0] != "snapshot" {
			out = append(out, f)
		}
	}
	return out
}

func (p *program) doctor(c *cli.Context) error {
	if err := noArguments(c); err != nil {
		return err
	}
	write := (*checkup).table
	switch format := c.String("format"); format {
	case "", "table":
	case "json":
		write = (*checkup).json
	default:
		return usage("there is no format %q here; there are table, json", format)
	}
	x, err := p.checkUp(c)
	if err != nil {
		return err
	}
	text, err := write(x)
	if err != nil {
		return unreadable(err)
	}
	if err := p.save(c.String("output"), text); err != nil {
		return unreadable(err)
	}
	if !x.well() {
		return &exitError{code: exitIncomplete}
	}
	return nil
}

// checkup is what doctor found.
type checkup struct {
	*awsread.Diagnosis
	tool, data string
	names      int // roles and users that were asked about
	org        bool
}

// maxAhead is from where a wrong clock spoils more than it helps: AWS refuses
// requests that are five minutes off (reference_sigv-troubleshooting), and
// conditions on dates are judged by this machine's clock.
const maxAhead = 5 * time.Minute

// checkUp asks AWS.
func (p *program) checkUp(c *cli.Context) (*checkup, error) {
	o := awsread.Options{
		Profile: c.String("profile"), Region: c.String("region"),
		All: c.Bool("all"), Organization: c.Bool("org"), Verify: c.Bool("verify-with-aws"),
		Warn: func(message string) { p.say(c, message) },
	}
	var err error
	if o.Roles, o.Users, err = p.selfNames(c); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(c.Context, c.Duration("timeout"))
	defer cancel()
	d, err := awsread.Diagnose(ctx, o)
	switch {
	case errors.Is(c.Err(), context.Canceled):
		return nil, &exitError{exitInterrupted, ""}
	case err != nil:
		return nil, unreadable(err)
	}
	return &checkup{Diagnosis: d, tool: toolVersion(), data: iamdata.Version(), names: len(o.Roles) + len(o.Users), org: o.Organization}, nil
}

func (x *checkup) well() bool {
	return x.count(awsread.Refused)+x.count(awsread.Failed) == 0 && x.clockWell()
}

func (x *checkup) clockWell() bool { return !x.ClockKnown || x.Ahead.Abs() < maxAhead }

func (x *checkup) count(status awsread.ProbeStatus) int {
	n := 0
	for _, probe := range x.Probes {
		if probe.Status == status {
			n++
		}
	}
	return n
}

// table writes what was found for people.
func (x *checkup) table() ([]byte, error) {
	var out bytes.Buffer
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	caller := x.Caller
	if caller == "" {
		caller = "AWS did not tell"
	}
	for _, row := range [][2]string{
		{"iamcheck", x.tool + ", reference data " + x.data},
		{"caller", caller},
		{"account", x.Account + " in partition " + x.Partition},
		{"region", x.Region},
		{"endpoint", x.Endpoint},
		{"clock", x.clock()},
	} {
		if row[1] != "" {
			fmt.Fprintf(w, "%s\t%s\n", row[0], plain(row[1]))
		}
	}
	_ = w.Flush() // a bytes.Buffer does not fail
	out.WriteByte('\n')
	w = tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	for _, probe := range x.Probes {
		fmt.Fprintf(w, "%s\t%s\t%s\n", probe.Status, probe.Operation, plain(strings.TrimSpace(probe.Subject+"  "+probe.Error)))
	}
	for _, arn := range x.Elsewhere {
		fmt.Fprintf(w, "skipped\t\t%s  in another account\n", plain(arn))
	}
	_ = w.Flush()
	out.WriteString("\n" + x.summary() + "\n")
	if len(x.Missing) > 0 {
		out.WriteString("\nAdd to the policies of whoever runs iamcheck:\n\n")
		out.Write(documentOf(x.Missing).JSON())
		out.WriteByte('\n')
	}
	return out.Bytes(), nil
}

// clock says how far off this machine's clock is. AWS tells whole seconds.
func (x *checkup) clock() string {
	const near = 5 * time.Second
	direction := "ahead of"
	if x.Ahead < 0 {
		direction = "behind"
	}
	switch off := x.Ahead.Abs().Round(time.Second); {
	case !x.ClockKnown:
		return "not known"
	case off <= near:
		return "right"
	case x.clockWell():
		return fmt.Sprintf("%s %s AWS's", off, direction)
	default:
		return fmt.Sprintf("%s %s AWS's: set it right, for AWS refuses requests that are 5m off", off, direction)
	}
}

// summary is the last word.
func (x *checkup) summary() string {
	lines := []string{fmt.Sprintf("%d calls: %d answered, %d refused, %d failed", len(x.Probes), x.count(awsread.Answered), x.count(awsread.Refused), x.count(awsread.Failed))}
	if x.names == 0 {
		lines = append(lines, "No role is named (--role, -c FILE): calls about roles were not tried.")
	}
	if x.memberOnly() {
		lines = append(lines, "Organizations answers the management account and delegated administrators alone; in a member account no policy helps.")
	}
	return strings.Join(lines, "\n")
}

// memberOnly: the organization is described, and nothing else of it is told.
func (x *checkup) memberOnly() bool {
	described, refused := false, false
	for _, probe := range x.Probes {
		switch {
		case probe.Operation == "organizations:DescribeOrganization":
			described = probe.Status == awsread.Answered
		case strings.HasPrefix(probe.Operation, "organizations:"):
			refused = refused || probe.Status == awsread.Refused
		}
	}
	return x.org && described && refused
}

// plain takes out what could steer a terminal or break a row.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return '?'
		}
		return r
	}, s)
}
