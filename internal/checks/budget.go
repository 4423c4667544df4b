package checks

import "github.com/iamcheck/iamcheck/internal/policy"

// How many questions that take all of their budget an audit has the time for,
// some 50 ms each: those about requirements, which come first, those about the
// wide grants of any identity, and the same again, divided among the identities,
// so that a hostile one does not keep the others from being judged. They are
// counted in steps, never in time: the same input is cut short at the same place.
// What an account costs that AWS would store, hostile ones aside, is far from it.
const (
	requirementQuestions = 20
	grantQuestions       = 12
	// One question about a wide grant has a part of a question's budget, one nth.
	grantShare = 8
)

// tooMuch says why something was not decided.
const tooMuch = "its policies hold too much to compare"

// decide puts a question within its share of the run's budget: of what is left,
// divided among the requirements that are still to be judged.
func (a *audit) decide(req *policy.Request, layers *policy.Policies) policy.Verdict {
	if a.questions == nil {
		a.questions = policy.NewBudgetFor(requirementQuestions)
	}
	share := a.questions.LendShare(a.pending)
	defer a.questions.Return(share)
	return a.evaluator.DecideWithin(req, layers, share)
}

// setBudgets gives every subject its budgets.
func (a *audit) setBudgets() {
	common := policy.NewBudgetFor(grantQuestions)
	for _, s := range a.subjects {
		s.common, s.own = common, policy.NewBudgetFor(grantQuestions).Portion(len(a.subjects))
	}
}

// purse is what the subject's questions are paid from: what all have in common,
// and then its own.
func (s *subject) purse() *policy.Budget {
	if s.common.Spent() {
		return s.own
	}
	return s.common
}

// charge pays for work on a statement that is no question; where it is false, the
// work is not to be done.
func (a *allowance) charge(steps int) bool {
	if a.spent() {
		return false
	}
	if !a.subject.purse().Charge(steps) && a.spent() {
		return false
	}
	return true
}

// spent tells whether nothing more can be asked about the statement, and notes
// that something was to be.
func (a *allowance) spent() bool {
	if a.subject.purse().Spent() {
		a.giveUp()
		return true
	}
	return false
}

// within asks something within the budget of a question about the statement.
func (a *allowance) within(ask func(*policy.Budget)) {
	purse := a.subject.purse()
	share := purse.Lend(grantShare)
	ask(share)
	if share.Spent() {
		a.giveUp()
	}
	purse.Return(share)
}

// giveUp notes that a question about the statement has no answer.
func (a *allowance) giveUp() { a.cut, a.subject.cut = true, true }

// cutShort are the gaps that subjects leave of whose statements some questions
// have no answer.
func (a *audit) cutShort() []Gap {
	var out []Gap
	for _, s := range a.subjects {
		if s.cut {
			out = append(out, Gap{
				Operation: "iamcheck:CompareGrants", Subject: s.arn, InChain: true,
				Error: tooMuch + ": not all that they allow beyond need is listed",
			})
		}
	}
	return out
}
