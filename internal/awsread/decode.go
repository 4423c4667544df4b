package awsread

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// Decode asks AWS what an encoded authorization message says: a JSON text of the
// form that API_DecodeAuthorizationMessage documents. Only the account whose call
// was refused can be asked, and only who may call sts:DecodeAuthorizationMessage
// there.
func Decode(ctx context.Context, o Options, message string) (string, error) {
	s, err := connect(ctx, o, nil)
	if err != nil {
		return "", err
	}
	defer s.close()
	out, failed := call(ctx, opDecode, s.sts.DecodeAuthorizationMessage, &sts.DecodeAuthorizationMessageInput{EncodedMessage: &message},
		func(out *sts.DecodeAuthorizationMessageOutput) bool {
			return json.Valid([]byte(aws.ToString(out.DecodedMessage)))
		})
	if failed != nil {
		return "", fmt.Errorf("%s: %s", opDecode, failed.code)
	}
	return *out.DecodedMessage, nil
}
