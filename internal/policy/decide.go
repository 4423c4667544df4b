package policy

// Decide answers one request, with everything that made the answer. Policies
// and documents are only read; many goroutines may share them.
func Decide(req *Request, pol *Policies) Verdict {
	var e Evaluator
	return e.Decide(req, pol)
}

// Evaluator decides requests and keeps its working memory between them, so that
// [Evaluator.Decision] does not allocate for an ordinary request. The zero value
// is ready. An Evaluator is for one goroutine at a time.
type Evaluator struct {
	req    *Request
	pol    *Policies
	facts  facts
	budget *Budget

	clauses []clause
	denies  []term
	terms   []term // backing store of the clauses' terms
}

// clause is one condition of an Allowed decision: its layer must allow the
// resource. The decision is Allowed when every clause holds and no Deny applies:
// a conjunction of unions. A statement of a resource-based policy that spares the
// caller a layer (formRules) stands in that layer's clause too.
type clause struct {
	layer  Layer
	level  int
	from   int // terms[from:to]
	to     int
	exempt bool // the layer allows everything to this caller
}

// term is a statement that may apply: its action, principal and conditions match
// for certain (True) or perhaps (Unknown). Its resources are still to be compared.
type term struct {
	source    *Source
	statement *Statement // nil: the source could not be read, so anything may be in it
	layer     Layer
	level     int
	truth     Truth
	ambiguity string
}

// Decision answers a request with the decision alone.
func (e *Evaluator) Decision(req *Request, pol *Policies) Decision {
	e.gather(req, pol)
	return e.settle()
}

// settle decides from the gathered clauses and denials: an explicit Deny
// anywhere wins, then every clause must hold
// (reference_policies_evaluation-logic_policy-eval-denyallow).
func (e *Evaluator) settle() Decision {
	if e.facts.always != Undecided {
		return e.facts.always
	}
	denied := False
	for i := range e.denies {
		if denied = denied.Or(e.touches(&e.denies[i])); denied == True {
			return ExplicitlyDenied
		}
	}
	allowed := True
	for i := range e.clauses {
		if allowed = allowed.And(e.covers(&e.clauses[i])); allowed == False {
			return ImplicitlyDenied
		}
	}
	if allowed == True && denied == False && len(e.clauses) > 0 {
		return Allowed
	}
	return Undecided
}

// touches tells whether a Deny takes any of the resource.
func (e *Evaluator) touches(t *term) Truth {
	switch {
	case t.statement == nil:
		return Unknown
	case e.facts.pattern && !e.req.WildcardOnly:
		touch, _ := e.overlap(t)
		return touch
	default:
		return t.truth.And(e.resourceTruth(t.statement))
	}
}

// covers tells whether a clause allows all of the resource.
func (e *Evaluator) covers(c *clause) Truth {
	if c.exempt {
		return True
	}
	if e.facts.pattern && !e.req.WildcardOnly {
		covered, _ := e.contained(e.terms[c.from:c.to])
		return covered
	}
	truth := False
	for i := c.from; i < c.to && truth != True; i++ {
		truth = truth.Or(e.terms[i].truthFor(e))
	}
	return truth
}

func (t *term) truthFor(e *Evaluator) Truth {
	if t.statement == nil {
		return Unknown
	}
	return t.truth.And(e.resourceTruth(t.statement))
}

// resourceTruth compares a statement's resources with one resource. Trust
// policies have none: their resource is the role. An action without resource
// types is authorised against "*" alone, which only "*" and NotResource match
// (reference_policies_elements_resource).
func (e *Evaluator) resourceTruth(st *Statement) Truth {
	r := &st.Resources
	if !r.Present {
		return True
	}
	if e.req.WildcardOnly {
		return TruthOf(r.Not != r.everything())
	}
	match := False
	for i := range r.Patterns {
		if match = match.Or(r.Patterns[i].match(e.req.Resource, e.req.Context)); match == True {
			break
		}
	}
	if r.Not {
		return match.Not()
	}
	return match
}

// everything tells whether one of the patterns is "*".
func (r *Resources) everything() bool {
	for i := range r.Patterns {
		if r.Patterns[i].Raw == "*" {
			return true
		}
	}
	return false
}
