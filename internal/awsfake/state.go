package awsfake

import (
	"maps"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/account"
)

// state is the account, by the names that the API takes.
type state struct {
	snapshot *account.Snapshot
	users    map[string]account.User
	groups   map[string]account.Group
	roles    map[string]account.Role
	policies map[string]account.ManagedPolicy // by ARN
	attached map[string]int                   // how often each policy is attached
	bounding map[string]int                   // how often each is a boundary
}

func newState(s *account.Snapshot) *state {
	st := &state{
		snapshot: s,
		users:    map[string]account.User{},
		groups:   map[string]account.Group{},
		roles:    map[string]account.Role{},
		policies: map[string]account.ManagedPolicy{},
		attached: map[string]int{},
		bounding: map[string]int{},
	}
	for _, u := range s.Users {
		st.users[u.Name] = u
		st.count(u.Attached, u.Boundary)
	}
	for _, g := range s.Groups {
		st.groups[g.Name] = g
		st.count(g.Attached, "")
	}
	for _, r := range s.Roles {
		st.roles[r.Name] = r
		st.count(r.Attached, r.Boundary)
	}
	for _, p := range s.Policies {
		st.policies[p.ARN] = p
	}
	return st
}

func (st *state) count(attached []account.AttachedPolicy, boundary string) {
	for _, a := range attached {
		st.attached[a.ARN]++
	}
	if boundary != "" {
		st.bounding[boundary]++
	}
}

// arn makes the ARN of an entity of the account that does not exist.
func (st *state) arn(kind, name string) string {
	return "arn:" + st.snapshot.Partition + ":iam::" + st.snapshot.Account + ":" + kind + "/" + name
}

func sortedNames[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// managedByAWS tells AWS's own policies by the account in their ARN.
func managedByAWS(arn string) bool { return strings.Contains(arn, ":iam::aws:") }
