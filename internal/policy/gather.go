package policy

// gather finds the facts, the clauses and the terms of a question, which may
// cost what budget holds.
func (e *Evaluator) gather(req *Request, pol *Policies, budget Budget) {
	e.req, e.pol, e.budget, e.large, e.asked = req, pol, budget, false, Pattern{}
	e.clauses, e.denials, e.terms = e.clauses[:0], e.denials[:0], e.terms[:0]
	e.facts = factsOf(req, pol)
	if e.facts.always != Undecided {
		return
	}
	if len(req.Resource) > maxResource || len(req.Action) > maxAction {
		e.large = true // no such resource or action exists
		return
	}
	if e.symbolic() {
		e.asked = RequestPattern(req.Resource)
	}
	e.gatherRCPs()
	e.gatherSCPs()
	e.gatherResource()
	if req.Principal.inAccount() {
		e.gatherCaller()
	}
}

// maxAction is the length in bytes of the longest action that is looked at; the
// names of AWS's are shorter than 100.
const maxAction = 256

// gatherRCPs takes the denials of the resource control policies of the
// resource's account. They grant nothing and RCPFullAWSAccess is always
// attached, so that there is nothing to allow; see rcp.go for what they do not
// bind.
func (e *Evaluator) gatherRCPs() {
	owner := resourceAccount(e.req)
	if owner == "" {
		owner = e.req.Principal.Account
	}
	exempt := e.req.Principal.serviceLinked()
	if exempt == True || owner != "" && owner == e.pol.ManagementAccount || !rcpApplies(e.req, e.facts.trust) {
		return
	}
	for level, sources := range e.pol.RCPs {
		for i := range sources {
			e.deniesOf(&sources[i], LayerRCP, level, exempt)
		}
	}
}

// gatherSCPs takes the service control policies of the caller's account. Every
// level must allow. They do not bind the management account, service-linked
// roles, or callers outside any account (orgs_manage_policies_scps).
func (e *Evaluator) gatherSCPs() {
	c := &e.req.Principal
	exempt := c.serviceLinked()
	if !c.inAccount() || exempt == True || c.Account != "" && c.Account == e.pol.ManagementAccount {
		return
	}
	for level, sources := range e.pol.SCPs {
		e.open(LayerSCP, level, exempt)
		for i := range sources {
			e.allowsOf(&sources[i], LayerSCP, level)
			e.deniesOf(&sources[i], LayerSCP, level, exempt)
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
		e.deniesOf(e.pol.Resource, LayerTrust, 0, False)
	}
	key := e.pol.Resource != nil && e.facts.kms
	if !e.facts.trust && !e.facts.cross && !key && e.req.Principal.inAccount() {
		return
	}
	e.open(LayerTrust, 0, False)
	e.resourceTerms(LayerTrust)
	e.close()
}

// gatherCaller takes the caller's identity policies, boundary and session
// policies: a conjunction, in which a same-account resource policy may stand in.
// A session of a federated user has no permissions but those of its session
// policies (id_credentials_temp_control-access_getfederationtoken).
func (e *Evaluator) gatherCaller() {
	kind := e.req.Principal.Kind
	e.layer(LayerIdentity, e.pol.Identity, TruthOf(kind == CallerRoot))
	if len(e.pol.Boundary) > 0 {
		e.layer(LayerBoundary, e.pol.Boundary, False)
	}
	if len(e.pol.Session) > 0 || kind == CallerFederatedUser {
		e.layer(LayerSession, e.pol.Session, False)
	}
}

// layer adds the clause and the denials of one of the caller's layers.
func (e *Evaluator) layer(layer Layer, sources []Source, exempt Truth) {
	e.open(layer, 0, exempt)
	for i := range sources {
		e.allowsOf(&sources[i], layer, 0)
		e.deniesOf(&sources[i], layer, 0, False)
	}
	if !e.facts.cross {
		e.resourceTerms(layer)
	}
	e.close()
}

func (e *Evaluator) open(layer Layer, level int, exempt Truth) {
	e.clauses = append(e.clauses, clause{layer: layer, level: level, from: len(e.terms), exempt: exempt})
}

func (e *Evaluator) close() {
	e.clauses[len(e.clauses)-1].to = len(e.terms)
}
