package account

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"
)

// maxDocumentDepth bounds the nesting of a policy document. The grammar allows
// six levels (reference_policies_grammar).
const maxDocumentDepth = 64

// DecodeDocument gives the JSON text of a policy document that AWS or an
// emulator sent as a string. IAM percent-encodes documents by RFC 3986
// (API_GetRolePolicy), where a plus sign stands for itself; emulators send
// plain JSON. The text is returned as it was written, white space included; an
// error means that it is not a JSON object in UTF-8.
func DecodeDocument(sent string) ([]byte, error) {
	text := sent
	if !strings.HasPrefix(strings.TrimLeft(sent, " \t\r\n"), "{") {
		decoded, err := url.PathUnescape(sent)
		if err != nil {
			return nil, fmt.Errorf("not JSON, and not percent-encoded either: %w", err)
		}
		text = decoded
	}
	if text == "" {
		return nil, errors.New("empty")
	}
	if err := checkDocument([]byte(text)); err != nil {
		return nil, err
	}
	return []byte(text), nil
}

// checkDocument tells whether text is one JSON object that a snapshot can hold.
func checkDocument(text []byte) error {
	if !utf8.Valid(text) {
		return errors.New("not valid UTF-8")
	}
	s := scanner{text: text}
	s.space()
	if s.peek() != '{' {
		return errors.New("not a JSON object")
	}
	depth, err := s.check(maxDepth)
	if err == nil {
		s.space()
		if s.pos < len(text) {
			err = s.unexpected("expected nothing after the document")
		}
	}
	var bad *syntaxError
	if errors.As(err, &bad) {
		return fmt.Errorf("not JSON: at byte %d: %s", bad.offset, bad.what)
	}
	if depth > maxDocumentDepth {
		return fmt.Errorf("nested deeper than %d levels", maxDocumentDepth)
	}
	return nil
}
