package account

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
)

// Two readings of an entity have the same content where IAM would decide the
// same by both. When the role was last used, how often a policy is attached,
// the order of lists and the white space of documents are no content.

func sameRole(a, b *Role) bool {
	return a.ARN == b.ARN && a.ID == b.ID && a.Boundary == b.Boundary && sameDocument(a.Trust, b.Trust) &&
		sameInline(a.Inline, b.Inline) && sameAttached(a.Attached, b.Attached) && sameTags(a.Tags, b.Tags)
}

func sameUser(a, b *User) bool {
	return a.ARN == b.ARN && a.ID == b.ID && a.Boundary == b.Boundary &&
		slices.Equal(slices.Sorted(slices.Values(a.Groups)), slices.Sorted(slices.Values(b.Groups))) &&
		sameInline(a.Inline, b.Inline) && sameAttached(a.Attached, b.Attached) && sameTags(a.Tags, b.Tags)
}

func sameGroup(a, b *Group) bool {
	return a.ARN == b.ARN && a.ID == b.ID && sameInline(a.Inline, b.Inline) && sameAttached(a.Attached, b.Attached)
}

func samePolicy(a, b *ManagedPolicy) bool {
	return a.ARN == b.ARN && a.ID == b.ID && a.DefaultVersionID == b.DefaultVersionID &&
		sameSet(a.Versions, b.Versions,
			func(v, w PolicyVersion) int { return cmp.Compare(v.ID, w.ID) },
			func(v, w PolicyVersion) bool {
				return v.ID == w.ID && v.IsDefault == w.IsDefault && sameDocument(v.Document, w.Document)
			})
}

func sameInline(a, b []InlinePolicy) bool {
	return sameSet(a, b,
		func(p, q InlinePolicy) int { return cmp.Compare(p.Name, q.Name) },
		func(p, q InlinePolicy) bool { return p.Name == q.Name && sameDocument(p.Document, q.Document) })
}

func sameAttached(a, b []AttachedPolicy) bool {
	return sameSet(a, b,
		func(p, q AttachedPolicy) int { return cmp.Compare(p.ARN, q.ARN) },
		func(p, q AttachedPolicy) bool { return p.ARN == q.ARN })
}

func sameTags(a, b []Tag) bool {
	return sameSet(a, b, func(t, u Tag) int { return cmp.Compare(t.Key, u.Key) }, func(t, u Tag) bool { return t == u })
}

// sameSet compares lists whose order means nothing.
func sameSet[T any](a, b []T, order func(T, T) int, same func(T, T) bool) bool {
	if len(a) != len(b) {
		return false
	}
	a, b = slices.Clone(a), slices.Clone(b)
	slices.SortStableFunc(a, order)
	slices.SortStableFunc(b, order)
	return slices.EqualFunc(a, b, same)
}

func sameDocument(a, b Document) bool {
	if bytes.Equal(a.Text, b.Text) {
		return (a.Text == nil) == (b.Text == nil)
	}
	var compactA, compactB bytes.Buffer
	if json.Compact(&compactA, a.Text) != nil || json.Compact(&compactB, b.Text) != nil {
		return false
	}
	return bytes.Equal(compactA.Bytes(), compactB.Bytes())
}

func sameOrganization(a, b *Organization) bool {
	return a.ID == b.ID && a.ManagementAccount == b.ManagementAccount && sameLevels(a.SCPs, b.SCPs) && sameLevels(a.RCPs, b.RCPs)
}

func sameLevels(a, b [][]OrganizationPolicy) bool {
	return slices.EqualFunc(a, b, func(p, q []OrganizationPolicy) bool {
		return slices.EqualFunc(p, q, func(x, y OrganizationPolicy) bool {
			return x.Name == y.Name && sameDocument(x.Document, y.Document)
		})
	})
}
