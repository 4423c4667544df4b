package iamdata

import (
	"bytes"
	"compress/gzip"
	_ "embed" // for the data below
	"fmt"
	"io"
	"sync"
)

// packed is the output of gen: the text that parse.go describes, compressed.
//
//go:embed iam-data.txt.gz
var packed []byte

// table unpacks and indexes the data at first use. A broken embedded file is a
// broken build, hence the panic; a test loads every service.
var table = sync.OnceValue(func() *index {
	text, err := unpack(packed)
	if err != nil {
		panic(fmt.Sprintf("iamdata: embedded data: %v", err))
	}
	ix, err := parse(text)
	if err != nil {
		panic(fmt.Sprintf("iamdata: embedded data: %v", err))
	}
	return ix
})

func unpack(b []byte) (string, error) {
	r, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return "", err
	}
	return string(text), r.Close()
}
