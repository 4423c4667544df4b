// Command iamcheck says whether the IAM roles of an AWS account allow exactly
// what Teleport's Database Service needs of them.
//
// It knows arguments, streams, files, the clock and the environment, and turns
// them into inputs for the packages that know IAM; a file per command. It does
// not know what a policy allows or what a database needs.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	os.Exit(mainCode())
}

// mainCode runs before os.Exit so that what is deferred happens.
func mainCode() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	p := &program{
		stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr,
		terminal: terminalOf(os.Stdout), errTerminal: terminalOf(os.Stderr),
		getenv: os.Getenv, now: now,
	}
	return p.run(ctx, os.Args)
}
