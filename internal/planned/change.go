package planned

import (
	"github.com/iamcheck/iamcheck/internal/account"
)

// Change is what a plan would make of IAM. Read makes it; the zero value changes
// nothing.
type Change struct {
	Kind  string // "Terraform plan", "Terraform state", "CloudFormation template" or "policy folder"
	File  string
	Notes []string // what was left out or assumed, one sentence each, no final period

	entities   []entity
	parts      []part
	exclusives []exclusive
	lost       []lost
	documents  []managed // managed policies that the plan has read
	modules    map[string]string
}

// Resource is one resource of a plan that says something about IAM.
type Resource struct {
	Address string // Terraform's address, a template's logical id, or a file's name
	Type    string // "aws_iam_role", "AWS::IAM::Role"; "" for a file
	Action  string // "put", "drop" or "keep"
}

// Resources lists the resources that the change was read from, in their order.
func (c *Change) Resources() []Resource {
	var out []Resource
	seen := map[Resource]bool{}
	add := func(o *origin, a action) {
		if r := (Resource{o.address, o.kind, a.String()}); !seen[r] {
			seen[r] = true
			out = append(out, r)
		}
	}
	for i := range c.entities {
		add(&c.entities[i].origin, c.entities[i].action)
	}
	for i := range c.parts {
		add(&c.parts[i].origin, c.parts[i].action)
	}
	for i := range c.exclusives {
		add(&c.exclusives[i].origin, put)
	}
	return out
}

// origin is where in the plan something comes from.
type origin struct {
	address, kind string
	name          string // of a Terraform resource's block
	module        string // of a Terraform resource: the modules' path, without indexes
	at            place  // in a template

	account, partition string
}

// action is what is done with something.
type action uint8

const (
	keep action = iota // it is there and stays as it is
	put                // it is made, or made to be as told
	drop               // it is taken away
)

// String is the word that reports use.
func (a action) String() string { return [...]string{"keep", "put", "drop"}[a] }

// class is what an entity is, as ARNs name it.
type class string

const (
	aRole   class = "role"
	aUser   class = "user"
	aGroup  class = "group"
	aPolicy class = "policy"
)

// word is a name or ARN that may not be known.
type word struct {
	text string
	why  string // what it waits for; "" where it is known
}

func known(text string) word { return word{text: text} }

// entity is a user, group, role or managed policy as a plan tells it. What is
// nil is not told, and stays as it was.
type entity struct {
	origin
	class  class
	action action
	fresh  bool   // made, not changed; what it replaces goes by an entity of its own
	maybe  string // why it is not sure to be there; "" where it is
	name   string
	path   string // "" where it is not told
	// unnamed is why the name is not known, where it may turn out to be any; "" for
	// names that are made up.
	unnamed string

	document *document // of a managed policy
	// boundaryOf names a role: where that has a boundary, this is its new document.
	boundaryOf string
	trust      *document
	boundary   *word // "" takes it away
	// keepsBoundary: one that is there stays, with a new document.
	keepsBoundary bool
	tags          *tags
	inline        *inlines
	attached      *[]word
	// What the tool saw besides: only where nothing else tells.
	seenInline   *inlines
	seenAttached *[]word
	// residue is why it is not known whether what the entity had before, and no
	// part of the change tells of, stays; "" where it does not.
	residue string
}

// tags of an entity; why says what they wait for where not all are known.
type tags struct {
	list []account.Tag
	why  string
}

// inlines are all inline policies of an entity; why as for tags.
type inlines struct {
	list []inline
	why  string
}

type inline struct {
	name     string
	document document
}

// trait is what a part gives to an entity.
type trait uint8

const (
	inlinePolicy trait = iota
	attachment
	membership // of a user in a group
)

// part is one inline policy, attachment or membership.
type part struct {
	origin
	action  action
	maybe   string
	trait   trait
	class   class // of the holders
	holders []word
	name    string // of an inline policy
	target  word   // ARN of an attached policy, name of a group

	document document
	// orManaged: where a customer managed policy with that name is attached, it is
	// meant.
	orManaged bool
}

// exclusive says that an entity has no parts of a trait but the named ones; for
// a policy or a group, that no entities of a class have it but the named ones.
type exclusive struct {
	origin
	trait  trait
	class  class
	holder word // the entity; "" where target is meant
	target word // ARN of the policy, or name of the group
	names  []word
}

// lost is an inline policy that goes, of whom is not told.
type lost struct {
	origin
	why string
}

// managed is the text of a managed policy that the plan only reads.
type managed struct {
	arn  string
	text []byte
}

func arnOf(o *origin, c class, path, name string) string {
	if path == "" {
		path = "/"
	}
	return "arn:" + o.partition + ":iam::" + o.account + ":" + string(c) + path + name
}
