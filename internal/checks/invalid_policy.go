package checks

import (
	"fmt"
	"strings"

	"github.com/iamcheck/iamcheck/internal/policy"
)

func invalidPolicy() *Check {
	return &Check{
		ID:       "invalid-policy",
		Title:    "a policy document breaks AWS's grammar",
		Severity: High,
		Doc: Doc{
			What: "A document has what AWS's policy grammar does not allow: a key twice, an element that the kind of policy does not take, an Effect in lower case, a resource that is no ARN, an unknown operator. " +
				"Low where the fault leaves no doubt about what the statement does, such as an empty list; info for Sids.",
			Why:      "AWS refuses such a document, so that a change with it fails; iamcheck counts a statement that has a fault as granting nothing.",
			Mend:     "Write what the message expects.",
			Suppress: "Never for documents of a plan; for those of an emulator, where it is laxer than AWS.",
			Sources:  []string{"reference_policies_grammar", "reference_policies_elements_sid", "access-analyzer-reference-policy-checks"},
		},
		Run: runInvalidPolicy,
	}
}

func runInvalidPolicy(p *Pass) {
	for _, d := range p.papers(policy.LayerIdentity, policy.LayerBoundary, policy.LayerTrust) {
		p.grammarOf(d)
	}
}

// grammarOf reports the faults of a document: one finding for those of the
// document itself, and one for each statement.
func (p *Pass) grammarOf(d paper) {
	var order []int
	faults := map[int][]policy.Problem{}
	for _, problem := range d.source.Document.Problems {
		if saidElsewhere(d, problem) {
			continue
		}
		if faults[problem.Statement] == nil {
			order = append(order, problem.Statement)
		}
		faults[problem.Statement] = append(faults[problem.Statement], problem)
	}
	for _, i := range order {
		p.reportFaults(d, i, faults[i])
	}
}

// saidElsewhere: conditions without values, principals with wildcards,
// NotPrincipal with Allow and deleted principals have checks of their own.
func saidElsewhere(d paper, problem policy.Problem) bool {
	if problem.Statement < 0 {
		return false
	}
	st := &d.source.Document.Statements[problem.Statement]
	for i := range st.Conditions {
		if c := &st.Conditions[i]; len(c.Values) == 0 && problem.Pointer == c.Pointer {
			return true // never-true-condition, or set-operator-misuse where it is always true
		}
	}
	if d.layer != policy.LayerTrust || st.Principals == nil {
		return false
	}
	if st.Principals.Not && st.Effect == policy.Allow && problem.Pointer == st.Principals.Pointer {
		return true
	}
	for _, e := range st.Principals.Entries {
		if e.Pointer == problem.Pointer && (policy.HasWildcard(e.Value) || policy.IsUniqueID(e.Value)) {
			return true
		}
	}
	return false
}

func (p *Pass) reportFaults(d paper, statement int, faults []policy.Problem) {
	f := p.finding(d, nil)
	if statement >= 0 {
		st := &d.source.Document.Statements[statement]
		f = p.finding(d, st)
		if !st.Malformed {
			f.graded(Low)
		}
	}
	onlySIDs := true
	var said []string
	for _, problem := range faults {
		f.Resources = append(f.Resources, problem.Pointer) // tells findings apart
		onlySIDs = onlySIDs && strings.HasSuffix(problem.Pointer, "/Sid")
		said = append(said, shorten(problem.Message))
	}
	if f.Graded && onlySIDs {
		f.graded(Info)
	}
	f.Message = strings.Join(said[:min(3, len(said))], "; ")
	if more := len(said) - 3; more > 0 {
		f.Message += fmt.Sprintf("; and %d more", more)
	}
	f.Fix = &Fix{Kind: fixKind(d), Note: "write what the message expects"}
	p.Report(f)
}
