package main

import (
	"fmt"

	"github.com/urfave/cli/v2"
)

// manSection is that of programs for users.
const manSection = 1

// manExtra are the sections that no command's help has.
const manExtra = `# EXIT STATUS

**0** nothing at or above --fail-on; **1** such findings; **2** wrong usage, configuration or input; **3** something that was asked for
could not be read or decided, and nothing failed; **130** interrupted.

# ENVIRONMENT

Every flag has a variable: IAMCHECK_FAIL_ON stands for --fail-on. A flag comes before its variable, and both before the
configuration file. The variables of the AWS SDK (AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL and others) are read by the SDK.

# USAGE`

func (p *program) manCommand() *cli.Command {
	return &cli.Command{
		Name:  "man",
		Usage: "print the manual page",
		Description: "Prints the manual page in troff.\n\n" +
			"   iamcheck man > /usr/local/share/man/man1/iamcheck.1\n" +
			"   iamcheck man | man -l -",
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			app := p.app()
			app.Description += "\n\n" + manExtra
			for _, command := range app.Commands {
				command.UsageText = command.Description // the only longer text that ToMan shows
			}
			page, err := app.ToManWithSection(manSection)
			if err != nil {
				return unreadable(fmt.Errorf("making the manual page: %w", err))
			}
			return p.save("", []byte(page))
		},
	}
}
