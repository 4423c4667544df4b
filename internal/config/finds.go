package config

import (
	"fmt"
	"slices"
)

// discover gives the agent the matchers that it discovers with.
func (t *teleport) discover(agent *Agent) {
	for _, m := range slices.Concat(t.own, t.othersOfAgent()) {
		if agent.Discovery == nil {
			agent.Discovery = &Discovery{}
		}
		agent.Discovery.Matchers = append(agent.Discovery.Matchers, m.Matcher)
	}
	for _, c := range t.configs {
		if !t.runs(c) {
			c.r.note(c.position, fmt.Sprintf("a discovery_config of group %s is left out: it is for another Discovery Service, not this agent's", quote(c.group)))
		}
	}
}

// othersOfAgent are the matchers of the agent's own Discovery Service.
func (t *teleport) othersOfAgent() []matcher {
	found := slices.Clone(t.others)
	for _, c := range t.configs {
		if t.runs(c) {
			found = append(found, c.matchers...)
		}
	}
	return found
}

// runs says whether the agent runs a discovery_config resource: its Discovery
// Service is of the same group, or no teleport.yaml says otherwise.
func (t *teleport) runs(c discoveryConfig) bool {
	if t.hasDiscovery {
		return t.group == c.group
	}
	return !t.hasService
}

// expectedFinds are databases that the agent will find and serve, one for each
// type of a matcher of which no found database is known: what it finds tomorrow
// needs permissions today. Their names are open.
//
// What db_service.aws finds is always served; what the Discovery Service finds,
// if db_service.resources chooses from the cluster.
func (t *teleport) expectedFinds(known []*source) []*source {
	finders := slices.Clone(t.own)
	if len(t.selectors) > 0 {
		finders = append(finders, t.othersOfAgent()...)
	}
	var out []*source
	for _, m := range finders {
		for _, typ := range m.Types {
			found := func(s *source) bool { return s.Discovered && s.Type == typ && s.AWS.AssumeRoleARN == t.roleFor(m) }
			if !slices.ContainsFunc(known, found) && !slices.ContainsFunc(out, found) {
				out = append(out, t.find(m, typ))
			}
		}
	}
	return out
}

func (t *teleport) find(m matcher, typ Type) *source {
	s := &source{r: m.r, at: map[string]Position{"aws.assume_role_arn": m.Position, "aws.external_id": m.Position}, described: true}
	s.Name, s.Type, s.Discovered, s.ToFind, s.Position = "discovered "+string(typ), typ, true, true, m.Position
	s.AWS.AssumeRoleARN, s.AWS.ExternalID = m.AssumeRoleARN, m.ExternalID
	if all := t.catchAll(); all != nil && all.assumeRoleARN != "" {
		s.AWS.AssumeRoleARN, s.AWS.ExternalID = all.assumeRoleARN, all.externalID
	}
	if a, ok := ParseARN(s.AWS.AssumeRoleARN); ok {
		s.Name += " of " + a.Account
	}
	if len(m.Regions) == 1 {
		s.AWS.Region = m.Regions[0]
	}
	return s
}

func (t *teleport) roleFor(m matcher) string {
	if all := t.catchAll(); all != nil && all.assumeRoleARN != "" {
		return all.assumeRoleARN
	}
	return m.AssumeRoleARN
}

// catchAll is the first selector if it chooses every database, whatever its
// labels will be.
func (t *teleport) catchAll() *selector {
	if len(t.selectors) > 0 && t.selectors[0].labels.match(nil) {
		return &t.selectors[0]
	}
	return nil
}
