package checks

import (
	"cmp"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/config"
)

// Symptom is a way in which a failure shows, with what is known to cause it.
type Symptom struct {
	ID    string // "rds-pam"
	Title string // what the user sees: lower case, no final period
	// Phrases are the words that tell it, in lower case; any of them does. "*"
	// in a phrase stands for up to phraseGap bytes.
	Phrases []string
	// Actions tell it where AWS refuses one of them.
	Actions []string
	// Wrapper: these are Teleport's words around another failure, which says more.
	Wrapper bool
	// Types are the database types that show it; nil for all.
	Types []config.Type
	// Protocols are those of the databases that do; nil for all.
	Protocols []string
	// Requirements are the ids of what IAM can have to do with it, the likeliest
	// first.
	Requirements []string
	IAM          Bearing
	Means        string   // what happened: a sentence without final period
	Instead      []string // what to look at besides IAM; likewise
	// Sources are pages of AWS's documentation by their slug, and issues and pull
	// requests "gravitational/teleport#N".
	Sources []string
}

// Bearing says what IAM has to do with a symptom.
type Bearing uint8

// The bearings. The zero value is Perhaps.
const (
	Perhaps Bearing = iota // one of several possible causes
	Surely                 // AWS refused a call
	Never                  // something else is wrong
)

// String returns the word that reports use.
func (b Bearing) String() string { return [...]string{"perhaps", "surely", "never"}[b] }

// phraseGap is how much a "*" in a phrase stands for, in bytes.
const phraseGap = 300

// Symptoms returns all symptoms, the more specific ones first. The caller may keep
// the slice.
func Symptoms() []*Symptom {
	return slices.Concat(loginSymptoms(), roleSymptoms(), serviceSymptoms(), otherSymptoms())
}

// found is a symptom with where a text tells it.
type found struct {
	symptom *Symptom
	at      int
}

// symptoms are those that a text tells, in the order of the table.
func (f flat) symptoms(table []*Symptom) []found {
	var out []found
	for _, s := range table {
		for _, phrase := range s.Phrases {
			if at := f.phrase(phrase); at >= 0 {
				out = append(out, found{s, at})
				break
			}
		}
	}
	return out
}

// phrase finds a phrase; -1 where it is not there.
func (f flat) phrase(phrase string) int {
	first, rest, gapped := strings.Cut(phrase, "*")
	if !gapped {
		return strings.Index(f.low, phrase)
	}
	for _, s := range f.spans(first) {
		if strings.Contains(f.low[s.end:min(len(f.low), s.end+phraseGap)], rest) {
			return s.start
		}
	}
	return -1
}

// symptomOf is the symptom that a refused action is; nil where it is none.
func symptomOf(action string) *Symptom {
	for _, s := range Symptoms() {
		if slices.ContainsFunc(s.Actions, func(a string) bool { return strings.EqualFold(a, action) }) {
			return s
		}
	}
	return nil
}

// concerns tells whether a database can show the symptom.
func (s *Symptom) concerns(db *config.Database) bool {
	return (s.Types == nil || slices.Contains(s.Types, db.Type)) &&
		(s.Protocols == nil || db.Protocol == "" || slices.Contains(s.Protocols, db.Protocol))
}

// besides is what to look at when IAM allows all that a database of a type needs:
// what the symptom of a failing login lists.
func besides(t config.Type, protocol string) []string {
	id := map[config.Type]string{
		config.RDS: "rds-pam", config.RDSProxy: "rdsproxy-no-credentials", config.Redshift: "redshift-credentials",
		config.RedshiftServerless: "redshift-serverless-credentials",
		config.ElastiCache:        "redis-wrongpass", config.ElastiCacheServerless: "redis-wrongpass", config.MemoryDB: "redis-wrongpass",
		config.DocDB: "docdb-mechanism", config.MongoDBAtlas: "docdb-mechanism", config.OpenSearch: "opensearch-fgac",
		config.Keyspace: "keyspaces-unauthorized",
	}[t]
	if t == config.RDS && (protocol == "mysql" || protocol == "mariadb") {
		id = "rds-1045"
	}
	for _, s := range Symptoms() {
		if s.ID == cmp.Or(id, "timeout") {
			return s.Instead
		}
	}
	return nil
}
