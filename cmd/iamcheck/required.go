package main

import (
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/report"
)

func (p *program) requiredCommand() *cli.Command {
	return &cli.Command{
		Name:  "required",
		Usage: "print the policies that the configured databases need, to attach them",
		Description: "Prints for each role and user of the configuration its identity policies, what a permissions boundary must allow besides,\n" +
			"and its trust policy: each statement with its purpose, on the resources that the configuration names, within AWS's quotas.\n" +
			"Needs no AWS. Attached, what it prints passes iamcheck audit.\n\n" +
			"   iamcheck required --types rds,elasticache --role teleport-db-service-role --account 111122223333\n" +
			"   iamcheck required -c iamcheck.yaml -f terraform -o teleport-iam.tf",
		Flags: joined(targetFlags(), []cli.Flag{
			stringFlag("account", "", "the agent's account `ID`, where no ARN tells it"),
			stringFlag("partition", "", "the agent's `PARTITION`: aws, aws-cn, aws-us-gov … (default: that of --region, else aws)"),
			stringFlag("region", "", "`REGION` of the databases for which the configuration tells none"),
			listFlag("snapshot", "", "look the agent's name up in a saved picture: `FILE`, or - for stdin (repeatable)"),
			boolFlag("discovery", "", "with --types: what discovering databases of these types needs, too"),
			boolFlag("inline", "", "inline policies instead of managed ones, where they are short enough"),
			boolFlag("required-only", "", "leave out what is only recommended"),
			stringFlag("format", "f", "table, json, terraform, cloudformation or markdown: `NAME`"),
			stringFlag("output", "o", "write to `FILE` instead of stdout"),
			boolFlag("no-color", "", "no colours"),
			boolFlag("quiet", "q", "no remarks on stderr"),
		}),
		Action: p.required,
	}
}

// defaultAgent is the agent's name where --role and --user are absent: what is
// needed hardly depends on it.
const defaultAgent = "teleport-db-service-role"

func (p *program) required(c *cli.Context) error {
	if err := noArguments(c); err != nil {
		return err
	}
	format, err := requiredFormat(c.String("format"))
	if err != nil {
		return err
	}
	t, d, err := p.requiredTarget(c)
	if err != nil {
		return err
	}
	requirements, identities, err := expected.For(t, d)
	if err != nil {
		return unreadable(err)
	}
	attachments := expected.Attachments(requirements, identities, expected.AttachOptions{
		Inline: c.Bool("inline"), RequiredOnly: c.Bool("required-only"),
	})
	if !c.Bool("quiet") {
		for _, n := range t.Notes {
			p.note(n)
		}
	}
	return p.writeDocument(c, format.Name, func(w io.Writer, o report.Options) error { return format.Write(w, attachments, o) })
}

func requiredFormat(name string) (report.RequiredFormat, error) {
	return formatNamed(report.RequiredFormats(), func(f report.RequiredFormat) string { return f.Name }, name)
}

// requiredTarget reads the target, which needs no agent here, and what is known
// of its surroundings.
func (p *program) requiredTarget(c *cli.Context) (*config.Target, expected.Defaults, error) {
	d, err := placeFlags(c)
	if err != nil {
		return nil, d, err
	}
	t, fromFile, err := p.targetOf(c, defaultAgent)
	if err != nil {
		return nil, d, err
	}
	if err := addDiscovery(c, t, fromFile); err != nil {
		return nil, d, err
	}
	setRegion(t, c.String("region"))
	if files := c.StringSlice("snapshot"); len(files) > 0 {
		accounts, err := p.snapshots(files)
		if err != nil {
			return nil, d, err
		}
		if err := checks.Resolve(t, accounts); err != nil {
			return nil, d, unreadable(err)
		}
	}
	return t, d, nil
}

// placeFlags reads --account, --partition and --region.
func placeFlags(c *cli.Context) (expected.Defaults, error) {
	d := expected.Defaults{Account: c.String("account"), Partition: c.String("partition")}
	if d.Account != "" && !config.IsAccountID(d.Account) {
		return d, usage("--account %q is no account ID, expected 12 digits", d.Account)
	}
	if d.Partition != "" && !slices.Contains(config.Partitions(), d.Partition) {
		return d, usage("--partition %q is not known, expected %s", d.Partition, strings.Join(config.Partitions(), ", "))
	}
	region := c.String("region")
	if region == "" {
		return d, nil
	}
	if expected := config.CheckRegion(region); expected != "" {
		return d, usage("--region %q: %s", region, expected)
	}
	if own := config.PartitionOf(region); d.Partition == "" {
		d.Partition = own
	} else if own != d.Partition {
		return d, usage("--region %s is in partition %s, not in %s", region, own, d.Partition)
	}
	return d, nil
}

// setRegion gives a region to the databases and matchers that have none.
func setRegion(t *config.Target, region string) {
	if region == "" {
		return
	}
	for i := range t.Agents {
		a := &t.Agents[i]
		for j := range a.Databases {
			if aws := &a.Databases[j].AWS; aws.Region == "" {
				aws.Region = region
			}
		}
		if a.Discovery == nil {
			continue
		}
		for j := range a.Discovery.Matchers {
			if m := &a.Discovery.Matchers[j]; len(m.Regions) == 0 {
				m.Regions = []string{region}
			}
		}
	}
}

// addDiscovery lets the agent of --types discover databases of these types.
func addDiscovery(c *cli.Context, t *config.Target, fromFile bool) error {
	if !c.Bool("discovery") {
		return nil
	}
	if fromFile || len(c.StringSlice("teleport-config")) > 0 {
		return usage("--discovery is for --types alone; a configuration says itself what is discovered")
	}
	m := config.Matcher{AssumeRoleARN: c.String("assume-role"), ExternalID: c.String("external-id")}
	if m.AssumeRoleARN == "" {
		m.ExternalID = ""
	}
	a := &t.Agents[0]
	for i := range a.Databases {
		if db := &a.Databases[i]; db.Type.Discoverable() {
			m.Types = append(m.Types, db.Type)
		}
	}
	if len(m.Types) == 0 {
		return usage("--discovery: Teleport discovers databases of none of these types")
	}
	a.Discovery = &config.Discovery{Matchers: []config.Matcher{m}}
	return nil
}
