package config

import (
	"fmt"
	"slices"
	"strings"
)

// The checks of single values. Each returns what is expected, in words that
// follow `aws.region: found "x", `; "" where the value is well.

// checkAccount wants an account ID. YAML writers lose leading zeros, so that
// eleven digits get a hint.
func checkAccount(s string) string {
	switch {
	case IsAccountID(s):
		return ""
	case len(s) < 12 && len(s) > 8 && strings.Trim(s, "0123456789") == "":
		return fmt.Sprintf("expected 12 digits (was a leading zero lost? %q)", fmt.Sprintf("%012s", s))
	}
	return "expected an AWS account ID, 12 digits"
}

// CheckRegion wants a region's name by its form, so that a region that AWS
// opens tomorrow is one too. It returns what is expected instead, "" where the
// name is well.
func CheckRegion(s string) string {
	parts := strings.Split(s, "-")
	last := parts[len(parts)-1]
	form := len(parts) >= 3 && len(parts) <= 5 && last != "" && len(last) <= 2 && strings.Trim(last, "0123456789") == ""
	for _, p := range parts[:len(parts)-1] {
		form = form && p != "" && strings.Trim(p, "abcdefghijklmnopqrstuvwxyz") == ""
	}
	if form {
		return ""
	}
	for _, r := range regions() {
		if zone, ok := strings.CutPrefix(s, r); ok && len(zone) == 1 {
			return fmt.Sprintf("expected a region, %q (%s is an availability zone of it)", r, quote(s))
		}
	}
	if hint := nearest(strings.ToLower(s), regions()); hint != "" {
		return fmt.Sprintf("expected a region, did you mean %q?", hint)
	}
	return "expected an AWS region, such as us-east-1"
}

// checkName wants a name without anything that a policy would read as a
// pattern or as a separator of an ARN.
func checkName(s string) string {
	return checkWithout(s, "*?:/$ ", "expected a name")
}

// checkPath wants a name or path that may hold ":" and "/".
func checkPath(s string) string {
	return checkWithout(s, "*?$ ", "expected a name or path")
}

func checkWithout(s, bad, expected string) string {
	for _, r := range s {
		if r < 0x21 || r == 0x7f || strings.ContainsRune(bad, r) {
			return fmt.Sprintf("%s, without %s", expected, quote(string(r)))
		}
	}
	if len(s) > 512 {
		return expected + " of at most 512 characters"
	}
	return ""
}

// checkRoleField wants the full ARN of a role: assume_role_arn.
func checkRoleField(s string) string {
	if _, err := ParseRoleARN(s); err != nil {
		return strings.TrimPrefix(err.Error(), quote(s)+" is ")
	}
	return ""
}

// checkExternalID wants what sts:AssumeRole takes: 2 to 1224 characters of
// letters, digits and +=,.@:/- and _ (API_AssumeRole).
func checkExternalID(s string) string {
	for _, r := range s {
		if !isIAMNameRune(r) && r != ':' && r != '/' {
			return fmt.Sprintf("expected letters, digits and _+=,.@:/-, without %s", quote(string(r)))
		}
	}
	if len(s) < 2 || len(s) > 1224 {
		return "expected 2 to 1224 characters"
	}
	return ""
}

// checkResourceID wants one of AWS's own ids, which rds-db:connect names; the
// name of the instance or cluster in its place is the usual mistake
// (UsingWithRDS.IAMDBAuth.IAMPolicy).
func checkResourceID(prefixes ...string) func(string) string {
	return func(s string) string {
		for _, p := range prefixes {
			if id, ok := strings.CutPrefix(s, p); ok && id != "" {
				return checkName(s)
			}
		}
		return fmt.Sprintf("expected the resource id that AWS gave (%s…), not the name", strings.Join(prefixes, "…, "))
	}
}

// regions are AWS's regions as of 2026; they only serve to guess what a
// misspelt one was to be.
func regions() []string {
	return []string{
		"af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2",
		"ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7",
		"ca-central-1", "ca-west-1", "cn-north-1", "cn-northwest-1", "eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1",
		"eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3", "eusc-de-east-1", "il-central-1", "me-central-1", "me-south-1",
		"mx-central-1", "sa-east-1", "us-east-1", "us-east-2", "us-gov-east-1", "us-gov-west-1", "us-west-1", "us-west-2",
	}
}

// doubtRegion returns the region that s was probably meant to be, "" where s is
// known or like none.
func doubtRegion(s string) string {
	if s == "" || slices.Contains(regions(), s) || CheckRegion(s) != "" {
		return ""
	}
	return nearest(s, regions())
}
