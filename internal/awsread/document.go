package awsread

import (
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/iamcheck/iamcheck/internal/account"
)

// maxDocument bounds a policy document. IAM's own quotas end at 20,480
// characters (reference_iam-quotas), percent-encoding at most trebles them.
const maxDocument = 1 << 20

var errUndecodable = errors.New("the policy document could not be decoded")

// decodeDocument turns the document of an answer into JSON. IAM encodes
// documents by RFC 3986, in which "+" stands for itself; emulators send JSON as
// it is, and unescaping that would change it.
func decodeDocument(text string) (account.Document, error) {
	text = strings.TrimSpace(text)
	if len(text) > maxDocument {
		return account.Document{}, errUndecodable
	}
	if !strings.HasPrefix(text, "{") {
		plain, err := url.PathUnescape(text)
		if err != nil {
			return account.Document{}, errUndecodable
		}
		text = strings.TrimSpace(plain)
	}
	if !strings.HasPrefix(text, "{") || !utf8.ValidString(text) || !json.Valid([]byte(text)) {
		return account.Document{}, errUndecodable
	}
	return account.Document{Text: []byte(text)}, nil
}
