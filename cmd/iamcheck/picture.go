package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/awsread"
	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/expected"
)

// defaultTimeout bounds a live read: the largest accounts take a minute or two
// when AWS throttles.
const defaultTimeout = 5 * time.Minute

// picture takes the account's picture, from files or live, for what the target
// names.
func (p *program) picture(c *cli.Context, t *config.Target) (account.Accounts, checks.Source, error) {
	if files := c.StringSlice("snapshot"); len(files) > 0 {
		accounts, err := p.snapshots(files)
		return accounts, checks.Source{Kind: "snapshot", TakenAt: latest(accounts)}, err
	}
	roles, users := needed(t)
	s, err := p.live(c, awsread.Options{Roles: roles, Users: users, All: c.Bool("all")})
	if err != nil {
		return nil, checks.Source{}, err
	}
	accounts, err := account.Merge([]*account.Snapshot{s})
	return accounts, checks.Source{Kind: "live", TakenAt: s.TakenAt}, err
}

// snapshots reads and merges saved pictures.
func (p *program) snapshots(files []string) (account.Accounts, error) {
	var all []*account.Snapshot
	for _, name := range files {
		some, err := p.readSnapshot(name)
		if err != nil {
			return nil, unreadable(err)
		}
		all = append(all, some...)
	}
	accounts, err := account.Merge(all)
	if err != nil {
		return nil, unreadable(err)
	}
	return accounts, nil
}

func (p *program) readSnapshot(name string) ([]*account.Snapshot, error) {
	if name == "-" {
		return account.Read("stdin", p.stdin)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, cause(err))
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, fmt.Errorf("reading %s: is a directory", name)
	}
	return account.Read(name, f)
}

func latest(accounts account.Accounts) time.Time {
	var at time.Time
	for _, s := range accounts {
		if s.TakenAt.After(at) {
			at = s.TakenAt
		}
	}
	return at
}

// needed are the roles and users that a target names, as far as their names are
// known before the account is: names for those whose account is not told.
func needed(t *config.Target) (roles, users []string) {
	for i := range t.Agents {
		if a := &t.Agents[i]; a.User != "" {
			users = append(users, a.User)
		} else {
			roles = append(roles, a.Role)
		}
	}
	_, identities, err := expected.For(t, expected.Defaults{})
	if err != nil {
		return roles, users // the same call fails again, with the account known
	}
	for _, id := range identities {
		if id.Kind == expected.Agent {
			continue
		}
		arn, ok := config.ParseARN(id.ARN)
		switch path, isRole := strings.CutPrefix(arn.Resource, "role/"); {
		case !ok || !isRole || strings.Contains(path, "*"):
		case arn.Account == "*":
			roles = append(roles, path)
		default:
			roles = append(roles, id.ARN)
		}
	}
	return roles, users
}

// live reads the account over the AWS SDK.
func (p *program) live(c *cli.Context, o awsread.Options) (*account.Snapshot, error) {
	if timeout := c.Duration("timeout"); timeout <= 0 {
		return nil, usage("--timeout %s: expected a time above 0, such as 5m", timeout)
	}
	ctx, cancel := context.WithTimeout(c.Context, c.Duration("timeout"))
	defer cancel()
	o.Organization = c.Bool("org")
	o.Profile, o.Region, o.Now = c.String("profile"), c.String("region"), p.now().UTC().Truncate(time.Second)
	if !c.Bool("quiet") {
		o.Warn = func(message string) { p.remark(message) }
		if p.errTerminal.is {
			o.Progress = p.progress
			defer fmt.Fprint(p.stderr, "\r\x1b[K")
		}
	}
	s, err := awsread.Read(ctx, o)
	switch {
	case err == nil:
		return s, nil
	case errors.Is(c.Err(), context.Canceled):
		return nil, &exitError{exitInterrupted, ""}
	case errors.Is(err, context.DeadlineExceeded) && s != nil:
		p.remark(fmt.Sprintf("reading stopped after %s (--timeout); what was not read is a gap", c.Duration("timeout")))
		return s, nil
	case errors.Is(err, context.DeadlineExceeded):
		return nil, &exitError{exitIncomplete, fmt.Sprintf("AWS did not answer within %s\nhint: --timeout gives it longer", c.Duration("timeout"))}
	default:
		return nil, unreadable(err)
	}
}

// progress keeps one line of stderr up to date; it is used on terminals only.
func (p *program) progress(done, known int) {
	if known > 0 {
		fmt.Fprintf(p.stderr, "\r\x1b[Kreading IAM: %d of %d", done, known)
		return
	}
	fmt.Fprintf(p.stderr, "\r\x1b[Kreading IAM: %d", done)
}

// remark says something on stderr that is not an error.
func (p *program) remark(message string) { fmt.Fprintln(p.stderr, "iamcheck: note: "+message) }

// note says what is remarkable about an input, with the place where there is one.
func (p *program) note(n config.Note) {
	if place := n.Position.String(); place != "" {
		p.remark(place + ": " + n.Message)
		return
	}
	p.remark(n.Message)
}

// defaults are the account and partition for names that the configuration does
// not place: those of the only account that was read.
func defaults(accounts account.Accounts) expected.Defaults {
	if len(accounts) != 1 {
		return expected.Defaults{}
	}
	return expected.Defaults{Account: accounts[0].Account, Partition: accounts[0].Partition}
}
