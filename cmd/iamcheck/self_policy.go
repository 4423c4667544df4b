package main

import (
	"fmt"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/iamcheck/iamcheck/internal/awsread"
	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/expected"
)

func (p *program) selfPolicyCommand() *cli.Command {
	return &cli.Command{
		Name:  "self-policy",
		Usage: "print the policy that iamcheck itself needs: read-only, for these roles and features",
		Description: "Prints the IAM policy for whoever runs iamcheck: the calls that an audit with the same flags makes, on the roles and users\n" +
			"that it names, and nothing else. It is made from the list of calls that iamcheck is able to make. Needs no AWS.\n" +
			"sts:GetCallerIdentity is called too; AWS answers it without a permission.\n\n" +
			"   iamcheck self-policy --role teleport-db-service-role --db-role redshift-user-role\n" +
			"   iamcheck self-policy -c iamcheck.yaml --org -o iamcheck-policy.json\n" +
			"   iamcheck self-policy --all",
		Flags: joined(targetFlags(), []cli.Flag{
			boolFlag("all", "", "for audits and snapshots with --all"),
			boolFlag("org", "", "for audits and snapshots with --org"),
			boolFlag("verify-with-aws", "", "for audits with --verify-with-aws"),
			boolFlag("explain", "", "for explain, with encoded messages to decode"),
			stringFlag("account", "", "the account `ID`, where no ARN tells it"),
			stringFlag("partition", "", "the `PARTITION`: aws, aws-cn, aws-us-gov … (default: that of --region or of the ARNs, else aws)"),
			stringFlag("region", "", "AWS `REGION`; it decides the partition"),
			stringFlag("format", "f", "`json`"),
			stringFlag("output", "o", "write to `FILE` instead of stdout"),
			boolFlag("quiet", "q", "no remarks on stderr"),
		}),
		Action: p.selfPolicy,
	}
}

func (p *program) selfPolicy(c *cli.Context) error {
	if err := noArguments(c); err != nil {
		return err
	}
	if format := c.String("format"); format != "" && format != "json" {
		return usage("there is no format %q here; there is json", format)
	}
	place, err := placeFlags(c)
	if err != nil {
		return err
	}
	o := awsread.Options{All: c.Bool("all"), Organization: c.Bool("org"), Verify: c.Bool("verify-with-aws"), Decode: c.Bool("explain")}
	if o.Roles, o.Users, err = p.selfNames(c); err != nil {
		return err
	}
	if len(o.Roles)+len(o.Users) == 0 && !o.All {
		return usage("no role is named: --role, --db-role or a configuration file tells what is read, --all reads everything")
	}
	document, err := selfDocument(o, awsread.Place{Partition: place.Partition, Account: place.Account})
	if err != nil {
		return unreadable(err)
	}
	if size := document.Size(); size > managedPolicyLimit && !c.Bool("quiet") {
		p.remark(fmt.Sprintf("the policy has %d characters, and a managed policy may have %d; --all needs a short one", size, managedPolicyLimit))
	}
	if err := p.save(c.String("output"), append(document.JSON(), '\n')); err != nil {
		return unreadable(err)
	}
	return nil
}

// managedPolicyLimit is AWS's quota for a managed policy (reference_iam-quotas).
const managedPolicyLimit = 6144

// selfDocument is the policy that a reading needs.
func selfDocument(o awsread.Options, place awsread.Place) (expected.Policy, error) {
	permissions, err := awsread.Permissions(o, place)
	if err != nil {
		return expected.Policy{}, err
	}
	return documentOf(permissions), nil
}

func documentOf(permissions []awsread.Permission) expected.Policy {
	var document expected.Policy
	for _, s := range permissions {
		document.Statements = append(document.Statements, expected.PolicyStatement{SID: s.SID, Actions: s.Actions, Resources: s.Resources})
	}
	return document
}

// selfNames are the roles and users that an audit with these flags reads. What
// databases there are matters only as far as it names roles, so that --types may
// be left out; with --all nothing need be named.
func (p *program) selfNames(c *cli.Context) (roles, users []string, err error) {
	t, err := p.namedTarget(c)
	if err != nil || t == nil {
		return nil, nil, err
	}
	roles, users = needed(t)
	return roles, users, nil
}

// namedTarget is the target for a command that needs only the names in it: nil
// where nothing names any, and with all types where flags name roles alone.
func (p *program) namedTarget(c *cli.Context) (*config.Target, error) {
	name, _, err := p.configFile(c)
	if err != nil {
		return nil, err
	}
	flags := []string{"role", "user", "db-role", "assume-role", "types", "teleport-config"}
	isSet := func(flag string) bool { return c.IsSet(flag) }
	switch {
	case name != "" || isSet("types") || isSet("teleport-config"):
		return p.target(c)
	case !slices.ContainsFunc(flags, isSet):
		return nil, nil
	}
	o := config.FlagOptions{
		Role: c.String("role"), User: c.String("user"), DBRoles: commaList(c.StringSlice("db-role")),
		AssumeRole: c.String("assume-role"), ExternalID: c.String("external-id"),
	}
	for _, t := range config.Types() {
		o.Types = append(o.Types, string(t))
	}
	t, err := config.FromFlags(o)
	return t, asUsage(err)
}
