package report

import (
	"net/url"
	"path/filepath"
	"strings"

	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/config"
)

const (
	// sourceRoot is the base that code scanning resolves to the checkout.
	sourceRoot = "%SRCROOT%"
	// defaultAnchor is where a result is shown that no file declares: GitHub
	// refuses a file of results when one of them has no physical location.
	defaultAnchor = "iamcheck.yaml"
)

// places finds where results are shown, and gathers the logical locations of a
// run, each once.
type places struct {
	o       Options
	logical []sarifLogicalLocation
	byARN   map[string]int
}

func newPlaces(o Options) *places { return &places{o: o, byARN: map[string]int{}} }

// location is the line that declares what a finding is about, and the principal.
func (p *places) location(f *checks.Finding) sarifLocation {
	at, uri := f.Position, p.uri(f.Position.File)
	if uri == "" && p.o.Anchor != nil {
		at = p.o.Anchor(f.Principal)
		uri = p.uri(at.File)
	}
	if uri == "" {
		at, uri = config.Position{}, defaultAnchor
	}
	line, column := max(at.Line, 1), max(at.Column, 1)
	return sarifLocation{
		PhysicalLocation: sarifPhysicalLocation{
			ArtifactLocation: sarifArtifactLocation{uri, sourceRoot},
			// The end is behind the first character: the length of the line is
			// not known, and GitHub wants a complete region.
			Region: sarifRegion{StartLine: line, StartColumn: column, EndLine: line, EndColumn: column + 1},
		},
		LogicalLocations: p.principal(f.Principal),
	}
}

// uri is a file's name as a relative reference from the root of the checkout, ""
// where it is outside.
func (p *places) uri(file string) string {
	if file == "" {
		return ""
	}
	root := p.o.Root
	if root == "" {
		root = p.o.Dir
	}
	if !filepath.IsAbs(file) {
		file = filepath.Join(p.o.Dir, file)
	}
	if filepath.IsAbs(file) {
		if root == "" {
			return ""
		}
		rel, err := filepath.Rel(root, file)
		if err != nil {
			return ""
		}
		file = rel
	}
	file = filepath.ToSlash(filepath.Clean(file))
	if file == "." || file == ".." || strings.HasPrefix(file, "../") {
		return ""
	}
	// A colon in the first segment would read as a scheme.
	return strings.ReplaceAll((&url.URL{Path: file}).EscapedPath(), ":", "%3A")
}

// principal is the logical location of an identity, none for "".
func (p *places) principal(arn string) []sarifLogicalLocation {
	if arn == "" {
		return nil
	}
	i, ok := p.byARN[arn]
	if !ok {
		i = len(p.logical)
		p.byARN[arn] = i
		p.logical = append(p.logical, sarifLogicalLocation{
			Name: clean(friendly(arn), maxName, false), FullyQualifiedName: clean(arn, maxARN, false), Kind: "resource", Index: i,
		})
	}
	return p.logical[i : i+1 : i+1]
}

// friendly is the last part of an ARN: "role/teleport-db-service-role".
func friendly(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	return parts[len(parts)-1]
}

// accountOf is the account in an ARN, "" where there is none.
func accountOf(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 || len(parts[4]) != 12 || strings.Trim(parts[4], "0123456789") != "" {
		return ""
	}
	return parts[4]
}
