package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/iamcheck/iamcheck/internal/checks"
)

// variable is a flag's environment variable: --fail-on has IAMCHECK_FAIL_ON.
func variable(flag string) []string {
	return []string{"IAMCHECK_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))}
}

func stringFlag(name, alias, usage string) cli.Flag {
	return &cli.StringFlag{Name: name, Aliases: aliases(alias), Usage: usage, EnvVars: variable(name)}
}

func listFlag(name, alias, usage string) cli.Flag {
	return &cli.StringSliceFlag{Name: name, Aliases: aliases(alias), Usage: usage, EnvVars: variable(name)}
}

func boolFlag(name, alias, usage string) cli.Flag {
	return &cli.BoolFlag{Name: name, Aliases: aliases(alias), Usage: usage, EnvVars: variable(name)}
}

func aliases(alias string) []string {
	if alias == "" {
		return nil
	}
	return []string{alias}
}

// targetFlags say what is judged.
func targetFlags() []cli.Flag {
	return []cli.Flag{
		stringFlag("config", "c", "read agents and databases from `FILE` (default: iamcheck.yaml where it exists; empty for none)"),
		stringFlag("role", "", "the role that the Database Service runs as: `NAME|ARN`"),
		stringFlag("user", "", "the IAM user that the Database Service runs as: `NAME|ARN`"),
		listFlag("types", "", "database types, with commas between: `rds,redshift,…`"),
		listFlag("db-role", "", "a role that Teleport users log in as: `[TYPE=]NAME|ARN` (repeatable)"),
		stringFlag("assume-role", "", "`ARN` of the role that the agent assumes for the databases"),
		stringFlag("external-id", "", "external `ID` sent with that call"),
		listFlag("teleport-config", "", "teleport.yaml or the output of tctl get: `FILE` (repeatable)"),
	}
}

// pictureFlags say where the account's picture comes from.
func pictureFlags() []cli.Flag {
	return []cli.Flag{
		listFlag("snapshot", "", "judge a saved picture of the account, offline: `FILE`, or - for stdin (repeatable)"),
		stringFlag("profile", "", "AWS `PROFILE`"),
		stringFlag("region", "", "AWS `REGION`; it decides the partition"),
		boolFlag("all", "", "read the whole account in one go, not role by role"),
		boolFlag("org", "", "read the organization's SCPs and RCPs too"),
		&cli.DurationFlag{Name: "timeout", Usage: "give up reading after `DURATION`", Value: defaultTimeout, EnvVars: variable("timeout")},
	}
}

// reportFlags say how the outcome is shown, and when it fails.
func reportFlags() []cli.Flag {
	return []cli.Flag{
		listFlag("format", "f", "report format, or a file in that format beside it: `NAME[=FILE]` (repeatable)"),
		stringFlag("output", "o", "write the report to `FILE`"),
		stringFlag("fail-on", "", "exit 1 for findings of this `SEVERITY` and above: critical, high, medium, low, info, none (default: high)"),
		boolFlag("allow-incomplete", "", "exit 0 though something could not be read or decided"),
		boolFlag("reproducible", "", "leave times out of the report"),
		boolFlag("no-color", "", "no colours"),
		boolFlag("quiet", "q", "no progress and no remarks on stderr"),
		boolFlag("verbose", "v", "show findings of severity info whole in the table"),
	}
}

// scopeFlag says how far an audit looks for what is granted and not needed.
func scopeFlag() cli.Flag {
	return stringFlag("scope", "", "look for too wide grants of all services, or of the configured databases' alone: `SCOPE`, all or databases (default: all)")
}

// breadth reads --scope.
func breadth(c *cli.Context) (checks.Breadth, error) {
	switch scope := c.String("scope"); scope {
	case "", "all":
		return checks.BreadthAll, nil
	case "databases":
		return checks.BreadthDatabases, nil
	default:
		return checks.BreadthAll, usage("--scope %q is neither all nor databases", scope)
	}
}

// commaList joins the values of a repeatable flag whose values may hold several.
func commaList(values []string) []string {
	var out []string
	for _, v := range values {
		for part := range strings.SplitSeq(v, ",") {
			if part = strings.TrimSpace(part); part != "" && !slices.Contains(out, part) {
				out = append(out, part)
			}
		}
	}
	return out
}
