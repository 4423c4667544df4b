package policy

import "strings"

// ARN is an Amazon Resource Name, cut at its first five colons
// (reference-arns). Resource keeps its own colons.
type ARN struct {
	Partition, Service, Region, Account, Resource string
}

// ParseARN cuts s into the fields of an ARN. It is false where s does not
// begin with "arn:" or has fewer than six fields; fields may be empty and hold
// wildcards.
func ParseARN(s string) (ARN, bool) {
	fields, n := arnFields(s)
	if n != len(fields) || fields[0] != "arn" {
		return ARN{}, false
	}
	return ARN{fields[1], fields[2], fields[3], fields[4], fields[5]}, true
}

// String joins the fields.
func (a ARN) String() string {
	return strings.Join([]string{"arn", a.Partition, a.Service, a.Region, a.Account, a.Resource}, ":")
}

// arnResource is the index of the resource part among an ARN's fields.
const arnResource = 5

// arnFields cuts s at its first five colons into n fields, the others being
// empty. It does not allocate.
func arnFields(s string) (fields [arnResource + 1]string, n int) {
	for n < arnResource {
		field, rest, more := strings.Cut(s, ":")
		if !more {
			break
		}
		fields[n] = field
		s = rest
		n++
	}
	fields[n] = s
	return fields, n + 1
}
