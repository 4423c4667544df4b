package planned

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/account"
)

// The layout of a folder of policies: a directory for each role, with the name
// of the role.
//
//	<role>/trust.json     the trust policy
//	<role>/boundary.json  the permissions boundary's document
//	<role>/<name>.json    the inline policy <name>, or, where the picture has a
//	                      managed policy of that name attached to the role, that
//	<role>/attached.json  a list of ARNs: the managed policies that are attached
//
// What a folder does not tell of a role stays as the picture has it.
const (
	trustFile    = "trust.json"
	boundaryFile = "boundary.json"
	attachedFile = "attached.json"
)

const (
	maxFiles    = 20_000
	maxDocument = 1 << 20
)

// ReadFolder reads a folder of policies by role. name is the folder's, for
// messages. Other files than *.json are not read.
func ReadFolder(name string, files fs.FS, o Options) (*Change, error) {
	c := &Change{Kind: "policy folder", File: name}
	f := &folder{name: name, files: files, change: c, origin: origin{account: o.Account, partition: o.Partition}}
	if f.partition == "" {
		f.partition = "aws"
	}
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil, &Error{File: name, Message: "cannot be read: " + fileCause(err)}
	}
	for _, e := range entries {
		switch {
		case strings.HasPrefix(e.Name(), "."):
		case e.IsDir():
			if err := f.role(e.Name()); err != nil {
				return nil, err
			}
		case strings.HasSuffix(e.Name(), ".json"):
			return nil, &Error{File: path.Join(name, e.Name()), Message: "stands beside the roles; expected it in the directory of a role, as ROLE/" + e.Name()}
		}
	}
	if len(c.entities)+len(c.parts) == 0 {
		return nil, &Error{File: name, Message: "holds no policies; expected a directory for each role, with trust.json, boundary.json and *.json"}
	}
	return c, nil
}

func fileCause(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

type folder struct {
	origin
	name   string
	files  fs.FS
	change *Change
	read   int
}

func (f *folder) role(name string) error {
	entries, err := fs.ReadDir(f.files, name)
	if err != nil {
		return &Error{File: path.Join(f.name, name), Message: "cannot be read: " + fileCause(err)}
	}
	at := f.origin
	at.address = path.Join(f.name, name)
	e := entity{origin: at, class: aRole, action: put, name: name}
	for _, entry := range entries {
		file := path.Join(name, entry.Name())
		base, isJSON := strings.CutSuffix(entry.Name(), ".json")
		if entry.IsDir() || !isJSON || strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		v, text, err := f.json(file)
		if err != nil {
			return err
		}
		if entry.Name() == attachedFile {
			if e.attached, err = f.arns(file, &v); err != nil {
				return err
			}
			continue
		}
		if v.kind != isObject || !v.has("Statement") {
			return &Error{File: path.Join(f.name, file), Line: v.at.line, Column: v.at.column, Message: "this is no policy document: it has no Statement"}
		}
		f.document(&e, base, file, document{text: text})
	}
	f.change.entities = append(f.change.entities, e)
	return nil
}

func (f *folder) document(e *entity, base, file string, d document) {
	at := e.origin
	at.address, at.at = path.Join(f.name, file), place{1, 1}
	switch base + ".json" {
	case trustFile:
		e.trust, e.at = &d, place{1, 1}
	case boundaryFile:
		w := known(arnOf(&at, aPolicy, "/", e.name+"-boundary"))
		e.boundary, e.keepsBoundary = &w, true
		f.change.entities = append(f.change.entities, entity{origin: at, class: aPolicy, action: put, name: e.name + "-boundary", document: &d, boundaryOf: e.name})
	default:
		f.change.parts = append(f.change.parts, part{
			origin: at, action: put, trait: inlinePolicy, class: aRole, holders: []word{known(e.name)}, name: base, document: d, orManaged: true,
		})
	}
}

func (f *folder) json(file string) (value, []byte, error) {
	shownName := path.Join(f.name, file)
	if f.read++; f.read > maxFiles {
		return value{}, nil, &Error{File: f.name, Message: fmt.Sprintf("holds more than %d files; expected the policies of some roles", maxFiles)}
	}
	info, err := fs.Stat(f.files, file)
	if err == nil && (info.Size() > maxDocument || !info.Mode().IsRegular()) {
		return value{}, nil, &Error{File: shownName, Message: fmt.Sprintf("is larger than %d MiB, or no file; expected a policy document", maxDocument>>20)}
	}
	text, err := fs.ReadFile(f.files, file)
	if err != nil {
		return value{}, nil, &Error{File: shownName, Message: "cannot be read: " + fileCause(err)}
	}
	text = bytes.TrimSpace(bytes.TrimPrefix(text, []byte("\ufeff")))
	v, err := decodeJSON(shownName, text)
	return v, text, err
}

func (f *folder) arns(file string, v *value) (*[]word, error) {
	var out []word
	for _, item := range v.list() {
		if field(item.str(), 5) == "" {
			return nil, &Error{File: path.Join(f.name, file), Line: item.at.line, Column: item.at.column, Message: "this is no ARN; expected a list of ARNs of managed policies"}
		}
		out = append(out, known(item.str()))
	}
	if v.kind != isList {
		return nil, &Error{File: path.Join(f.name, file), Message: fmt.Sprintf("is %s; expected a list of ARNs of managed policies", v.kind)}
	}
	return &out, nil
}

// attachedNamed is the ARN of a customer managed policy with a name among those
// attached, "" where there is none.
func attachedNamed(h *holder, name string) string {
	i := slices.IndexFunc(*h.attached, func(p account.AttachedPolicy) bool {
		return nameOf(p.ARN) == name && field(p.ARN, 4) != "aws"
	})
	if i < 0 {
		return ""
	}
	return (*h.attached)[i].ARN
}
