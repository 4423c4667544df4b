package awsread

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/iamcheck/iamcheck/internal/account"
)

// reader gathers what the calls bring. Its methods may be called from several
// goroutines at once; entities are kept by ARN, so the order in which answers
// come leaves no trace.
type reader struct {
	*session
	concurrency int
	progress    func(done, known int)

	mu           sync.Mutex
	users        map[string]account.User
	groups       map[string]account.Group
	roles        map[string]account.Role
	policies     map[string]account.ManagedPolicy
	unreadGroups map[string]types.Group // of users read with single calls
	absent       map[string]bool
	organization *account.Organization // nil where it was not read
	gaps         []account.Gap
	stopped      error // ctx's error once it kept something from being read
	done, known  int

	whole bool // the kinds of entities that matter were read to the end
	all   bool // those are all kinds
}

func newReader(s *session, o Options) *reader {
	r := &reader{
		session: s, concurrency: o.concurrency(), progress: o.Progress,
		users: map[string]account.User{}, groups: map[string]account.Group{},
		roles: map[string]account.Role{}, policies: map[string]account.ManagedPolicy{},
		unreadGroups: map[string]types.Group{}, absent: map[string]bool{},
	}
	for _, f := range s.failed {
		r.gap(f.subject, &f.failure)
	}
	return r
}

// gap records that something about subject could not be read.
func (r *reader) gap(subject string, f *failure) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if f.stopped != nil {
		r.stopped = f.stopped
	}
	r.gaps = append(r.gaps, account.Gap{Operation: f.operation, Subject: subject, Error: f.code})
}

// missing records that an entity does not exist. Where the account itself is a
// guess, nothing is called absent.
func (r *reader) missing(operation, arn string) {
	if r.guessed {
		r.gap(arn, &failure{operation: operation, code: codeNoSuchEntity})
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.absent[arn] = true
}

// settle looks whether what was read holds the entity that was asked for.
func (r *reader) settle(n name) {
	if r.has(n) {
		return
	}
	operation := opGetRole
	if n.kind == "user" {
		operation = opGetUser
	}
	r.missing(operation, n.arn(r.identity))
}

// has tells whether the entity is known already.
func (r *reader) has(n name) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	arns := maps.Keys(r.roles)
	if n.kind == "user" {
		arns = maps.Keys(r.users)
	}
	for arn := range arns {
		if n.matches(arn) {
			return true
		}
	}
	return false
}

// keep stores an entity that was read.
func keep[T any](r *reader, into map[string]T, arn string, entity T) {
	r.mu.Lock()
	defer r.mu.Unlock()
	into[arn] = entity
}

// document decodes the document of an answer; one that can't be decoded is a
// gap about subject.
func (r *reader) document(operation, subject string, text *string) account.Document {
	d, err := decodeDocument(aws.ToString(text))
	if err != nil {
		r.gap(subject, &failure{operation: operation, code: err.Error()})
	}
	return d
}

// expect adds to the number of entities known to be needed.
func (r *reader) expect(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.known += n
}

// count adds to the number of entities read and reports it.
func (r *reader) count(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done += n
	if r.progress != nil {
		r.progress(r.done, r.known)
	}
}

// snapshot puts what was read in order.
func (r *reader) snapshot() *account.Snapshot {
	s := &account.Snapshot{
		Account:   r.account,
		Partition: r.partition,
		Users:     sortedValues(r.users),
		Groups:    sortedValues(r.groups),
		Roles:     sortedValues(r.roles),
		Policies:  sortedValues(r.policies),
		Absent:    sortedKeys(r.absent),
		Partial:   !r.whole || !r.all,

		Organization: r.organization,
	}
	slices.SortFunc(r.gaps, func(a, b account.Gap) int {
		return cmp.Or(strings.Compare(a.Subject, b.Subject), strings.Compare(a.Operation, b.Operation), strings.Compare(a.Error, b.Error))
	})
	s.Gaps = slices.Compact(r.gaps)
	if len(s.Roles) > 0 && r.guessed {
		s.Account = strings.Split(s.Roles[0].ARN, ":")[4]
	}
	return s
}

func sortedKeys[V any](m map[string]V) []string {
	return slices.Sorted(maps.Keys(m))
}

func sortedValues[V any](m map[string]V) []V {
	var values []V
	for _, key := range sortedKeys(m) {
		values = append(values, m[key])
	}
	return values
}
