package account

import (
	"bytes"
	"hash/maphash"
	"sync"

	"github.com/iamcheck/iamcheck/internal/policy"
)

// Index finds entities of one snapshot by ARN or name without searching its
// lists, and keeps the parsed form of its documents. It may be used by several
// goroutines at once.
type Index struct {
	users    listIndex[User]
	groups   listIndex[Group]
	roles    listIndex[Role]
	policies listIndex[ManagedPolicy]
	gaps     listIndex[Gap] // a gap's name is its subject

	seed   maphash.Seed
	mu     sync.Mutex
	parsed map[parsedKey][]*parsed
}

// Equal tells that an Index is no part of what a snapshot says: cmp.Equal and
// cmp.Diff use it.
func (*Index) Equal(*Index) bool { return true }

// NewIndex gives s an index of its lists as they are now. It is for code that
// changed them; Read and Merge do it themselves.
func (s *Snapshot) NewIndex() { s.Index = newIndex(s) }

func newIndex(s *Snapshot) *Index {
	return &Index{
		users:    indexOf(s.Users, func(u *User) (string, string) { return u.ARN, u.Name }),
		groups:   indexOf(s.Groups, func(g *Group) (string, string) { return g.ARN, g.Name }),
		roles:    indexOf(s.Roles, func(r *Role) (string, string) { return r.ARN, r.Name }),
		policies: indexOf(s.Policies, func(p *ManagedPolicy) (string, string) { return p.ARN, p.Name }),
		gaps:     indexOf(s.Gaps, func(g *Gap) (string, string) { return "", g.Subject }),
		seed:     maphash.MakeSeed(),
		parsed:   map[parsedKey][]*parsed{},
	}
}

// index returns the index of s, an empty one where there is none.
func (s *Snapshot) index() *Index {
	if s.Index == nil {
		return &Index{}
	}
	return s.Index
}

// listIndex tells the places of ARNs and names in one list. It holds only for
// the very list that it was made of.
type listIndex[T any] struct {
	first  *T
	length int
	arns   map[string]int
	names  map[string][]int
}

func indexOf[T any](list []T, key func(*T) (arn, name string)) listIndex[T] {
	x := listIndex[T]{length: len(list), arns: make(map[string]int, len(list)), names: make(map[string][]int, len(list))}
	for i := range list {
		arn, name := key(&list[i])
		x.arns[arn] = i
		x.names[name] = append(x.names[name], i)
	}
	if len(list) > 0 {
		x.first = &list[0]
	}
	return x
}

// holdsFor tells whether list is the one that the index was made of.
func (x *listIndex[T]) holdsFor(list []T) bool {
	return x.arns != nil && len(list) == x.length && (x.length == 0 || x.first == &list[0])
}

// findARN returns the entity with an ARN, nil where there is none.
func findARN[T any](x *listIndex[T], list []T, arn string, arnOf func(*T) string) *T {
	if x.holdsFor(list) {
		i, ok := x.arns[arn]
		if !ok {
			return nil
		}
		if arnOf(&list[i]) == arn {
			return &list[i]
		}
	}
	for i := range list {
		if arnOf(&list[i]) == arn {
			return &list[i]
		}
	}
	return nil
}

// findName returns the entities with a name.
func findName[T any](x *listIndex[T], list []T, name string, nameOf func(*T) string) []*T {
	var found []*T
	if x.holdsFor(list) {
		for _, i := range x.names[name] {
			found = append(found, &list[i])
		}
		return found
	}
	for i := range list {
		if nameOf(&list[i]) == name {
			found = append(found, &list[i])
		}
	}
	return found
}

// parsedKey stands for the documents of one kind and hash. Roles that were made
// alike have the same trust policy, so documents are known by their text.
type parsedKey struct {
	hash uint64
	kind policy.Kind
}

type parsed struct {
	text     []byte
	once     sync.Once
	document *policy.Document
	err      error
}

// parse parses a document once; an Index that nobody made does not remember.
func (x *Index) parse(kind policy.Kind, doc Document) (*policy.Document, error) {
	if x.parsed == nil {
		return policy.Parse(kind, doc.Text)
	}
	p := x.entry(kind, doc.Text)
	p.once.Do(func() { p.document, p.err = policy.Parse(kind, p.text) })
	return p.document, p.err
}

// entry returns the place for the parsed form of a text.
func (x *Index) entry(kind policy.Kind, text []byte) *parsed {
	key := parsedKey{maphash.Bytes(x.seed, text), kind}
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, p := range x.parsed[key] {
		if bytes.Equal(p.text, text) {
			return p
		}
	}
	p := &parsed{text: text}
	x.parsed[key] = append(x.parsed[key], p)
	return p
}
