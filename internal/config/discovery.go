package config

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v4"
)

// matchers reads a list of Teleport's AWS matchers. Those for servers and
// Kubernetes clusters stand in the same lists and are left out.
func (r *reader) matchers(nodes []*yaml.Node) []matcher {
	var out []matcher
	for _, n := range nodes {
		m := r.mapping(n, "aws")
		if m == nil {
			continue
		}
		one := matcher{r: r, Matcher: Matcher{Position: r.at(n)}, tags: r.labelSet(m.section("tags"))}
		r.matcherTypes(m, &one)
		one.Regions = r.matcherRegions(m)
		one.AssumeRoleARN, one.ExternalID = r.matcherRole(m)
		if integration := m.text("integration"); integration != "" {
			r.note(m.position("integration"), fmt.Sprintf("a matcher of integration %s is left out: Teleport discovers with that integration's role, "+
				"not with the agent's", quote(integration)))
			continue
		}
		if len(one.Types) > 0 {
			out = append(out, one)
		}
	}
	return out
}

// matcherTypes takes the database types. Types that are none of Teleport's
// databases (ec2, eks …) are not ours to judge; dynamodb and keyspace cannot be
// discovered (design 5.12).
func (r *reader) matcherTypes(m *mapping, to *matcher) {
	for _, t := range m.texts("types") {
		parsed, err := ParseType(t.text)
		switch {
		case err == nil && parsed.Discoverable():
			to.Types = append(to.Types, parsed)
		case err == nil:
			r.errs.add(t.at, "types: Teleport does not discover databases of type %s", parsed)
		case r.strict:
			r.errs.add(t.at, "types: %s", err)
		}
	}
}

func (r *reader) matcherRegions(m *mapping) []string {
	var out []string
	for _, region := range m.texts("regions") {
		if region.text == "*" {
			return nil
		}
		if expected := CheckRegion(region.text); expected != "" {
			r.errs.add(region.at, "regions: found %s, %s", quote(region.text), expected)
			continue
		}
		if hint := doubtRegion(region.text); hint != "" {
			r.note(region.at, "region "+quote(region.text)+" is not one that iamcheck knows; did you mean "+hint+"?")
		}
		out = append(out, region.text)
	}
	return out
}

// matcherRole reads assume_role_arn and external_id of a file, or assume_role
// of a discovery_config resource.
func (r *reader) matcherRole(m *mapping) (role, external string) {
	if nested := m.section("assume_role"); nested != nil {
		return r.assumeRole(nested, "role_arn", "assume_role.")
	}
	return r.assumeRole(m, "assume_role_arn", "")
}

// fileDiscovery reads the discovery section of iamcheck.yaml: one matcher or a
// list of them.
func (r *reader) fileDiscovery(m *mapping) *Discovery {
	n := m.value("discovery")
	if n == nil {
		return nil
	}
	nodes := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		nodes = r.items(n)
	}
	d := &Discovery{}
	for _, node := range nodes {
		section := r.mapping(node, "discovery")
		if section == nil {
			continue
		}
		one := matcher{Matcher: Matcher{Position: r.at(node)}}
		r.matcherTypes(section, &one)
		one.Regions = r.matcherRegions(section)
		one.AssumeRoleARN, one.ExternalID = r.assumeRole(section, "assume_role_arn", "discovery.")
		section.done("discovery")
		if section.values["types"] == nil {
			r.errs.add(one.Position, "discovery without types, expected some of %s", discoverableNames())
			continue
		}
		d.Matchers = append(d.Matchers, one.Matcher)
	}
	return d
}

func discoverableNames() string {
	var names []string
	for _, t := range Types() {
		if t.Discoverable() {
			names = append(names, string(t))
		}
	}
	return strings.Join(names, ", ")
}
