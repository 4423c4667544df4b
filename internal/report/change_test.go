package report

import (
	"strings"
	"testing"

	"github.com/iamcheck/iamcheck/internal/checks"
)

// changed is the mixed report as that of a plan.
func changed() *checks.Report {
	r := mixed()
	r.Source.Kind = "plan"
	r.Change = &checks.Change{
		Kind: "Terraform plan", File: "plan.json",
		Resources: []checks.ChangedResource{{Address: "aws_iam_role_policy.db", Type: "aws_iam_role_policy", Action: "drop"}},
		Notes:     []string{"the name of aws_iam_role.agent is known only after apply; it is judged under its address"},
	}
	before := mixed()
	before.Requirements[0].Status = checks.Granted
	before.Requirements[1].Status = checks.Missing
	before.Findings = before.Findings[1:]
	before.Findings[0].Fingerprint = "00000000000000ff"
	r.Change.Compare(before, r, nil)
	return r
}

func TestChangeInTable(t *testing.T) {
	o := options()
	o.Width = 200
	got := string(written(t, "table", changed(), o))
	head, rest, ok := strings.Cut(got, "\nChange: ")
	if !ok || strings.Contains(head, "Requirements") {
		t.Fatalf("the change does not come first:\n%s", got)
	}
	for _, want := range []string{
		"Terraform plan\n  plan.json: 1 resource of IAM: 0 made or changed, 1 taken away, 0 kept\n",
		"  1 requirement granted now and refused after, 1 requirement refused now and granted after; findings:",
		"  BREAKS  rds/connect of orders: granted → missing\n    rds-db:connect on " + ordersARN + "\n",
		"  MENDS  rds/metadata of orders: missing → granted\n",
		"\n  new: high missing-permission, ",
		"\n  fixed: ",
		"\n  the name of aws_iam_role.agent is known only after apply",
	} {
		if !strings.Contains(rest, want) {
			t.Errorf("%q is missing in:\n%s", want, rest)
		}
	}
	o.ASCII = true
	if got := string(written(t, "table", changed(), o)); !strings.Contains(got, "granted -> missing") || strings.Contains(got, "→") {
		t.Errorf("not ASCII:\n%s", got)
	}
}

func TestChangeInJSON(t *testing.T) {
	s := compile(t, Schema())
	text := written(t, "json", changed(), options())
	if err := validate(t, s, text); err != nil {
		t.Error(err)
	}
	if err := validate(t, s, []byte(strings.Replace(string(text), `"effect": "broken"`, `"effect": "odd"`, 1))); err == nil {
		t.Error("an unknown effect was accepted")
	}
	alone := changed()
	alone.Change = &checks.Change{Kind: "CloudFormation template", File: "t.yaml", Alone: true}
	if err := validate(t, s, written(t, "json", alone, options())); err != nil {
		t.Error(err)
	}
	if got := string(written(t, "json", mixed(), options())); strings.Contains(got, `"change"`) {
		t.Error("a report of no plan has a change")
	}
}
