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
	"time"
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
	return runOrLeave(ctx, grace, func() int { return p.run(ctx, os.Args) }, func() { p.complain("interrupted") })
}

// grace is how long a run that was interrupted may take to end by itself. A
// judgement in the midst of its work looks at no signal; it has nothing to lose.
const grace = 2 * time.Second

// runOrLeave runs a program to its end, or until a while after it was interrupted.
func runOrLeave(ctx context.Context, grace time.Duration, run func() int, interrupted func()) int {
	done := make(chan int, 1)
	go func() { done <- run() }()
	select {
	case code := <-done:
		return code
	case <-ctx.Done():
	}
	select {
	case code := <-done:
		return code
	case <-time.After(grace):
		interrupted()
		return exitInterrupted
	}
}
