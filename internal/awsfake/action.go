package awsfake

import (
	"fmt"
	"net/http"
	"net/url"
)

// action is an operation that the server answers.
type action struct {
	// resource is the ARN of what is asked for, "*" where there is none.
	resource func(*state, url.Values) string
	answer   func(*Server, *query) (string, *apiError)
}

// actions are the operations by IAM action.
func actions() map[string]action {
	return map[string]action{
		"sts:GetCallerIdentity":              {anyResource, callerIdentity},
		"sts:AssumeRole":                     {assumedRole, assumeRole},
		"sts:DecodeAuthorizationMessage":     {anyResource, decodeMessage},
		"iam:GetRole":                        {roleARN, getRole},
		"iam:ListRolePolicies":               {roleARN, listInline(roleInline)},
		"iam:GetRolePolicy":                  {roleARN, getInline(roleInline)},
		"iam:ListAttachedRolePolicies":       {roleARN, listAttached(roleInline)},
		"iam:GetUser":                        {userARN, getUser},
		"iam:ListUserPolicies":               {userARN, listInline(userInline)},
		"iam:GetUserPolicy":                  {userARN, getInline(userInline)},
		"iam:ListAttachedUserPolicies":       {userARN, listAttached(userInline)},
		"iam:ListGroupsForUser":              {userARN, listGroups},
		"iam:ListGroupPolicies":              {groupARN, listInline(groupInline)},
		"iam:GetGroupPolicy":                 {groupARN, getInline(groupInline)},
		"iam:ListAttachedGroupPolicies":      {groupARN, listAttached(groupInline)},
		"iam:GetPolicy":                      {policyARN, getPolicy},
		"iam:GetPolicyVersion":               {policyARN, getPolicyVersion},
		"iam:GetAccountAuthorizationDetails": {anyResource, accountDetails},
		"iam:SimulatePrincipalPolicy":        {simulatedPrincipal, simulate},

		"organizations:DescribeOrganization":  {anyResource, describeOrganization},
		"organizations:ListParents":           {containerARN("ChildId"), listParents},
		"organizations:ListPoliciesForTarget": {containerARN("TargetId"), listPoliciesForTarget},
		"organizations:DescribePolicy":        {organizationPolicyARN, describePolicy},
	}
}

func anyResource(*state, url.Values) string { return "*" }

func roleARN(st *state, form url.Values) string {
	if r, ok := st.roles[form.Get("RoleName")]; ok {
		return r.ARN
	}
	return st.arn("role", form.Get("RoleName"))
}

func userARN(st *state, form url.Values) string {
	if u, ok := st.users[form.Get("UserName")]; ok {
		return u.ARN
	}
	return st.arn("user", form.Get("UserName"))
}

func groupARN(st *state, form url.Values) string {
	if g, ok := st.groups[form.Get("GroupName")]; ok {
		return g.ARN
	}
	return st.arn("group", form.Get("GroupName"))
}

func policyARN(_ *state, form url.Values) string { return form.Get("PolicyArn") }

func assumedRole(_ *state, form url.Values) string { return form.Get("RoleArn") }

func noSuchEntity(kind, name string) *apiError {
	return &apiError{http.StatusNotFound, "NoSuchEntity", fmt.Sprintf("The %s with name %s cannot be found.", kind, name)}
}
