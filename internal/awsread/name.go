package awsread

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"
)

// name is a role or user as it was asked for. What the asker did not write is
// empty.
type name struct {
	kind      string // "role" or "user"
	base      string // the name alone, as the API takes it
	path      string // "/team/"; "" where a bare name does not tell
	partition string
	account   string
}

// The characters and lengths that IAM takes (reference_iam-quotas).
var (
	baseName    = regexp.MustCompile(`^[A-Za-z0-9_+=,.@-]{1,64}$`)
	accountID   = regexp.MustCompile(`^[0-9]{12}$`)
	pathPattern = regexp.MustCompile(`^/([\x21-\x2e\x30-\x7e]+/)*$`)
)

// parseNames reads the names of one kind, keeping the first of duplicates.
func parseNames(kind string, written []string) ([]name, error) {
	seen := map[name]bool{}
	var names []name
	for _, w := range written {
		n, err := parseName(kind, w)
		if err != nil {
			return nil, err
		}
		if !seen[n] {
			seen[n] = true
			names = append(names, n)
		}
	}
	return names, nil
}

func parseName(kind, written string) (name, error) {
	n := name{kind: kind}
	rest := written
	if strings.HasPrefix(written, "arn:") {
		a, err := arn.Parse(written)
		if err != nil || a.Service != "iam" || a.Region != "" || !accountID.MatchString(a.AccountID) || !strings.HasPrefix(a.Resource, kind+"/") {
			return name{}, fmt.Errorf("%q is not the ARN of an IAM %s; expected arn:PARTITION:iam::ACCOUNT:%s/NAME", written, kind, kind)
		}
		n.partition, n.account, n.path = a.Partition, a.AccountID, "/"
		rest = strings.TrimPrefix(a.Resource, kind+"/")
	}
	rest = strings.TrimPrefix(rest, "/")
	if i := strings.LastIndex(rest, "/"); i >= 0 {
		n.path, rest = "/"+rest[:i+1], rest[i+1:]
	}
	n.base = rest
	if !baseName.MatchString(n.base) || n.path != "" && !pathPattern.MatchString(n.path) {
		return name{}, fmt.Errorf("%q is not an IAM %s; expected a name, path/name or ARN", written, kind)
	}
	return n, nil
}

// arn is the ARN that n has in the account read; a path that was not told
// counts as "/".
func (n name) arn(id identity) string {
	path := cmp.Or(n.path, "/")
	return "arn:" + id.partition + ":iam::" + id.account + ":" + n.kind + path + n.base
}

// elsewhere tells whether n names an entity of another account. Partitions are
// not compared: who builds an ARN from an account number may have to guess them.
func (n name) elsewhere(id identity) bool {
	return n.account != "" && n.account != id.account
}

// matches tells whether an ARN is n's: with n's account and path, or any where
// n tells none.
func (n name) matches(arn string) bool {
	_, rest, _ := strings.Cut(arn, ":iam::")
	account, resource, _ := strings.Cut(rest, ":"+n.kind+"/")
	if n.account != "" && n.account != account {
		return false
	}
	i := strings.LastIndex(resource, "/")
	return resource[i+1:] == n.base && (n.path == "" || n.path == "/"+resource[:i+1])
}
