package policy

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
)

// What the JSON form of a case cannot say: management accounts and policies that
// were not read.

const (
	allowAll = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
	denyAll  = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}`
	readOnly = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]}`
)

func sourceOf(t *testing.T, kind Kind, text string) Source {
	t.Helper()
	if text == "" {
		return Source{Name: "unread"}
	}
	return Source{Name: "policy", Document: mustParse(t, kind, []byte(text))}
}

func callerOf(t *testing.T, arn string) Caller {
	t.Helper()
	c, err := ParseCaller(arn)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestManagementAccount(t *testing.T) {
	rcp := `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}]}`
	for _, c := range []struct {
		name, management, owner string
		scp, rcp                string
		want                    Decision
	}{
		{"an SCP binds a member", "999999999999", "", denyAll, "", ExplicitlyDenied},
		{"no SCP binds the management account", "111122223333", "", denyAll, "", Allowed},
		{"an RCP binds a member's resource", "999999999999", "", allowAll, rcp, ExplicitlyDenied},
		{"no RCP binds the management account's resource", "111122223333", "", allowAll, rcp, Allowed},
		{"an RCP of another account binds the management account", "111122223333", "444455556666", allowAll, rcp, ExplicitlyDenied},
	} {
		t.Run(c.name, func(t *testing.T) {
			pol := &Policies{
				Identity: []Source{sourceOf(t, KindIdentity, allowAll)}, ManagementAccount: c.management,
				SCPs: [][]Source{{sourceOf(t, KindSCP, c.scp)}},
			}
			if c.rcp != "" {
				pol.RCPs = [][]Source{{sourceOf(t, KindRCP, c.rcp)}}
			}
			req := &Request{Principal: callerOf(t, "arn:aws:iam::111122223333:role/app"), Action: "s3:GetObject", Resource: "arn:aws:s3:::a", ResourceAccount: c.owner}
			if got := Decide(req, pol); got.Decision != c.want {
				t.Errorf("got %s, want %s", got.Decision, c.want)
			}
		})
	}
}

// TestUnread: a policy that was not read makes the answer unknown where it could
// decide, and only there; the answer names it.
func TestUnread(t *testing.T) {
	one := func(kind Kind, text string) []Source { return []Source{sourceOf(t, kind, text)} }
	unread, full, trust := one(KindIdentity, ""), one(KindIdentity, allowAll), `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/app"},"Action":"sts:AssumeRole"}]}`
	trusted, bucket := sourceOf(t, KindTrust, trust), Source{Name: "unread"}
	for _, c := range []struct {
		name   string
		action string
		pol    Policies
		want   Decision
	}{
		{"identity", "s3:GetObject", Policies{Identity: unread}, Undecided},
		{"another identity policy allows, this one may deny", "s3:GetObject", Policies{Identity: slices.Concat(full, unread)}, Undecided},
		{"another one denies", "s3:GetObject", Policies{Identity: slices.Concat(one(KindIdentity, denyAll), unread)}, ExplicitlyDenied},
		{"boundary", "s3:GetObject", Policies{Identity: full, Boundary: unread}, Undecided},
		{"boundary of one who may nothing", "s3:GetObject", Policies{Boundary: unread}, ImplicitlyDenied},
		{"boundary that does not allow, identity unread", "s3:PutObject", Policies{Identity: unread, Boundary: one(KindBoundary, readOnly)}, ImplicitlyDenied},
		{"session policy", "s3:GetObject", Policies{Identity: full, Session: unread}, Undecided},
		{"SCP", "s3:GetObject", Policies{Identity: full, SCPs: [][]Source{full, unread}}, Undecided},
		{"SCP above one that does not allow", "s3:PutObject", Policies{Identity: full, SCPs: [][]Source{unread, one(KindSCP, readOnly)}}, ImplicitlyDenied},
		{"RCP", "s3:GetObject", Policies{Identity: full, RCPs: [][]Source{unread}}, Undecided},
		{"resource's policy, which may deny", "s3:GetObject", Policies{Identity: full, Resource: &bucket}, Undecided},
		{"resource's policy, which may allow", "s3:GetObject", Policies{Resource: &bucket}, Undecided},
		{"resource's policy, which may spare the boundary", "s3:PutObject", Policies{Identity: full, Boundary: one(KindBoundary, readOnly), Resource: &bucket}, Undecided},
		{"trust policy", "sts:AssumeRole", Policies{Identity: full, Resource: &bucket}, Undecided},
		{"identity side of one who is named", "sts:AssumeRole", Policies{Identity: unread, Resource: &trusted}, Undecided},
	} {
		t.Run(c.name, func(t *testing.T) {
			req := &Request{Principal: callerOf(t, "arn:aws:iam::111122223333:role/app"), Action: c.action, Resource: "arn:aws:iam::111122223333:role/x"}
			got := Decide(req, &c.pol)
			named := slices.ContainsFunc(got.Unread, func(c Citation) bool { return c.Policy == "unread" && c.Statement == -1 })
			if got.Decision != c.want || named != (c.want == Undecided) {
				t.Errorf("got %s, unread %v; want %s", got.Decision, got.Unread, c.want)
			}
		})
	}
}

// TestDecidingLayer: the layer and the statements that an answer names.
func TestDecidingLayer(t *testing.T) {
	bucket := sourceOf(t, KindResource, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::a/*"}]}`)
	bucket.Kind = "resource"
	one := func(text string) []Source { return []Source{sourceOf(t, KindIdentity, text)} }
	for _, c := range []struct {
		name, principal string
		pol             Policies
		decision        Decision
		layer           Layer
		because         int
	}{
		{"identity policy", "role/app", Policies{Identity: one(allowAll)}, Allowed, LayerIdentity, 1},
		{"bucket policy", "role/app", Policies{Resource: &bucket}, Allowed, LayerTrust, 1},
		{"both", "role/app", Policies{Identity: one(allowAll), Resource: &bucket}, Allowed, LayerIdentity, 2},
		{"root user", "root", Policies{}, Allowed, LayerIdentity, 0},
		{"root user below an SCP", "root", Policies{SCPs: [][]Source{one(allowAll)}}, Allowed, LayerIdentity, 1},
		{"nothing", "role/app", Policies{}, ImplicitlyDenied, LayerIdentity, 0},
		{"boundary", "role/app", Policies{Identity: one(allowAll), Boundary: one(denyAll)}, ExplicitlyDenied, LayerBoundary, 1},
		{"two denials", "role/app", Policies{Identity: slices.Concat(one(denyAll), one(denyAll)), Boundary: one(denyAll)}, ExplicitlyDenied, LayerIdentity, 1},
		{"second level", "role/app", Policies{Identity: one(allowAll), SCPs: [][]Source{one(allowAll), {}}}, ImplicitlyDenied, LayerSCP, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			req := &Request{Principal: callerOf(t, "arn:aws:iam::111122223333:"+c.principal), Action: "s3:GetObject", Resource: "arn:aws:s3:::a/b"}
			got := Decide(req, &c.pol)
			if got.Decision != c.decision || got.Layer != c.layer || len(got.Because) != c.because {
				t.Errorf("got %s by %s because of %v, want %s by %s because of %d", got.Decision, got.Layer, got.Because, c.decision, c.layer, c.because)
			}
		})
	}
}

// TestManyCitations: all statements that allow together are named once each.
func TestManyCitations(t *testing.T) {
	const n = 3 * manyCitations
	text := statements(n, func(i int) string { return allowOn("Resource", fmt.Sprintf("arn:aws:s3:::b%d/*", i)) })
	pol := &Policies{Identity: []Source{sourceOf(t, KindIdentity, text)}}
	pol.Identity = append(pol.Identity, pol.Identity[0]) // attached twice
	req := &Request{Principal: callerOf(t, "arn:aws:iam::111122223333:role/app"), Action: "s3:GetObject", Resource: "arn:aws:s3:::*"}
	got := Decide(req, pol)
	if got.Decision != ImplicitlyDenied || len(got.Because) != n || got.Coverage != CoveragePart {
		t.Errorf("got %s with %d citations and coverage %d, want ImplicitlyDenied with %d and part", got.Decision, len(got.Because), got.Coverage, n)
	}
}

// TestNoAllocation: the ordinary decision allocates nothing.
func TestNoAllocation(t *testing.T) {
	req, pol := rdsRole(t, oneLogin)
	var e Evaluator
	e.Decision(req, pol)
	if n := testing.AllocsPerRun(100, func() { e.Decision(req, pol) }); n != 0 {
		t.Errorf("got %v allocations a decision, want none", n)
	}
}

// TestSizes: the budget counts what terms, denials and patterns really take.
func TestSizes(t *testing.T) {
	for name, c := range map[string]struct{ counted, size int }{
		"term": {termSize / doubling, int(reflect.TypeFor[term]().Size())}, "denial": {denialSize / doubling, int(reflect.TypeFor[denial]().Size())},
		"pattern": {patternSize, int(reflect.TypeFor[Pattern]().Size())},
	} {
		if c.counted < c.size || c.counted > 2*c.size {
			t.Errorf("counts %d bytes for a %s, which takes %d", c.counted, name, c.size)
		}
	}
}
