package main

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/report"
)

// outputs are the reports of one run: at most one on stdout (or in --output),
// and any number in files of their own (design 5.15).
type outputs struct {
	program *program
	main    *report.Format // nil: stdout has no report
	file    string         // of main; "" is stdout
	files   []formatFile
}

type formatFile struct {
	format report.Format
	name   string
}

func (p *program) outputs(c *cli.Context) (*outputs, error) {
	out := &outputs{program: p, file: c.String("output")}
	for _, asked := range c.StringSlice("format") {
		name, file, hasFile := strings.Cut(asked, "=")
		format, ok := report.ByName(name)
		switch {
		case !ok:
			return nil, usage("there is no format %q; there are %s", name, strings.Join(formatNames(), ", "))
		case hasFile && file == "":
			return nil, usage("--format %s: a file name is missing after =", asked)
		case hasFile:
			out.files = append(out.files, formatFile{format, file})
		case out.main != nil:
			return nil, usage("--format %s and %s: only one report goes to stdout; give the other a file, %s=FILE", out.main.Name, name, name)
		default:
			out.main = &format
		}
	}
	if out.main == nil && (len(out.files) == 0 || out.file != "") {
		table, _ := report.ByName("table")
		out.main = &table
	}
	if err := out.distinct(); err != nil {
		return nil, err
	}
	return out, nil
}

// distinct refuses two reports for one file.
func (o *outputs) distinct() error {
	var names []string
	if o.file != "" {
		names = append(names, o.file)
	}
	for _, f := range o.files {
		names = append(names, f.name)
	}
	slices.Sort(names)
	for i := 1; i < len(names); i++ {
		if names[i] == names[i-1] {
			return usage("two reports would be written to %s", names[i])
		}
	}
	return nil
}

func formatNames() []string {
	var names []string
	for _, f := range report.Formats() {
		names = append(names, f.Name)
	}
	return names
}

// write renders every report, then writes every file, and gives them their names
// when nothing can fail any more: all that was asked for comes, or nothing does.
func (o *outputs) write(c *cli.Context, r *checks.Report, f failure, code int) error {
	render := func(format report.Format, name string) ([]byte, error) {
		var text bytes.Buffer
		if err := format.Write(&text, r, o.options(c, f, code, name == "")); err != nil {
			return nil, fmt.Errorf("writing the %s report: %w", format.Name, err)
		}
		return text.Bytes(), nil
	}
	files := o.files
	var toStdout []byte
	switch {
	case o.main != nil && o.file != "":
		files = append(slices.Clip(files), formatFile{*o.main, o.file})
	case o.main != nil:
		text, err := render(*o.main, "")
		if err != nil {
			return err
		}
		toStdout = text
	}
	var all []*staged
	defer func() {
		for _, s := range all {
			s.discard()
		}
	}()
	for _, file := range files {
		text, err := render(file.format, file.name)
		if err != nil {
			return err
		}
		s, err := stage(file.name, text)
		if err != nil {
			return err
		}
		all = append(all, s)
	}
	for _, s := range all {
		if err := s.commit(); err != nil {
			return err
		}
	}
	if toStdout == nil {
		return nil
	}
	return o.program.save("", toStdout)
}

// options are what a report shows besides the findings. Only a report that goes
// to a terminal is fitted to it.
func (o *outputs) options(c *cli.Context, f failure, code int, toStdout bool) report.Options {
	p := o.program
	options := report.Options{
		Version: toolVersion(), Reproducible: c.Bool("reproducible"), Verbose: c.Bool("verbose"),
		ExitCode: code, FailOn: f.at, AllowIncomplete: c.Bool("allow-incomplete"),
		CommandLine: "iamcheck " + c.Command.Name,
		ASCII:       !utf8Locale(p.getenv),
	}
	if f.never {
		options.FailOn = report.FailOnNever
	}
	if dir, err := os.Getwd(); err == nil {
		options.Dir, options.Root = dir, dir
	}
	if toStdout && p.terminal.is {
		options.Width = p.terminal.width
		options.Color = !c.Bool("no-color") && p.getenv("NO_COLOR") == "" && p.getenv("TERM") != "dumb"
	}
	return options
}

// utf8Locale tells whether the reader's terminal or pager takes UTF-8: where the
// locale says nothing, it does.
func utf8Locale(getenv func(string) string) bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if value := strings.ToUpper(getenv(name)); value != "" {
			return value != "C" && value != "POSIX"
		}
	}
	return true
}
