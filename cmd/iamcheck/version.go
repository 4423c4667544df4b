package main

import (
	"fmt"
	"runtime/debug"

	"github.com/urfave/cli/v2"

	"github.com/iamcheck/iamcheck/internal/iamdata"
)

// version is set by the linker for releases; else the module's build
// information tells.
var version = ""

func (p *program) versionCommand() *cli.Command {
	return &cli.Command{
		Name:  "version",
		Usage: "print the version, and the date of the reference data",
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			return p.printVersion()
		},
	}
}

func (p *program) printVersion() error {
	_, err := fmt.Fprintf(p.stdout, "iamcheck %s (%s)\n", toolVersion(), iamdata.Version())
	return err
}

func toolVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "devel"
}
