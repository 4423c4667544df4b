package account

import "strings"

// entityARN is the ARN of a user, group, role or policy, taken apart:
// arn:PARTITION:iam::ACCOUNT:TYPE/PATH/NAME (reference_identifiers).
type entityARN struct {
	partition, account, kind, path, name string
}

// parseEntityARN takes apart an ARN of kind "user", "group", "role" or
// "policy". What is wrong with it is told in words, "" where nothing is.
func parseEntityARN(arn, kind string) (entityARN, string) {
	form := "expected arn:PARTITION:iam::ACCOUNT:" + kind + "/NAME"
	fields := strings.SplitN(arn, ":", 6)
	if len(fields) != 6 || fields[0] != "arn" || fields[2] != "iam" || fields[3] != "" {
		return entityARN{}, "is not the ARN of an IAM entity; " + form
	}
	rest, ok := strings.CutPrefix(fields[5], kind+"/")
	slash := strings.LastIndexByte(rest, '/')
	e := entityARN{fields[1], fields[4], kind, "/" + rest[:slash+1], rest[slash+1:]}
	switch {
	case !ok:
		return e, "is not the ARN of a " + kind + "; " + form
	case e.name == "":
		return e, "names no " + kind + "; " + form
	case !isPartition(e.partition):
		return e, "has no partition; expected aws, aws-cn, aws-us-gov or another in its second field"
	case kind == "policy" && e.account == "aws":
		return e, ""
	case !isAccount(e.account):
		return e, "has no account; expected twelve digits in its fifth field"
	}
	return e, ""
}

// isAccount tells whether id is an account id. In a snapshot "*" is none.
func isAccount(id string) bool {
	if len(id) != 12 {
		return false
	}
	for _, c := range []byte(id) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// isPartition tells whether name is of the form of a partition's: AWS adds new
// ones (aws-iso-e, aws-eusc), so there is no list here.
func isPartition(name string) bool {
	if name != "aws" && !strings.HasPrefix(name, "aws-") {
		return false
	}
	for _, c := range []byte(name) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}

// accountOf returns the account field of an ARN, "" where it is no ARN.
func accountOf(arn string) string { return arnField(arn, 4) }

// partitionOf returns the partition field of an ARN, "" where it is no ARN.
func partitionOf(arn string) string { return arnField(arn, 1) }

func arnField(arn string, i int) string {
	fields := strings.SplitN(arn, ":", 6)
	if len(fields) != 6 || fields[0] != "arn" {
		return ""
	}
	return fields[i]
}
