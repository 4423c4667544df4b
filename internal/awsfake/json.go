package awsfake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// organizationsTarget begins the header that names the operation in AWS's JSON
// protocol.
const organizationsTarget = "AWSOrganizationsV20161128."

// object is a JSON object.
type object map[string]any

func jsonText(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error() // only a mistake of this package; the client refuses it
	}
	return string(text)
}

// jsonForm reads the body of the JSON protocol: its texts and numbers, under
// their names.
func jsonForm(r *http.Request) (url.Values, error) {
	var body map[string]any
	d := json.NewDecoder(r.Body)
	d.UseNumber()
	if err := d.Decode(&body); err != nil {
		return nil, err
	}
	form := url.Values{}
	for key, value := range body {
		form.Set(key, fmt.Sprint(value))
	}
	form.Set("Action", strings.TrimPrefix(r.Header.Get("X-Amz-Target"), organizationsTarget))
	form.Set("Marker", form.Get("NextToken"))
	return form, nil
}

// listing is a page of a list in the JSON protocol. Organizations may give an
// empty page that is not the last.
func (s *Server) listing(q *query, name string, items []object) (string, *apiError) {
	from := 0
	if token := q.form.Get("NextToken"); token != "" {
		var ok bool
		if from, ok = offset(token); !ok || from > len(items) {
			return "", &apiError{http.StatusBadRequest, "InvalidInputException", "the token was not given out"}
		}
	}
	to := len(items)
	if s.PageLimit > 0 {
		to = min(to, from+s.PageLimit)
	}
	if q.fault.Kind == EmptyPage && q.form.Get("NextToken") == "" {
		to = from
	}
	page := object{name: append([]object{}, items[from:to]...)}
	switch {
	case q.fault.Kind == SameMarker:
		page["NextToken"] = marker(0)
	case to < len(items):
		page["NextToken"] = marker(to)
	}
	return jsonText(page), nil
}

// errorJSON is a refusal. The codes of the JSON protocol end in Exception.
func errorJSON(e *apiError) string {
	code := e.code
	switch code {
	case "Throttling":
		code = "TooManyRequestsException"
	case "AccessDenied", "ExpiredToken":
		code += "Exception"
	}
	return jsonText(object{"__type": code, "Message": e.message})
}
