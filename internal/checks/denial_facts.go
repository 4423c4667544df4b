package checks

import (
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/config"
)

// Words before a name in quotes, and keys before a value, in Teleport's errors,
// logs and audit events and in databases' own errors.
var (
	userWords     = []string{"user ", "username "}
	userKeys      = []string{"db_user", "database_user", "db-user"}
	databaseWords = []string{"database ", "db "}
	databaseKeys  = []string{"db_service", "database_service", "database", "db"}
	roleWords     = []string{"iam role ", "role "}
)

// facts are the names in a text.
func (f flat) facts() Facts {
	var facts Facts
	for _, w := range userWords {
		facts.Users = f.quoted(facts.Users, w)
	}
	for _, k := range userKeys {
		facts.Users = f.valued(facts.Users, k)
	}
	for _, w := range databaseWords {
		facts.Databases = f.quoted(facts.Databases, w)
	}
	for _, k := range databaseKeys {
		facts.Databases = f.valued(facts.Databases, k)
	}
	for _, w := range roleWords {
		facts.Roles = f.quoted(facts.Roles, w)
	}
	facts.Roles = slices.DeleteFunc(facts.Roles, func(r string) bool { _, err := config.ParseRoleARN(r); return err != nil })
	return facts
}

// quoted adds the names in quotes behind a word.
func (f flat) quoted(names []string, word string) []string {
	for _, s := range f.spans(word) {
		if s.end >= len(f.text) || !strings.ContainsRune("\"'`", rune(f.text[s.end])) {
			continue
		}
		rest := f.text[s.end+1 : min(len(f.text), s.end+1+longestName)]
		if n := strings.IndexByte(rest, f.text[s.end]); n > 0 {
			names = addName(names, rest[:n])
		}
	}
	return names
}

// valued adds the values behind a key: key:value, key=value, "key":"value".
func (f flat) valued(names []string, key string) []string {
	for _, s := range f.spans(key) {
		rest := f.text[s.end:min(len(f.text), s.end+longestName)]
		if s.start > 0 && !strings.ContainsRune(" \"'{,(", rune(f.text[s.start-1])) || strings.HasPrefix(rest, ": ") {
			continue // part of a word, or of a sentence
		}
		rest = strings.TrimLeft(rest, `" `)
		value, isColon := strings.CutPrefix(rest, ":")
		if !isColon {
			if value, isColon = strings.CutPrefix(rest, "="); !isColon {
				continue
			}
		}
		value = strings.TrimLeft(value, `" `)
		if n := strings.IndexAny(value, " \",]})'"); n >= 0 {
			value = value[:n]
		}
		names = addName(names, value)
	}
	return names
}

func addName(names []string, name string) []string {
	if name == "" || len(names) == mostFacts || slices.Contains(names, name) {
		return names
	}
	return append(names, name)
}
