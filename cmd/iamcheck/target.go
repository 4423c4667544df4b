package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/iamcheck/iamcheck/internal/config"
)

// defaultConfig is read where it exists and no other is named.
const defaultConfig = "iamcheck.yaml"

// maxConfig bounds a configuration file; config refuses longer ones itself, with
// a message of its own, so one byte more is enough to read.
const maxConfig = 8 << 20

// target reads what is to be judged, from files and flags.
func (p *program) target(c *cli.Context) (*config.Target, error) {
	t, _, err := p.targetOf(c, "")
	return t, err
}

// targetOf reads the target for a command that can do without the agent's name:
// flags that name none have the given role. It tells whether a configuration
// file was read.
func (p *program) targetOf(c *cli.Context, agent string) (t *config.Target, fromFile bool, err error) {
	teleports, err := p.teleportInputs(c)
	if err != nil {
		return nil, false, err
	}
	name, text, err := p.configFile(c)
	if err != nil {
		return nil, false, err
	}
	if name != "" {
		t, err = selected(c, name, text, teleports)
		return t, true, err
	}
	o := config.FlagOptions{
		Role: c.String("role"), User: c.String("user"), Types: c.StringSlice("types"),
		DBRoles: commaList(c.StringSlice("db-role")), AssumeRole: c.String("assume-role"), ExternalID: c.String("external-id"),
		Teleports: teleports,
	}
	if o.Role == "" && o.User == "" {
		o.Role = agent
	}
	t, err = config.FromFlags(o)
	return t, false, asUsage(err)
}

// selected reads a configuration file, and of that what the flags select.
func selected(c *cli.Context, name string, text []byte, teleports []config.Input) (*config.Target, error) {
	for _, flag := range []string{"db-role", "assume-role", "external-id"} {
		if c.IsSet(flag) {
			return nil, usage("--%s describes a database by flags, and %s was read\nhint: put it into the file, or pass --config '' to go by flags alone", flag, name)
		}
	}
	t, err := config.Load(name, text, readLimited, teleports...)
	if err != nil {
		return nil, asUsage(err)
	}
	t, err = config.Select(t, c.String("role"), c.String("user"), c.StringSlice("types"))
	if err != nil {
		return nil, usage("%s\nhint: %s was read; pass --config '' to go by flags alone", err, name)
	}
	return t, nil
}

func asUsage(err error) error {
	if err == nil {
		return nil
	}
	return unreadable(err)
}

// configFile reads iamcheck.yaml; the name is "" where there is none to read.
func (p *program) configFile(c *cli.Context) (name string, text []byte, err error) {
	name = c.String("config")
	if c.IsSet("config") && name == "" {
		return "", nil, nil
	}
	explicit := name != ""
	if !explicit {
		name = defaultConfig
	}
	text, err = readLimited(name)
	switch {
	case err == nil:
		return name, text, nil
	case !explicit && errors.Is(err, fs.ErrNotExist):
		return "", nil, nil
	default:
		return "", nil, unreadable(err)
	}
}

func (p *program) teleportInputs(c *cli.Context) ([]config.Input, error) {
	var inputs []config.Input
	for _, name := range c.StringSlice("teleport-config") {
		text, err := readLimited(name)
		if err != nil {
			return nil, unreadable(err)
		}
		inputs = append(inputs, config.Input{Name: name, Text: text})
	}
	return inputs, nil
}

// readLimited reads a configuration file.
func readLimited(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, cause(err))
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxConfig))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, cause(err))
	}
	return text, nil
}

// cause strips the operation and path that package os puts before an error.
func cause(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}

// relative is a path as reports show it: relative to the working directory where
// it lies below it, with forward slashes.
func relative(path string) string {
	if filepath.IsAbs(path) {
		if dir, err := os.Getwd(); err == nil {
			if rel, err := filepath.Rel(dir, path); err == nil && !strings.HasPrefix(rel, "..") {
				path = rel
			}
		}
	}
	return filepath.ToSlash(path)
}
