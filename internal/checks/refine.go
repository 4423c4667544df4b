package checks

import (
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/expected"
)

// openForms are the forms that a name has which the configuration does not tell:
// a "*" in its place stands for those, so that a grant on something else is no
// grant at all.
var openForms = map[string][]string{
	// Resource IDs of instances, of Aurora clusters, of proxies, never their
	// names (UsingWithRDS.IAMDBAuth.IAMPolicy).
	"aws.rds.resource_id":      {"db-*", "cluster-*"},
	"aws.rdsproxy.resource_id": {"prx-*"},
	// A UUID, never the workgroup's name (Service Authorization Reference,
	// Amazon Redshift Serverless).
	"aws.redshift_serverless.workgroup_id": {"????????-????-????-????-????????????"},
}

// openPlaces tell where in the resource part the open name stands: behind which
// prefix.
var openPlaces = map[string]string{
	"aws.rds.resource_id":                  "dbuser:",
	"aws.rdsproxy.resource_id":             "dbuser:",
	"aws.redshift_serverless.workgroup_id": "workgroup/",
}

// refined are the resources that a requirement really asks about: its own, or,
// where it holds "*" for a name of known form, one for each form.
func refined(r *expected.Requirement) []string {
	for _, name := range sortedKeys(openForms) {
		if !slices.Contains(r.Open, name) {
			continue
		}
		before, after, found := strings.Cut(r.Resource, ":"+openPlaces[name]+"*")
		if !found {
			continue
		}
		var out []string
		for _, form := range openForms[name] {
			out = append(out, before+":"+openPlaces[name]+form+after)
		}
		return out
	}
	return []string{r.Resource}
}
