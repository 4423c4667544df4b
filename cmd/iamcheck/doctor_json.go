package main

import (
	"bytes"
	"encoding/json"
	"time"
)

// doctorReport is doctor's outcome as JSON.
type doctorReport struct {
	Tool      doctorTool      `json:"tool"`
	Data      string          `json:"data"`
	Caller    string          `json:"caller"` // "" where AWS did not tell
	Account   string          `json:"account"`
	Partition string          `json:"partition"`
	Region    string          `json:"region"`
	Endpoint  string          `json:"endpoint"`
	Clock     *doctorClock    `json:"clock"` // null where not known
	Calls     []doctorCall    `json:"calls"`
	Elsewhere []string        `json:"other_accounts"`
	Missing   json.RawMessage `json:"missing_policy"` // null where nothing is refused
	OK        bool            `json:"ok"`
}

type doctorTool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type doctorClock struct {
	AheadSeconds int  `json:"ahead_seconds"`
	OK           bool `json:"ok"`
}

type doctorCall struct {
	Operation string `json:"operation"`
	Subject   string `json:"subject"`
	Status    string `json:"status"` // "ok", "refused", "failed"
	Error     string `json:"error"`
}

func (x *checkup) json() ([]byte, error) {
	r := doctorReport{
		Tool: doctorTool{"iamcheck", x.tool}, Data: x.data, Caller: x.Caller, Account: x.Account, Partition: x.Partition,
		Region: x.Region, Endpoint: x.Endpoint, Calls: []doctorCall{}, Elsewhere: append([]string{}, x.Elsewhere...), OK: x.well(),
	}
	if x.ClockKnown {
		r.Clock = &doctorClock{int(x.Ahead.Round(time.Second).Seconds()), x.clockWell()}
	}
	for _, probe := range x.Probes {
		r.Calls = append(r.Calls, doctorCall{probe.Operation, probe.Subject, string(probe.Status), probe.Error})
	}
	if len(x.Missing) > 0 {
		r.Missing = documentOf(x.Missing).JSON()
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(r)
	return out.Bytes(), err
}
