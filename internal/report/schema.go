package report

import (
	"bytes"
	_ "embed"
)

//go:embed schema/report-1.schema.json
var schema []byte

// Schema returns the JSON Schema (draft 2020-12) of the format "json". The caller
// may keep it.
func Schema() []byte { return bytes.Clone(schema) }
