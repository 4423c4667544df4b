package report

import (
	"io"
	"time"

	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/config"
)

// FailOnNever is the FailOn of --fail-on none: above every severity.
const FailOnNever = checks.Critical + 1

// Options are what a report shows besides what the audit found. The zero value
// writes plain, unwrapped text.
type Options struct {
	// Version of iamcheck: "1.2.3", or "devel" and the like.
	Version string

	// Width is the terminal's, in columns; 0 where the output is no terminal or
	// its width is not known: nothing is wrapped or shortened to fit.
	Width int
	// Color turns colours on; the caller has looked at NO_COLOR and the stream.
	Color bool
	// ASCII keeps the table to ASCII, for terminals without UTF-8.
	ASCII bool

	// Verbose shows findings of severity info whole in the table, which else have
	// a line each.
	Verbose bool

	// Reproducible leaves all times out.
	Reproducible bool

	// ExitCode is what the program is going to return, FailOn and
	// AllowIncomplete the flags that it follows from.
	ExitCode        int
	FailOn          checks.Severity
	AllowIncomplete bool

	// Start and End of the run, for formats that have a place for them; the zero
	// time is left out.
	Start, End time.Time
	// CommandLine is how iamcheck was called, without secrets; "" is left out.
	CommandLine string

	// Dir is the working directory, which relative names of configuration files
	// start from; Root is the directory (of the checkout) that SARIF's locations
	// are relative to. Both absolute. "": Root is Dir, and Dir is what relative
	// names are relative to anyway.
	Dir, Root string
	// Anchor gives the place to show for a principal (an ARN) that no
	// configuration file declares, such as its line in a written snapshot. Nil,
	// or an empty File: line 1 of iamcheck.yaml.
	Anchor func(principal string) config.Position
	// SARIFSuppressed writes suppressed findings to SARIF too. GitHub opens an
	// alert for each, since it ignores suppressions.
	SARIFSuppressed bool
}

// Format is a way to write a report.
type Format struct {
	Name  string // what -f takes
	About string // for help texts: lower case, no final period
	// Write writes the report, whole, in one call of w.Write, so that a format
	// that cannot be made leaves nothing behind. The error is w's.
	Write func(w io.Writer, r *checks.Report, o Options) error
}

// Formats returns all formats in the order in which help shows them. The caller
// may keep the slice.
func Formats() []Format {
	return []Format{
		{"table", "for people: a matrix of requirements, then the findings", writeTable},
		{"json", "for programs: everything, as report-1.schema.json describes it", writeJSON},
		{"sarif", "for code scanning: SARIF 2.1.0 in the shape that GitHub accepts", writeSARIF},
	}
}

// ByName returns the format of a name; false where there is none.
func ByName(name string) (Format, bool) {
	for _, f := range Formats() {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}
