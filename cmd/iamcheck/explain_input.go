package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/iamcheck/iamcheck/internal/awsread"
	"github.com/iamcheck/iamcheck/internal/checks"
)

// maxLog bounds a message or log.
const maxLog = 64 << 20

// refusals reads the message, log or events that are to be explained; nil where
// none was given.
func (p *program) refusals(c *cli.Context) (*checks.Reading, error) {
	args := c.Args().Slice()
	var text []byte
	var err error
	name := "the message"
	switch {
	case len(args) > 1 || len(args) == 1 && c.IsSet("message"):
		return nil, usage("explain takes one FILE, or --message; unexpected argument %q", args[len(args)-1])
	case c.IsSet("message"):
		text = []byte(c.String("message"))
	case len(args) == 0:
		return nil, nil
	case args[0] == "-":
		name = "stdin"
		text, err = readLog(name, p.stdin)
	default:
		name = args[0]
		text, err = readLogFile(name)
	}
	if err != nil {
		return nil, unreadable(err)
	}
	reading := checks.ReadRefusals(text)
	if len(reading.Clues) == 0 && reading.Events == 0 {
		return nil, usage("%s holds no refusal and no symptom that iamcheck knows\n"+
			"hint: docs/explain.md lists them; --database NAME tells of a database without a message", name)
	}
	return reading, nil
}

func readLogFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, cause(err))
	}
	defer f.Close()
	return readLog(name, f)
}

func readLog(name string, r io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxLog+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("reading %s: %w", name, cause(err))
	case len(text) > maxLog:
		return nil, fmt.Errorf("%s is larger than %d MiB; its end will do: tail -n 20000 | iamcheck explain -", name, maxLog>>20)
	}
	return text, nil
}

// mostDecoded is how many encoded messages of one text are sent to AWS.
const mostDecoded = 10

// decodeAll has AWS decode the encoded messages, where AWS is asked at all. A
// refusal of that is a remark: the rest of the message still tells something.
func (p *program) decodeAll(c *cli.Context, reading *checks.Reading) {
	if reading == nil || len(c.StringSlice("snapshot")) > 0 {
		return
	}
	ctx, cancel := context.WithTimeout(c.Context, c.Duration("timeout"))
	defer cancel()
	options := awsread.Options{Profile: c.String("profile"), Region: c.String("region")}
	asked := 0
	for i := range reading.Clues {
		d := reading.Clues[i].Denial
		if d == nil || d.Encoded == "" || asked == mostDecoded {
			continue
		}
		asked++
		text, err := awsread.Decode(ctx, options, d.Encoded)
		if err == nil {
			err = d.Decoded([]byte(text))
		}
		if err != nil && !c.Bool("quiet") {
			p.remark("the encoded message was not decoded: " + strings.TrimSpace(err.Error()))
		}
	}
}
