package checks

import (
	"cmp"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// Chain is who acts for one database, from the agent to the identity that the
// database sees, with every link that must hold.
type Chain struct {
	Database *config.Database // a matcher's stand-in where the agent discovers
	Name     string           // as reports call it
	Root     *Station         // the agent
	links    []*Link          // in the order in which they break
}

// Station is an identity of a chain.
type Station struct {
	ARN  string
	Kind string // "agent", "assume_role_arn", "database role"
	// Absent: it does not exist in its account, which was read; Unread: it was
	// not read.
	Absent, Unread bool
	Holds          []*Link    // what it must be allowed itself
	Hops           []*Passage // the roles that it assumes
}

// Passage is a hop from one station to another.
type Passage struct {
	Links []*Link // both sides of it
	To    *Station
}

// Link is one requirement of a chain, layer by layer.
type Link struct {
	*RequirementVerdict
	Rows     []LayerRow // what each layer says; empty where nothing was asked
	Findings []*Finding // what stands in its way, the gravest first
	sources  []policy.Source
}

// Quote is the text of a cited statement.
func (l *Link) Quote(c policy.Citation) string { return quote(l.sources, c) }

// Breaks tells of a link that does not hold and must; Open of one that must and
// could not be decided; Weak of one that does not hold and is only recommended.
func (l *Link) Breaks() bool { return l.Need == expected.Required && l.fails() }

// Open tells of a link that must hold and could not be decided.
func (l *Link) Open() bool {
	return l.Need == expected.Required && (l.Status == Conditional || l.Status == Undecided)
}

// Weak tells of a link that does not hold and is only recommended.
func (l *Link) Weak() bool { return l.Need == expected.Recommended && l.fails() }

func (l *Link) fails() bool { return l.Status == Missing || l.Status == Partial || l.Status == Denied }

// Links are all links of the chain in the order in which they break: the hops
// from the agent on, then what the identities must be allowed, the login before
// what only fills in metadata.
func (c *Chain) Links() []*Link { return c.links }

// newChain draws the chain of a database from its verdicts.
func (a *audit) newChain(db *config.Database, agent string, verdicts []RequirementVerdict) *Chain {
	c := &Chain{Database: db, Name: db.Name, Root: a.station(agent, "agent")}
	stations := map[string]*Station{agent: c.Root}
	passages := map[[2]string]*Passage{}
	for i := range verdicts {
		v := &verdicts[i]
		c.Name = cmp.Or(v.Database, c.Name)
		l := &Link{RequirementVerdict: v}
		c.links = append(c.links, l)
		l.Rows, l.sources = a.rowsOf(v)
		if v.Hop == nil {
			at := stations[v.Principal]
			if at == nil {
				at = c.Root // of no identity: not needed, or of a role that nobody names
			}
			at.Holds = append(at.Holds, l)
			continue
		}
		from := stations[v.Hop.Caller]
		if from == nil {
			from = c.Root
		}
		key := [2]string{v.Hop.Caller, v.Hop.Target}
		if passages[key] == nil {
			to := a.station(v.Hop.Target, hopKind(v.Hop))
			stations[v.Hop.Target] = to
			passages[key] = &Passage{To: to}
			from.Hops = append(from.Hops, passages[key])
		}
		passages[key].Links = append(passages[key].Links, l)
	}
	slices.SortStableFunc(c.links, func(a, b *Link) int { return cmp.Compare(a.turn(), b.turn()) })
	return c
}

func hopKind(h *expected.Hop) string {
	if h.DBUser == "" && !strings.HasSuffix(h.Target, ":role/*") {
		return "assume_role_arn"
	}
	return "database role"
}

func (a *audit) station(arn, kind string) *Station {
	p := a.holder(arn).presence
	return &Station{ARN: arn, Kind: kind, Absent: p == absent, Unread: p == unread}
}

// turn is when a link breaks: hops come before what the identities do, what only
// fills in metadata comes later, what is only recommended last.
func (l *Link) turn() int {
	switch {
	case l.Need != expected.Required:
		return 3
	case l.Hop != nil:
		return 0
	case l.Metadata:
		return 2
	default:
		return 1
	}
}

// rowsOf asks the layers of a link one by one.
func (a *audit) rowsOf(v *RequirementVerdict) ([]LayerRow, []policy.Source) {
	r := &v.Requirement
	caller, err := policy.ParseCaller(r.Principal)
	if err != nil || v.Status == NotNeeded || v.OtherPartition || r.ID == expected.HopExternalID || noRoleNamed(r) {
		return nil, nil
	}
	if a.holder(r.Principal).presence != present && r.Side != expected.TrustSide {
		return nil, nil
	}
	req, layers := a.identityQuestion(r, caller)
	verdict := policy.Decide(req, layers)
	if r.Hop == nil {
		verdict = *decideAll(req, layers, refined(r))
	}
	if r.Side == expected.TrustSide {
		if a.holder(r.Resource).presence != present {
			return nil, nil
		}
		verdict = a.askTrust(r, req.Context)
		target := a.holder(r.Resource).layers
		layers = &policy.Policies{Resource: a.trust(r.Resource), RCPs: target.RCPs}
	}
	rows := (&Answer{Verdict: verdict}).rows(layers)
	rows = slices.DeleteFunc(rows, func(row LayerRow) bool {
		ofResource := row.Layer == policy.LayerTrust || row.Layer == policy.LayerRCP
		return r.Hop != nil && ofResource != (r.Side == expected.TrustSide) || r.Hop == nil && row.Layer == policy.LayerTrust && layers.Resource == nil
	})
	return rows, allSources(layers)
}

// attach gives every link that does not hold the findings about it.
func (c *Chain) attach(findings []Finding) {
	for _, l := range c.links {
		if !l.Breaks() && !l.Open() && !l.Weak() {
			continue
		}
		// Where a statement cannot match, a finding lists what the statement
		// names, and not what is needed.
		for _, exact := range []bool{true, false} {
			for i := range findings {
				if f := &findings[i]; len(l.Findings) == 0 || exact {
					l.attach(f, exact)
				}
			}
		}
	}
}

// attach takes a finding that is about the link.
func (l *Link) attach(f *Finding, exact bool) {
	about := (f.Principal == l.Principal || f.Principal == l.Resource) &&
		slices.Contains(f.Databases, l.Database) && slices.Contains(f.Requirements, l.ID)
	listed := (len(f.Actions) == 0 || slices.Contains(f.Actions, l.Action)) &&
		(len(f.Resources) == 0 || slices.Contains(f.Resources, l.Resource))
	if about && (listed || !exact) {
		l.Findings = append(l.Findings, f)
	}
}
