package checks

import (
	"fmt"
	"slices"

	"github.com/iamcheck/iamcheck/internal/iamdata"
	"github.com/iamcheck/iamcheck/internal/policy"
)

func serviceWildcard() *Check {
	return &Check{
		ID:       "service-wildcard",
		Title:    "every action of a service is allowed",
		Severity: High,
		Doc: Doc{
			What: "An Allow of `service:*`, for a service of the configured databases, or for iam, sts, kms or organizations (critical). " +
				"Lower where the boundary, Denies, SCPs or the statement's resources leave only reading. Other services are unrelated-access.",
			Why:      "No requirement of Teleport comes near it: it takes in deleting databases, copying snapshots out of the account and opening them to others.",
			Mend:     "Write the statement that the finding carries.",
			Suppress: "For a role that administrators of the database share; better, give them one of their own.",
			Sources:  []string{"best-practices", "Service Authorization Reference"},
		},
		Run: runServiceWildcard,
	}
}

func runServiceWildcard(p *Pass) {
	for _, s := range p.subjects() {
		for _, a := range s.grants {
			if services := s.wildcards(p, a); len(services) > 0 {
				p.reportWildcard(s, a, services)
			}
		}
	}
}

// wildcards are the services that the check speaks about. Of a policy that AWS
// keeps excess-action says in one finding what is needed of it.
func (s *subject) wildcards(p *Pass, a *allowance) []string {
	return slices.DeleteFunc(a.wholeServices(), func(service string) bool {
		switch {
		case p.Silent(a, service+":*") || p.Silent(a, ""):
			return true
		case slices.Contains(powerful, service) && (s.breadth == BreadthAll || s.serves(service)):
			return false
		default:
			return !s.serves(service) || awsManaged(a.source.Name)
		}
	})
}

func (p *Pass) reportWildcard(s *subject, a *allowance, services []string) {
	f := a.finding()
	severity, found := Info, policy.Unknown
	var excess, critical []string
	for _, action := range a.actions() {
		service := serviceOf(action)
		if !slices.Contains(services, service) || s.isData(action) || service == "sts" && !s.concerns(action) || p.Silent(a, action) {
			continue
		}
		e := a.beyond(action)
		if e.Found == policy.False {
			continue
		}
		excess = append(excess, action)
		weight := weigh(action)
		if weight >= Medium && slices.Contains(powerful, service) && !a.named() {
			weight = Critical
			critical = append(critical, service)
		}
		if weight > severity || f.Witness == "" || weight == severity && e.Found == policy.True {
			severity, found = max(weight, severity), e.Found
			f.Witness = e.Witness
		}
	}
	if len(excess) == 0 {
		return
	}
	for _, service := range services {
		f.Actions = append(f.Actions, service+":*")
	}
	p.Speak(a, slices.Concat(f.Actions, excess, s.allOf(a, services))...)
	f.Resources = a.resources()
	f.Fix = a.smallest(a.others(services))
	f.Message = fmt.Sprintf("%s is allowed on %s; %s of it that nothing needs: %s", list(f.Actions, 3), a.onWhat(), plural(len(excess), "action"), levels(excess))
	if len(critical) > 0 {
		f.Message += "; whoever holds all of " + list(critical, 3) + " can give itself the rest of the account"
	}
	if severity < High && !a.named() {
		f.Message += fmt.Sprintf("; %s, since the rest of the service is out of its reach", severity)
	}
	if a.named() {
		severity = lowered(severity)
		f.Message += fmt.Sprintf("; %s, since its resources are named one by one", severity)
	}
	a.temper(&f, severity, found)
	p.Report(f)
}

// allOf are the actions of services that the statement takes in.
func (s *subject) allOf(a *allowance, services []string) []string {
	return slices.DeleteFunc(slices.Clone(a.actions()), func(action string) bool { return !slices.Contains(services, serviceOf(action)) })
}

// others are the action patterns of a statement, as written, that are not about
// some services.
func (a *allowance) others(services []string) []string {
	var out []string
	for i := range a.statement.Actions.Patterns {
		raw := a.statement.Actions.Patterns[i].Raw
		if !slices.ContainsFunc(services, func(s string) bool { return a.statement.Actions.Patterns[i].Match(s + ":" + noAction) }) &&
			!slices.ContainsFunc(iamdata.Expand(raw), func(action string) bool { return slices.Contains(services, serviceOf(action)) }) {
			out = append(out, raw)
		}
	}
	return out
}
