package checks

import (
	"fmt"
	"strings"

	"github.com/iamcheck/iamcheck/internal/policy"
)

func wrongPartitionAccountRegion() *Check {
	return &Check{
		ID:       "wrong-partition-account-region",
		Title:    "the ARN is of another partition, account or region than the database",
		Severity: High,
		Specific: true,
		Doc: Doc{
			What:     "A statement would allow what a requirement needs, if the partition, account or region of its ARN were the database's. Typical: arn:aws: in GovCloud or China, copied from documentation.",
			Why:      "The statement grants nothing for this database.",
			Mend:     "Write the partition, account and region that the message names.",
			Suppress: "When the statement is for another database and this one is not meant to be reached.",
			Sources:  []string{"reference-arns", "reference_policies_elements_resource"},
		},
		Run: runWrongPartitionAccountRegion,
	}
}

// arnFields are the fields of an ARN that this check is about.
var arnFields = []struct {
	at   int
	name string
}{{1, "partition"}, {3, "region"}, {4, "account"}}

func runWrongPartitionAccountRegion(p *Pass) {
	for _, principal := range p.holders() {
		for _, g := range p.grants(principal) {
			if !g.statement.Resources.Not && !g.statement.Actions.Not {
				p.wrongFields(principal, g)
			}
		}
	}
}

func (p *Pass) wrongFields(principal string, g grant) {
	f := Finding{Principal: principal, Layer: policy.LayerIdentity, Citation: g.cite()}
	var wrong []string
	stands := p.standsFor(principal, g, func(v *RequirementVerdict) bool {
		wrong, _ := elsewhere(g, v)
		return wrong != nil
	})
	for _, i := range stands {
		v := &p.Verdicts()[i]
		p.Claim(i, policy.LayerIdentity)
		f.add(v)
		f.grade(v)
		f.Position = v.Position
		why, dead := elsewhere(g, v)
		wrong = append(wrong, why...)
		f.Fix = p.replaceResources(g, dead, f.Fix, v.Resource)
	}
	if len(stands) == 0 {
		return
	}
	f.Message = fmt.Sprintf("%s is allowed elsewhere only: %s", list(f.Actions, 3), strings.Join(sortedSet(wrong), ", "))
	f.Quote = p.Quote(principal, f.Citation)
	p.Report(f)
}

// elsewhere says which fields of a statement's ARNs keep it from a requirement,
// and which ARNs those are; nil where it is not those fields, or where the
// statement does reach some of it.
func elsewhere(g grant, v *RequirementVerdict) (wrong, arns []string) {
	wanted, _ := splitARN(v.Resource)
	if wanted == nil {
		return nil, nil
	}
	need := policy.RequestPattern(v.Resource)
	for i := range g.statement.Resources.Patterns {
		raw := withoutVariables(g.statement.Resources.Patterns[i].Raw)
		fields, resource := splitARN(raw)
		if fields == nil {
			continue
		}
		if policy.CompilePattern(raw).Intersects(need) {
			return nil, nil
		}
		freed := []string{fields[0], "*", fields[2], "*", "*", resource}
		if !policy.CompilePattern(strings.Join(freed, ":")).Intersects(need) {
			continue
		}
		arns = append(arns, g.statement.Resources.Patterns[i].Raw)
		for _, field := range arnFields {
			got, want := fields[field.at], wanted[field.at]
			if want != "*" && !policy.CompilePattern(got).Match(want) {
				of := "database"
				if v.Hop != nil {
					of = "role"
				}
				wrong = append(wrong, fmt.Sprintf("%s %q where the %s's is %q", field.name, got, of, want))
			}
		}
	}
	return wrong, arns
}
