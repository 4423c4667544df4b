//go:build e2e

package e2e

import (
	"os"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/iamcheck/iamcheck/internal/account"
)

// readAccount reads a snapshot of one account.
func readAccount(t *testing.T, path string) *account.Snapshot {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	snapshots, err := account.Read(path, f)
	if err != nil {
		t.Fatal(err)
	}
	if len(snapshots) != 1 || len(snapshots[0].Roles) == 0 {
		t.Fatalf("%s is not the picture of one account", path)
	}
	return snapshots[0]
}

// play makes in moto, by the SDK's write calls, what a snapshot holds.
func play(t *testing.T, s *account.Snapshot) {
	t.Helper()
	cfg, err := config.LoadDefaultConfig(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	m := maker{t, iam.NewFromConfig(cfg)}
	for _, p := range s.Policies {
		m.playPolicy(p)
	}
	for _, r := range s.Roles {
		m.playRole(r)
	}
	for _, g := range s.Groups {
		m.playGroup(g)
	}
	for _, u := range s.Users {
		m.playUser(u)
	}
}

// playPolicy makes the versions oldest first, as they came to be.
func (m maker) playPolicy(p account.ManagedPolicy) {
	ctx, first := m.t.Context(), true
	for i := len(p.Versions) - 1; i >= 0; i-- {
		v := p.Versions[i]
		if first {
			m.must(m.iam.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: &p.Name, Path: &p.Path, PolicyDocument: aws.String(string(v.Document.Text))}))
			first = false
			continue
		}
		m.must(m.iam.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{PolicyArn: &p.ARN, PolicyDocument: aws.String(string(v.Document.Text)), SetAsDefault: v.IsDefault}))
	}
}

func (m maker) playRole(r account.Role) {
	ctx := m.t.Context()
	in := &iam.CreateRoleInput{RoleName: &r.Name, Path: &r.Path, AssumeRolePolicyDocument: aws.String(string(r.Trust.Text))}
	if r.Boundary != "" {
		in.PermissionsBoundary = &r.Boundary
	}
	for _, tag := range r.Tags {
		in.Tags = append(in.Tags, types.Tag{Key: aws.String(tag.Key), Value: aws.String(tag.Value)})
	}
	m.must(m.iam.CreateRole(ctx, in))
	for _, p := range r.Inline {
		m.inline(r.Name, p.Name, string(p.Document.Text))
	}
	for _, p := range r.Attached {
		m.must(m.iam.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: &r.Name, PolicyArn: aws.String(p.ARN)}))
	}
}

func (m maker) playGroup(g account.Group) {
	ctx := m.t.Context()
	m.must(m.iam.CreateGroup(ctx, &iam.CreateGroupInput{GroupName: &g.Name, Path: &g.Path}))
	for _, p := range g.Inline {
		m.must(m.iam.PutGroupPolicy(ctx, &iam.PutGroupPolicyInput{GroupName: &g.Name, PolicyName: aws.String(p.Name), PolicyDocument: aws.String(string(p.Document.Text))}))
	}
	for _, p := range g.Attached {
		m.must(m.iam.AttachGroupPolicy(ctx, &iam.AttachGroupPolicyInput{GroupName: &g.Name, PolicyArn: aws.String(p.ARN)}))
	}
}

// playUser refuses a boundary: moto forgets those of users.
func (m maker) playUser(u account.User) {
	m.t.Helper()
	ctx := m.t.Context()
	if u.Boundary != "" {
		m.t.Fatalf("%s has a boundary, which moto forgets", u.ARN)
	}
	m.must(m.iam.CreateUser(ctx, &iam.CreateUserInput{UserName: &u.Name, Path: &u.Path}))
	for _, group := range u.Groups {
		m.must(m.iam.AddUserToGroup(ctx, &iam.AddUserToGroupInput{GroupName: aws.String(group), UserName: &u.Name}))
	}
	for _, p := range u.Inline {
		m.must(m.iam.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: &u.Name, PolicyName: aws.String(p.Name), PolicyDocument: aws.String(string(p.Document.Text))}))
	}
	for _, p := range u.Attached {
		m.must(m.iam.AttachUserPolicy(ctx, &iam.AttachUserPolicyInput{UserName: &u.Name, PolicyArn: aws.String(p.ARN)}))
	}
}
