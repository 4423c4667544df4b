package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/expected"
)

func (p *program) initCommand() *cli.Command {
	return &cli.Command{
		Name:  "init",
		Usage: "write a commented iamcheck.yaml to begin with",
		Description: "Writes iamcheck.yaml from teleport.yaml and the output of tctl get, and says in comments what these do not tell and\n" +
			"what does. Without files it writes a configuration for --types. What it writes can be audited as it is.\n\n" +
			"   iamcheck init --teleport-config teleport.yaml --teleport-config databases.yaml\n" +
			"   iamcheck init --types rds,dynamodb --role teleport-db-service-role -o -",
		Flags: []cli.Flag{
			listFlag("teleport-config", "", "teleport.yaml or the output of tctl get: `FILE` (repeatable)"),
			stringFlag("role", "", "the role that the Database Service runs as: `NAME|ARN`"),
			stringFlag("user", "", "the IAM user that the Database Service runs as: `NAME|ARN`"),
			listFlag("types", "", "database types, with commas between: `rds,redshift,…` (default: rds)"),
			listFlag("db-role", "", "a role that Teleport users log in as: `[TYPE=]NAME|ARN` (repeatable)"),
			stringFlag("assume-role", "", "`ARN` of the role that the agent assumes for the databases"),
			stringFlag("external-id", "", "external `ID` sent with that call"),
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write to `FILE`, or - for stdout", Value: defaultConfig, EnvVars: variable("output")},
			boolFlag("force", "", "replace a file that exists"),
			boolFlag("quiet", "q", "no remarks on stderr"),
		},
		Action: p.init,
	}
}

func (p *program) init(c *cli.Context) error {
	if err := noArguments(c); err != nil {
		return err
	}
	output := c.String("output")
	if output == "" {
		return usage("--output: a file name is missing")
	}
	if err := vacant(output, c.Bool("force")); err != nil {
		return err
	}
	starter, notes, err := p.starter(c, output)
	if err != nil {
		return err
	}
	text := starter.YAML()
	if err := loads(output, text); err != nil {
		return err
	}
	if output == "-" {
		output = ""
	}
	if err := p.save(output, text); err != nil {
		return unreadable(err)
	}
	if c.Bool("quiet") {
		return nil
	}
	for _, n := range notes {
		p.note(n)
	}
	if output != "" {
		p.remark(fmt.Sprintf("wrote %s; what is not known is in its comments", output))
	}
	return nil
}

// vacant refuses a file that exists.
func vacant(name string, force bool) error {
	if name == "-" || force {
		return nil
	}
	_, err := os.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return unreadable(fmt.Errorf("writing %s: %w", name, cause(err)))
	default:
		return usage("%s exists\nhint: --force replaces it, -o names another file, -o - prints", name)
	}
}

// loads makes sure that what is written can be read, before it is.
func loads(name string, text []byte) error {
	if name == "-" {
		name = defaultConfig
	}
	if _, err := config.Load(name, text, readLimited); err != nil {
		return unreadable(fmt.Errorf("what would be written does not load; nothing was written:\n%w", err))
	}
	return nil
}

// starter reads the inputs and finds what they do not tell: the names that the
// requirements leave open.
func (p *program) starter(c *cli.Context, output string) (*config.Starter, []config.Note, error) {
	teleports, err := p.teleportInputs(c)
	if err != nil {
		return nil, nil, err
	}
	o := config.FlagOptions{
		Role: c.String("role"), User: c.String("user"), Types: c.StringSlice("types"),
		DBRoles: commaList(c.StringSlice("db-role")), AssumeRole: c.String("assume-role"), ExternalID: c.String("external-id"),
		Teleports: teleports,
	}
	s := &config.Starter{MadeUp: o.Role == "" && o.User == ""}
	if s.MadeUp {
		o.Role = defaultAgent
	}
	switch {
	case len(teleports) == 0 && len(o.Types) == 0:
		o.Types = []string{string(config.RDS)}
	case len(teleports) > 0 && (len(o.Types) > 0 || len(o.DBRoles) > 0):
		return nil, nil, usage("--types and --db-role are for a configuration without --teleport-config, which tells the databases")
	}
	t, err := config.FromFlags(o)
	if err != nil {
		return nil, nil, unreadable(err)
	}
	s.Role, s.User = o.Role, o.User
	if s.Files, err = filesFrom(output, c.StringSlice("teleport-config")); err != nil {
		return nil, nil, err
	}
	if s.Databases, err = withUnknowns(t); err != nil {
		return nil, nil, err
	}
	return s, t.Notes, nil
}

// filesFrom are the paths of files as a configuration at output names them:
// relative to its directory.
func filesFrom(output string, files []string) ([]string, error) {
	if output == "-" {
		output = defaultConfig
	}
	var out []string
	for _, name := range files {
		if !filepath.IsAbs(name) {
			dir, err := filepath.Abs(filepath.Dir(output))
			if err != nil {
				return nil, unreadable(err)
			}
			file, err := filepath.Abs(name)
			if err != nil {
				return nil, unreadable(err)
			}
			if name, err = filepath.Rel(dir, file); err != nil {
				return nil, unreadable(err)
			}
		}
		out = append(out, filepath.ToSlash(name))
	}
	return out, nil
}

// withUnknowns are the databases of the only agent, each with the names that its
// requirements leave open, in the order of their first use. The account is told
// by the agent's ARN, once for all.
func withUnknowns(t *config.Target) ([]config.StarterDatabase, error) {
	requirements, _, err := expected.For(t, expected.Defaults{Account: "111122223333"})
	if err != nil {
		return nil, unreadable(err)
	}
	unknown := map[string][]config.Unknown{}
	for i := range requirements {
		r := &requirements[i]
		if r.Need == expected.NotNeeded {
			continue
		}
		for _, name := range r.Open {
			u := config.Unknown{Name: name, Tell: expected.Tell(name)}
			if name == "db_users" && r.Type.UsersAreRoles() {
				u.Tell = "roles that users log in as not known; list them, or put the output of `tctl get roles` into teleport_config"
			}
			if !slices.Contains(unknown[r.Database], u) {
				unknown[r.Database] = append(unknown[r.Database], u)
			}
		}
		if r.ID == "rds/enable-iam-auth" {
			unknown[r.Database] = append(unknown[r.Database], iamAuthUnknown())
		}
	}
	var out []config.StarterDatabase
	for i := range t.Agents[0].Databases {
		db := t.Agents[0].Databases[i]
		names := slices.Compact(unknown[db.Name])
		if db.AWS.RDSIAMAuth != nil {
			names = slices.DeleteFunc(names, func(u config.Unknown) bool { return u == iamAuthUnknown() })
		}
		out = append(out, config.StarterDatabase{Database: db, Unknown: names})
	}
	return out, nil
}

func iamAuthUnknown() config.Unknown {
	return config.Unknown{Name: "aws.rds.iam_auth", Tell: "whether IAM authentication is on is not known; where it is, Teleport need not turn it on"}
}
