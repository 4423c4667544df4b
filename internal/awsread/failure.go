package awsread

import (
	"context"
	"errors"
	"net"
	"regexp"
	"strconv"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
)

// failure says why an operation gave no usable answer. It holds nothing of
// AWS's message nor of the answer: these may hold secrets.
type failure struct {
	operation string
	code      string // AWS's error code, or what was wrong in our words
	stopped   error  // ctx.Err() where the reading was stopped
	broken    bool   // there was an answer, and it can't be trusted
}

// failedRead is a failure with the entity it is about.
type failedRead struct {
	failure
	subject string
}

const (
	codeNoSuchEntity = "NoSuchEntity"
	codeTimedOut     = "timed out"
	codeInterrupted  = "interrupted"
	codeBroken       = "the answer was cut short or could not be understood"
)

func brokenAnswer(operation string) *failure {
	return &failure{operation: operation, code: codeBroken, broken: true}
}

// codePattern is what an error code looks like; whatever else a server sends in
// its place is not shown.
var codePattern = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9.:_-]{0,99}$`)

// failureOf classifies what the SDK returned.
func failureOf(ctx context.Context, operation string, err error) *failure {
	f := &failure{operation: operation}
	var api smithy.APIError
	var garbled *smithy.DeserializationError
	var response *awshttp.ResponseError
	var timeout net.Error
	switch {
	case ctx.Err() != nil:
		f.stopped, f.code = ctx.Err(), codeInterrupted
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			f.code = codeTimedOut
		}
	case errors.As(err, &garbled):
		return brokenAnswer(operation)
	case errors.As(err, &api) && api.ErrorCode() != "UnknownError" && codePattern.MatchString(api.ErrorCode()):
		f.code = api.ErrorCode()
	case errors.As(err, &response) && response.HTTPStatusCode() != 0:
		f.code = "HTTP status " + strconv.Itoa(response.HTTPStatusCode())
	case errors.As(err, &timeout) && timeout.Timeout():
		f.code = "no answer in time"
	default:
		f.code = "no answer"
	}
	return f
}

// bodyAttempts is how often a question is asked again in all when the answer
// comes broken: the SDK does not retry once the status line has come.
const bodyAttempts = 3

// call asks one question. complete looks whether the answer has the parts that
// it must have: the SDK reads an empty body as an answer without content, which
// would pass for "there are no policies".
func call[In, Out, Opt any](ctx context.Context, operation string, do func(context.Context, *In, ...func(*Opt)) (*Out, error), in *In, complete func(*Out) bool) (*Out, *failure) {
	var failed *failure
	for range bodyAttempts {
		out, err := do(ctx, in)
		switch {
		case err != nil:
			failed = failureOf(ctx, operation, err)
		case !complete(out):
			failed = brokenAnswer(operation)
		default:
			return out, nil
		}
		if !failed.broken {
			break
		}
	}
	return nil, failed
}
