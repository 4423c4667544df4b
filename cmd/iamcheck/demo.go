package main

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/config"
)

// demoFiles are an invented pair of accounts with one database of every type:
// some right, some broken in the ways in which people break them.
//
//go:embed demo
var demoFiles embed.FS

const demoDir = "demo"

func (p *program) demoCommand() *cli.Command {
	return &cli.Command{
		Name:  "demo",
		Usage: "audit an invented account: no AWS, no files, no network",
		Description: "Runs the audit on two invented accounts with one database of every type, some right and some broken the way people\n" +
			"break them. The exit code is that of the audit: 1, since there is something to find.",
		Flags: joined([]cli.Flag{
			stringFlag("write", "", "write the demonstration's inputs to `DIR`, to play with, and stop"),
			scopeFlag(),
		}, reportFlags()),
		Action: p.demo,
	}
}

func (p *program) demo(c *cli.Context) error {
	if err := noArguments(c); err != nil {
		return err
	}
	if dir := c.String("write"); dir != "" {
		return p.writeDemo(dir)
	}
	out, err := p.outputs(c)
	if err != nil {
		return err
	}
	t, accounts, err := loadDemo()
	if err != nil {
		return err
	}
	failOn, err := threshold(c.String("fail-on"), t.FailOn)
	if err != nil {
		return err
	}
	scope, err := breadth(c)
	if err != nil {
		return err
	}
	report, err := p.judge(t, accounts, checks.Source{Kind: "snapshot", TakenAt: latest(accounts)}, scope)
	if err != nil {
		return err
	}
	return p.finish(c, out, report, failOn)
}

// loadDemo reads the embedded inputs the way an audit reads files.
func loadDemo() (*config.Target, account.Accounts, error) {
	name := path.Join(demoDir, defaultConfig)
	text, err := demoFiles.ReadFile(name)
	if err != nil {
		return nil, nil, err
	}
	t, err := config.Load(defaultConfig, text, demoFiles.ReadFile)
	if err != nil {
		return nil, nil, err
	}
	snapshots, err := fs.Glob(demoFiles, path.Join(demoDir, "*.json"))
	if err != nil {
		return nil, nil, err
	}
	var all []*account.Snapshot
	for _, name := range snapshots {
		text, err := demoFiles.ReadFile(name)
		if err != nil {
			return nil, nil, err
		}
		some, err := account.Read(path.Base(name), bytes.NewReader(text))
		if err != nil {
			return nil, nil, err
		}
		all = append(all, some...)
	}
	accounts, err := account.Merge(all)
	return t, accounts, err
}

// writeDemo puts the inputs on disk; it overwrites nothing.
func (p *program) writeDemo(dir string) error {
	entries, err := demoFiles.ReadDir(demoDir)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return unreadable(fmt.Errorf("making %s: %w", dir, cause(err)))
	}
	for _, e := range entries {
		if _, err := os.Lstat(filepath.Join(dir, e.Name())); err == nil {
			return usage("%s is there already; nothing was written", filepath.Join(dir, e.Name()))
		}
	}
	for _, e := range entries {
		text, err := demoFiles.ReadFile(path.Join(demoDir, e.Name()))
		if err != nil {
			return err
		}
		if err := writeFile(filepath.Join(dir, e.Name()), text); err != nil {
			return unreadable(err)
		}
	}
	_, err = fmt.Fprintf(p.stdout, "wrote the demonstration's inputs; now:\n  cd %s\n  iamcheck audit --snapshot account.json --snapshot partner.json\n", dir)
	return err
}
