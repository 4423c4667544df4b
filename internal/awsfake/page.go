package awsfake

import (
	"encoding/base64"
	"strconv"
	"strings"
)

// window cuts a page out of n items: the range to send, and the elements that
// say whether there is more.
func (s *Server) window(q *query, n int) (from, to int, more string, failed *apiError) {
	size := 100
	if asked := q.form.Get("MaxItems"); asked != "" {
		var err error
		if size, err = strconv.Atoi(asked); err != nil || size < 1 || size > 1000 {
			return 0, 0, "", invalid("MaxItems %q is not between 1 and 1000", asked)
		}
	}
	if s.PageLimit > 0 {
		size = min(size, s.PageLimit)
	}
	if given := q.form.Get("Marker"); given != "" {
		var ok bool
		if from, ok = offset(given); !ok || from > n {
			return 0, 0, "", invalid("marker %q was not given out", given)
		}
	}
	to = min(from+size, n)
	next := marker(to)
	switch {
	case q.fault.Kind == SameMarker:
		return from, to, text("IsTruncated", "true") + text("Marker", marker(0)), nil
	case q.fault.Kind == NoMarker:
		return from, to, text("IsTruncated", "true"), nil
	case to < n:
		return from, to, text("IsTruncated", "true") + text("Marker", next), nil
	default:
		return from, to, text("IsTruncated", "false"), nil
	}
}

func marker(offset int) string {
	return base64.StdEncoding.EncodeToString([]byte("from:" + strconv.Itoa(offset)))
}

// offset is what marker put in, if it did.
func offset(marker string) (int, bool) {
	plain, err := base64.StdEncoding.DecodeString(marker)
	if err != nil {
		return 0, false
	}
	digits, ours := strings.CutPrefix(string(plain), "from:")
	n, err := strconv.Atoi(digits)
	return n, ours && err == nil && n >= 0
}
