package main

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/awsread"
)

func (p *program) snapshotCommand() *cli.Command {
	return &cli.Command{
		Name:  "snapshot",
		Usage: "save a picture of the account's IAM, to judge it later or elsewhere",
		Description: "Reads what an audit with the same flags would read (everything with --all) and writes it as JSON, without judging it.\n" +
			"With --snapshot, rewrites a saved picture, or the output of aws iam get-account-authorization-details, in iamcheck's own form.\n\n" +
			"   iamcheck snapshot --all -o account.json",
		Flags: joined(targetFlags(), pictureFlags(), []cli.Flag{
			stringFlag("output", "o", "write to `FILE` instead of stdout"),
			boolFlag("allow-incomplete", "", "exit 0 though something could not be read"),
			boolFlag("reproducible", "", "leave out when the picture was taken"),
			boolFlag("quiet", "q", "no progress and no remarks on stderr"),
		}),
		Action: p.snapshot,
	}
}

func (p *program) snapshot(c *cli.Context) error {
	if err := noArguments(c); err != nil {
		return err
	}
	accounts, err := p.pictureToSave(c)
	if err != nil {
		return err
	}
	if len(accounts) != 1 {
		return usage("the snapshots hold %d accounts; a snapshot is of one", len(accounts))
	}
	s := *accounts[0]
	if c.Bool("reproducible") {
		s.TakenAt = time.Time{}
	}
	var text bytes.Buffer
	if err := account.Write(&text, &s); err != nil {
		return unreadable(fmt.Errorf("writing the snapshot: %w", err))
	}
	if err := p.save(c.String("output"), text.Bytes()); err != nil {
		return unreadable(err)
	}
	if len(s.Gaps) == 0 || c.Bool("allow-incomplete") {
		return nil
	}
	for _, g := range s.Gaps {
		p.remark(fmt.Sprintf("%s on %s: %s", g.Operation, g.Subject, g.Error))
	}
	return &exitError{exitIncomplete, fmt.Sprintf("the snapshot has %d gaps; what they hide is not known", len(s.Gaps))}
}

// pictureToSave is an audit's picture; with --all it needs no configuration.
func (p *program) pictureToSave(c *cli.Context) (account.Accounts, error) {
	if files := c.StringSlice("snapshot"); len(files) > 0 {
		return p.snapshots(files)
	}
	if c.Bool("all") && c.String("role") == "" && c.String("user") == "" && c.String("config") == "" {
		s, err := p.live(c, awsread.Options{All: true})
		if err != nil {
			return nil, err
		}
		return account.Merge([]*account.Snapshot{s})
	}
	t, err := p.target(c)
	if err != nil {
		return nil, err
	}
	accounts, _, err := p.picture(c, t)
	return accounts, err
}

// save writes a file whole, or to stdout where no name is given.
func (p *program) save(name string, text []byte) error {
	if name != "" {
		return writeFile(name, text)
	}
	if _, err := io.Copy(p.stdout, bytes.NewReader(text)); err != nil {
		return fmt.Errorf("writing to stdout: %w", err)
	}
	return nil
}
