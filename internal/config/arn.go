package config

import (
	"fmt"
	"slices"
	"strings"
)

// ARN is an Amazon Resource Name split at its first five colons, as AWS
// documents the form (reference-arns).
type ARN struct {
	Partition, Service, Region, Account, Resource string
}

// ParseARN splits s; false where s has fewer than six parts or does not begin
// with "arn".
func ParseARN(s string) (ARN, bool) {
	p := strings.SplitN(s, ":", 6)
	if len(p) != 6 || p[0] != "arn" {
		return ARN{}, false
	}
	return ARN{Partition: p[1], Service: p[2], Region: p[3], Account: p[4], Resource: p[5]}, true
}

// String joins the parts again.
func (a ARN) String() string {
	return strings.Join([]string{"arn", a.Partition, a.Service, a.Region, a.Account, a.Resource}, ":")
}

// ParseRoleARN takes the ARN of an IAM role apart. The error says what is wrong
// in words that a message can quote.
func ParseRoleARN(s string) (ARN, error) {
	a, err := parseIAMARN(s, "role")
	return a, err
}

// parseIAMARN takes the ARN of an IAM entity of the given kind ("role", "user")
// apart.
func parseIAMARN(s, kind string) (ARN, error) {
	a, ok := ParseARN(s)
	if !ok {
		return ARN{}, fmt.Errorf("%s is not an ARN, expected arn:PARTITION:iam::ACCOUNT:%s/NAME", quote(s), kind)
	}
	if !knownPartition(a.Partition) {
		return ARN{}, fmt.Errorf("unknown partition %s in %s, expected one of %s",
			quote(a.Partition), quote(s), strings.Join(Partitions(), ", "))
	}
	if a.Service == "sts" && strings.HasPrefix(a.Resource, "assumed-role/") {
		return ARN{}, fmt.Errorf("%s is the ARN of a session, expected that of the %s, arn:PARTITION:iam::ACCOUNT:%s/NAME",
			quote(s), kind, kind)
	}
	path, isKind := strings.CutPrefix(a.Resource, kind+"/")
	if a.Service != "iam" || a.Region != "" || !isKind {
		return ARN{}, fmt.Errorf("%s is not the ARN of an IAM %s, expected arn:PARTITION:iam::ACCOUNT:%s/NAME", quote(s), kind, kind)
	}
	if !IsAccountID(a.Account) {
		return ARN{}, fmt.Errorf("account %s in %s is not an AWS account ID, expected 12 digits", quote(a.Account), quote(s))
	}
	if err := checkIAMPath(path, kind); err != nil {
		return ARN{}, fmt.Errorf("%s: %w", quote(s), err)
	}
	return a, nil
}

// checkIAMPath checks "name" or "path/name" against the characters that IAM
// allows (reference_iam-quotas, "IAM name requirements").
func checkIAMPath(path, kind string) error {
	name := path[strings.LastIndexByte(path, '/')+1:]
	if name == "" {
		return fmt.Errorf("the %s's name is missing", kind)
	}
	if len(name) > 64 || len(path) > 512+64 {
		return fmt.Errorf("%s is longer than a %s's name can be (64 characters)", quote(name), kind)
	}
	for _, r := range name {
		if !isIAMNameRune(r) {
			return fmt.Errorf("%s cannot stand in a %s's name, expected letters, digits and _+=,.@-", quote(string(r)), kind)
		}
	}
	for _, r := range path {
		if r < 0x21 || r > 0x7e || r == '*' || r == '?' {
			return fmt.Errorf("%s cannot stand in a %s's path", quote(string(r)), kind)
		}
	}
	return nil
}

func isIAMNameRune(r rune) bool {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		return true
	}
	return strings.ContainsRune("_+=,.@-", r)
}

// IsAccountID says whether s is an AWS account ID: exactly 12 digits.
func IsAccountID(s string) bool {
	if len(s) != 12 {
		return false
	}
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return true
}

// Partitions are AWS's partitions, by the name that ARNs use.
func Partitions() []string {
	return []string{"aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc"}
}

func knownPartition(s string) bool { return slices.Contains(Partitions(), s) }

// PartitionOf returns the partition of a region's name; "" for "".
//
// Teleport itself knows only China and GovCloud and takes every other region
// for the partition aws; the isolated and sovereign ones are AWS's.
func PartitionOf(region string) string {
	if region == "" {
		return ""
	}
	for _, p := range []struct{ prefix, partition string }{
		{"cn-", "aws-cn"},
		{"us-gov-", "aws-us-gov"},
		{"us-isob-", "aws-iso-b"},
		{"us-isof-", "aws-iso-f"},
		{"eu-isoe-", "aws-iso-e"},
		{"us-iso-", "aws-iso"},
		{"eusc-", "aws-eusc"},
	} {
		if strings.HasPrefix(region, p.prefix) {
			return p.partition
		}
	}
	return "aws"
}
