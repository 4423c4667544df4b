package policy

import "strings"

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
	req   *Request
	pol   *Policies
	facts facts
	// budget bounds the whole of one question; large tells that something was
	// left undecided because of it.
	budget Budget
	large  bool
	asked  Pattern // the resources of the question, where facts.pattern

	clauses []clause
	denials []denial
	terms   []term // backing store of the clauses' terms
}

// clause is one condition of an Allowed decision: its layer must allow the
// resource. The decision is Allowed when every clause holds and no Deny applies:
// a conjunction of unions. A statement of a resource-based policy that spares the
// caller a layer (formRules) stands in that layer's clause too.
type clause struct {
	layer    Layer
	level    int
	from, to int   // terms[from:to]
	exempt   Truth // the layer allows everything to this caller

	judgement
}

// denial is a Deny that may apply.
type denial struct {
	term
	judgement
}

// judgement is what became of a clause or a denial, once it was judged.
type judgement struct {
	judged  bool
	truth   Truth  // a clause allows all, a denial takes some
	witness string // a resource that makes it so, for questions about patterns
	large   bool   // the budget did not suffice
}

// term is a statement that may apply: its action, principal and conditions match
// for certain (True) or perhaps (Unknown). Its resources are still to be compared.
type term struct {
	source    *Source
	statement *Statement // nil: the source could not be read, so anything may be in it
	layer     Layer
	level     int
	applies   Truth
	unclear   unclear // what besides conditions and resources makes applies Unknown
	perhaps   bool    // the statement is in Source.May
}

// ambiguityTooLarge stands among the ambiguities of an answer for which the
// Budget did not suffice.
const ambiguityTooLarge = "the question is too large to be decided: its policies hold too much to compare"

// Decision answers a request with the decision alone.
func (e *Evaluator) Decision(req *Request, pol *Policies) Decision {
	e.gather(req, pol, freshBudget())
	return e.settle()
}

// explanationShare is the part of the budget, one nth, that is kept for what
// explains a decision, so that an answer does not depend on whether it is.
const explanationShare = 4

// settle decides from the gathered clauses and denials: an explicit Deny
// anywhere wins, then every clause must hold
// (reference_policies_evaluation-logic_policy-eval-denyallow).
func (e *Evaluator) settle() Decision {
	if e.facts.always != Undecided {
		return e.facts.always
	}
	if e.large {
		return Undecided // some of what applies was not gathered
	}
	held := e.budget.hold(explanationShare)
	defer e.budget.give(held)
	denied := False
	for i := range e.denials {
		if denied = denied.Or(e.touches(&e.denials[i])); denied == True {
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

// symbolic tells whether the question is about all that a pattern matches. An
// action without resource types is authorised against "*" itself.
func (e *Evaluator) symbolic() bool { return e.facts.pattern && !e.req.WildcardOnly }

// touches tells whether a Deny takes any of the resource.
func (e *Evaluator) touches(d *denial) Truth {
	if d.judged {
		return d.truth
	}
	before := e.large
	e.large = false
	switch {
	case d.statement == nil:
		d.truth = Unknown
	case e.symbolic():
		d.truth, d.witness = e.overlap(&d.term)
	default:
		d.truth = d.applies.And(e.resourceTruth(d.statement))
	}
	d.judged, d.large = true, e.large
	e.large = e.large || before
	return d.truth
}

// covers tells whether a clause allows all of the resource.
func (e *Evaluator) covers(c *clause) Truth {
	if c.judged {
		return c.truth
	}
	before := e.large
	e.large = false
	switch terms := e.terms[c.from:c.to]; {
	case c.exempt == True:
		c.truth = True
	case e.symbolic():
		c.truth, c.witness = e.contained(terms)
	default:
		c.truth = False
		for i := 0; i < len(terms) && c.truth != True; i++ {
			c.truth = c.truth.Or(e.allows(&terms[i]))
		}
	}
	c.truth = c.truth.Or(c.exempt)
	c.judged, c.large = true, e.large
	e.large = e.large || before
	return c.truth
}

// allows tells whether an Allow takes in the one resource of the question.
func (e *Evaluator) allows(t *term) Truth {
	if t.statement == nil {
		return Unknown
	}
	return t.applies.And(e.resourceTruth(t.statement))
}

// resourceTruth compares a statement's resources with one resource. Trust
// policies have none: their resource is the role. An action without resource
// types is authorised against "*" alone, which only "*" and NotResource match
// (reference_policies_elements_resource).
func (e *Evaluator) resourceTruth(st *Statement) Truth {
	r := &st.Resources
	switch {
	case st.doubled:
		return Unknown
	case !r.Present:
		return True
	}
	if e.req.WildcardOnly {
		return TruthOf(r.Not != (r.everything() || e.allBuckets(r)))
	}
	match := False
	for i := range r.Patterns {
		p := &r.Patterns[i]
		if !e.take(p.cost(e.req.Resource, e.req.Context)) {
			return Unknown
		}
		if match = match.Or(p.match(e.req.Resource, e.req.Context)); match == True {
			break
		}
	}
	if r.Not {
		return match.Not()
	}
	return match
}

// take uses up some of the budget, or all of it where there is not enough, and
// notes that.
func (e *Evaluator) take(steps, bytes int) bool {
	ok := steps < e.budget.work && bytes < e.budget.bytes && e.budget.take(steps, bytes)
	if !ok {
		e.budget, e.large = Budget{}, true
	}
	return ok
}

// allBuckets tells whether an action without resource types is the one that AWS's
// own examples allow on "arn:aws:s3:::*": s3:ListAllMyBuckets
// (reference_policies_elements_condition_operators,
// reference_policies_evaluation-logic_policy-eval-basics).
func (e *Evaluator) allBuckets(r *Resources) bool {
	if !strings.EqualFold(e.req.Action, "s3:ListAllMyBuckets") {
		return false
	}
	for i := range r.Patterns {
		if raw := r.Patterns[i].Raw; strings.HasPrefix(raw, "arn:") && strings.HasSuffix(raw, ":s3:::*") {
			return true
		}
	}
	return false
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
