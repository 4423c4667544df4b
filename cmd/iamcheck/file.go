package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// writeFile writes a file whole or not at all: into a temporary file beside it,
// which then takes its name.
func writeFile(name string, text []byte) error {
	temporary, err := os.CreateTemp(filepath.Dir(name), ".iamcheck-*")
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, cause(err))
	}
	defer os.Remove(temporary.Name()) // after the rename there is nothing to remove
	if _, err := temporary.Write(text); err != nil {
		temporary.Close()
		return fmt.Errorf("writing %s: %w", name, cause(err))
	}
	if err := temporary.Chmod(0o644); err != nil {
		temporary.Close()
		return fmt.Errorf("writing %s: %w", name, cause(err))
	}
	if err := temporary.Close(); err != nil {
		return fmt.Errorf("writing %s: %w", name, cause(err))
	}
	if err := os.Rename(temporary.Name(), name); err != nil {
		return fmt.Errorf("writing %s: %w", name, linkCause(err))
	}
	return nil
}

func linkCause(err error) error {
	if e, ok := err.(*os.LinkError); ok { //nolint:errorlint // os.Rename returns it bare
		return e.Err
	}
	return err
}
