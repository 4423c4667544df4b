package planned

import (
	"bufio"
	"bytes"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Location is a place in a file.
type Location struct {
	File         string // of a template, the change's own; else below the sources
	Line, Column int
}

// Sources find the places where the resources of a change are written.
type Sources struct {
	change *Change
	blocks map[string]Location // "dir|aws_iam_role.agent"
}

const (
	maxSource  = 4 << 20 // bytes of one file of Terraform's
	maxSources = 5_000   // files
)

// Sources looks for the blocks of the change's resources among the *.tf files of
// a directory and of the local modules that the plan calls. A nil file system is
// one without files; templates and folders need none. Files that cannot be read
// are left out.
func (c *Change) Sources(files fs.FS) *Sources {
	s := &Sources{change: c, blocks: map[string]Location{}}
	if files == nil {
		return s
	}
	var dirs []string
	for _, dir := range c.modules {
		if fs.ValidPath(dir) && !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	slices.Sort(dirs)
	read := 0
	for _, dir := range dirs {
		entries, err := fs.ReadDir(files, dir)
		if err != nil {
			continue
		}
		for _, e := range entries {
			if read++; read > maxSources || e.IsDir() || path.Ext(e.Name()) != ".tf" {
				continue
			}
			s.scan(files, dir, path.Join(dir, e.Name()))
		}
	}
	return s
}

// scan notes the lines that begin a resource: resource "type" "name".
func (s *Sources) scan(files fs.FS, dir, name string) {
	f, err := files.Open(name)
	if err != nil {
		return
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxSource))
	if err != nil {
		return
	}
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, maxSource+1)
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		trimmed := strings.TrimLeft(line, " \t")
		if block := resourceBlock(trimmed); block != "" {
			if _, ok := s.blocks[dir+"|"+block]; !ok {
				s.blocks[dir+"|"+block] = Location{name, n, len(line) - len(trimmed) + 1}
			}
		}
	}
}

// resourceBlock is type.name of a line that begins a resource, else "".
func resourceBlock(line string) string {
	rest, ok := strings.CutPrefix(line, "resource")
	if !ok || !strings.HasPrefix(strings.TrimLeft(rest, " \t"), `"`) {
		return ""
	}
	parts := strings.SplitN(rest, `"`, 5)
	if len(parts) < 5 || strings.TrimSpace(parts[2]) != "" {
		return ""
	}
	return parts[1] + "." + parts[3]
}

// Find is the place of what gives a principal (an ARN) a policy: the name of an
// inline policy, the ARN of a managed one, "trust policy", or "" for the
// principal itself. What no resource of the change tells is not found.
func (s *Sources) Find(principal, policy string) (Location, bool) {
	for _, o := range s.candidates(principal, policy) {
		if l, ok := s.place(o); ok {
			return l, true
		}
	}
	return Location{}, false
}

// candidates are the resources that a finding may point at, the nearest first.
func (s *Sources) candidates(principal, policy string) []*origin {
	var near, far []*origin
	name := nameOf(principal)
	c := s.change
	for i := range c.parts {
		p := &c.parts[i]
		held := slices.ContainsFunc(p.holders, func(w word) bool { return w.why == "" && nameOf(w.text) == name })
		if p.action != drop && held && policy != "" && (p.name == policy || p.target.text == policy) && p.account == accountOf(principal) {
			near = append(near, &p.origin)
		}
	}
	for i := range c.entities {
		e := &c.entities[i]
		switch {
		case e.action == drop || e.account != accountOf(principal):
		case e.class == aPolicy && arnOf(&e.origin, aPolicy, e.path, e.name) == policy:
			near = append([]*origin{&e.origin}, near...)
		case e.class != aPolicy && e.name == name:
			far = append(far, &e.origin)
		}
	}
	return append(near, far...)
}

func accountOf(arn string) string { return field(arn, 4) }

func (s *Sources) place(o *origin) (Location, bool) {
	switch {
	case s.change.Kind == "policy folder":
		file := o.address
		if path.Ext(file) != ".json" { // the role itself
			file = path.Join(file, trustFile)
		}
		return Location{file, 1, 1}, o.at.line > 0
	case o.at.line > 0:
		return Location{s.change.File, o.at.line, o.at.column}, true
	}
	dir, ok := s.change.modules[o.module]
	if !ok {
		return Location{}, false
	}
	l, ok := s.blocks[dir+"|"+o.kind+"."+o.name]
	return l, ok
}
