package account

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// Accounts are snapshots of different accounts, in the order of their ids.
// Merge makes them.
type Accounts []*Snapshot

// Account returns the snapshot of an account, nil where there is none.
func (a Accounts) Account(id string) *Snapshot {
	for _, s := range a {
		if s.Account == id {
			return s
		}
	}
	return nil
}

// Merge makes one snapshot of all that tell of the same account. The same
// entity twice with different content is an error that names it and both
// files; so is an entity that one file holds and another says does not exist.
// The snapshots given are not changed; their documents are shared.
func Merge(snapshots []*Snapshot) (Accounts, error) {
	var merged Accounts
	var conflicts []error
	for _, s := range snapshots {
		if !isAccount(s.Account) {
			conflicts = append(conflicts, fmt.Errorf("%s: the account is %s; expected twelve digits", s.origin(), shown(s.Account)))
			continue
		}
		known := merged.Account(s.Account)
		if known == nil {
			c := *s
			merged = append(merged, &c)
			continue
		}
		m := merger{into: known, from: s}
		m.merge()
		conflicts = append(conflicts, m.conflicts...)
		if len(conflicts) >= maxProblems {
			break
		}
	}
	if len(conflicts) > 0 {
		return nil, errors.Join(conflicts[:min(len(conflicts), maxProblems)]...)
	}
	for _, s := range merged {
		s.Index = newIndex(s)
	}
	slices.SortStableFunc(merged, func(s, t *Snapshot) int { return cmp.Compare(s.Account, t.Account) })
	return merged, nil
}

// origin is what messages call the place that a snapshot came from.
func (s *Snapshot) origin() string { return cmp.Or(s.File, "the live read") }

// merger lays one snapshot into another of the same account.
type merger struct {
	into, from *Snapshot
	conflicts  []error
}

func (m *merger) merge() {
	a, b := m.into, m.from
	if a.Partition != b.Partition {
		m.conflict("account "+a.Account, fmt.Sprintf("is of partition %s in %s, and of %s in %s", a.Partition, a.origin(), b.Partition, b.origin()))
		return
	}
	m.absent(a, b)
	m.absent(b, a)
	foreign := a.File != b.File
	a.Users = mergeList(m, a.Users, b.Users, func(u *User) string { return u.ARN }, sameUser, func(u *User) {
		u.Inline = withoutLines(u.Inline, foreign)
	})
	a.Groups = mergeList(m, a.Groups, b.Groups, func(g *Group) string { return g.ARN }, sameGroup, func(g *Group) {
		g.Inline = withoutLines(g.Inline, foreign)
	})
	a.Roles = mergeList(m, a.Roles, b.Roles, func(r *Role) string { return r.ARN }, sameRole, func(r *Role) {
		r.Inline = withoutLines(r.Inline, foreign)
		if foreign {
			r.Trust.Line = 0
		}
	})
	a.Policies = mergeList(m, a.Policies, b.Policies, func(p *ManagedPolicy) string { return p.ARN }, samePolicy, func(p *ManagedPolicy) {
		p.Versions = slices.Clone(p.Versions)
		for i := range p.Versions {
			if foreign {
				p.Versions[i].Document.Line = 0
			}
		}
	})
	m.organization()
	a.Gaps = union(a.Gaps, b.Gaps)
	a.Absent = union(a.Absent, b.Absent)
	// One whole reading knows everything that a partial one does not.
	a.Partial = a.Partial && b.Partial
	if b.TakenAt.After(a.TakenAt) {
		a.TakenAt = b.TakenAt
	}
}

func (m *merger) conflict(what, how string) {
	m.conflicts = append(m.conflicts, fmt.Errorf("%s %s; give only one of them", what, how))
}

// absent reports what a says does not exist and b holds.
func (m *merger) absent(a, b *Snapshot) {
	for _, arn := range a.Absent {
		if b.holds(arn) {
			m.conflict(arn, fmt.Sprintf("does not exist by %s, and is in %s", a.origin(), b.origin()))
		}
	}
}

func (m *merger) organization() {
	switch a, b := m.into.Organization, m.from.Organization; {
	case a == nil:
		m.into.Organization = b
	case b != nil && !sameOrganization(a, b):
		m.conflict("the organization of account "+m.into.Account, fmt.Sprintf("is different in %s and %s", m.into.origin(), m.from.origin()))
	}
}

// mergeList appends what is new in b to a copy of a. settle prepares each
// entity that is taken over.
func mergeList[T any](m *merger, a, b []T, arn func(*T) string, same func(a, b *T) bool, settle func(*T)) []T {
	merged := slices.Clone(a)
	known := make(map[string]int, len(a))
	for i := range a {
		known[arn(&a[i])] = i
	}
	for i := range b {
		entity := b[i]
		j, ok := known[arn(&entity)]
		if ok {
			if !same(&a[j], &entity) {
				m.conflict(arn(&entity), fmt.Sprintf("is different in %s and %s", m.into.origin(), m.from.origin()))
			}
			continue
		}
		settle(&entity)
		merged = append(merged, entity)
	}
	return merged
}

// withoutLines drops the lines of documents that come from another file than
// the merged snapshot names.
func withoutLines(inline []InlinePolicy, foreign bool) []InlinePolicy {
	if !foreign {
		return inline
	}
	inline = slices.Clone(inline)
	for i := range inline {
		inline[i].Document.Line = 0
	}
	return inline
}

// union appends what is new in b to a copy of a.
func union[T comparable](a, b []T) []T {
	var all []T
	seen := map[T]bool{}
	for _, list := range [][]T{a, b} {
		for _, v := range list {
			if !seen[v] {
				seen[v] = true
				all = append(all, v)
			}
		}
	}
	return all
}
