package checks

import (
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// mostStories is how many databases one clue is told of.
const mostStories = 5

// tell tells what is behind a clue: of the call that AWS refused, where it can be
// found in a chain, else of the databases that show the symptom.
func (e *explainer) tell(clue *Clue) []Story {
	if clue.Denial != nil && clue.Symptom == nil {
		clue.Symptom = symptomOf(clue.Denial.Action)
	}
	chains, told := e.named(clue)
	if d := clue.Denial; d != nil && (d.Action != "" || d.Principal != "") {
		return []Story{e.refused(clue, chains)}
	}
	if !told && clue.Symptom != nil && clue.Symptom.IAM == Never && clue.Symptom.Types == nil {
		chains = nil // it may be any
	}
	chains = showing(chains, clue)
	if len(chains) == 0 {
		return []Story{e.nowhere(clue)}
	}
	var broken, stories []Story
	for _, c := range chains {
		s := e.story(clue, c, nil)
		stories = append(stories, s)
		if s.Ending == EndsBroken && (clue.Symptom == nil || s.Cause.pointedTo(clue.Symptom)) {
			broken = append(broken, s)
		}
	}
	switch {
	case len(stories) > 1 && len(broken) > 0:
		stories = broken
	case len(stories) > 1 && clue.Symptom != nil && clue.Symptom.IAM == Never:
		stories = []Story{e.nowhere(clue)}
	}
	if left := len(chains) - len(stories); len(chains) > 1 {
		stories[0].Remarks = append(stories[0].Remarks, ambiguous(chains, left, len(broken) > 0))
	}
	return stories[:min(len(stories), mostStories)]
}

func ambiguous(chains []*Chain, left int, broken bool) string {
	text := "the message does not tell which database it is about; it may be " + list(chainNames(chains), 8)
	if left > 0 && broken {
		text += "; told of here are those in which what the message points to is broken"
	}
	return text + "; --database names one"
}

func chainNames(chains []*Chain) []string {
	var names []string
	for _, c := range chains {
		names = append(names, c.Name)
	}
	return names
}

// pointedTo tells whether a symptom can come of a link.
func (l *Link) pointedTo(s *Symptom) bool {
	return len(s.Requirements) == 0 || slices.Contains(s.Requirements, l.ID) || l.Hop != nil
}

// named are the chains of the databases that the text around a clue names, by
// their name, endpoint or id; all where it names none.
func (e *explainer) named(clue *Clue) (chains []*Chain, told bool) {
	var byName, byEndpoint []*Chain
	around := lowerASCII(clue.Around)
	for _, c := range e.chains {
		if slices.Contains(clue.Databases, c.Database.Name) && c.Database.Name != "" {
			byName = append(byName, c)
		}
		if slices.ContainsFunc(handles(c.Database), func(h string) bool { return strings.Contains(around, strings.ToLower(h)) }) {
			byEndpoint = append(byEndpoint, c)
		}
	}
	switch {
	case len(byName) > 0:
		return byName, true
	case len(byEndpoint) > 0:
		return byEndpoint, true
	default:
		return e.chains, len(e.chains) == 1
	}
}

// handles are the words by which a text names a database without its name: its
// endpoint, and its id as ARNs have it.
func handles(db *config.Database) []string {
	var out []string
	host := db.URI
	if _, rest, found := strings.Cut(host, "://"); found {
		host = rest
	}
	host, _, _ = strings.Cut(host, "/")
	host, _, _ = strings.Cut(host, ":")
	if strings.Count(host, ".") > 3 { // an endpoint of one database, not that of a service
		out = append(out, host)
	}
	for prefix, id := range map[string]string{
		"dbuser:": db.AWS.RDSResourceID, "dbuser": db.AWS.RDSProxyResourceID, "workgroup/": db.AWS.RedshiftServerlessWorkgroupID,
		"replicationgroup:": db.AWS.ElastiCacheReplicationGroupID, "serverlesscache:": db.AWS.ElastiCacheServerlessCacheName,
		":cluster/": db.AWS.MemoryDBClusterName, "dbname:": db.AWS.RedshiftClusterID,
	} {
		if id != "" {
			out = append(out, strings.TrimSuffix(prefix, "dbuser")+id)
		}
	}
	slices.Sort(out)
	return out
}

// showing are the chains that can show the symptom of a clue: of the right type,
// and with the login that it names.
func showing(chains []*Chain, clue *Clue) []*Chain {
	if clue.Symptom == nil {
		return nil
	}
	var of, user []*Chain
	for _, c := range chains {
		if !clue.Symptom.concerns(c.Database) || c.Database.Type == "" {
			continue
		}
		of = append(of, c)
		if slices.ContainsFunc(clue.Users, c.knows) {
			user = append(user, c)
		}
	}
	if len(user) > 0 {
		return user
	}
	return of
}

// knows tells whether a login is one of the database's.
func (c *Chain) knows(login string) bool {
	db := c.Database
	return slices.Contains(db.DBUsers, login) || slices.Contains(db.DBUsers, "*") || db.AdminUser != "" && db.AdminUser == login
}

// about are the links of a chain that a refusal is about.
func (c *Chain) about(d *Denial) []*Link {
	var out []*Link
	for _, l := range c.links {
		if strings.EqualFold(l.Action, d.Action) && sameIdentity(l.Principal, d.Principal) && fits(l.Resource, d.Resource) && l.Status != NotNeeded {
			out = append(out, l)
		}
	}
	if len(out) == 0 || out[0].Hop == nil {
		return out
	}
	for _, l := range c.links { // a hop is one call, whatever its sides
		if l.Hop != nil && l.Principal == out[0].Principal && l.Resource == out[0].Resource && !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	return out
}

// sameIdentity compares the ARNs of identities, sessions included; one that is
// not told is any.
func sameIdentity(a, b string) bool {
	a, b = identityOf(a), identityOf(b)
	if a == b || b == "" {
		return true
	}
	x, errX := policy.ParseCaller(a)
	y, errY := policy.ParseCaller(b)
	return errX == nil && errY == nil && x.Kind == y.Kind && x.Partition == y.Partition && x.Account == y.Account && x.Name == y.Name
}

// fits tells whether a refused resource is among those that a link needs.
func fits(needed, refused string) bool {
	if refused == "" || refused == "*" || needed == "*" || needed == refused {
		return true
	}
	if name, ok := strings.CutPrefix(refused, "role/"); ok {
		return strings.HasSuffix(needed, "/"+name)
	}
	if policy.HasWildcard(refused) {
		return policy.CompilePattern(refused).Match(needed)
	}
	return policy.CompilePattern(needed).Match(refused)
}
