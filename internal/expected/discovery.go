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
	spread := spreadTypes(d)
	for i := range d.Matchers {
		m := &d.Matchers[i]
		for _, t := range m.Types {
			if len(discoveryOf(t)) == 0 {
				l.fail(m.Position, fmt.Errorf("discovery: Teleport discovers no databases of the type %q", t))
				continue
			}
			regions := m.Regions
			if len(regions) == 0 || slices.Contains(regions, "*") {
				regions = []string{""}
			}
			for _, region := range regions {
				l.matcher(matcherSubject(m, t, region, agent, spread[t]), agent)
			}
		}
	}
}

// spreadTypes are the types that are discovered in more than one region.
func spreadTypes(d *config.Discovery) map[config.Type]bool {
	first := map[config.Type]string{}
	spread := map[config.Type]bool{}
	for _, m := range d.Matchers {
		for _, t := range m.Types {
			for _, region := range m.Regions {
				known, ok := first[t]
				if ok && known != region {
					spread[t] = true
				}
				first[t] = region
			}
		}
	}
	return spread
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
