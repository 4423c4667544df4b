package account

import (
	"fmt"
	"iter"
	"maps"
	"slices"
)

// details are the lists of `aws iam get-account-authorization-details`
// (API_GetAccountAuthorizationDetails), of one page or of several one after
// the other, with the marks that tell whether something follows.
type details struct {
	users    []User
	groups   []Group
	roles    []Role
	policies []ManagedPolicy
	gaps     []Gap

	hasRoles bool // the key RoleDetailList is there
	seen     map[string]int
	before   int // problems before the entity that is being read
	page     page
}

// page is what the page that is being read says about its place.
type page struct {
	truncated bool
	next      string // Marker, or the NextToken of the command line
}

// incomplete tells whether more must follow this page. The command line drops
// IsTruncated and prints NextToken where --max-items cut its output.
func (p page) incomplete() bool { return p.truncated || p.next != "" }

var detailsFields = []field[details]{
	{"UserDetailList", func(r *reader, d *details) { readEntities(r, d, "user", &d.users, readUser, sameUser) }},
	{"GroupDetailList", func(r *reader, d *details) { readEntities(r, d, "group", &d.groups, readGroup, sameGroup) }},
	{"RoleDetailList", func(r *reader, d *details) {
		d.hasRoles = true
		readEntities(r, d, "role", &d.roles, readRole, sameRole)
	}},
	{"Policies", func(r *reader, d *details) {
		readEntities(r, d, "policy", &d.policies, readManagedPolicy, samePolicy)
	}},
	{"IsTruncated", func(r *reader, d *details) { d.page.truncated = r.bool() }},
	{"Marker", func(r *reader, d *details) { d.page.next = r.string() }},
	{"NextToken", func(r *reader, d *details) { d.page.next = r.string() }},
}

// readDetails reads one page into d.
func readDetails(r *reader, d *details) {
	d.page = page{}
	if d.seen == nil {
		d.seen = map[string]int{}
	}
	readObject(r, d, detailsFields, tolerate)
}

// mustBeWhole reports a last page that says that more follows.
func (d *details) mustBeWhole(r *reader, offset int) {
	if d.page.incomplete() {
		r.problemAt(offset, "the output is one page of several: it is cut (IsTruncated or NextToken is set); "+
			"expected the last page too: run the command without --max-items and --no-paginate")
	}
}

// readEntities reads one of the four lists. The same entity twice, as where
// pages overlap, is kept once; with different content it is a problem.
func readEntities[T any](r *reader, d *details, kind string, list *[]T,
	read func(*reader, *details) (T, string), same func(a, b *T) bool,
) {
	r.readList(func() {
		at := r.offset()
		d.before = len(r.problems)
		entity, arn := read(r, d)
		if arn == "" {
			return // reported
		}
		if i, ok := d.seen[arn]; ok {
			if !same(&(*list)[i], &entity) {
				r.problemAt(at, fmt.Sprintf("the %s %s is here twice with different content; expected it once", kind, shown(arn)))
			}
			return
		}
		d.seen[arn] = len(*list)
		*list = append(*list, entity)
	})
}

// offset is the place of the value that comes next.
func (r *reader) offset() int {
	r.space()
	return r.pos
}

// arns yields the ARNs of all entities, list by list.
func (d *details) arns() iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range d.users {
			if !yield(d.users[i].ARN) {
				return
			}
		}
		for i := range d.groups {
			if !yield(d.groups[i].ARN) {
				return
			}
		}
		for i := range d.roles {
			if !yield(d.roles[i].ARN) {
				return
			}
		}
		for i := range d.policies {
			if !yield(d.policies[i].ARN) {
				return
			}
		}
	}
}

// snapshots makes a snapshot of each account that the entities belong to.
// Files of AWS's form that tell of several accounts exist: outputs that were
// put together. AWS's own managed policies belong to each of them.
func (d *details) snapshots(r *reader, at int) []*Snapshot {
	byAccount := map[string]*Snapshot{}
	for arn := range d.arns() {
		id, partition := accountOf(arn), partitionOf(arn)
		if id == "aws" {
			continue
		}
		if s := byAccount[id]; s == nil {
			byAccount[id] = &Snapshot{Account: id, Partition: partition, Partial: !d.hasRoles}
		} else if s.Partition != partition {
			r.problemAt(at, fmt.Sprintf("%s is of another partition than the rest of its account, %s", shown(arn), s.Partition))
			return nil
		}
	}
	if len(byAccount) == 0 && len(r.problems) == 0 {
		r.problemAt(at, "no user, group, role or policy in it names its account; expected at least one")
		return nil
	}
	for i := range d.users {
		s := byAccount[accountOf(d.users[i].ARN)]
		s.Users = append(s.Users, d.users[i])
	}
	for i := range d.groups {
		s := byAccount[accountOf(d.groups[i].ARN)]
		s.Groups = append(s.Groups, d.groups[i])
	}
	for i := range d.roles {
		s := byAccount[accountOf(d.roles[i].ARN)]
		s.Roles = append(s.Roles, d.roles[i])
	}
	ids := slices.Sorted(maps.Keys(byAccount))
	snapshots := make([]*Snapshot, 0, len(ids))
	for _, id := range ids {
		s := byAccount[id]
		s.Policies = ownPolicies(d.policies, s)
		s.Gaps = union(nil, ownGaps(d.gaps, s))
		snapshots = append(snapshots, s)
	}
	return snapshots
}

// ownPolicies are the policies of the account and AWS's of its partition.
func ownPolicies(policies []ManagedPolicy, s *Snapshot) []ManagedPolicy {
	var own []ManagedPolicy
	for _, p := range policies {
		if s.owns(p.ARN) {
			own = append(own, p)
		}
	}
	return own
}

func ownGaps(gaps []Gap, s *Snapshot) []Gap {
	var own []Gap
	for _, g := range gaps {
		if s.owns(g.Subject) {
			own = append(own, g)
		}
	}
	return own
}

// owns tells whether an ARN is of the account, or AWS's in its partition.
func (s *Snapshot) owns(arn string) bool {
	id := accountOf(arn)
	return id == s.Account || id == "aws" && partitionOf(arn) == s.Partition
}
