package awsread

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Diagnosis says as whom AWS is asked, where, and which of the calls that a
// reading needs are answered.
type Diagnosis struct {
	Caller    string // ARN; "" where AWS did not tell
	Account   string
	Partition string
	Region    string
	Endpoint  string // of IAM: scheme and host
	// Ahead is how far this machine's clock is ahead of AWS's; negative where it
	// is behind. AWS tells whole seconds. Meaningless without ClockKnown.
	Ahead      time.Duration
	ClockKnown bool

	Probes []Probe
	// Elsewhere are the names of entities of other accounts, which these
	// credentials cannot read.
	Elsewhere []string
	// Missing are the statements that allow what was refused.
	Missing []Permission
}

// Probe is one call that was tried.
type Probe struct {
	Operation string // "iam:GetRole"
	Subject   string // ARN of what it asked about
	Status    ProbeStatus
	// Error is the error code, also of a call that is Answered though there is
	// nothing of that name; "" where there is none.
	Error string
}

// ProbeStatus is how a call ended.
type ProbeStatus string

// The statuses.
const (
	Answered ProbeStatus = "ok"
	Refused  ProbeStatus = "refused" // a permission is missing
	Failed   ProbeStatus = "failed"  // no usable answer
)

// Diagnose tries each operation that a reading with these options needs, on the
// entities that it names. It makes the calls that Read would make, and where
// there is nothing to ask about, asks about something that need not exist: AWS
// says that it does not exist only to those who may know.
//
// It fails where Read would: where nothing can begin. Where ctx ends on the way,
// the rest of the probes is Failed.
func Diagnose(ctx context.Context, o Options) (*Diagnosis, error) {
	roles, err := parseNames("role", o.Roles)
	if err != nil {
		return nil, err
	}
	users, err := parseNames("user", o.Users)
	if err != nil {
		return nil, err
	}
	names := slices.Concat(roles, users)
	s, err := connect(ctx, o, names)
	if err != nil {
		return nil, err
	}
	defer s.close()
	d := &doctor{session: s, seen: map[string]bool{}}
	s.iam, d.endpoint = watched(s.iam)
	for _, f := range s.failed {
		d.note(f.operation, f.subject, &f.failure)
	}
	if len(s.failed) == 0 {
		d.note(opGetCallerIdentity, s.caller, nil)
	}
	for _, n := range names {
		if n.elsewhere(s.identity) {
			d.found.Elsewhere = append(d.found.Elsewhere, n.arn(identity{partition: n.partition, account: n.account}))
		}
	}
	names = slices.DeleteFunc(names, func(n name) bool { return n.elsewhere(s.identity) })
	d.entities(ctx, o, names)
	if o.Organization {
		d.askOrganization(ctx)
	}
	return d.finish(o)
}

// doctor gathers a Diagnosis.
type doctor struct {
	*session
	found    Diagnosis
	endpoint *string
	policies []string        // managed policies that entities name
	seen     map[string]bool // probes made, by operation and subject
}

func (d *doctor) note(operation, subject string, f *failure) {
	p := Probe{Operation: operation, Subject: subject, Status: Answered}
	if f != nil {
		p.Error = f.code
		p.Status = f.status()
	}
	d.found.Probes = append(d.found.Probes, p)
}

// status tells a refusal from an answer that there is nothing to tell, and both
// from no answer.
func (f *failure) status() ProbeStatus {
	switch {
	case strings.HasPrefix(f.code, "AccessDenied"):
		return Refused
	case slices.Contains([]string{codeNoSuchEntity, codeNoOrganization, "PolicyNotFoundException"}, f.code):
		return Answered
	default:
		return Failed
	}
}

// try makes a call once for each subject; nil where it gave no answer.
func try[In, Out, Opt any](ctx context.Context, d *doctor, operation, subject string, do func(context.Context, *In, ...func(*Opt)) (*Out, error), in *In) *Out {
	key := operation + " " + subject
	if d.seen[key] {
		return nil
	}
	d.seen[key] = true
	out, failed := call(ctx, operation, do, in, func(*Out) bool { return true })
	d.note(operation, subject, failed)
	if failed != nil {
		return nil
	}
	return out
}

// finish adds what the connection told, and the statements that are missing.
func (d *doctor) finish(o Options) (*Diagnosis, error) {
	d.found.Caller, d.found.Account, d.found.Partition = d.caller, d.account, d.partition
	d.found.Region, d.found.Endpoint = d.region, *d.endpoint
	d.found.Ahead, d.found.ClockKnown = d.ahead, d.clockKnown
	needed, err := Permissions(o, Place{Partition: d.partition, Account: d.account})
	if err != nil {
		return nil, fmt.Errorf("finding what is missing: %w", err)
	}
	for _, p := range needed {
		p.Actions = slices.DeleteFunc(p.Actions, func(action string) bool {
			return !slices.ContainsFunc(d.found.Probes, func(q Probe) bool { return q.Operation == action && q.Status == Refused })
		})
		if len(p.Actions) > 0 {
			d.found.Missing = append(d.found.Missing, p)
		}
	}
	return &d.found, nil
}

// endpointOf is a middleware that notes where requests go.
func endpointOf(to *string) func(*middleware.Stack) error {
	return func(stack *middleware.Stack) error {
		return stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("NoteEndpoint",
			func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
				if request, ok := in.Request.(*smithyhttp.Request); ok && request.URL != nil {
					*to = request.URL.Scheme + "://" + request.URL.Host
				}
				return next.HandleDeserialize(ctx, in)
			}), middleware.After)
	}
}
