package awsfake

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// query is a request, most often of AWS's query protocol.
type query struct {
	service  string // "iam", "sts" or "organizations"
	json     bool   // it is of the JSON protocol
	name     string // "iam:GetRole"
	form     url.Values
	action   action
	resource string
	fault    *Fault
}

// apiError is a refusal as AWS words it.
type apiError struct {
	status        int
	code, message string
}

// errDenied quotes the caller as AWS's messages do; nobody should show it.
var errDenied = &apiError{http.StatusForbidden, "AccessDenied", "User: " + AccessKey + " is not authorized to perform this action"}

func invalid(format string, args ...any) *apiError {
	return &apiError{http.StatusBadRequest, "ValidationError", fmt.Sprintf(format, args...)}
}

// versions are the API versions by service; the JSON protocol sends none.
func versions() map[string]string {
	return map[string]string{"iam": "2010-05-08", "sts": "2011-06-15"}
}

// scope is the credential scope of a SigV4 signature.
var scope = regexp.MustCompile(`Credential=([^/]+)/[0-9]{8}/[a-z0-9-]+/([a-z]+)/aws4_request`)

// parse reads a request. The query it returns is never nil, so that a bad
// request can be recorded and answered.
func (s *Server) parse(r *http.Request) (*query, *apiError) {
	q := &query{form: url.Values{}, resource: "*"}
	if r.Method != http.MethodPost || r.URL.Path != "/" {
		return q, invalid("expected POST /, got %s %s", r.Method, r.URL.Path)
	}
	if err := q.read(r); err != nil {
		return q, invalid("not a form")
	}
	signed := scope.FindStringSubmatch(r.Header.Get("Authorization"))
	if signed == nil {
		return q, &apiError{http.StatusForbidden, "MissingAuthenticationToken", "the request is not signed"}
	}
	q.service = signed[2]
	q.name = q.service + ":" + q.form.Get("Action")
	if signed[1] != AccessKey {
		return q, &apiError{http.StatusForbidden, "InvalidClientTokenId", "The security token included in the request is invalid."}
	}
	if q.json != (q.service == "organizations") || q.form.Get("Version") != versions()[q.service] {
		return q, invalid("version %q of %q", q.form.Get("Version"), q.service)
	}
	known, ok := actions()[q.name]
	if !ok {
		return q, &apiError{http.StatusBadRequest, "InvalidAction", "Could not find operation " + q.name}
	}
	q.action = known
	q.resource = known.resource(s.state, q.form)
	return q, nil
}

// read takes the parameters from the body, in the protocol of its service.
func (q *query) read(r *http.Request) (err error) {
	if q.json = strings.HasPrefix(r.Header.Get("X-Amz-Target"), organizationsTarget); q.json {
		q.form, err = jsonForm(r)
		return err
	}
	err = r.ParseForm()
	q.form = r.PostForm
	return err
}

// list reads KEY.member.1, KEY.member.2 and so on.
func (q *query) list(key string) []string {
	var values []string
	for i := 1; ; i++ {
		name := key + ".member." + strconv.Itoa(i)
		if !q.form.Has(name) {
			return values
		}
		values = append(values, q.form.Get(name))
	}
}
