package iamdata

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// The data is text: a line is a mark and fields parted by tabs, and what is
// listed within a field is parted by spaces, or by commas one level below.
//
//	iam-data  0.21.202609261  2026-09-26    the source package, its version, its date
//	!  aws:TagKeys  s                       global condition key, type
//	^  aoss appconfig …                     prefixes that RCPs reach
//	@  rds-db  Amazon RDS IAM …             a service: prefix, name; then its
//	+  aws:ResourceTag/${TagKey}  S         condition keys, numbered from 0
//	=  db-user  0,1  arn:a…  arn:b…         resource types, numbered from 0: name, keys, ARNs
//	-  connect  P  0!,1 3  0,2              actions: name, access level, resource types, keys
//
// A resource type of an action is its number, "!" where it is required, then
// ":" and the numbers of the keys that it has there besides its own. Types are the first
// letter of their word (Y for Binary), small where the key is a set. Services,
// and a service's actions, are in the order of their names, case ignored.

// index is the data with each service unparsed until it is asked for.
type index struct {
	version, date string
	global        []ConditionKey
	rcp           []string
	services      []lazyService // by prefix
}

type lazyService struct {
	prefix, name string
	parse        func() *Service // once
}

func parse(text string) (*index, error) {
	head, body, _ := strings.Cut(text, "\n@\t")
	lines := strings.Split(head, "\n")
	first := strings.Split(lines[0], "\t")
	if len(first) != 3 || first[0] != "iam-data" {
		return nil, fmt.Errorf("first line %q", lines[0])
	}
	ix := &index{version: first[1], date: first[2]}
	for _, line := range lines[1:] {
		f := strings.Split(line, "\t")
		switch {
		case f[0] == "!" && len(f) == 3:
			key, err := parseKey(f)
			if err != nil {
				return nil, err
			}
			ix.global = append(ix.global, key)
		case f[0] == "^" && len(f) == 2:
			ix.rcp = strings.Fields(f[1])
		default:
			return nil, fmt.Errorf("line %q", line)
		}
	}
	for section := range strings.SplitSeq(strings.TrimSuffix(body, "\n"), "\n@\t") {
		title, rest, _ := strings.Cut(section, "\n")
		prefix, name, ok := strings.Cut(title, "\t")
		if !ok {
			return nil, fmt.Errorf("service %q", title)
		}
		ix.services = append(ix.services, lazyService{prefix: prefix, name: name, parse: sync.OnceValue(func() *Service {
			s, err := parseService(prefix, name, rest)
			if err != nil {
				panic(fmt.Sprintf("iamdata: embedded data: %s: %v", prefix, err))
			}
			return s
		})})
	}
	return ix, nil
}

// parseService reads the lines of one service, without its title.
func parseService(prefix, name, text string) (*Service, error) {
	p := serviceParser{s: &Service{Prefix: prefix, Name: name}}
	for line := range strings.SplitSeq(text, "\n") {
		if line == "" {
			continue
		}
		f := strings.Split(line, "\t")
		var err error
		switch {
		case f[0] == "+" && len(f) == 3:
			var key ConditionKey
			key, err = parseKey(f)
			p.s.ConditionKeys = append(p.s.ConditionKeys, key)
		case f[0] == "=" && len(f) >= 4:
			err = p.resource(f)
		case f[0] == "-" && len(f) == 5:
			err = p.action(f)
		default:
			err = fmt.Errorf("unknown line")
		}
		if err != nil {
			return nil, fmt.Errorf("line %q: %w", line, err)
		}
	}
	return p.s, nil
}

// The letters of key types and access levels, in the order of their constants.
const (
	keyLetters    = "SABDINY"
	accessLetters = "?LRTWP"
)

func parseKey(f []string) (ConditionKey, error) {
	letter := strings.ToUpper(f[2])
	i := strings.Index(keyLetters, letter)
	if i < 0 || len(letter) != 1 {
		return ConditionKey{}, fmt.Errorf("type %q of condition key %s", f[2], f[1])
	}
	return ConditionKey{Name: f[1], Type: KeyType(i), Many: letter != f[2]}, nil
}

type serviceParser struct{ s *Service }

func (p serviceParser) resource(f []string) error {
	keys, err := p.keys(f[2])
	p.s.Resources = append(p.s.Resources, ResourceType{Name: f[1], ARNs: f[3:], ConditionKeys: keys})
	return err
}

func (p serviceParser) action(f []string) error {
	level := strings.Index(accessLetters, f[2])
	if level < 0 || len(f[2]) != 1 {
		return fmt.Errorf("access level %q", f[2])
	}
	a := Action{Service: p.s.Prefix, Name: f[1], Access: Access(level)}
	for item := range strings.FieldsSeq(f[3]) {
		r, err := p.resourceOfAction(item)
		if err != nil {
			return err
		}
		a.Resources = append(a.Resources, r)
	}
	var err error
	a.ConditionKeys, err = p.keys(f[4])
	p.s.Actions = append(p.s.Actions, a)
	return err
}

func (p serviceParser) resourceOfAction(item string) (ResourceType, error) {
	number, list, _ := strings.Cut(item, ":")
	number, required := strings.CutSuffix(number, "!")
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 || n >= len(p.s.Resources) {
		return ResourceType{}, fmt.Errorf("resource type %q", item)
	}
	r := p.s.Resources[n]
	r.Required = required
	own, err := p.keys(list)
	for _, key := range own {
		if !slices.Contains(r.ConditionKeys, key) {
			// Clip, so that the service's own list is not written to.
			r.ConditionKeys = append(slices.Clip(r.ConditionKeys), key)
		}
	}
	return r, err
}

// keys turns "0,3" into names.
func (p serviceParser) keys(list string) ([]string, error) {
	if list == "" {
		return nil, nil
	}
	var names []string
	for number := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(number)
		if err != nil || n < 0 || n >= len(p.s.ConditionKeys) {
			return nil, fmt.Errorf("condition key %q", number)
		}
		names = append(names, p.s.ConditionKeys[n].Name)
	}
	return names, nil
}
