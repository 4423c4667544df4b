package policy

import "strings"

// gather finds the facts, the clauses and the terms of a question.
func (e *Evaluator) gather(req *Request, pol *Policies) {
	e.req, e.pol, e.budget = req, pol, nil
	e.clauses, e.denies, e.terms = e.clauses[:0], e.denies[:0], e.terms[:0]
	e.facts = factsOf(req, pol)
	if e.facts.always != Undecided {
		return
	}
	e.gatherRCPs()
	e.gatherSCPs()
	e.gatherResource()
	if req.Principal.inAccount() {
		e.gatherCaller()
	}
}

// gatherRCPs takes the denials of the resource control policies of the
// resource's account. They grant nothing and RCPFullAWSAccess is always
// attached, so that there is nothing to allow; they do not bind service-linked
// roles, the management account's resources, or services that do not support
// them (orgs_manage_policies_rcps).
func (e *Evaluator) gatherRCPs() {
	owner := resourceAccount(e.req)
	if owner == "" {
		owner = e.req.Principal.Account
	}
	if e.req.Principal.serviceLinked() || owner != "" && owner == e.pol.ManagementAccount || !rcpApplies(e.req.Action) {
		return
	}
	for level, sources := range e.pol.RCPs {
		for i := range sources {
			e.deniesOf(&sources[i], LayerRCP, level)
		}
	}
}

// gatherSCPs takes the service control policies of the caller's account. Every
// level must allow. They do not bind the management account, service-linked
// roles, or callers outside any account (orgs_manage_policies_scps).
func (e *Evaluator) gatherSCPs() {
	c := &e.req.Principal
	if !c.inAccount() || c.serviceLinked() || c.Account != "" && c.Account == e.pol.ManagementAccount {
		return
	}
	for level, sources := range e.pol.SCPs {
		e.open(LayerSCP, level)
		for i := range sources {
			e.allowsOf(&sources[i], LayerSCP, level)
			e.deniesOf(&sources[i], LayerSCP, level)
		}
		e.close()
	}
}

// gatherResource takes the resource's own policy. It must allow where the caller
// is of another account or of none, and always for a role's trust policy and a
// KMS key's policy (reference_policies_evaluation-logic-cross-account,
// reference_policies_evaluation-logic_policy-eval-denyallow).
func (e *Evaluator) gatherResource() {
	if e.pol.Resource != nil {
		e.deniesOf(e.pol.Resource, LayerTrust, 0)
	}
	key := e.pol.Resource != nil && len(e.req.Action) > 4 && strings.EqualFold(e.req.Action[:4], "kms:")
	if !e.facts.trust && !e.facts.cross && !key && e.req.Principal.inAccount() {
		return
	}
	e.open(LayerTrust, 0)
	e.resourceTerms(func(g *grant) Truth { return g.named })
	e.close()
}

// gatherCaller takes the caller's identity policies, boundary and session
// policies: a conjunction, in which a same-account resource policy may stand in.
func (e *Evaluator) gatherCaller() {
	spared := func(pick func(*grant) Truth) {
		if !e.facts.cross {
			e.resourceTerms(pick)
		}
	}
	e.open(LayerIdentity, 0)
	e.clauses[len(e.clauses)-1].exempt = e.req.Principal.Kind == CallerRoot
	for i := range e.pol.Identity {
		e.allowsOf(&e.pol.Identity[i], LayerIdentity, 0)
		e.deniesOf(&e.pol.Identity[i], LayerIdentity, 0)
	}
	spared(func(g *grant) Truth { return g.noIdentity })
	e.close()
	e.limit(LayerBoundary, e.pol.Boundary, func() { spared(func(g *grant) Truth { return g.noBoundary }) })
	e.limit(LayerSession, e.pol.Session, func() { spared(func(g *grant) Truth { return g.noSession }) })
}

// limit adds the clause of a layer that only limits: no policies, no clause.
func (e *Evaluator) limit(layer Layer, sources []Source, spared func()) {
	if len(sources) == 0 {
		return
	}
	e.open(layer, 0)
	for i := range sources {
		e.allowsOf(&sources[i], layer, 0)
		e.deniesOf(&sources[i], layer, 0)
	}
	spared()
	e.close()
}

func (e *Evaluator) open(layer Layer, level int) {
	e.clauses = append(e.clauses, clause{layer: layer, level: level, from: len(e.terms)})
}

func (e *Evaluator) close() {
	e.clauses[len(e.clauses)-1].to = len(e.terms)
}

// allowsOf adds the Allow statements of a source to the open clause.
func (e *Evaluator) allowsOf(s *Source, layer Layer, level int) {
	if s.Document == nil {
		e.terms = append(e.terms, term{source: s, layer: layer, level: level, truth: Unknown})
		return
	}
	for i := range s.Document.Statements {
		st := &s.Document.Statements[i]
		if st.Effect != Allow || st.Malformed {
			continue
		}
		if t := e.applies(st); t.truth != False {
			t.source, t.layer, t.level = s, layer, level
			e.terms = append(e.terms, t)
		}
	}
}

// resourceTerms adds the Allow statements of the resource's policy to the open
// clause, as far as pick says that they reach it.
func (e *Evaluator) resourceTerms(pick func(*grant) Truth) {
	s := e.pol.Resource
	if s == nil {
		return
	}
	if s.Document == nil {
		e.terms = append(e.terms, term{source: s, layer: LayerTrust, truth: Unknown})
		return
	}
	for i := range s.Document.Statements {
		st := &s.Document.Statements[i]
		if st.Effect != Allow || st.Malformed || st.Principals == nil {
			continue
		}
		g := st.Principals.grants(&e.req.Principal, e.facts.trust, e.facts.tagging)
		reach := pick(&g)
		if reach == False {
			continue
		}
		t := e.applies(st)
		if t.truth == False {
			continue
		}
		t.source, t.layer = s, LayerTrust
		if reach == Unknown {
			t.truth = Unknown
			if t.ambiguity == "" {
				t.ambiguity = g.ambiguity
			}
		}
		e.terms = append(e.terms, t)
	}
}

// deniesOf adds the Deny statements of a source. A statement that AWS would not
// have accepted may deny: that it does not is not known.
func (e *Evaluator) deniesOf(s *Source, layer Layer, level int) {
	if s.Document == nil {
		e.denies = append(e.denies, term{source: s, layer: layer, level: level, truth: Unknown})
		return
	}
	for i := range s.Document.Statements {
		st := &s.Document.Statements[i]
		if st.Effect == Allow {
			continue
		}
		t := e.applies(st)
		if st.Malformed && len(st.Actions.Patterns) == 0 {
			t.truth = Unknown
		}
		if st.Principals != nil {
			t.truth = t.truth.And(st.Principals.denies(&e.req.Principal, e.facts.bounded))
		}
		if t.truth == False {
			continue
		}
		if st.Malformed || st.Effect != Deny {
			t.truth = Unknown
		}
		t.source, t.layer, t.level = s, layer, level
		e.denies = append(e.denies, t)
	}
}

// applies tests a statement's action and conditions.
func (e *Evaluator) applies(st *Statement) term {
	t := term{statement: st, truth: True}
	if !st.Actions.Match(e.req.Action) {
		t.truth = False
		return t
	}
	for i := range st.Conditions {
		r := st.Conditions[i].Test(e.req.Context)
		t.truth = t.truth.And(r.Truth)
		if t.truth == False {
			return t
		}
		if r.Truth == Unknown && t.ambiguity == "" {
			t.ambiguity = r.Ambiguity
		}
	}
	return t
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
