package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/policy"
	"github.com/iamcheck/iamcheck/internal/report"
)

// TestFixMendsBrokenAccounts: accounts that are right are broken the ways people
// break them, and fixed. What a policy can mend is mended, nothing gets worse, and
// fixing what was fixed changes nothing.
func TestFixMendsBrokenAccounts(t *testing.T) {
	const runs = 200
	broken, mended := map[string]int{}, 0
	for seed := range runs {
		g := &generator{
			Rand: rand.New(rand.NewPCG(uint64(seed), 7)), place: places[seed%len(places)], named: seed%3 != 0,
		}
		text := g.configuration()
		target, err := config.Load("iamcheck.yaml", []byte(text), nil)
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, text)
		}
		in, did := brokenInput(t, g, target, seed)
		for _, name := range did {
			broken[name]++
		}
		only := []checks.MendOnly{checks.MendAll, checks.MendMissing}[seed%2]
		before := marshalled(t, in.Accounts)
		m := checks.Propose(in, checks.MendOptions{Only: only})
		mended += len(m.Documents)
		problems := unproved(m)
		if got := marshalled(t, in.Accounts); got != before {
			problems = append(problems, "the picture that it began with was changed")
		}
		in.Accounts = m.Accounts
		if again := checks.Propose(in, checks.MendOptions{Only: only}); len(again.Documents) > 0 {
			problems = append(problems, "fixing again changes "+again.Documents[0].Policy+": "+again.Documents[0].Steps[0].What)
		}
		for _, p := range problems {
			t.Errorf("seed %d: %s", seed, p)
		}
		if t.Failed() {
			var diff strings.Builder
			_ = report.MendFormats()[0].Write(&diff, m, report.Options{})
			t.Fatalf("seed %d was broken by %v and has the configuration\n%s\n%s", seed, did, text, diff.String())
		}
	}
	for _, b := range breaks {
		if broken[b.name] < 2 {
			t.Errorf("only %d accounts were broken by %s", broken[b.name], b.name)
		}
	}
	if mended < runs/2 {
		t.Errorf("only %d documents were mended", mended)
	}
}

func marshalled(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// brokenInput is a target with accounts that were right before one to four things
// in them were broken: the first by its turn.
func brokenInput(t *testing.T, g *generator, target *config.Target, turn int) (checks.Input, []string) {
	t.Helper()
	for i := range target.Agents {
		a := &target.Agents[i]
		a.ARN = a.Role + a.User
	}
	requirements, identities, err := expected.For(target, expected.Defaults{})
	if err != nil {
		t.Fatal(err)
	}
	accounts := empty(t, g, expected.Attachments(requirements, identities, expected.AttachOptions{Inline: g.coin()}))
	var did []string
	for range 1 + g.IntN(4) {
		b := breaks[turn%len(breaks)]
		turn = g.IntN(len(breaks))
		documents := documentsOf(accounts, b.kind)
		g.Shuffle(len(documents), func(i, j int) { documents[i], documents[j] = documents[j], documents[i] })
		if slices.ContainsFunc(documents, func(x text) bool { return b.do(g, x) }) {
			did = append(did, b.name)
		}
	}
	for _, s := range accounts {
		s.NewIndex()
	}
	return checks.Input{Target: target, Accounts: accounts, Requirements: requirements, Identities: identities}, did
}

// text is a document that can be broken in its place.
type text struct{ document *account.Document }

// documentsOf are the documents of a kind: identity policies ("policy"),
// boundaries and trust policies.
func documentsOf(accounts account.Accounts, kind string) []text {
	var out []text
	boundaries := map[string]bool{}
	for _, s := range accounts {
		for i := range s.Roles {
			r := &s.Roles[i]
			boundaries[r.Boundary] = true
			if kind == "trust" {
				out = append(out, text{&r.Trust})
			}
			for j := range r.Inline {
				if kind == "policy" {
					out = append(out, text{&r.Inline[j].Document})
				}
			}
		}
		for i := range s.Users {
			u := &s.Users[i]
			boundaries[u.Boundary] = true
			for j := range u.Inline {
				if kind == "policy" {
					out = append(out, text{&u.Inline[j].Document})
				}
			}
		}
		for i := range s.Policies {
			if p := &s.Policies[i]; boundaries[p.ARN] == (kind == "boundary") && kind != "trust" {
				out = append(out, text{&p.Versions[0].Document})
			}
		}
	}
	return out
}

// breaks are the ways in which people break a document. do says whether it did.
var breaks = []struct {
	name, kind string
	do         func(*generator, text) bool
}{
	{"dropping a statement", "policy", dropStatement},
	{"dropping a statement of a boundary", "boundary", dropStatement},
	{"dropping a statement of a trust policy", "trust", dropStatement},
	{"dropping an action", "policy", listEdit("Action", drop)},
	{"dropping a resource", "policy", listEdit("Resource", drop)},
	{"narrowing a resource", "policy", wordEdit("Resource", "*", "nothing-of-use")},
	{"naming another region", "policy", wordEdit("Resource", "-1:", "-9:")},
	{"naming another partition", "policy", wordEdit("Resource", "arn:aws", "arn:aws-iso")},
	{"naming another account", "policy", wordEdit("Resource", agentAccount, "999999999999")},
	{"misspelling an action", "policy", wordEdit("Action", "rds-db:connect", "rds:connect")},
	{"adding a Deny", "policy", addDeny},
	{"adding a condition", "policy", addCondition},
	{"an old version", "policy", oldVersion},
	{"narrowing a boundary", "boundary", wordEdit("Resource", ":", ":nothing-of-use:")},
	{"changing the external ID", "trust", wordEdit("Condition", "StringEquals:", "other")},
	{"trusting a dead principal", "trust", trustOther("AROAEXAMPLEDELETED2345")},
	{"trusting another role", "trust", trustOther("arn:aws:iam::111122223333:role/other")},
	{"trusting a pattern", "trust", trustOther("arn:aws:iam::111122223333:role/ag*")},
	{"trusting everybody", "trust", trustOther("*")},
}

// edit changes the statements of a document.
func (x text) edit(do func(document map[string]any, statements []any) ([]any, bool)) bool {
	var document map[string]any
	if json.Unmarshal(x.document.Text, &document) != nil {
		return false
	}
	statements, _ := document["Statement"].([]any)
	statements, did := do(document, statements)
	if !did {
		return false
	}
	document["Statement"] = statements
	out, err := json.MarshalIndent(document, "", " ")
	*x.document = account.Document{Text: out}
	return err == nil
}

func dropStatement(g *generator, x text) bool {
	return x.edit(func(_ map[string]any, list []any) ([]any, bool) {
		if len(list) < 2 {
			return nil, false
		}
		return drop(g, list), true
	})
}

func drop(g *generator, list []any) []any {
	if len(list) < 2 {
		return list
	}
	i := g.IntN(len(list))
	return slices.Delete(list, i, i+1)
}

// one changes one statement.
func one(do func(*generator, map[string]any) bool) func(*generator, text) bool {
	return func(g *generator, x text) bool {
		return x.edit(func(_ map[string]any, list []any) ([]any, bool) {
			if len(list) == 0 {
				return list, false
			}
			st, ok := list[g.IntN(len(list))].(map[string]any)
			return list, ok && do(g, st)
		})
	}
}

func listEdit(element string, do func(*generator, []any) []any) func(*generator, text) bool {
	return one(func(g *generator, st map[string]any) bool {
		list, ok := st[element].([]any)
		if !ok {
			return false
		}
		before := len(list)
		list = do(g, list)
		st[element] = list
		return len(list) != before
	})
}

// wordEdit replaces a part of an element's text; a trailing colon in from stands
// for the whole value of a condition.
func wordEdit(element, from, to string) func(*generator, text) bool {
	return one(func(_ *generator, st map[string]any) bool {
		if operator, ok := strings.CutSuffix(from, ":"); ok && element == "Condition" {
			condition, _ := st[element].(map[string]any)
			keys, _ := condition[operator].(map[string]any)
			for k := range keys {
				keys[k] = to
			}
			return len(keys) > 0
		}
		was, _ := json.Marshal(st[element])
		changed := strings.ReplaceAll(string(was), from, to)
		if from == ":" { // in the last field only
			changed = string(was)
			if i := strings.LastIndex(changed, ":"); i >= 0 {
				changed = changed[:i] + to + changed[i+1:]
			}
		}
		var value any
		if changed == string(was) || json.Unmarshal([]byte(changed), &value) != nil || value == nil {
			return false
		}
		st[element] = value
		return true
	})
}

func addDeny(g *generator, x text) bool {
	return x.edit(func(_ map[string]any, list []any) ([]any, bool) {
		if len(list) == 0 {
			return nil, false
		}
		st, ok := list[g.IntN(len(list))].(map[string]any)
		if !ok {
			return nil, false
		}
		return append(list, map[string]any{"Effect": "Deny", "Action": st["Action"], "Resource": st["Resource"]}), true
	})
}

func addCondition(g *generator, x text) bool {
	return one(func(_ *generator, st map[string]any) bool {
		st["Condition"] = map[string]any{"IpAddress": map[string]any{"aws:SourceIp": "192.0.2.0/24"}}
		return true
	})(g, x)
}

func oldVersion(_ *generator, x text) bool {
	return x.edit(func(document map[string]any, list []any) ([]any, bool) {
		document["Version"] = "2008-10-17"
		return list, true
	})
}

func trustOther(principal string) func(*generator, text) bool {
	return one(func(g *generator, st map[string]any) bool {
		st["Principal"] = map[string]any{"AWS": strings.Replace(principal, "arn:aws:", "arn:"+g.partition+":", 1)}
		return true
	})
}

// unproved says what a proposal does not hold to.
func unproved(m *checks.Mend) []string {
	out := worse(m)
	for i := range m.After.Requirements {
		is := &m.After.Requirements[i]
		if layer := mendable(m, is); layer != "" {
			out = append(out, fmt.Sprintf("%s of %s on %s by %s is %s: %s could mend that", is.ID, is.Database, is.Resource, is.Principal, is.Status, layer))
		}
	}
	for _, f := range report.MendFormats() {
		if err := f.Write(io.Discard, m, report.Options{}); err != nil {
			out = append(out, f.Name+": "+err.Error())
		}
	}
	return out
}

// worse says what a proposal makes worse, and what of it AWS would refuse.
func worse(m *checks.Mend) []string {
	var out []string
	for i := range m.After.Requirements {
		was, is := &m.Before.Requirements[i], &m.After.Requirements[i]
		if was.Status == checks.Granted && is.Status != checks.Granted && is.Status != checks.NotNeeded {
			out = append(out, fmt.Sprintf("%s of %s on %s was granted and is %s", is.ID, is.Database, is.Resource, is.Status))
		}
	}
	for s := checks.High; s <= checks.Critical; s++ {
		if was, is := atLeast(m.Before, s), atLeast(m.After, s); is > was {
			out = append(out, fmt.Sprintf("%d findings of %s and above before, %d after", was, s, is))
		}
	}
	for i := range m.Documents {
		out = append(out, wrongDocument(&m.Documents[i])...)
	}
	return out
}

func atLeast(r *checks.Report, s checks.Severity) int {
	n := 0
	for i := range r.Findings {
		if r.Findings[i].Severity >= s {
			n++
		}
	}
	return n
}

// mendable names the layer in which a policy could mend a requirement; "" where
// none could: a role or key is not named, a Deny or the organization stands in the
// way, an external ID is asked for and not configured.
func mendable(m *checks.Mend, v *checks.RequirementVerdict) string {
	if v.Need == expected.NotNeeded || v.AnyOf != "" || v.OtherPartition || v.Principal == "" || slices.Contains(v.Open, "aws.secret_store.kms_key_id") {
		return ""
	}
	for _, b := range v.Blocks {
		if b.Decision != policy.ImplicitlyDenied || b.Layer == policy.LayerSCP || b.Layer == policy.LayerRCP {
			continue
		}
		if b.Layer == policy.LayerTrust && unsent(m, v) {
			continue
		}
		return b.Layer.String()
	}
	return ""
}

// unsent tells of a hop without external ID, which is the configuration's to mend.
func unsent(m *checks.Mend, v *checks.RequirementVerdict) bool {
	return v.Hop != nil && v.Hop.ExternalID == "" && slices.ContainsFunc(m.After.Requirements, func(w checks.RequirementVerdict) bool {
		return w.ID == expected.HopExternalID && w.Principal == v.Principal && w.Resource == v.Resource && w.Status == checks.Missing
	})
}

// wrongDocument: every document parses, within AWS's quotas, and no Sid of it
// stands twice.
func wrongDocument(d *checks.MendedDocument) []string {
	if d.After == nil {
		return nil
	}
	kind, quota := policy.KindIdentity, 6144
	switch d.Kind {
	case "trust":
		kind, quota = policy.KindTrust, 2048
	case "inline":
		quota = 10240
	}
	var out []string
	parsed, err := policy.Parse(kind, d.After)
	if err != nil {
		return []string{err.Error()}
	}
	was := 0
	if before, err := policy.Parse(kind, d.Before); err == nil {
		was = len(before.Problems)
	}
	if len(parsed.Problems) > was {
		p := parsed.Problems[0]
		out = append(out, d.Policy+": "+p.Message)
	}
	if n := len(strings.Join(strings.Fields(string(d.After)), "")); n > quota {
		out = append(out, fmt.Sprintf("%s has %d characters", d.Policy, n))
	}
	if len(d.Steps) == 0 {
		out = append(out, d.Policy+" is changed by no step")
	}
	return out
}
