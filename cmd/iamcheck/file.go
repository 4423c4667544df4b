package main

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// writeFile writes a file whole or not at all.
func writeFile(name string, text []byte) error {
	s, err := stage(name, text)
	if err != nil {
		return err
	}
	defer s.discard()
	return s.commit()
}

// staged is a file that is written and does not have its name yet: of several,
// none takes its name before all could be written.
type staged struct {
	asked     string // the name that was asked for, for messages
	name      string // where it goes: asked, or what that links to
	temporary string // "" for a device, which is written in place
	text      []byte // for a device
}

// stage writes a temporary file beside the one that is meant. A device or a pipe
// (/dev/null, /dev/stdout) must not be replaced by a file.
func stage(name string, text []byte) (*staged, error) {
	s := &staged{asked: name, name: name}
	info, err := os.Stat(name)
	switch {
	case err == nil && info.IsDir():
		return nil, fmt.Errorf("writing %s: is a directory", name)
	case err == nil && !info.Mode().IsRegular():
		s.text = text
		return s, nil
	case err == nil:
		if s.name, err = filepath.EvalSymlinks(name); err != nil {
			return nil, fmt.Errorf("writing %s: %w", name, cause(err))
		}
	}
	f, err := temporaryBeside(s.name)
	if err != nil {
		return nil, fmt.Errorf("writing %s: %w", name, cause(err))
	}
	s.temporary = f.Name()
	_, err = f.Write(text)
	if err == nil && info != nil {
		err = f.Chmod(info.Mode().Perm())
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		s.discard()
		return nil, fmt.Errorf("writing %s: %w", name, cause(err))
	}
	return s, nil
}

// temporaryBeside makes a file that others may read as far as the process's mask
// lets them, which os.CreateTemp does not.
func temporaryBeside(name string) (*os.File, error) {
	for {
		path := filepath.Join(filepath.Dir(name), fmt.Sprintf(".iamcheck-%016x", rand.Uint64()))
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
}

// commit gives the file its name.
func (s *staged) commit() error {
	if s.temporary == "" {
		return s.writeDevice()
	}
	if err := os.Rename(s.temporary, s.name); err != nil {
		return fmt.Errorf("writing %s: %w", s.asked, linkCause(err))
	}
	s.temporary = ""
	return nil
}

// writeDevice writes in place.
func (s *staged) writeDevice() error {
	f, err := os.OpenFile(s.name, os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("writing %s: %w", s.asked, cause(err))
	}
	_, err = f.Write(s.text)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", s.asked, cause(err))
	}
	return nil
}

// discard removes what was not committed.
func (s *staged) discard() {
	if s.temporary != "" {
		os.Remove(s.temporary)
	}
}

func linkCause(err error) error {
	if e, ok := err.(*os.LinkError); ok { //nolint:errorlint // os.Rename returns it bare
		return e.Err
	}
	return err
}
