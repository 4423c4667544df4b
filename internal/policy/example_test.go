package policy_test

import (
	"strings"
	"testing"

	"github.com/iamcheck/iamcheck/internal/policy"
)

func TestExample(t *testing.T) {
	const all = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`
	statement := func(s string) string { return `{"Version":"2012-10-17","Statement":` + s + `}` }
	tests := []struct {
		name               string
		identity, boundary string
		scp                string
		action, resource   string
		except             []string
		found              policy.Truth
		witness            string // a pattern that the witness matches
	}{
		{
			name:     "everything but what is needed",
			identity: all, action: "rds-db:connect", resource: "arn:aws:rds-db:us-east-1:111122223333:dbuser:*/*",
			except: []string{"arn:aws:rds-db:us-east-1:111122223333:dbuser:db-A/app"},
			found:  policy.True, witness: "arn:aws:rds-db:us-east-1:111122223333:dbuser:*/*",
		},
		{
			name:     "nothing but what is needed",
			identity: statement(`{"Effect":"Allow","Action":"rds-db:connect","Resource":"arn:aws:rds-db:us-east-1:111122223333:dbuser:db-A/app"}`),
			action:   "rds-db:connect", resource: "arn:aws:rds-db:us-east-1:111122223333:dbuser:*/*",
			except: []string{"arn:aws:rds-db:*:111122223333:dbuser:db-A/*"}, found: policy.False,
		},
		{
			name:     "what the boundary leaves",
			identity: all, boundary: statement(`{"Effect":"Allow","Action":"rds-db:*","Resource":"arn:aws:rds-db:us-east-1:111122223333:dbuser:db-A/*"}`),
			action: "rds-db:connect", resource: "arn:aws:rds-db:us-east-1:111122223333:dbuser:*/*",
			except: []string{"*/app"}, found: policy.True, witness: "*:dbuser:db-A/*",
		},
		{
			name:     "the boundary leaves nothing",
			identity: all, boundary: statement(`{"Effect":"Allow","Action":"s3:*","Resource":"*"}`),
			action: "iam:PutRolePolicy", resource: "arn:aws:iam::111122223333:role/*", found: policy.False,
		},
		{
			name:     "an SCP takes it",
			identity: all, scp: statement(`[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"iam:*","Resource":"*"}]`),
			action: "iam:PutRolePolicy", resource: "arn:aws:iam::111122223333:role/x", found: policy.False,
		},
		{
			name:     "a Deny leaves a part",
			identity: statement(`[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","NotResource":"arn:aws:iam::111122223333:role/app-*"}]`),
			action:   "iam:PassRole", resource: "arn:aws:iam::111122223333:role/*", found: policy.True, witness: "arn:aws:iam::111122223333:role/app-*",
		},
		{
			name:     "NotResource",
			identity: statement(`{"Effect":"Allow","Action":"iam:PassRole","NotResource":"arn:aws:iam::111122223333:role/app-*"}`),
			action:   "iam:PassRole", resource: "arn:aws:iam::111122223333:role/app-*", found: policy.False,
		},
		{
			name:     "under a condition that is not known",
			identity: statement(`{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}}}`),
			action:   "iam:PassRole", resource: "arn:aws:iam::111122223333:role/*", found: policy.Unknown, witness: "arn:aws:iam::111122223333:role/*",
		},
		{
			name:     "a role is assumed: its trust policy is not asked",
			identity: all, action: "sts:AssumeRole", resource: "arn:aws:iam::444455556666:role/x", found: policy.True, witness: "arn:aws:iam::444455556666:role/x",
		},
		{
			name:     "one resource that is excepted",
			identity: all, action: "sts:AssumeRole", resource: "arn:aws:iam::444455556666:role/x", except: []string{"arn:aws:iam::*:role/x"}, found: policy.False,
		},
		{name: "no policies", identity: "", action: "s3:GetObject", resource: "arn:aws:s3:::b/*", found: policy.False},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			pol := &policy.Policies{
				Identity: exampleSources(t, policy.KindIdentity, tt.identity),
				Boundary: exampleSources(t, policy.KindBoundary, tt.boundary),
			}
			if scp := exampleSources(t, policy.KindSCP, tt.scp); scp != nil {
				pol.SCPs = [][]policy.Source{scp}
			}
			caller, err := policy.ParseCaller("arn:aws:iam::111122223333:role/agent")
			if err != nil {
				t.Fatal(err)
			}
			var except []policy.Pattern
			for _, s := range tt.except {
				except = append(except, policy.CompilePattern(s))
			}
			req := &policy.Request{Principal: caller, Action: tt.action, Resource: tt.resource, ResourceAccount: "111122223333"}
			var e policy.Evaluator
			got := e.Example(req, pol, except, nil)
			if got.Found != tt.found {
				t.Fatalf("found %v (%q), want %v", got.Found, got.Witness, tt.found)
			}
			if !policy.CompilePattern(tt.witness).Match(got.Witness) {
				t.Errorf("witness %q is not one of %q", got.Witness, tt.witness)
			}
			for i, p := range except {
				if got.Witness != "" && p.Match(got.Witness) {
					t.Errorf("witness %q matches %q, which is excepted", got.Witness, tt.except[i])
				}
			}
		})
	}
}

// Of a witness that is found for certain, Decide must say that it is allowed.
func TestExampleAgreesWithDecide(t *testing.T) {
	identity := exampleSources(t, policy.KindIdentity, `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":"rds-db:connect","Resource":["arn:aws:rds-db:*:111122223333:dbuser:db-*/app","arn:aws:rds-db:us-east-1:111122223333:dbuser:*/ro-*"]},
		{"Effect":"Allow","Action":"rds-db:*","NotResource":"arn:aws:rds-db:*:*:dbuser:*/admin*"},
		{"Effect":"Deny","Action":"*","Resource":"*:dbuser:db-B/*"}]}`)
	caller, err := policy.ParseCaller("arn:aws:iam::111122223333:role/agent")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, resource := range strings.Fields(`* arn:aws:rds-db:*:111122223333:dbuser:*/* arn:aws:rds-db:us-east-1:111122223333:dbuser:db-B/*
		arn:aws:rds-db:eu-west-1:111122223333:dbuser:db-?/ap* arn:aws:rds-db:us-east-1:111122223333:dbuser:*/admin* arn:aws:rds-db:*:111122223333:dbuser:x*/admin`) {
		req := policy.Request{Principal: caller, Action: "rds-db:connect", Resource: resource, ResourceAccount: "111122223333"}
		var e policy.Evaluator
		got := e.Example(&req, &policy.Policies{Identity: identity}, nil, nil)
		if got.Found != policy.True {
			continue
		}
		found++
		req.Resource = got.Witness
		if d := e.Decision(&req, &policy.Policies{Identity: identity}); d != policy.Allowed {
			t.Errorf("%s: witness %s is %v", resource, got.Witness, d)
		}
	}
	if found < 4 {
		t.Errorf("%d witnesses were found, want 4 and more", found)
	}
}

func exampleSources(t *testing.T, kind policy.Kind, text string) []policy.Source {
	t.Helper()
	if text == "" {
		return nil
	}
	d, err := policy.Parse(kind, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return []policy.Source{{Name: "p", Kind: "inline", Document: d}}
}
