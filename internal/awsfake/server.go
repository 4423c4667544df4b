package awsfake

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/iamcheck/iamcheck/internal/account"
)

// The credentials that the server knows. SecretKey and SessionToken must never
// be seen in anything that is shown.
const (
	AccessKey    = "AKIAFAKEFAKEFAKEFAKE"
	SecretKey    = "fake-secret-key-that-must-never-be-shown"
	SessionToken = "fake-session-token-that-must-never-be-shown"
)

// Call is a request that the server got.
type Call struct {
	Action   string // "iam:GetRole"
	Resource string // ARN of what it asks for, "*" where the action knows none
	Marker   string // "" for a first page
}

// Server is a fake IAM, STS and Organizations. Its options are set before the first request.
type Server struct {
	URL string
	// CallerARN is who GetCallerIdentity says is asking; a role's session of
	// the account by default.
	CallerARN string
	// RawDocuments sends documents as JSON, as emulators do.
	RawDocuments bool
	// PageLimit gives fewer items than MaxItems asks for; 0 does not.
	PageLimit int
	// Member: the caller is in a member account that administers nothing, which
	// may ask Organizations for its own description alone.
	Member bool
	// Date is what every answer says the time is, as HTTP writes it; "" is right.
	Date string
	// Lie changes what SimulatePrincipalPolicy says of an action on a resource:
	// "allowed", "implicitDeny" or "explicitDeny". Nil is honest.
	Lie func(action, resource, honest string) string

	state   *state
	mu      sync.Mutex
	calls   []Call
	faults  []*Fault
	allowed func(action, resource string) bool
	closing chan struct{}

	flying, peak int
}

// New starts a server for the account; it ends with the test.
func New(t testing.TB, snapshot *account.Snapshot) *Server {
	t.Helper()
	s := &Server{
		state:     newState(snapshot),
		CallerARN: "arn:" + snapshot.Partition + ":sts::" + snapshot.Account + ":assumed-role/auditor/session",
		closing:   make(chan struct{}),
	}
	web := httptest.NewServer(http.HandlerFunc(s.serve))
	s.URL = web.URL
	t.Cleanup(func() {
		close(s.closing)
		web.Close()
	})
	return s
}

// Environ is the environment, as "KEY=value", under which the SDK talks to the
// server and to nothing else. Options are set before it is asked for: requests
// of other processes come after it.
func (s *Server) Environ() []string {
	s.mu.Lock() // serve takes it too, and so sees the options
	defer s.mu.Unlock()
	return []string{
		"AWS_ENDPOINT_URL=" + s.URL,
		"AWS_ACCESS_KEY_ID=" + AccessKey,
		"AWS_SECRET_ACCESS_KEY=" + SecretKey,
		"AWS_SESSION_TOKEN=" + SessionToken,
		"AWS_REGION=us-east-1",
		"AWS_DEFAULT_REGION=",
		"AWS_PROFILE=",
		"AWS_DEFAULT_PROFILE=",
		"AWS_CONFIG_FILE=/dev/null",
		"AWS_SHARED_CREDENTIALS_FILE=/dev/null",
		"AWS_EC2_METADATA_DISABLED=true",
		"AWS_CA_BUNDLE=",
		"AWS_ROLE_ARN=",
		"AWS_WEB_IDENTITY_TOKEN_FILE=",
		"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=",
		"AWS_CONTAINER_CREDENTIALS_FULL_URI=",
		"AWS_ENDPOINT_URL_IAM=",
		// The SDK's own AssumeRole for a profile does not look at AWS_ENDPOINT_URL.
		"AWS_ENDPOINT_URL_STS=" + s.URL,
	}
}

// Setenv sets Environ for the rest of the test.
func (s *Server) Setenv(t testing.TB) {
	t.Helper()
	for _, pair := range s.Environ() {
		key, value, _ := strings.Cut(pair, "=")
		t.Setenv(key, value)
	}
}

// Enforce lets a function decide which calls are allowed; the others are
// answered with AccessDenied.
func (s *Server) Enforce(allowed func(action, resource string) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.allowed = allowed
}

// Calls are the requests so far, sorted by action, resource and marker: the
// order in which a parallel reader asks means nothing.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	calls := slices.Clone(s.calls)
	slices.SortFunc(calls, func(a, b Call) int {
		return strings.Compare(a.Action+" "+a.Resource+" "+a.Marker, b.Action+" "+b.Resource+" "+b.Marker)
	})
	return calls
}

// Count is the number of calls of an action.
func (s *Server) Count(action string) int {
	n := 0
	for _, c := range s.Calls() {
		if c.Action == action {
			n++
		}
	}
	return n
}

// Peak is the largest number of requests that were served at once.
func (s *Server) Peak() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.peak
}

// fly counts requests that begin (1) and end (-1).
func (s *Server) fly(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flying += n
	s.peak = max(s.peak, s.flying)
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	s.fly(1)
	defer s.fly(-1)
	q, failed := s.parse(r)
	s.record(q)
	fault := s.fault(q)
	if failed == nil {
		failed = fault.apiError()
	}
	if failed == nil && !s.permits(q) {
		failed = errDenied
	}
	var body string
	if failed == nil {
		q.fault = fault
		body, failed = q.action.answer(s, q)
	}
	status := http.StatusOK
	switch {
	case failed != nil && q.json:
		status, body = http.StatusBadRequest, errorJSON(failed)
	case failed != nil:
		status, body = failed.status, errorXML(q, failed)
	case !q.json:
		body = answerXML(q, body)
	}
	s.send(w, r, q, fault, status, body)
}

func (s *Server) record(q *query) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, Call{Action: q.name, Resource: q.resource, Marker: q.form.Get("Marker")})
}

func (s *Server) permits(q *query) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.allowed == nil || s.allowed(q.name, q.resource)
}
