package expected

import (
	"fmt"
	"slices"

	"github.com/iamcheck/iamcheck/internal/config"
)

// discovery adds what an agent's matchers need, matcher by matcher and type by
// type. A matcher of several regions makes its calls in each of them, so each
// has its own requirements.
func (l *list) discovery(d *config.Discovery, agent string) {
	regions := regionsOf(d)
	for i := range d.Matchers {
		m := &d.Matchers[i]
		for _, t := range m.Types {
			if len(discoveryOf(t)) == 0 {
				l.fail(m.Position, fmt.Errorf("discovery: Teleport discovers no databases of the type %q", t))
				continue
			}
			for _, region := range matcherRegions(m) {
				l.matcher(matcherSubject(m, t, region, agent, len(regions[t]) > 1), agent)
			}
		}
	}
}

// matcherRegions are the regions of a matcher, "" for any.
func matcherRegions(m *config.Matcher) []string {
	if len(m.Regions) == 0 || slices.Contains(m.Regions, "*") {
		return []string{""}
	}
	return m.Regions
}

// regionsOf are the regions in which each type is discovered.
func regionsOf(d *config.Discovery) map[config.Type][]string {
	out := map[config.Type][]string{}
	for i := range d.Matchers {
		m := &d.Matchers[i]
		for _, t := range m.Types {
			for _, region := range matcherRegions(m) {
				out[t] = insert(out[t], region)
			}
		}
	}
	return out
}

// matcherSubject stands for the discovery of one type in one region ("" for any)
// as a database would: its label is the type's name, with the region where the
// type is discovered in several.
func matcherSubject(m *config.Matcher, t config.Type, region, agent string, spread bool) *subject {
	db := &config.Database{Type: t, AWS: config.AWS{Region: region, AssumeRoleARN: m.AssumeRoleARN}}
	s := databaseSubject(db, agent)
	s.chain, s.matcher, s.position = m.Chain(agent), m, m.Position
	if spread && region != "" {
		s.label += " in " + region
	}
	return s
}

func (l *list) matcher(s *subject, agent string) {
	l.chain(s, agent)
	l.add(s.assumeRequirements())
	for _, e := range discoveryOf(s.typ) {
		l.add(s.held(e, s.chain.Service, nil))
	}
}
