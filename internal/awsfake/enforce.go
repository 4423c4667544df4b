package awsfake

import (
	"slices"
	"testing"

	"github.com/iamcheck/iamcheck/internal/policy"
)

// EnforcePolicy lets the caller do what an identity policy allows, decided by
// package policy, and nothing else. sts:GetCallerIdentity needs no permission
// (API_GetCallerIdentity).
func (s *Server) EnforcePolicy(t testing.TB, text []byte) {
	t.Helper()
	document, err := policy.Parse(policy.KindIdentity, text)
	if err != nil {
		t.Fatal(err)
	}
	if len(document.Problems) > 0 {
		t.Fatalf("AWS would not take the policy: %v", document.Problems)
	}
	caller, err := policy.ParseCaller(s.CallerARN)
	if err != nil {
		t.Fatal(err)
	}
	layers := &policy.Policies{Identity: []policy.Source{{Name: "enforced", Kind: "inline", Document: document}}}
	s.Enforce(func(action, resource string) bool {
		if action == "sts:GetCallerIdentity" {
			return true
		}
		// Delegated administrators ask for the management account's resources;
		// what that account says to it is not the caller's policy.
		request := &policy.Request{Principal: caller, Action: action, Resource: resource, WildcardOnly: resource == "*"}
		return slices.ContainsFunc(policy.Decide(request, layers).Layers, func(l policy.LayerVerdict) bool {
			return l.Layer == policy.LayerIdentity && l.Decision == policy.Allowed
		})
	})
}
