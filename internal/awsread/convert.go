package awsread

import (
	"encoding/json"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/iamcheck/iamcheck/internal/account"
)

func tagsOf(in []types.Tag) []account.Tag {
	var tags []account.Tag
	for _, t := range in {
		tags = append(tags, account.Tag{Key: aws.ToString(t.Key), Value: aws.ToString(t.Value)})
	}
	return tags
}

func boundaryOf(in *types.AttachedPermissionsBoundary) string {
	if in == nil {
		return ""
	}
	return aws.ToString(in.PermissionsBoundaryArn)
}

// boundaryTold is false where an answer speaks of a boundary and does not name
// it: taken at its word, that would be "no boundary".
func boundaryTold(in *types.AttachedPermissionsBoundary) bool {
	return in == nil || aws.ToString(in.PermissionsBoundaryArn) != ""
}

// dateOf writes a date as the AWS CLI does.
func dateOf(in *time.Time) string {
	if in == nil {
		return ""
	}
	return in.UTC().Format("2006-01-02T15:04:05-07:00")
}

// lastUsedOf writes RoleLastUsed as the AWS CLI does: {} where the role was not
// used in the tracking period.
func lastUsedOf(in *types.RoleLastUsed) []byte {
	if in == nil {
		return nil
	}
	return compact(struct {
		LastUsedDate string `json:",omitempty"`
		Region       string `json:",omitempty"`
	}{dateOf(in.LastUsedDate), aws.ToString(in.Region)})
}

// profile and profileRole are an instance profile as the AWS CLI writes it.
type profile struct {
	InstanceProfileName string
	InstanceProfileID   string `json:"InstanceProfileId"`
	ARN                 string `json:"Arn"`
	Path                string
	CreateDate          string `json:",omitempty"`
	Roles               []profileRole
}

type profileRole struct {
	RoleName                 string
	RoleID                   string `json:"RoleId"`
	ARN                      string `json:"Arn"`
	Path                     string
	CreateDate               string          `json:",omitempty"`
	AssumeRolePolicyDocument json.RawMessage `json:",omitempty"`
}

// profilesOf writes an InstanceProfileList. A trust document in it that can't be
// decoded is left out: the role's own copy is the one that counts.
func profilesOf(in []types.InstanceProfile) []byte {
	if in == nil {
		return nil
	}
	profiles := []profile{}
	for _, p := range in {
		out := profile{aws.ToString(p.InstanceProfileName), aws.ToString(p.InstanceProfileId), aws.ToString(p.Arn), aws.ToString(p.Path), dateOf(p.CreateDate), []profileRole{}}
		for _, role := range p.Roles {
			trust, _ := decodeDocument(aws.ToString(role.AssumeRolePolicyDocument))
			out.Roles = append(out.Roles, profileRole{
				aws.ToString(role.RoleName), aws.ToString(role.RoleId), aws.ToString(role.Arn), aws.ToString(role.Path), dateOf(role.CreateDate), trust.Text,
			})
		}
		profiles = append(profiles, out)
	}
	return compact(profiles)
}

// compact marshals a value of this file's types, which can't fail.
func compact(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	return text
}
