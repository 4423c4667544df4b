package checks

import (
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// Breadth says how far the checks on wide grants look.
type Breadth uint8

// The breadths. The zero value judges dangerous grants whatever their service.
const (
	BreadthAll       Breadth = iota
	BreadthDatabases         // only grants of the configured databases' own services
)

// subject is an identity that the configuration names and that was read, as the
// checks on wide grants see it: what it holds, and what it needs. A role that
// plays several parts is one subject.
type subject struct {
	arn       string
	caller    policy.Caller
	kinds     []expected.IdentityKind
	discovers bool
	types     []config.Type // sorted
	databases []string      // sorted
	position  config.Position
	typeOnly  bool // the configuration tells nothing of its databases but their types
	// breadth is that of the run.
	breadth Breadth

	common, own *policy.Budget // of all questions about it; see purse
	cut         bool           // some question has no answer
	evaluator   policy.Evaluator
	expansions  map[string][]string // actions by what a statement says of them

	held    *held
	context *policy.Context // of any request that the identity may make
	regions []string        // of its databases, sorted; empty where not told
	grants  []*allowance
	denied  []policy.Source // see denials
	// needs are its requirements by action in lower case, whether they are
	// granted or not; those that are not needed are left out.
	needs map[string][]*expected.Requirement
}

// subjects are the identities to judge, in the order of the configuration.
func (p *Pass) subjects() []*subject {
	a := p.audit
	if a.subjects != nil {
		return a.subjects
	}
	a.subjects = []*subject{}
	byARN := map[string]*subject{}
	for i := range a.in.Identities {
		id := &a.in.Identities[i]
		if a.holder(id.ARN).presence != present {
			continue
		}
		s := byARN[id.ARN]
		if s == nil {
			caller, err := policy.ParseCaller(id.ARN)
			if err != nil {
				continue
			}
			s = &subject{arn: id.ARN, caller: caller, position: id.Position, breadth: a.in.Breadth, needs: map[string][]*expected.Requirement{}}
			byARN[id.ARN] = s
			a.subjects = append(a.subjects, s)
		}
		s.kinds = append(s.kinds, id.Kind)
		s.discovers = s.discovers || id.Discovers
		s.databases = union(s.databases, id.Databases)
		s.types = append(s.types, id.Types...)
	}
	a.setBudgets()
	for _, s := range a.subjects {
		slices.Sort(s.types)
		s.types = slices.Compact(s.types)
		s.held = a.holder(s.arn)
		a.setNeeds(s)
		a.setContext(s)
		s.typeOnly = a.knowsTypesOnly(s)
		s.setAllowances()
	}
	return a.subjects
}

// setNeeds gathers what the subject needs, and the regions of its databases.
func (a *audit) setNeeds(s *subject) {
	for i := range a.in.Requirements {
		r := &a.in.Requirements[i]
		if r.Principal != s.arn || r.Side != expected.IdentitySide || r.Need == expected.NotNeeded {
			continue
		}
		key := strings.ToLower(r.Action)
		s.needs[key] = append(s.needs[key], r)
		if r.Region != "" && r.Region != "*" && !slices.Contains(s.regions, r.Region) {
			s.regions = append(s.regions, r.Region)
		}
	}
	slices.Sort(s.regions)
}

// setContext says what is known of any request that is made with the subject's
// credentials, by Teleport or by whoever else holds them: less than of Teleport's
// own requests. What a caller chooses is taken to be chosen well.
func (a *audit) setContext(s *subject) {
	c := policy.NewContext(policy.KeyUnknown)
	known := knowledge{accounts: a.in.Accounts, at: a.takenAt}
	known.setTime(c)
	known.setPrincipal(c, s.arn, nil)
	c.Set("aws:SecureTransport", "true")
	c.Set("aws:PrincipalIsAWSService", "false")
	c.Set("aws:ViaAWSService", "false")
	if len(s.regions) > 0 {
		c.Set("aws:RequestedRegion", s.regions[0])
	}
	s.context = c
}

// knowsTypesOnly tells whether all databases of a subject are types without
// anything else, as --types gives them.
func (a *audit) knowsTypesOnly(s *subject) bool {
	found := false
	for i := range a.in.Target.Agents {
		for j := range a.in.Target.Agents[i].Databases {
			db := &a.in.Target.Agents[i].Databases[j]
			name := db.Name
			if name == "" {
				name = string(db.Type)
			}
			if !slices.Contains(s.databases, name) {
				continue
			}
			if found = true; !db.TypeOnly {
				return false
			}
		}
	}
	return found
}

// needed are the requirements of an action; nil where nothing needs it.
func (s *subject) needed(action string) []*expected.Requirement {
	return s.needs[strings.ToLower(action)]
}

// only tells whether the subject plays one part alone.
func (s *subject) only(kind expected.IdentityKind) bool {
	return !slices.ContainsFunc(s.kinds, func(k expected.IdentityKind) bool { return k != kind })
}

// bounded tells whether a permissions boundary is set.
func (s *subject) bounded() bool { return len(s.held.layers.Boundary) > 0 }

// finding begins a finding about a subject.
func (s *subject) finding() Finding {
	return Finding{
		Principal: s.arn, Layer: policy.LayerIdentity, Databases: slices.Clone(s.databases), Position: s.position,
		Citation: Citation{Statement: -1},
	}
}

// setAllowances compiles the Allow statements of the subject's own policies. A
// boundary or SCP is a ceiling: what it allows is no grant.
func (s *subject) setAllowances() {
	denials := s.denials()
	s.denied = denials
	for i := range s.held.layers.Identity {
		source := &s.held.layers.Identity[i]
		if source.Document == nil {
			continue
		}
		for j := range source.Document.Statements {
			st := &source.Document.Statements[j]
			if st.Effect != policy.Allow || st.Malformed {
				continue
			}
			s.grants = append(s.grants, newAllowance(s, grant{source, st}, denials))
		}
	}
}

// denials are the subject's own policies without their Allow statements. A
// policy of AWS's own that was not read is left out: but for those that are made
// to deny, AWS's policies only allow.
func (s *subject) denials() []policy.Source {
	var out []policy.Source
	for _, source := range s.held.layers.Identity {
		switch {
		case source.May != nil:
			out = append(out, policy.Source{Name: source.Name, Kind: source.Kind, Version: source.Version, May: deniesOf(source.May)})
			if source.Document == nil {
				continue
			}
		case source.Document == nil && awsManaged(source.Name) && !strings.Contains(source.Name, "Deny") && !strings.Contains(source.Name, "Quarantine"):
			continue
		case source.Document == nil:
			source.May = denyOfAnything() // and what it may allow is no grant of another statement
			out = append(out, source)
			continue
		}
		var statements []policy.Statement
		for i := range source.Document.Statements {
			if st := source.Document.Statements[i]; st.Effect != policy.Allow {
				statements = append(statements, st)
			}
		}
		if len(statements) > 0 {
			out = append(out, withStatements(source, statements))
		}
	}
	return out
}

// denyOfAnything is what a policy that was not read may deny, nil where even that
// cannot be said.
func denyOfAnything() *policy.Document {
	d, err := policy.Parse(policy.KindIdentity, []byte(`{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}`))
	if err != nil {
		return nil
	}
	return d
}

// deniesOf is a document without its Allow statements.
func deniesOf(d *policy.Document) *policy.Document {
	out := *d
	out.Statements = nil
	for i := range d.Statements {
		if st := d.Statements[i]; st.Effect != policy.Allow {
			out.Statements = append(out.Statements, st)
		}
	}
	return &out
}

// withStatements is a source that holds some of its statements only.
func withStatements(s policy.Source, statements []policy.Statement) policy.Source {
	d := *s.Document
	d.Statements = statements
	s.Document, s.May = &d, nil
	return s
}
