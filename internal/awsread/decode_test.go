package awsread

import (
	"strings"
	"testing"

	"github.com/iamcheck/iamcheck/internal/awsfake"
)

func TestDecode(t *testing.T) {
	const decoded = `{"allowed": false, "explicitDeny": true, "context": {"action": "rds:DescribeDBInstances"}}`
	tests := []struct {
		name, message string
		refuse        bool
		want          string // of the error; "" for none
	}{
		{"decoded", awsfake.Encode(decoded), false, ""},
		{"not allowed", awsfake.Encode(decoded), true, "sts:DecodeAuthorizationMessage: AccessDenied"},
		{"of another account", "???", false, "sts:DecodeAuthorizationMessage: InvalidAuthorizationMessage"},
		{"answer that is no JSON", awsfake.Encode("<html>"), false, "cut short or could not be understood"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := start(t, organized())
			server.Enforce(func(action, _ string) bool { return !tt.refuse || action != opDecode })
			got, err := Decode(t.Context(), fewOptions(), tt.message)
			switch {
			case tt.want == "" && (err != nil || got != decoded):
				t.Errorf("got %q, %v", got, err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}
