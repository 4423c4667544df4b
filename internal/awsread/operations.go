package awsread

import (
	"context"
	"fmt"
	"slices"
	"strings"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/middleware"
)

// Purpose says which part of a reading needs an operation.
type Purpose string

// The purposes.
const (
	ForIdentity Purpose = "identity" // who is asking: always
	ForRoles    Purpose = "roles"    // single roles
	ForUsers    Purpose = "users"    // single users and their groups
	ForPolicies Purpose = "policies" // managed policies and boundaries of single roles and users
	ForAccount  Purpose = "account"  // the whole account at once

	ForOrganization Purpose = "organization" // the policies above the account
	ForVerification Purpose = "verification" // questions to AWS's own simulator
	ForDecoding     Purpose = "decoding"     // encoded refusals
)

// Operation is an AWS operation that the package may call.
type Operation struct {
	Action string // IAM action, "iam:GetRole"
	// Resource is the resource type that the action is allowed on, as the
	// ARN writes it: "role", "user", "group", "policy", "role or user"; ""
	// where the action knows no resource and needs "*", or where a narrower
	// resource would be all of its kind again (every unit, account and policy
	// of an organization).
	Resource string
	Purpose  Purpose
}

const (
	opGetCallerIdentity         = "sts:GetCallerIdentity"
	opGetRole                   = "iam:GetRole"
	opListRolePolicies          = "iam:ListRolePolicies"
	opGetRolePolicy             = "iam:GetRolePolicy"
	opListAttachedRolePolicies  = "iam:ListAttachedRolePolicies"
	opGetUser                   = "iam:GetUser"
	opListUserPolicies          = "iam:ListUserPolicies"
	opGetUserPolicy             = "iam:GetUserPolicy"
	opListAttachedUserPolicies  = "iam:ListAttachedUserPolicies"
	opListGroupsForUser         = "iam:ListGroupsForUser"
	opListGroupPolicies         = "iam:ListGroupPolicies"
	opGetGroupPolicy            = "iam:GetGroupPolicy"
	opListAttachedGroupPolicies = "iam:ListAttachedGroupPolicies"
	opGetPolicy                 = "iam:GetPolicy"
	opGetPolicyVersion          = "iam:GetPolicyVersion"
	opGetAccountDetails         = "iam:GetAccountAuthorizationDetails"
	opDescribeOrganization      = "organizations:DescribeOrganization"
	opListParents               = "organizations:ListParents"
	opListPoliciesForTarget     = "organizations:ListPoliciesForTarget"
	opDescribePolicy            = "organizations:DescribePolicy"
	opSimulate                  = "iam:SimulatePrincipalPolicy"
	opDecode                    = "sts:DecodeAuthorizationMessage"
)

// Operations lists every operation that the package may call, in the order in which a
// policy should name them. The clients refuse any other (see listedOnly), so
// the list cannot fall behind the calls.
//
// Resource types are those of the service authorization reference
// (list_awsidentityandaccessmanagementiam, list_awsorganizations).
func Operations() []Operation {
	return []Operation{
		{opGetCallerIdentity, "", ForIdentity},
		{opGetRole, "role", ForRoles},
		{opListRolePolicies, "role", ForRoles},
		{opGetRolePolicy, "role", ForRoles},
		{opListAttachedRolePolicies, "role", ForRoles},
		{opGetUser, "user", ForUsers},
		{opListUserPolicies, "user", ForUsers},
		{opGetUserPolicy, "user", ForUsers},
		{opListAttachedUserPolicies, "user", ForUsers},
		{opListGroupsForUser, "user", ForUsers},
		{opListGroupPolicies, "group", ForUsers},
		{opGetGroupPolicy, "group", ForUsers},
		{opListAttachedGroupPolicies, "group", ForUsers},
		{opGetPolicy, "policy", ForPolicies},
		{opGetPolicyVersion, "policy", ForPolicies},
		{opGetAccountDetails, "", ForAccount},
		{opDescribeOrganization, "", ForOrganization},
		{opListParents, "", ForOrganization},
		{opListPoliciesForTarget, "", ForOrganization},
		{opDescribePolicy, "", ForOrganization},
		{opSimulate, "role or user", ForVerification},
		{opDecode, "", ForDecoding},
	}
}

// listedOnly makes a client refuse, before anything is sent, an operation that
// Operations does not list.
func listedOnly(stack *middleware.Stack) error {
	refuse := middleware.InitializeMiddlewareFunc("ListedOperationsOnly",
		func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
			action := strings.ToLower(awsmiddleware.GetServiceID(ctx)) + ":" + awsmiddleware.GetOperationName(ctx)
			listed := slices.ContainsFunc(Operations(), func(o Operation) bool { return o.Action == action })
			if !listed {
				return middleware.InitializeOutput{}, middleware.Metadata{}, fmt.Errorf("%s is not among the listed operations", action)
			}
			return next.HandleInitialize(ctx, in)
		})
	return stack.Initialize.Add(refuse, middleware.After)
}
