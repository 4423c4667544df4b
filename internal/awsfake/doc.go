// Package awsfake is an IAM, STS and Organizations server for tests: it serves
// an account.Snapshot over HTTP in the form in which AWS does, so that the real
// SDK can be driven through AWS_ENDPOINT_URL, with AWS's faults on demand.
// Nothing but tests imports it.
//
// It knows the wire: the query protocol and its XML, the JSON protocol of
// Organizations, percent-encoded documents (RFC 3986), paging by opaque markers,
// error codes and status. Its reads are those that awsread may make; any other
// action is answered with InvalidAction and recorded.
//
// What it believes of AWS without having been able to check it:
//
//	GetAccountAuthorizationDetails pages over users, groups, roles and policies as one sequence
//	every answer of it has all four lists, empty ones included
//	AWSManagedPolicy gives only policies that are attached to an entity, not those that are boundaries only
//	ListPoliciesForTarget gives an empty list for a policy type that is not enabled
package awsfake
