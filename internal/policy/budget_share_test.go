package policy_test

import (
	"testing"

	"github.com/iamcheck/iamcheck/internal/policy"
)

// A budget of two questions has enough for one that costs all, and for one after
// that; then it is spent, and an Example finds no answer.
func TestBudgetIsShared(t *testing.T) {
	whole := policy.NewBudgetFor(2)
	kept := whole.Lend(1)
	if kept.Spent() || whole.Spent() {
		t.Fatal("spent after one question of two")
	}
	second := whole.Lend(1)
	if second.Spent() || !whole.Lend(1).Spent() {
		t.Error("want the second question to have its budget, and the third none")
	}
	whole.Return(second)
	if whole.Spent() || whole.Lend(1).Spent() {
		t.Error("spent, though the second question gave its budget back")
	}
	identity := exampleSources(t, policy.KindIdentity, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`)
	caller, err := policy.ParseCaller("arn:aws:iam::111122223333:role/agent")
	if err != nil {
		t.Fatal(err)
	}
	req := &policy.Request{Principal: caller, Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*"}
	var e policy.Evaluator
	if got := e.Example(req, &policy.Policies{Identity: identity}, nil, &policy.Budget{}); got.Found != policy.Unknown || got.Witness != "" {
		t.Errorf("without budget: %+v, want no answer", got)
	}
}
