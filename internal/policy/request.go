package policy

// Request is one question: may Principal perform Action on Resource?
type Request struct {
	// Principal is the caller: the ARN of a role, user, assumed-role session,
	// federated user, account root or identity provider, or the name of a
	// service. A role ARN stands for a session of that role whose name is not
	// known.
	Principal Caller
	// Action is "service:Name"; case is ignored.
	Action string
	// Resource is an ARN or "*". Where it holds * or ? the question is about
	// all that the pattern matches; a bare "*" asks for every resource.
	Resource string
	// Literal says that * and ? in Resource are characters of its name.
	Literal bool
	// ResourceAccount is the account that owns Resource; "" takes the account
	// field of Resource and, where that is empty, the caller's account.
	ResourceAccount string
	// Context holds the request's condition keys. Nil means nothing is known.
	Context *Context
	// WildcardOnly marks an action that has no resource types: it is authorised
	// against "*" alone, so that a statement that names ARNs does not apply to
	// it (Service Authorization Reference).
	WildcardOnly bool
}

// Source is one policy as it applies to a request: the document, and what a
// citation of it says.
type Source struct {
	// Name is an inline policy's name, the ARN of a managed policy, boundary,
	// SCP or RCP, or "trust policy".
	Name string
	// Kind is "inline", "managed", "boundary", "session", "trust", "resource",
	// "scp" or "rcp".
	Kind string
	// Version is a managed policy's version id, "" elsewhere.
	Version string
	// Document is nil where the policy exists but could not be read: its layer
	// is then Unknown wherever it could decide.
	Document *Document
	// May are the statements that may be in force besides those of Document, each
	// as wide as it can turn out. Nil where there are none; with a Document that is
	// nil too the policy may hold anything. A plan has them, whose values are not
	// all known.
	May *Document
}

// unread tells of a policy that may hold anything.
func (s *Source) unread() bool { return s.Document == nil && s.May == nil }

func (d *Document) statements() []Statement {
	if d == nil {
		return nil
	}
	return d.Statements
}

// Policies are the layers that apply to a request
// (reference_policies_evaluation-logic). Every field's zero value means that
// the layer does not apply; a layer that applies and could not be read holds a
// Source without Document.
type Policies struct {
	Identity []Source // of the caller: inline, attached, and of its groups
	Boundary []Source // the caller's permissions boundary: none or one
	Session  []Source // session policies
	Resource *Source  // the resource's policy; for sts:Assume* and sts:TagSession the trust policy
	// SCPs and RCPs are the levels from the root to the account: SCPs of the
	// caller's account, RCPs of the resource's. Each level must allow.
	SCPs [][]Source
	RCPs [][]Source
	// ManagementAccount is the organization's management account, which SCPs
	// and RCPs do not bind; "" where not known.
	ManagementAccount string
}

// Citation points at a statement that made an answer.
type Citation struct {
	Policy    string // Source.Name
	Kind      string // Source.Kind
	Version   string // Source.Version
	Statement int    // index, or -1 where the policy as a whole is meant
	SID       string
	Pointer   string
	Line      int // of the statement in the document's text; 0 where not known
}
