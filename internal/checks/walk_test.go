package checks_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/iamdata"
)

// Every path is reported where all its actions are allowed on everything, and
// none of them where one of its actions is denied.
func TestEveryPathIsWalkable(t *testing.T) {
	var roles []worldRole
	for _, service := range []string{"tasks.apprunner", "bedrock-agentcore", "cloudformation", "codebuild", "datapipeline", "ec2", "ecs-tasks", "glue", "lambda", "sagemaker"} {
		roles = append(roles, worldRole{strings.ReplaceAll(service, ".", "-"), fmt.Sprintf(`{"Effect":"Allow","Principal":{"Service":"%s.amazonaws.com"},"Action":"sts:AssumeRole"}`, service), ""})
	}
	roles = append(roles, worldRole{"app", trustsRoot, ""})
	paths := checks.PathActions()
	if len(paths) < 50 {
		t.Fatalf("%d paths, want 50 and more", len(paths))
	}
	for id, actions := range paths {
		t.Run(id, func(t *testing.T) {
			list, err := json.Marshal(actions)
			if err != nil {
				t.Fatal(err)
			}
			for _, action := range actions {
				if _, known := iamdata.Lookup(action); !known {
					t.Errorf("%s is no action", action)
				}
			}
			// Denied on the agent itself, where it would be self-escalation.
			w := world{agent: right + fmt.Sprintf(`,{"Effect":"Allow","Action":%s,"Resource":["*"]},{"Effect":"Deny","Action":["iam:PutRolePolicy","iam:AttachRolePolicy","iam:UpdateAssumeRolePolicy"],"Resource":%q}`, list, self), roles: roles, users: []string{"ops"}}
			if strings.Contains(string(list), "CreatePolicyVersion") {
				t.Skip("needs a policy that is attached elsewhere: TestSuppressedPaths")
			}
			report := w.audit(t)
			if !reports(report, id) {
				t.Errorf("not reported: %q; suppressed: %v", lines(report), checks.SuppressedPaths(w.input(t), self))
			}
			for _, action := range actions {
				denied := w
				denied.agent += fmt.Sprintf(`,{"Effect":"Deny","Action":%q,"Resource":"*"}`, action)
				if reports(denied.audit(t), id) {
					t.Errorf("reported though %s is denied", action)
				}
				if by := checks.SuppressedPaths(denied.input(t), self)[id]; !strings.Contains(by, "Deny") {
					t.Errorf("without %s it is suppressed by %q, want the Deny", action, by)
				}
			}
		})
	}
}

func reports(r *checks.Report, id string) bool {
	for i := range r.Findings {
		if r.Findings[i].Check == "privilege-escalation" && strings.Contains(r.Findings[i].Message, id+" (") {
			return true
		}
	}
	return false
}

func TestSuppressedPaths(t *testing.T) {
	lambda := worldRole{"lambda", `{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}`, ""}
	const role = "arn:aws:iam::111122223333:role/lambda"
	path := func(pass string) string {
		return right + `,{"Effect":"Allow","Action":["lambda:CreateFunction","lambda:InvokeFunction"],"Resource":"*"},{"Effect":"Allow","Action":"iam:PassRole",` + pass + `}`
	}
	to := `"Resource":"` + role + `"`
	tests := []struct {
		name, id string
		world    world
		by       string
	}{
		{"the boundary", "lambda-001", world{agent: path(to), boundary: right + `,{"Effect":"Allow","Action":"lambda:*","Resource":"*"}`, roles: []worldRole{lambda}}, "the permissions boundary"},
		{"an SCP", "lambda-001", world{agent: path(to), scp: everything + `,{"Effect":"Deny","Action":"lambda:CreateFunction","Resource":"*"}`, roles: []worldRole{lambda}}, "a service control policy"},
		{"the condition", "lambda-001", world{agent: path(to + `,"Condition":{"StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}}`), roles: []worldRole{lambda}}, "the condition on iam:PassedToService"},
		{"another condition", "lambda-001", world{agent: path(to + `,"Condition":{"DateLessThan":{"aws:CurrentTime":"2020-01-01T00:00:00Z"}}`), roles: []worldRole{lambda}}, "the conditions of the statement"},
		{"the role's trust", "lambda-001", world{agent: path(to), roles: []worldRole{{"lambda", trustsEC2, ""}}}, "none of which trusts lambda.amazonaws.com"},
		{"itself only", "lambda-001", world{agent: path(`"Resource":"` + self + `"`), roles: []worldRole{lambda}}, "on this identity only"},
		{"a resource of another kind", "lambda-001", world{agent: path(`"Resource":"arn:aws:s3:::bucket"`), roles: []worldRole{lambda}}, "which the action never has"},
		{"steps on different roles", "iam-014", world{
			agent: right + `,{"Effect":"Allow","Action":"iam:AttachRolePolicy","Resource":"arn:aws:iam::111122223333:role/app"},{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:aws:iam::111122223333:role/web"}`,
			roles: []worldRole{{"app", trustsRoot, ""}, {"web", trustsRoot, ""}},
		}, "do not meet"},
		{"a policy that is attached nowhere else", "iam-016", world{
			agent: right + `,{"Effect":"Allow","Action":"iam:CreatePolicyVersion","Resource":"arn:aws:iam::111122223333:policy/app"},{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:aws:iam::111122223333:role/app"}`,
			roles: []worldRole{{"app", trustsRoot, ""}},
		}, "none of which is attached"},
		{"a user that does not exist", "iam-002", world{agent: right + `,{"Effect":"Allow","Action":"iam:CreateAccessKey","Resource":"arn:aws:iam::111122223333:user/gone"}`}, "do not exist"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			suppressed := checks.SuppressedPaths(tt.world.input(t), self)
			if by := suppressed[tt.id]; !strings.Contains(by, tt.by) {
				t.Errorf("%s is suppressed by %q, want %q; all: %v", tt.id, by, tt.by, suppressed)
			}
			if reports(tt.world.audit(t), tt.id) {
				t.Errorf("%s is reported and suppressed", tt.id)
			}
		})
	}
}

// Policies made to be expensive are given up on, and that is said: no finding is
// certain then, and none is left out in silence.
func TestPoliciesThatHoldTooMuch(t *testing.T) {
	var agent []string
	for i := range 40 {
		effect := "Allow"
		if i%4 == 0 {
			effect = "Deny"
		}
		var resources []string
		for j := range 20 {
			resources = append(resources, fmt.Sprintf(`"arn:aws:rds:*:*:*a?????????b*%d*c??????????d*"`, j))
		}
		agent = append(agent, fmt.Sprintf(`{"Effect":%q,"Action":["rds:*e*t*","iam:*s*"],"Resource":[%s]}`, effect, strings.Join(resources, ",")))
	}
	w := world{agent: right + "," + strings.Join(agent, ",")}
	report := w.audit(t)
	given := 0
	for i := range report.Findings {
		if f := &report.Findings[i]; f.Check == "excess-action" && f.Outcome == checks.Unknown && strings.Contains(f.Message, "too much to compare") {
			given++
		}
	}
	if given == 0 {
		t.Errorf("nothing says that the policies hold too much: %q", lines(report))
	}
}
