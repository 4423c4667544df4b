package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// Less than this cannot be the whole of AWS: the package has changed its form.
const (
	minServices = 400
	minActions  = 18000
)

func generate(dir fs.FS, output string) error {
	s, err := read(dir)
	if err != nil {
		return err
	}
	actions := 0
	for _, one := range s.services {
		actions += len(one.actions)
	}
	if len(s.services) < minServices || actions < minActions {
		return fmt.Errorf("only %d services and %d actions", len(s.services), actions)
	}
	t, err := text(s)
	if err != nil {
		return err
	}
	return write(output, t)
}

// write compresses text into the file, unless the file holds it already.
func write(output, text string) error {
	if old, err := os.ReadFile(output); err == nil && holds(old, text) {
		return nil
	}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(z, text); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile(output, b.Bytes(), 0o644)
}

func holds(packed []byte, text string) bool {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return false
	}
	old, err := io.ReadAll(z)
	return err == nil && string(old) == text
}
