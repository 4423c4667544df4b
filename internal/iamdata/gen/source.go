package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
)

// The shapes of the package's files, as far as they are used.

type sourcePackage struct {
	Version   string `json:"version"`
	UpdatedAt string `json:"updatedAt"` // RFC 3339
}

type sourceAction struct {
	Name          string               `json:"name"`
	AccessLevel   string               `json:"accessLevel"`
	ResourceTypes []sourceActionTarget `json:"resourceTypes"`
	ConditionKeys []string             `json:"conditionKeys"`
}

type sourceActionTarget struct {
	Name          string   `json:"name"`
	Required      bool     `json:"required"`
	ConditionKeys []string `json:"conditionKeys"`
}

type sourceResource struct {
	Key           string   `json:"key"`
	ARN           string   `json:"arn"` // several are parted by ", "
	ConditionKeys []string `json:"conditionKeys"`
}

type sourceKey struct {
	Key  string `json:"key"`
	Type string `json:"type"`
}

// source is the package, read whole.
type source struct {
	pkg        sourcePackage
	prefixes   []string
	names      map[string]string
	rcp        []string
	globalKeys []sourceKey
	services   map[string]sourceService
}

type sourceService struct {
	actions   map[string]sourceAction   // by lower-case name
	resources map[string]sourceResource // by lower-case name
	keys      map[string]sourceKey      // by lower-case name
}

func read(dir fs.FS) (*source, error) {
	s := &source{services: map[string]sourceService{}}
	for _, f := range []struct {
		name string
		into any
	}{
		{"package.json", &s.pkg},
		{"data/services.json", &s.prefixes},
		{"data/serviceNames.json", &s.names},
		{"data/rcpSupportedServices.json", &s.rcp},
	} {
		if err := readJSON(dir, f.name, f.into); err != nil {
			return nil, err
		}
	}
	for _, prefix := range s.prefixes {
		var one sourceService
		for folder, into := range map[string]any{
			"actions": &one.actions, "resourceTypes": &one.resources, "conditionKeys": &one.keys,
		} {
			if err := readJSON(dir, "data/"+folder+"/"+prefix+".json", into); err != nil {
				return nil, err
			}
		}
		s.services[prefix] = one
	}
	var err error
	s.globalKeys, err = readGlobalKeys(dir)
	return s, err
}

func readJSON(dir fs.FS, name string, into any) error {
	b, err := fs.ReadFile(dir, name)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// globalKey finds an entry of the one list that the package has as code only.
var globalKey = regexp.MustCompile(`key: '([^']+)',\s+category: '[^']*',\s+type: '([^']+)'`)

func readGlobalKeys(dir fs.FS) ([]sourceKey, error) {
	const name = "dist/esm/globalConditionKeys.js"
	b, err := fs.ReadFile(dir, name)
	if err != nil {
		return nil, err
	}
	var keys []sourceKey
	for _, m := range globalKey.FindAllSubmatch(b, -1) {
		key := strings.Replace(string(m[1]), "/tag-key", "/${TagKey}", 1)
		keys = append(keys, sourceKey{Key: key, Type: string(m[2])})
	}
	if want := strings.Count(string(b), "category: '"); len(keys) != want || want == 0 {
		return nil, fmt.Errorf("%s: %d of %d keys were understood", name, len(keys), want)
	}
	return keys, nil
}
