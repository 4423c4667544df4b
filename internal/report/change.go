package report

import (
	"fmt"
	"strings"

	"github.com/fatih/color"

	"github.com/iamcheck/iamcheck/internal/checks"
)

// shownChanges is how many requirements, and how many findings of a sort, the
// table lists of a change; the JSON report has all.
const shownChanges = 20

// effects are the words for what happens to a requirement.
var effects = map[checks.Effect]struct {
	word  string
	style []color.Attribute
}{
	checks.Broken:  {"BREAKS", []color.Attribute{color.FgWhite, color.BgRed, color.Bold}},
	checks.Worse:   {"WORSE", []color.Attribute{color.FgRed, color.Bold}},
	checks.Another: {"OTHER", []color.Attribute{color.FgYellow}},
	checks.Better:  {"BETTER", []color.Attribute{color.FgGreen}},
	checks.Mended:  {"MENDS", []color.Attribute{color.FgGreen, color.Bold}},
}

// change says what a planned change does, what it breaks first.
func (p *page) change(r *checks.Report) {
	c := r.Change
	if c == nil {
		return
	}
	p.title("Change", p.name(c.Kind))
	p.text(2, p.arn(c.File)+": "+planned(c))
	if c.Alone {
		p.text(2, "judged alone, without the account's picture: nothing is compared, and what the plan does not hold is not known")
	} else {
		p.text(2, changeSummary(c))
	}
	groups := changeGroups(c)
	for i, g := range groups {
		if i == shownChanges {
			p.text(2, fmt.Sprintf("and %d more; the JSON report has all", len(groups)-i), color.Faint)
			break
		}
		p.changedRequirements(g)
	}
	p.changedFindings("new", c.New)
	p.changedFindings("fixed", c.Fixed)
	for _, n := range c.Notes {
		p.text(2, p.message(n), color.Faint)
	}
}

// planned counts the resources that do something.
func planned(c *checks.Change) string {
	n := map[string]int{}
	for _, r := range c.Resources {
		n[r.Action]++
	}
	return fmt.Sprintf("%s of IAM: %d made or changed, %d taken away, %d kept", count(len(c.Resources), "resource"), n["put"], n["drop"], n["keep"])
}

func changeSummary(c *checks.Change) string {
	var parts []string
	for _, e := range []struct {
		effect checks.Effect
		text   string
	}{
		{checks.Broken, "%s granted now and refused after"},
		{checks.Worse, "%s worse"},
		{checks.Another, "%s otherwise"},
		{checks.Better, "%s better"},
		{checks.Mended, "%s refused now and granted after"},
	} {
		if n := c.Count(e.effect); n > 0 {
			parts = append(parts, fmt.Sprintf(e.text, count(n, "requirement")))
		}
	}
	if len(parts) == 0 {
		parts = []string{"no requirement fares otherwise"}
	}
	return strings.Join(parts, ", ") + fmt.Sprintf("; findings: %d new, %d fixed, %d unchanged", len(c.New), len(c.Fixed), len(c.Unchanged))
}

// changeGroups puts together the actions of one requirement that fare alike.
func changeGroups(c *checks.Change) [][]*checks.RequirementChange {
	type key struct {
		id, database, principal string
		before, after           checks.Status
	}
	var groups [][]*checks.RequirementChange
	at := map[key]int{}
	for i := range c.Requirements {
		v := &c.Requirements[i]
		k := key{v.ID, v.Database, v.Principal, v.Before, v.Status}
		n, ok := at[k]
		if !ok {
			n = len(groups)
			at[k] = n
			groups = append(groups, nil)
		}
		groups[n] = append(groups[n], v)
	}
	return groups
}

// changedRequirements shows a group, with the first of its actions.
func (p *page) changedRequirements(group []*checks.RequirementChange) {
	v := group[0]
	e := effects[v.Effect]
	before := string(v.Before)
	if before == "" {
		before = "not asked for"
	}
	p.text(2, e.word+"  "+p.name(v.ID)+" of "+p.name(v.Database)+": "+before+" "+p.arrow()+" "+string(v.Status), e.style...)
	for i, one := range group {
		if i == 3 {
			p.text(4, fmt.Sprintf("and %d more", len(group)-i), color.Faint)
			break
		}
		p.text(4, p.name(one.Action)+" on "+p.arn(one.Resource), color.Faint)
	}
	p.text(4, "by "+p.arn(v.Principal), color.Faint)
}

func (p *page) arrow() string {
	if p.o.ASCII {
		return "->"
	}
	return "→"
}

func (p *page) changedFindings(word string, findings []checks.Finding) {
	for i := range findings {
		if i == shownChanges {
			p.text(2, fmt.Sprintf("and %d %s findings more; the JSON report has all", len(findings)-i, word), color.Faint)
			break
		}
		f := &findings[i]
		p.text(2, word+": "+f.Severity.String()+" "+p.name(f.Check)+", "+p.arn(friendly(f.Principal))+": "+p.message(f.Message))
	}
}
