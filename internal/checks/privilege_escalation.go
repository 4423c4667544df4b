package checks

import (
	"fmt"
	"slices"
	"strings"
)

func privilegeEscalation() *Check {
	return &Check{
		ID:       "privilege-escalation",
		Title:    "a documented combination of actions leads to more rights",
		Severity: High,
		Specific: true,
		Doc: Doc{
			What: "The identity holds all actions of a documented path to more rights, on resources on which they meet, under conditions that can hold, and no boundary, Deny or SCP takes one away. " +
				"Medium where the path needs something that was not seen: a role that trusts the service, a function or instance that runs as a role. One finding lists all paths of an identity. Editing oneself is self-escalation.",
			Why:      "Rights that look harmless one by one come to those of another role or user.",
			Mend:     "Take one action of each path out; nothing of Teleport needs any of them.",
			Suppress: "When something else that runs with this identity needs the actions; narrow their resources then.",
			Sources:  []string{"DataDog pathfinding.cloud", "Service Authorization Reference"},
		},
		Run: runPrivilegeEscalation,
	}
}

func runPrivilegeEscalation(p *Pass) {
	for _, s := range p.subjects() {
		if s.breadth != BreadthAll {
			continue
		}
		var walkable []walk
		for _, w := range p.walks(s) {
			if w.by == "" {
				walkable = append(walkable, w)
			}
		}
		if len(walkable) > 0 {
			p.reportPaths(s, walkable)
		}
	}
}

func (p *Pass) reportPaths(s *subject, walkable []walk) {
	slices.SortStableFunc(walkable, func(a, b walk) int { return int(b.severity) - int(a.severity) })
	first := walkable[0]
	f := first.steps[0].of.finding()
	var paths []string
	for _, w := range walkable {
		paths = append(paths, fmt.Sprintf("%s (%s)", w.path.id, strings.Join(w.path.actions, " + ")))
		for _, step := range w.steps {
			f.Actions = append(f.Actions, step.action)
			for _, a := range step.all {
				p.Speak(a, step.action)
			}
		}
	}
	f.Witness = first.witness
	f.Resources = first.steps[0].of.resources()
	cited := first.steps[0].of
	f.Fix = cited.smallest(cited.without(s, f.Actions))
	more := ""
	if len(paths) > 3 {
		paths, more = paths[:3], fmt.Sprintf(" and %d more", len(paths)-3)
	}
	f.Message = fmt.Sprintf("%s to more rights: %s%s", plural(len(walkable), "path"), strings.Join(paths, ", "), more)
	if first.reason != "" {
		f.Message += "; " + first.severity.String() + ", since " + first.reason
	}
	cited.temper(&f, first.severity, first.found)
	p.Report(f)
}
