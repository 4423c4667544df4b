package checks

import (
	"strings"

	"github.com/iamcheck/iamcheck/internal/iamdata"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// shape is a form that an action's resources have.
type shape struct {
	pattern string // in IAM's wildcards, from the fourth field on: "dbuser:db-*/*"
	form    string // for people: "dbuser:db-XXXX/USER"
}

// narrowShapes are the actions whose resources have a narrower form than their
// ARN format says, with the source of each.
var narrowShapes = map[string][]shape{
	// The resource ID of an instance, cluster or proxy, never its name
	// (UsingWithRDS.IAMDBAuth.IAMPolicy).
	"rds-db:connect": {
		{"dbuser:db-*/*", "dbuser:db-RESOURCEID/USER"},
		{"dbuser:cluster-*/*", "dbuser:cluster-RESOURCEID/USER"},
		{"dbuser:prx-*/*", "dbuser:prx-RESOURCEID/USER"},
	},
	// The workgroup's ID, which is a UUID, never its name (Service
	// Authorization Reference, Amazon Redshift Serverless).
	"redshift-serverless:getcredentials": {
		{"workgroup/????????-????-????-????-????????????", "workgroup/WORKGROUP-UUID"},
	},
}

// lowerCase are the actions whose resource names AWS keeps in lower case, so
// that a pattern with a capital letter never matches (ElastiCache user guide,
// IAM.ResourceLevelPermissions; MemoryDB developer guide,
// iam.resourcelevelpermissions).
var lowerCase = map[string]bool{
	"elasticache:connect": true,
	"memorydb:connect":    true,
}

// shapesOf are the forms of an action's resources. known is false for an action
// that the reference data does not have, and for one without resource types,
// whose only resource is "*".
func shapesOf(action string) (shapes []shape, known bool) {
	a, ok := iamdata.Lookup(action)
	if !ok || len(a.Resources) == 0 {
		return nil, false
	}
	if narrow, ok := narrowShapes[strings.ToLower(action)]; ok {
		for _, s := range narrow {
			shapes = append(shapes, shape{"arn:*:" + a.Service + ":*:*:" + s.pattern, s.form})
		}
		return shapes, true
	}
	for _, r := range a.Resources {
		for _, format := range r.ARNs {
			_, resource := splitARN(format)
			shapes = append(shapes, shape{placeholders(format), inCapitals(resource)})
		}
	}
	return shapes, true
}

// splitARN cuts an ARN (or a pattern of one) into its first five fields and the
// resource part; fields is nil where it is no ARN.
func splitARN(arn string) (fields []string, resource string) {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" {
		return nil, ""
	}
	return parts[:5], parts[5]
}

// placeholders turns the ${…} of an ARN format into "*".
func placeholders(format string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(format, "${")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		b.WriteByte('*')
		if _, format, found = strings.Cut(rest, "}"); !found {
			return b.String()
		}
	}
}

// inCapitals writes the placeholders of a format the way messages do.
func inCapitals(format string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(format, "${")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		b.WriteString(strings.ToUpper(name))
		format = after
	}
}

// mayMatch tells whether a resource pattern, as written, can match a resource
// of any of the shapes.
func mayMatch(raw, action string, shapes []shape) bool {
	if lowerCase[strings.ToLower(action)] {
		if _, resource := splitARN(raw); resource != strings.ToLower(resource) && !strings.Contains(resource, "${") {
			return false
		}
	}
	p := policy.CompilePattern(withoutVariables(raw))
	for _, s := range shapes {
		if p.Intersects(policy.RequestPattern(s.pattern)) {
			return true
		}
	}
	return false
}

// withoutVariables puts "*" in the place of policy variables: they may turn
// into anything.
func withoutVariables(raw string) string {
	if !strings.Contains(raw, "${") {
		return raw
	}
	return placeholders(raw)
}
