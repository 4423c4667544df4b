package awsread

import (
	"context"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/iamcheck/iamcheck/internal/account"
)

// Read takes the picture. The Snapshot is Partial unless the whole account was
// asked for and read to its end; with Partial, entities that were asked for and
// do not exist are in Absent. Slices are sorted by ARN.
//
// What could not be read is in Gaps, with AWS's error code or a few words as
// Error. The gap of a whole account that was refused or broke off has the
// account's root ARN as Subject, and so have those of its organization, whose
// policies are known to be none where the account is in none, or is the
// management account. A role or user of which the first call failed
// is not in the Snapshot, only in Gaps.
//
// Read fails without a Snapshot where reading could not begin: a wrong name,
// profile or region, no credentials or refused ones, an account that can't be
// told. If ctx ends on the way, both are returned: the Snapshot with what was
// read and gaps for the rest, and an error that is ctx's.
func Read(ctx context.Context, o Options) (*account.Snapshot, error) {
	roles, err := parseNames("role", o.Roles)
	if err != nil {
		return nil, err
	}
	users, err := parseNames("user", o.Users)
	if err != nil {
		return nil, err
	}
	names := slices.Concat(roles, users)
	s, err := connect(ctx, o, names)
	if err != nil {
		return nil, err
	}
	defer s.close()

	r := newReader(s, o)
	names = slices.DeleteFunc(names, func(n name) bool { return n.elsewhere(s.identity) })
	if o.All || len(names) > FewEntities {
		r.readAccount(ctx, o.All, names)
	}
	r.readNamed(ctx, names)
	r.readGroups(ctx)
	r.readPolicies(ctx)
	if o.Organization {
		r.readOrganization(ctx)
	}

	snapshot := r.snapshot()
	snapshot.TakenAt = o.Now
	if r.stopped != nil {
		return snapshot, fmt.Errorf("stopped before everything was read: %w", r.stopped)
	}
	return snapshot, nil
}

// readNamed reads the roles and users that are not known yet. Users of an
// account that broke off are read again: their groups may be missing.
func (r *reader) readNamed(ctx context.Context, names []name) {
	var todo []func()
	for _, n := range names {
		switch {
		case r.whole, n.kind == "role" && r.has(n):
			r.settle(n)
		case n.kind == "role":
			todo = append(todo, func() { r.readRole(ctx, n) })
		default:
			todo = append(todo, func() { r.readUser(ctx, n) })
		}
	}
	r.inParallel(todo)
}

// readGroups reads the groups of the users that were read with single calls.
func (r *reader) readGroups(ctx context.Context) {
	var todo []func()
	for _, arn := range sortedKeys(r.unreadGroups) {
		group := r.unreadGroups[arn]
		if _, known := r.groups[arn]; !known {
			todo = append(todo, func() { r.readGroup(ctx, group) })
		}
	}
	r.inParallel(todo)
}

// readPolicies reads, once each, the managed policies and boundaries that the
// entities name and that are not known yet. After a whole account these are
// the AWS managed policies that serve as boundaries only.
func (r *reader) readPolicies(ctx context.Context) {
	var todo []func()
	for _, arn := range r.namedPolicies() {
		if _, known := r.policies[arn]; !known {
			todo = append(todo, func() { r.readPolicy(ctx, arn) })
		}
	}
	r.inParallel(todo)
}

// inParallel runs the tasks, so many at a time, and waits for them.
func (r *reader) inParallel(tasks []func()) {
	r.expect(len(tasks))
	var group errgroup.Group
	group.SetLimit(r.concurrency)
	for _, task := range tasks {
		group.Go(func() error {
			task()
			r.count(1)
			return nil
		})
	}
	_ = group.Wait() // the tasks have no error: failures are gaps
}

// namedPolicies are the ARNs of the managed policies that the entities name,
// sorted.
func (r *reader) namedPolicies() []string {
	named := map[string]bool{}
	name := func(attached []account.AttachedPolicy, boundary string) {
		for _, a := range attached {
			named[a.ARN] = true
		}
		if boundary != "" {
			named[boundary] = true
		}
	}
	for _, e := range r.roles {
		name(e.Attached, e.Boundary)
	}
	for _, e := range r.users {
		name(e.Attached, e.Boundary)
	}
	for _, e := range r.groups {
		name(e.Attached, "")
	}
	return sortedKeys(named)
}
