package main

import (
	"fmt"
	"strings"

	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// contextOf reads KEY=VALUE pairs; a key that comes again has several values.
func contextOf(pairs []string) ([]config.ContextKey, error) {
	var keys []config.ContextKey
	place := map[string]int{}
	for _, pair := range pairs {
		key, value, err := config.ParsePair(pair)
		if err != nil {
			return nil, usage("--context: %s", err)
		}
		at, known := place[strings.ToLower(key)]
		if !known {
			at = len(keys)
			place[strings.ToLower(key)] = at
			keys = append(keys, config.ContextKey{Key: key})
		}
		keys[at].Values = append(keys[at].Values, value)
	}
	return keys, nil
}

func tagsOf(pairs []string) (map[string]string, error) {
	tags := map[string]string{}
	for _, pair := range pairs {
		key, value, err := config.ParsePair(pair)
		if err != nil {
			return nil, usage("--tag: %s", err)
		}
		if _, there := tags[key]; there {
			return nil, usage("--tag: %q stands twice", key)
		}
		tags[key] = value
	}
	return tags, nil
}

// policyFile reads a policy document that no account holds.
func policyFile(name, kind string, as policy.Kind) (*policy.Source, error) {
	text, err := readLimited(name)
	if err != nil {
		return nil, err
	}
	d, err := policy.Parse(as, text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(d.Problems) > 0 {
		first := d.Problems[0]
		return nil, fmt.Errorf("%s:%d:%d: %s; AWS would refuse the policy", name, first.Position.Line, first.Position.Column, first.Message)
	}
	return &policy.Source{Name: name, Kind: kind, Document: d}, nil
}
