package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// branches are the lines of a tree: before an entry, before the last one, and
// before the lines below each.
type branches struct{ entry, last, below, end string }

var (
	unicodeBranches = branches{"├─ ", "└─ ", "│  ", "   "}
	asciiBranches   = branches{"|- ", "`- ", "|  ", "   "}
)

// noBreak stands for a space at which no line ends. It is never in a clean text.
const noBreak = "\u00a0"

// twig is one entry of a tree: a line, and for a hop the station it leads to.
type twig struct {
	text string
	to   *checks.Station
	own  []twig // before the station's
}

// station draws an identity, what it must hold, and whom it assumes.
func (p *page) station(s *checks.Station, prefix string) {
	if prefix == "" {
		p.text(2, p.stationText(s))
	}
	p.twigs(p.of(s), prefix)
}

// of are the entries below a station.
func (p *page) of(s *checks.Station) []twig {
	out := p.linkTwigs(s.Holds)
	for _, hop := range s.Hops {
		out = append(out, twig{text: p.passageSign(hop) + " " + p.stationText(hop.To), to: hop.To, own: p.linkTwigs(hop.Links)})
	}
	return out
}

func (p *page) twigs(all []twig, prefix string) {
	b := unicodeBranches
	if p.o.ASCII {
		b = asciiBranches
	}
	for i, t := range all {
		entry, below := b.entry, b.below
		if i == len(all)-1 {
			entry, below = b.last, b.end
		}
		indent := 2 + columns(prefix) + columns(below)
		for j, l := range wrap(t.text, p.room(indent+2)) {
			lead := prefix + entry
			if j > 0 {
				lead = prefix + below + "  "
			}
			p.line("  " + lead + strings.ReplaceAll(l, noBreak, " "))
		}
		if t.to != nil {
			p.twigs(append(slices.Clone(t.own), p.of(t.to)...), prefix+below)
		}
	}
}

func (p *page) stationText(s *checks.Station) string {
	text := p.arn(friendly(s.ARN)) + ", " + s.Kind
	if id := accountOf(s.ARN); id != "" {
		text += ", account " + id
	}
	switch {
	case s.Absent:
		text += ": does not exist"
	case s.Unread:
		text += ": not read"
	}
	return text
}

// passageSign is the mark of a hop as a whole.
func (p *page) passageSign(hop *checks.Passage) string {
	var all cell
	for _, l := range hop.Links {
		all.add(l.RequirementVerdict)
	}
	switch {
	case all.failed > 0 || all.part > 0:
		return p.marks[markMissing]
	case all.open > 0:
		return p.marks[markOpen]
	default:
		return p.marks[markGranted]
	}
}

// sign is the mark of a link.
func (p *page) sign(l *checks.Link) string {
	var one cell
	one.add(l.RequirementVerdict)
	return p.marks[one.mark()]
}

// linkTwigs are the entries of some links: what differs in the action only
// stands on one line, and so does all that is not needed.
func (p *page) linkTwigs(links []*checks.Link) []twig {
	var out []twig
	var needless []string
	for i := 0; i < len(links); i++ {
		l := links[i]
		if l.Status == checks.NotNeeded {
			needless = append(needless, p.needlessText(l))
			continue
		}
		tail := p.layersText(l)
		actions := []string{l.Action}
		for i+1 < len(links) && links[i+1].ID == l.ID && links[i+1].Resource == l.Resource && links[i+1].Principal == l.Principal &&
			p.sign(links[i+1]) == p.sign(l) && p.layersText(links[i+1]) == tail && l.Hop == nil {
			i++
			actions = append(actions, links[i].Action)
		}
		text := p.linkText(l)
		if len(actions) > 1 {
			text = p.names(actions) + p.onResource(l)
		}
		out = append(out, twig{text: p.sign(l) + " " + text + tail})
	}
	if len(needless) > 0 {
		slices.Sort(needless)
		out = append(out, twig{text: p.marks[markNotNeeded] + " not needed: " + strings.Join(slices.Compact(needless), ", ")})
	}
	return out
}

func (p *page) needlessText(l *checks.Link) string {
	switch l.ID {
	case expected.HopExternalID:
		return "external ID"
	case expected.HopTagSession:
		return "session tags"
	default:
		return p.name(l.ID)
	}
}

// linkText names a link.
func (p *page) linkText(l *checks.Link) string {
	switch {
	case l.ID == expected.HopExternalID:
		return "the external ID fits the trust policy"
	case l.Side == expected.TrustSide:
		return "its trust policy allows " + p.name(l.Action) + " by the caller"
	case l.Hop != nil:
		return "the caller is allowed " + p.name(l.Action)
	default:
		return p.name(l.Action) + p.onResource(l)
	}
}

func (p *page) onResource(l *checks.Link) string {
	if l.Resource == "" || l.Resource == "*" {
		return ""
	}
	return " on " + p.arn(l.Resource)
}

// layersText are the layers of a link with a mark for each.
func (p *page) layersText(l *checks.Link) string {
	var parts []string
	for i := range l.Rows {
		r := &l.Rows[i]
		name := r.Layer.String()
		if r.Layer == policy.LayerSCP || r.Layer == policy.LayerRCP {
			name = strings.ToUpper(name)
			if r.Place != "" {
				name += " " + r.Place
			} else if r.Level > 0 {
				name += fmt.Sprintf(" %d", r.Level)
			}
		}
		if sign, told := p.saysSign(r); told {
			parts = append(parts, strings.ReplaceAll(name, " ", noBreak)+noBreak+sign)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

// saysSign is the mark for what a layer says; layers that do not apply, and
// those that were not asked for, have none: the head of the report names them.
func (p *page) saysSign(r *checks.LayerRow) (sign string, told bool) {
	switch r.Says {
	case checks.SaysAllows, checks.SaysNothing:
		return p.marks[markGranted], true
	case checks.SaysDenies, checks.SaysDoesNotAllow:
		if r.Coverage == policy.CoveragePart && r.Says == checks.SaysDoesNotAllow {
			return p.marks[markPart], true
		}
		return p.marks[markMissing], true
	case checks.SaysUnknown:
		return p.marks[markOpen], true
	default:
		return "", false
	}
}
