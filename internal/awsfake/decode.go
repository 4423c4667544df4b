package awsfake

import (
	"encoding/base64"
	"net/http"
)

// Encode makes an encoded authorization message of a decoded one, as this server
// decodes it.
func Encode(decoded string) string { return base64.RawURLEncoding.EncodeToString([]byte(decoded)) }

func decodeMessage(_ *Server, q *query) (string, *apiError) {
	decoded, err := base64.RawURLEncoding.DecodeString(q.form.Get("EncodedMessage"))
	if err != nil || len(decoded) == 0 {
		return "", &apiError{http.StatusBadRequest, "InvalidAuthorizationMessageException", "Message is not valid"}
	}
	return text("DecodedMessage", string(decoded)), nil
}
