package checks

import "testing"

// TestOfService: a resource of another service is there for that service's
// actions, however they are written.
func TestOfService(t *testing.T) {
	for _, c := range []struct {
		raw, pattern string
		want         bool
	}{
		{"arn:aws:s3:::bucket/*", "s3:*", true},
		{"arn:aws:s3:::bucket/*", "*", true},
		{"arn:aws:s3:::bucket/*", "rds:*", false},
		{"arn:aws:rds:us-east-1:111122223333:db:orders", "rds-db:*", false},
		{"arn:aws:rds-db:us-east-1:111122223333:dbuser:orders/app", "*", false},
		{"*", "*", false},
	} {
		if got := ofService(c.raw, c.pattern, "rds-db:connect"); got != c.want {
			t.Errorf("%s under %s: got %v, want %v", c.raw, c.pattern, got, c.want)
		}
	}
}
