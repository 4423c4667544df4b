package iamdata

import "strings"

// Access is the access level of an action: what it does to its resource
// (Service Authorization Reference, "Access level").
type Access uint8

// The access levels, in the order in which they weigh. The zero value means
// that the level is not known. AWS lists every Tagging and PermissionsManagement
// action as a write too.
const (
	AccessUnknown Access = iota
	List
	Read
	Tagging
	Write
	PermissionsManagement
)

// String returns AWS's word for the level, "unknown" for the zero value.
func (a Access) String() string {
	switch a {
	case List:
		return "List"
	case Read:
		return "Read"
	case Tagging:
		return "Tagging"
	case Write:
		return "Write"
	case PermissionsManagement:
		return "Permissions management"
	default:
		return "unknown"
	}
}

// Action is one action of a service.
type Action struct {
	Service string // prefix, lower case: "rds-db"
	Name    string // as AWS writes it: "DescribeDBInstances", "connect"
	Access  Access
	// Resources are the types that the action can be limited to, in the order of
	// the reference; nil where the action is authorised against "*" alone.
	Resources []ResourceType
	// ConditionKeys are the keys that the action supplies whatever its resource,
	// besides the global ones; nil where there are none. Resources add theirs.
	ConditionKeys []string
}

// String returns "service:Name".
func (a Action) String() string { return a.Service + ":" + a.Name }

// Supplies tells whether a request of the action can carry the condition key:
// by itself, by one of its resource types, or because the key is a global one.
// Case is ignored; a key with a part of the user's own ("aws:RequestTag/team")
// is found by its pattern ("aws:RequestTag/${TagKey}").
func (a Action) Supplies(key string) bool {
	for _, k := range a.ConditionKeys {
		if sameKey(k, key) {
			return true
		}
	}
	for _, r := range a.Resources {
		for _, k := range r.ConditionKeys {
			if sameKey(k, key) {
				return true
			}
		}
	}
	return IsGlobalKey(key)
}

// ResourceType is a type of resource. Within an Action, Required and
// ConditionKeys are about that action.
type ResourceType struct {
	Name string // "dbuser"; some hold spaces
	// ARNs are the formats of its ARN with ${Partition}, ${Region}, ${Account}
	// and names of the service's own as placeholders; some hold a * besides. There
	// is at least one, and several where old and new forms are both in use.
	ARNs []string
	// Required: the action always acts on such a resource. False within a
	// Service.
	Required bool
	// ConditionKeys are those of the type, and within an Action those too that
	// the action supplies for this type only; nil where there are none.
	ConditionKeys []string
}

// Patterns returns the ARN formats with a * in the place of each placeholder:
// "arn:*:rds-db:*:*:dbuser:*/*". A pattern that meets none of them names no such
// resource.
func (r ResourceType) Patterns() []string {
	patterns := make([]string, len(r.ARNs))
	for i, format := range r.ARNs {
		patterns[i] = globOf(format)
	}
	return patterns
}

// globOf replaces ${Name}, and {Name} as one format has it, by *.
func globOf(format string) string {
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(format, "{")
		if !ok {
			b.WriteString(before)
			return b.String()
		}
		b.WriteString(strings.TrimSuffix(before, "$"))
		b.WriteByte('*')
		_, format, _ = strings.Cut(after, "}")
	}
}

// ConditionKey is a condition key with the type of its values.
type ConditionKey struct {
	Name string  // may end in or hold a placeholder: "aws:RequestTag/${TagKey}"
	Type KeyType // decides which operators fit
	Many bool    // the request holds a set of values: ForAllValues, ForAnyValue
}

// KeyType is the type of a condition key's values.
type KeyType uint8

// The types of condition keys. The zero value is String.
const (
	String KeyType = iota
	ARN
	Bool
	Date
	IPAddress
	Numeric
	Binary
)

// String returns the word that the reference uses.
func (t KeyType) String() string {
	return [...]string{"String", "ARN", "Bool", "Date", "IPAddress", "Numeric", "Binary"}[t]
}

// Service is one service with all that is known of it.
type Service struct {
	Prefix        string // lower case: "rds-db"
	Name          string // "Amazon RDS IAM Authentication"
	Actions       []Action
	Resources     []ResourceType
	ConditionKeys []ConditionKey
}

// sameKey reports whether key is the one that pattern describes: equal but for
// case (condition keys ignore it, reference_policies_elements_condition), or
// with something in the place of a placeholder ("${TagKey}", "<key>").
func sameKey(pattern, key string) bool {
	open := strings.IndexAny(pattern, "$<")
	if open < 0 {
		return compareFold(pattern, key) == 0
	}
	end := strings.LastIndexAny(pattern, "}>")
	if end < open || len(key) <= open+len(pattern)-end-1 {
		return false
	}
	tail := pattern[end+1:]
	return compareFold(pattern[:open], key[:open]) == 0 &&
		compareFold(tail, key[len(key)-len(tail):]) == 0
}
