package policy

// unclear says why it is not known whether a statement reaches the caller.
type unclear struct {
	ambiguity string // what AWS's documentation leaves open
	key       string // a context key that would tell
}

// What a term and a denial cost in bytes.
const (
	termSize   = doubling * 80
	denialSize = doubling * 112
)

// allowsOf adds the Allow statements of a source to the open clause.
func (e *Evaluator) allowsOf(s *Source, layer Layer, level int) {
	if s.unread() {
		e.term(&term{source: s, layer: layer, level: level, applies: Unknown})
		return
	}
	for i := range s.Document.statements() {
		e.allow(term{source: s, statement: &s.Document.Statements[i], layer: layer, level: level, applies: True})
	}
	for i := range s.May.statements() {
		e.allow(term{source: s, statement: &s.May.Statements[i], layer: layer, level: level, applies: Unknown, perhaps: true})
	}
}

// allow adds an Allow statement of a policy of the caller or of an organization.
func (e *Evaluator) allow(t term) {
	if t.statement.Effect != Allow || t.statement.Malformed {
		return
	}
	if t.applies = t.applies.And(e.statementApplies(t.statement)); t.applies != False {
		e.term(&t)
	}
}

// resourceTerms adds the Allow statements of the resource's policy to the open
// clause, as far as they reach its layer.
func (e *Evaluator) resourceTerms(layer Layer) {
	s := e.pol.Resource
	if s == nil {
		return
	}
	if s.unread() {
		e.term(&term{source: s, layer: LayerTrust, applies: Unknown})
		return
	}
	for i := range s.Document.statements() {
		e.allowHere(term{source: s, statement: &s.Document.Statements[i], layer: LayerTrust, applies: True}, layer)
	}
	for i := range s.May.statements() {
		e.allowHere(term{source: s, statement: &s.May.Statements[i], layer: LayerTrust, applies: Unknown, perhaps: true}, layer)
	}
}

// allowHere adds an Allow statement of the resource's policy as far as it
// reaches a layer.
func (e *Evaluator) allowHere(t term, layer Layer) {
	st := t.statement
	if st.Effect != Allow || st.Malformed || st.Principals == nil || !e.take(len(st.Principals.Entries), 0) {
		return
	}
	g := st.Principals.grants(&e.req.Principal, &e.facts)
	reaches := g.reaches(layer)
	if reaches == Unknown {
		t.unclear = g.unclear
	}
	if t.applies = t.applies.And(reaches); t.applies == False {
		return
	}
	if t.applies = t.applies.And(e.statementApplies(st)); t.applies != False {
		e.term(&t)
	}
}

// deniesOf adds the Deny statements of a source. A statement that AWS would not
// have accepted may deny: that it does not is not known. Nor is it of a caller
// who is perhaps exempt.
func (e *Evaluator) deniesOf(s *Source, layer Layer, level int, exempt Truth) {
	if s.unread() {
		e.denial(&term{source: s, layer: layer, level: level, applies: Unknown})
		return
	}
	for i := range s.Document.statements() {
		e.deny(term{source: s, statement: &s.Document.Statements[i], layer: layer, level: level, applies: True}, exempt)
	}
	for i := range s.May.statements() {
		e.deny(term{source: s, statement: &s.May.Statements[i], layer: layer, level: level, applies: Unknown, perhaps: true}, exempt)
	}
}

// deny adds a Deny statement, or what may be one.
func (e *Evaluator) deny(t term, exempt Truth) {
	st := t.statement
	if st.Effect == Allow {
		return
	}
	if t.applies = t.applies.And(exempt.Not()); exempt == Unknown {
		t.unclear.ambiguity = ambiguityServiceLinked
	}
	if st.Principals != nil && e.take(len(st.Principals.Entries), 0) {
		names, why := st.Principals.denies(&e.req.Principal, e.facts.bounded)
		if names == Unknown {
			t.unclear = why
		}
		t.applies = t.applies.And(names)
	}
	if t.applies = t.applies.And(e.denyApplies(st)); t.applies != False {
		e.denial(&t)
	}
}

// denyApplies is statementApplies for a Deny, or what may be one.
func (e *Evaluator) denyApplies(st *Statement) Truth {
	if st.doubled || st.Malformed && len(st.Actions.Patterns) == 0 {
		return Unknown
	}
	applies := e.statementApplies(st)
	if st.Malformed || st.Effect != Deny {
		return applies.And(Unknown)
	}
	return applies
}

func (e *Evaluator) term(t *term) {
	if e.take(1, termSize) {
		e.terms = append(double(e.terms), *t)
	}
}

func (e *Evaluator) denial(t *term) {
	if e.take(1, denialSize) {
		e.denials = append(double(e.denials), denial{term: *t})
	}
}

// statementApplies tests a statement's action and conditions.
func (e *Evaluator) statementApplies(st *Statement) Truth {
	if !e.take(st.Actions.cost(e.req.Action), 0) {
		return Unknown
	}
	if !st.Actions.Match(e.req.Action) {
		return False
	}
	applies := True
	for i := range st.Conditions {
		c := &st.Conditions[i]
		if !e.take(c.cost(e.req.Context)) {
			return Unknown
		}
		if applies = applies.And(c.Test(e.req.Context).Truth); applies == False {
			return False
		}
	}
	return applies
}

// Match tells whether the element takes in the action
// (reference_policies_elements_action, reference_policies_elements_notaction).
func (a *Actions) Match(action string) bool {
	for i := range a.Patterns {
		if a.Patterns[i].Match(action) {
			return !a.Not
		}
	}
	return a.Not
}
