package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/iamdata"
	"github.com/iamcheck/iamcheck/internal/policy"
)

func secretsOutsidePrefix() *Check {
	return &Check{
		ID:       "secrets-outside-prefix",
		Title:    "secrets are open that are not Teleport's",
		Severity: High,
		Whole:    true,
		Specific: true,
		Doc: Doc{
			What: "A statement grants Secrets Manager's actions on secrets outside the configured key prefix (`teleport/` where none is configured). For databases without managed users only a grant on all secrets is reported here. " +
				"Low where only metadata is open.",
			Why:      "Whoever holds the agent's session reads or overwrites the passwords and keys of other systems.",
			Mend:     "Limit the statement to the prefix, as the finding carries it.",
			Suppress: "When another program with this identity has secrets of its own under the names that the statement takes in.",
			Sources:  []string{"Teleport Database Access AWS IAM Reference, managed users", "Secrets Manager user guide, auth-and-access"},
		},
		Run: runSecretsOutsidePrefix,
	}
}

func runSecretsOutsidePrefix(p *Pass) {
	for _, s := range p.subjects() {
		if s.breadth != BreadthAll && !s.serves("secretsmanager") {
			continue
		}
		for _, a := range s.grants {
			if !a.general() && !a.allActions() {
				p.reportSecrets(s, a)
			}
		}
	}
}

func (p *Pass) reportSecrets(s *subject, a *allowance) {
	prefixes := s.secretPrefixes()
	if !s.serves("secretsmanager") && !a.anySecret() {
		return // something else's secrets, named: unrelated-access lists them
	}
	f := a.finding()
	var w worst
	for _, action := range a.actions() {
		if serviceOf(action) != "secretsmanager" {
			continue
		}
		if only, _ := iamdata.WildcardOnly(action); only {
			continue
		}
		e := a.outside(action, prefixes)
		if e.Found == policy.False {
			continue
		}
		f.Actions = append(f.Actions, action)
		w.take(a, weighSecret(action), e)
	}
	if len(f.Actions) == 0 || w.severity < High && awsManaged(a.source.Name) {
		return
	}
	p.Speak(a, append(s.allOf(a, []string{"secretsmanager"}), "secretsmanager:*")...)
	f.Resources, f.Witness = a.resources(), w.witness
	f.Fix = a.smallest(a.others([]string{"secretsmanager"}))
	f.Message = fmt.Sprintf("%s is allowed on %s, and so on %s; Teleport's secrets are %s", list(f.Actions, 3), a.onWhat(), witnessOr(w.witness), list(s.secretNames(), 3))
	if w.severity < High {
		f.Message += "; low, since no secret's value is open"
	}
	a.temper(&f, w.severity, w.found)
	p.Report(f)
}

// weighSecret is the severity of an action on others' secrets: the value of one
// is as bad to read as to write.
func weighSecret(action string) Severity {
	if strings.HasPrefix(action, "secretsmanager:GetSecretValue") || strings.HasPrefix(action, "secretsmanager:BatchGet") {
		return High
	}
	return weigh(action)
}

// outside asks for a secret that does not have one of the prefixes.
func (a *allowance) outside(action string, prefixes []policy.Pattern) policy.Example {
	best := policy.Example{Found: policy.False}
	q := question{action: action, beyond: true}
	for _, resource := range slices.Concat(a.ownResources(q), a.subject.resourcesOf(q)) {
		e := a.ask(action, resource, a.subject.context, &a.policies, prefixes)
		if e.Found == policy.True {
			return e
		}
		if best.Found == policy.False {
			best = e
		}
	}
	return best
}

// anySecret tells whether the statement takes in secrets of every name.
func (a *allowance) anySecret() bool {
	c := &a.subject.caller
	arn := "arn:" + c.Partition + ":secretsmanager:" + noAction + ":" + c.Account + ":secret:" + noAction
	inRegion := func(region string) bool {
		arn := strings.Replace(arn, noAction, region, 1)
		return slices.ContainsFunc(a.resources(), func(raw string) bool { return policy.CompilePattern(raw).Match(arn) })
	}
	return slices.ContainsFunc(slices.Concat([]string{noAction}, a.subject.regions, otherRegions[c.Partition]), inRegion)
}

// secretPrefixes are Teleport's secrets, in any Region: those of its databases,
// and those under its default prefix.
func (s *subject) secretPrefixes() []policy.Pattern {
	var out []policy.Pattern
	for _, name := range s.secretNames() {
		out = append(out, policy.CompilePattern("arn:*:secretsmanager:*:*:secret:"+name))
	}
	return out
}

// secretNames are the names of Teleport's secrets, as patterns.
func (s *subject) secretNames() []string {
	var out []string
	for _, key := range sortedKeys(s.needs) {
		if !strings.HasPrefix(key, "secretsmanager:") {
			continue
		}
		for _, r := range s.needs[key] {
			if _, resource := splitARN(r.Resource); strings.HasPrefix(resource, "secret:") {
				out = append(out, strings.TrimPrefix(resource, "secret:"))
			}
		}
	}
	if len(out) == 0 && (slices.Contains(s.types, config.ElastiCache) || slices.Contains(s.types, config.MemoryDB)) {
		out = append(out, "teleport/*")
	}
	return sortedSet(out)
}
