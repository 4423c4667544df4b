package account

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// hostile are texts that a name, a tag or a message may hold.
var hostile = []string{
	"plain", "", "a\"b\\c", "\n\t\r", "\x00\x1b[31m\x7f", "<script>", "é😀\u2028\u202e", "${aws:username}", "arn:aws:iam::*:role/*", "{}", "null",
}

// documents are texts that a document may have; none stands for one that was
// not read.
var documents = []string{
	`{}`, `{"Statement":[]}`, "{\n  \"Statement\": {\"Effect\": \"Allow\"}\n}", " {\"Statement\":[]}\n", `{"name":1,"document":{}}`, `{"a":1,"a":2}`, `{"é":"\ud800"}`,
}

// maker makes random snapshots that Read could have made.
type maker struct{ *rand.Rand }

func (m maker) text() string { return hostile[m.IntN(len(hostile))] }

func (m maker) document() Document {
	if m.IntN(5) == 0 {
		return Document{}
	}
	return Document{Text: []byte(documents[m.IntN(len(documents))])}
}

// some makes a list of up to three, nil where it is empty.
func some[T any](m maker, one func(i int) T) []T {
	var all []T
	for i := range m.IntN(4) {
		all = append(all, one(i))
	}
	return all
}

func (m maker) inline() []InlinePolicy {
	return some(m, func(i int) InlinePolicy { return InlinePolicy{fmt.Sprint(i, m.text()), m.document()} })
}

func (m maker) attached() []AttachedPolicy {
	return some(m, func(i int) AttachedPolicy {
		return AttachedPolicy{fmt.Sprint(i, m.text()), fmt.Sprintf("arn:aws:iam::aws:policy/%d", i)}
	})
}

func (m maker) tags() []Tag {
	return some(m, func(i int) Tag { return Tag{fmt.Sprint(i, m.text()), m.text()} })
}

func (m maker) boundary() string {
	return []string{"", "arn:aws:iam::111122223333:policy/team/ceiling"}[m.IntN(2)]
}

func (m maker) raw() []byte {
	return [][]byte{nil, []byte(`{}`), []byte(`[{"a": [1, 2.5]}]`)}[m.IntN(3)]
}

func (m maker) levels(kind string) [][]OrganizationPolicy {
	return some(m, func(i int) []OrganizationPolicy {
		level := []OrganizationPolicy{}
		for j := range m.IntN(3) {
			name := fmt.Sprint("p-", m.text())
			if m.IntN(2) == 0 {
				name = unnamedPolicy(kind, i, j)
			}
			level = append(level, OrganizationPolicy{name, m.document()})
		}
		return level
	})
}

func (m maker) snapshot() *Snapshot {
	const arn = "arn:aws:iam::111122223333:"
	s := &Snapshot{Account: "111122223333", Partition: "aws", Partial: m.IntN(2) == 0}
	if m.IntN(2) == 0 {
		s.TakenAt = time.Unix(m.Int64N(4e9), m.Int64N(1e9)).UTC()
	}
	s.Users = some(m, func(i int) User {
		name := fmt.Sprint("u", i)
		return User{
			ARN: arn + "user/" + name, Name: name, ID: m.text(), Path: "/", CreateDate: m.text(), Inline: m.inline(), Attached: m.attached(),
			Groups: some(m, func(i int) string { return fmt.Sprint(i, m.text()) }), Boundary: m.boundary(), Tags: m.tags(),
		}
	})
	s.Groups = some(m, func(i int) Group {
		name := fmt.Sprint("g", i)
		return Group{arn + "group/x/" + name, name, m.text(), "/x/", m.text(), m.inline(), m.attached()}
	})
	s.Roles = some(m, func(i int) Role {
		name := fmt.Sprint("r", i, "\"\n")
		return Role{arn + "role/" + name, name, m.text(), "/", m.text(), m.document(), m.inline(), m.attached(), m.boundary(), m.tags(), m.raw(), m.raw()}
	})
	s.Policies = some(m, func(i int) ManagedPolicy {
		name := fmt.Sprint("p", i)
		return ManagedPolicy{
			ARN: arn + "policy/" + name, Name: name, ID: m.text(), Path: "/", DefaultVersionID: m.text(),
			Versions: some(m, func(i int) PolicyVersion {
				return PolicyVersion{fmt.Sprint("v", i), m.IntN(2) == 0, m.text(), m.document()}
			}),
			CreateDate: m.text(), UpdateDate: m.text(), AttachmentCount: m.IntN(9), BoundaryUsage: m.IntN(9), IsAttachable: m.IntN(2) == 0,
		}
	})
	if m.IntN(2) == 0 {
		s.Organization = &Organization{ID: m.text(), ManagementAccount: []string{"", "999988887777"}[m.IntN(2)], SCPs: m.levels("scp"), RCPs: m.levels("rcp")}
	}
	s.Gaps = some(m, func(i int) Gap { return Gap{fmt.Sprint("iam:", i), m.text(), m.text()} })
	s.Absent = some(m, func(i int) string { return fmt.Sprint(arn, "role/absent", i) })
	return s
}

// TestWriteRead makes snapshots of every field with hostile texts, which must
// come back as they were.
func TestWriteRead(t *testing.T) {
	m := maker{rand.New(rand.NewPCG(1, 2))}
	for range 500 {
		roundTrip(t, m.snapshot())
	}
}

// TestWriteNotJSON: a text that is no JSON is written all the same, as a
// string, and is a gap when it is read.
func TestWriteNotJSON(t *testing.T) {
	const arn = "arn:aws:iam::111122223333:role/a"
	for _, text := range []string{"", "x", "[1]", `{"a"`, "{\xff}", "{} {}"} {
		s := &Snapshot{Account: "111122223333", Partition: "aws", Roles: []Role{{ARN: arn, Name: "a", Trust: Document{Text: []byte(text)}}}}
		again, err := Read("again.json", bytesOf(written(t, s)))
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if got := again[0]; got.Roles[0].Trust.Text != nil || len(got.GapsOf(arn)) != 1 {
			t.Errorf("%q: got text %q and gaps %v, want none and one", text, got.Roles[0].Trust.Text, got.Gaps)
		}
	}
}

// broken refuses to write.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWriteFailure(t *testing.T) {
	m := maker{rand.New(rand.NewPCG(1, 2))}
	if err := Write(broken{}, m.snapshot()); err == nil || err.Error() != "disk full" {
		t.Errorf("got %v, want the writer's error", err)
	}
}
