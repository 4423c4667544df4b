package checks

import (
	"slices"
	"strings"
)

// grantClaim is a check's say about an action of an Allow statement, "" for all
// of them (design 5.2).
type grantClaim struct {
	principal, policy, kind string
	statement               int
	action                  string // lower case
}

func (a *allowance) claim(action string) grantClaim {
	return grantClaim{a.subject.arn, a.source.Name, a.source.Kind, a.statement.Index, strings.ToLower(action)}
}

// Speak takes the say about actions of a statement; none of them means all. The
// checks that come later are silent about them.
func (p *Pass) Speak(a *allowance, actions ...string) {
	if p.audit.spoken == nil {
		p.audit.spoken = map[grantClaim]bool{}
	}
	if len(actions) == 0 {
		p.audit.spoken[a.claim("")] = true
	}
	for _, action := range actions {
		p.audit.spoken[a.claim(action)] = true
	}
}

// Silent tells whether an earlier check spoke about an action of a statement.
func (p *Pass) Silent(a *allowance, action string) bool {
	return p.audit.spoken[a.claim("")] || p.audit.spoken[a.claim(action)]
}

// mended tells whether a check that says why a statement does not work spoke
// about an action of it: what it grants by mistake is no grant that is too wide.
func (p *Pass) mended(a *allowance, action string) bool {
	at := a.cite()
	for i := range p.audit.findings {
		f := &p.audit.findings[i]
		if f.Principal == a.subject.arn && f.Citation == at && slices.Contains([]string{"resource-never-matches", "wrong-partition-account-region"}, f.Check) &&
			slices.ContainsFunc(f.Actions, func(s string) bool { return strings.EqualFold(s, action) }) {
			return true
		}
	}
	return false
}

// spokeOf tells whether one of some checks reported something about a principal.
func (p *Pass) spokeOf(principal string, checks ...string) bool {
	for i := range p.audit.findings {
		f := &p.audit.findings[i]
		if f.Principal != principal {
			continue
		}
		for _, id := range checks {
			if f.Check == id {
				return true
			}
		}
	}
	return false
}
