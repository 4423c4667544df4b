package awsfake

import (
	"net/http"
	"strconv"
	"time"
)

// Kind is a kind of fault.
type Kind uint8

// The kinds. The zero value is no fault.
const (
	None          Kind = iota
	Throttle           // 400 Throttling
	Unavailable        // 503, and no XML
	Denied             // 403 AccessDenied
	Expired            // 403 ExpiredToken
	InvalidToken       // 403 InvalidClientTokenId
	Slow               // the answer comes after a while
	Hang               // no answer until the client gives up
	CutBody            // the connection ends in the middle of the body
	CutXML             // the body ends after At bytes, and HTTP says it is whole
	EmptyBody          // 200 and nothing
	Garbage            // 200 and something that is no XML
	SameMarker         // truncated, with the same marker each time
	NoMarker           // truncated, without a marker
	BadDocument        // policy documents that can't be decoded
	WrongEntity        // the answer is about something else than was asked
	BlankBoundary      // a boundary is there and has no name
	EmptyPage          // Organizations: the first page is empty, and not the last
)

// Fault makes calls go wrong.
type Fault struct {
	Kind     Kind
	Action   string // "iam:GetRole"; "" for any
	Resource string // ARN; "" for any
	After    int    // so many matching calls pass first
	Times    int    // so many calls go wrong; 0 for all
	At       int    // CutXML: bytes of the body that are sent

	matched int
}

// Fault adds a fault. Of several that match a call, the first that is neither
// waiting (After) nor used up (Times) is taken.
func (s *Server) Fault(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &f)
}

func (s *Server) fault(q *query) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.faults {
		if f.Action != "" && f.Action != q.name || f.Resource != "" && f.Resource != q.resource {
			continue
		}
		f.matched++
		if f.matched <= f.After || f.Times > 0 && f.matched > f.After+f.Times {
			continue
		}
		return f
	}
	return &Fault{}
}

// apiError is the refusal that the fault is, nil where it is of another kind.
func (f *Fault) apiError() *apiError {
	switch f.Kind {
	case Throttle:
		return &apiError{http.StatusBadRequest, "Throttling", "Rate exceeded"}
	case Denied:
		return errDenied
	case Expired:
		return &apiError{http.StatusForbidden, "ExpiredToken", "The security token included in the request is expired: " + SessionToken}
	case InvalidToken:
		return &apiError{http.StatusForbidden, "InvalidClientTokenId", "The security token included in the request is invalid."}
	default:
		return nil
	}
}

// send writes an answer, spoilt where the fault says so.
func (s *Server) send(w http.ResponseWriter, r *http.Request, q *query, f *Fault, status int, body string) {
	declared := len(body)
	switch f.Kind {
	case Hang:
		select {
		case <-r.Context().Done():
		case <-s.closing:
		}
		return
	case Slow:
		time.Sleep(20 * time.Millisecond)
	case Unavailable:
		status, body = http.StatusServiceUnavailable, "the service is unavailable"
		declared = len(body)
	case CutBody:
		body = body[:declared/2] // the server closes the connection, since less is sent than declared
	case CutXML:
		body = body[:min(f.At, len(body))]
		declared = len(body)
	case EmptyBody:
		body, declared = "", 0
	case Garbage:
		body = "{\"this\": \"is not XML\"}"
		if q.json {
			body = "<this>is not JSON</this>"
		}
		declared = len(body)
	}
	kind := "text/xml"
	if q.json {
		kind = "application/x-amz-json-1.1"
	}
	w.Header().Set("Content-Type", kind)
	if s.Date != "" {
		w.Header().Set("Date", s.Date)
	}
	w.Header().Set("Content-Length", strconv.Itoa(declared))
	w.Header().Set("X-Amzn-Requestid", "00000000-0000-0000-0000-000000000000")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body)) // a client that went away is part of some tests
}
