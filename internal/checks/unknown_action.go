package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/iamdata"
	"github.com/iamcheck/iamcheck/internal/policy"
)

func unknownAction() *Check {
	return &Check{
		ID:       "unknown-action",
		Title:    "an action does not exist",
		Severity: High,
		Specific: true,
		Doc: Doc{
			What: "A statement names an action, or a pattern of actions, that matches nothing in the Service Authorization Reference. " +
				"High where it stands for a requirement that is missing, else low; info where nothing is near it, since it may then be newer than the reference data.",
			Why:      "AWS accepts any name: the statement allows (or denies) nothing, and looks as if it did. `rds:connect` for `rds-db:connect` is the usual one.",
			Mend:     "Write the action that the message suggests.",
			Suppress: "When the action is newer than the reference data, whose date `iamcheck version` prints.",
			Sources:  []string{"reference_policies_elements_action", "Service Authorization Reference", "access-analyzer-reference-policy-checks, Invalid action"},
		},
		Run: runUnknownAction,
	}
}

// maxActions bounds how many actions of a statement are looked up: more than any
// policy that AWS stores can hold (reference_iam-quotas).
const maxActions = 1000

func runUnknownAction(p *Pass) {
	for _, d := range p.papers(policy.LayerIdentity, policy.LayerTrust) {
		for _, st := range d.statements() {
			p.unknownActions(d, st)
		}
	}
}

// unknownActions reports the actions of a statement that do not exist: those
// that are misspelt and those that may be new, each in a finding of their own.
func (p *Pass) unknownActions(d paper, st *policy.Statement) {
	var wrong, fresh []string
	meant := map[string]string{} // what a wrong one was probably meant to be
	for i := range st.Actions.Patterns[:min(len(st.Actions.Patterns), maxActions)] {
		raw := st.Actions.Patterns[i].Raw
		if p.audit.lookups.exists(raw) {
			continue
		}
		near := nearestAction(raw)
		switch {
		case near != "":
			meant[raw] = near
			wrong = append(wrong, raw)
		case maybeNew(raw):
			fresh = append(fresh, raw)
		default:
			wrong = append(wrong, raw)
		}
	}
	if len(wrong) > 0 {
		p.reportUnknown(d, st, wrong, meant)
	}
	if len(fresh) > 0 {
		f := p.finding(d, st)
		f.graded(Info)
		f.Actions = fresh
		f.Message = fmt.Sprintf("%s %s not known to the reference data (%s), and nothing is near: misspelt, retired, or newer than the data",
			quoted(fresh, 3), isAre(fresh), iamdata.Version())
		p.Report(f)
	}
}

func (p *Pass) reportUnknown(d paper, st *policy.Statement, wrong []string, meant map[string]string) {
	f := p.finding(d, st)
	f.graded(Low)
	stand := p.standing(d, st, func(action string) bool { return len(standsForAction(wrong, action)) > 0 })
	for _, i := range stand {
		v := &p.Verdicts()[i]
		if !p.Claim(i, policy.LayerIdentity) {
			continue
		}
		for _, raw := range standsForAction(wrong, v.Action) {
			meant[raw] = v.Action
		}
		f.add(v)
		f.Resources, f.Witness = nil, ""
		f.Position = v.Position
		f.Severity = max(f.Severity, High)
		if v.Need == expected.Recommended {
			f.Severity = max(Low, f.Severity)
		}
	}
	f.Actions = wrong
	f.Message = unknownMessage(st, wrong, meant)
	f.Fix = correctedActions(st, meant)
	p.Report(f)
}

func unknownMessage(st *policy.Statement, wrong []string, meant map[string]string) string {
	does := "allows"
	if st.Effect == policy.Deny {
		does = "denies"
	}
	var said []string
	for _, raw := range sortedSet(wrong) {
		hint := ""
		if near := meant[raw]; near != "" {
			hint = " (did you mean " + near + "?)"
		}
		said = append(said, shorten(raw)+hint)
	}
	more := ""
	if len(said) > 3 {
		said, more = said[:3], fmt.Sprintf(" and %d more", len(said)-3)
	}
	verb := "matches no action, so that it " + does + " nothing"
	if len(wrong) > 1 {
		verb = "match no action, so that they " + strings.TrimSuffix(does, "s") + " nothing"
	}
	if does == "denies" && len(wrong) > 1 {
		verb = "match no action, so that they deny nothing"
	}
	return strings.Join(said, ", ") + more + " " + verb
}

// correctedActions is the statement with what was probably meant in place of
// what does not exist.
func correctedActions(st *policy.Statement, meant map[string]string) *Fix {
	if len(meant) == 0 {
		return nil
	}
	if st.Effect != policy.Allow || st.Actions.Not || st.Resources.Not || !st.Resources.Present || len(st.Conditions) > 0 {
		var notes []string
		for _, raw := range sortedKeys(meant) {
			notes = append(notes, fmt.Sprintf("write %s in place of %s", meant[raw], shorten(raw)))
		}
		return &Fix{Kind: "replace-statement", Note: strings.Join(notes, "; ")}
	}
	s := expected.PolicyStatement{SID: st.SID}
	for i := range st.Actions.Patterns {
		raw := st.Actions.Patterns[i].Raw
		if good := meant[raw]; good != "" {
			raw = good
		}
		if !slices.Contains(s.Actions, raw) {
			s.Actions = append(s.Actions, raw)
		}
	}
	for i := range st.Resources.Patterns {
		s.Resources = append(s.Resources, st.Resources.Patterns[i].Raw)
	}
	return &Fix{Kind: "replace-statement", Document: s.JSON()}
}

// misprints are actions that do not exist, in lower case, and what they stand
// for: Teleport's documentation had ElastiCache's names with MemoryDB's prefix
// (Teleport pull request 46052).
var misprints = map[string]string{
	"memorydb:modifyuser":          "memorydb:UpdateUser",
	"memorydb:listtagsforresource": "memorydb:ListTags",
}

// nearestAction is what somebody may have meant by an action that does not exist,
// "" where nothing is near. The same name in another service counts where the
// prefixes are akin, or where the service is known and lacks it: of services that
// AWS has retired or has just begun, every name is somewhere else too.
func nearestAction(raw string) string {
	if meant := misprints[strings.ToLower(raw)]; meant != "" {
		return meant
	}
	near := iamdata.Nearest(withoutWildcards(raw), 1)
	if len(near) == 0 {
		return ""
	}
	service, _, _ := strings.Cut(raw, ":")
	other, _, _ := strings.Cut(near[0], ":")
	if _, known := iamdata.ServiceOf(service); !known && !akin(service, other) {
		return ""
	}
	return near[0]
}

// akin tells whether two prefixes of services may be meant for each other: one
// holds the other, or they begin alike.
func akin(a, b string) bool {
	a, b = strings.ToLower(strings.ReplaceAll(a, "-", "")), strings.ToLower(strings.ReplaceAll(b, "-", ""))
	if len(a) < 3 || len(b) < 3 {
		return a == b
	}
	return strings.Contains(a, b) || strings.Contains(b, a) || len(a) > 3 && strings.HasPrefix(b, a[:4])
}

// maybeNew tells whether a name has the form that actions have, so that AWS may
// have added it.
func maybeNew(raw string) bool {
	service, name, ok := strings.Cut(raw, ":")
	return ok && service != "" && name != "" && !strings.ContainsFunc(name, func(c rune) bool {
		return (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && c != '*' && c != '?'
	})
}

// standsForAction are those of some action patterns that do not exist which
// somebody wrote who meant the given action.
func standsForAction(patterns []string, action string) []string {
	var out []string
	_, want, _ := strings.Cut(action, ":")
	for _, raw := range patterns {
		if strings.EqualFold(misprints[strings.ToLower(raw)], action) {
			out = append(out, raw)
			continue
		}
		asked := raw
		if service, name, ok := strings.Cut(raw, ":"); ok && policy.HasWildcard(name) {
			if !policy.CompilePattern(strings.ToLower(name)).Match(strings.ToLower(want)) {
				continue
			}
			asked = service + ":" + want
		}
		if slices.ContainsFunc(iamdata.Nearest(asked, 3), func(near string) bool { return strings.EqualFold(near, action) }) {
			out = append(out, raw)
		}
	}
	return out
}

func withoutWildcards(raw string) string {
	return strings.NewReplacer("*", "", "?", "").Replace(raw)
}

func isAre(of []string) string {
	if len(of) == 1 {
		return "is"
	}
	return "are"
}
