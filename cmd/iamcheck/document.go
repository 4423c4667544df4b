package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/iamcheck/iamcheck/internal/report"
)

// formatNamed picks one of a command's formats by name; the first where none is
// asked for.
func formatNamed[F any](formats []F, nameOf func(F) string, name string) (F, error) {
	if name == "" {
		return formats[0], nil
	}
	var names []string
	for _, f := range formats {
		if nameOf(f) == name {
			return f, nil
		}
		names = append(names, nameOf(f))
	}
	var none F
	return none, usage("there is no format %q; there are %s", name, strings.Join(names, ", "))
}

// writeDocument writes what a command prints that is no report, whole, to
// --output or stdout, fitted to the terminal where it goes to one.
func (p *program) writeDocument(c *cli.Context, format string, write func(io.Writer, report.Options) error) error {
	options := report.Options{Version: toolVersion(), ASCII: !utf8Locale(p.getenv)}
	if c.String("output") == "" && p.terminal.is {
		options.Width = p.terminal.width
		options.Color = !c.Bool("no-color") && p.getenv("NO_COLOR") == "" && p.getenv("TERM") != "dumb"
	}
	var text bytes.Buffer
	if err := write(&text, options); err != nil {
		return unreadable(fmt.Errorf("writing %s: %w", format, err))
	}
	if err := p.save(c.String("output"), text.Bytes()); err != nil {
		return unreadable(err)
	}
	return nil
}
