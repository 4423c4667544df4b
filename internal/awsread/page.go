package awsread

import "github.com/aws/aws-sdk-go-v2/aws"

// maxPages bounds a listing whose server never comes to an end.
const maxPages = 10_000

// page is one answer of an operation that pages.
type page[T any] struct {
	items     []T
	marker    *string
	truncated bool
}

// each fetches page after page and hands the items on. The SDK's paginators are
// not used: they end in silence when a marker comes twice or when an answer is
// truncated and has no marker, and both mean that something is left unread.
func each[T any](operation string, fetch func(marker *string) (page[T], *failure), take func([]T)) *failure {
	seen := map[string]bool{}
	var marker *string
	for range maxPages {
		p, failed := fetch(marker)
		if failed != nil {
			return failed
		}
		take(p.items)
		next := aws.ToString(p.marker)
		switch {
		case next == "" && p.truncated:
			return &failure{operation: operation, code: "the answer is truncated and does not say where it goes on"}
		case next == "":
			return nil
		case seen[next]:
			return &failure{operation: operation, code: "the same page came again"}
		}
		seen[next] = true
		marker = aws.String(next)
	}
	return &failure{operation: operation, code: "the listing does not end"}
}
