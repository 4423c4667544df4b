// Package planned knows what a change that is not made yet would do to an
// account's IAM: it reads Terraform plans and states, CloudFormation templates
// with their change sets, and folders of policy documents, and lays what they
// would make over a picture of the account.
//
// What the tool that made the plan does not know yet stays unknown, and exactly
// that: a document that waits for a value has its statements in two readings,
// and an attachment whose policy is not known leaves a gap on its role.
//
// It does not know how to ask AWS, what a database needs, or how to judge; it
// opens no files but those of a file system that it is given.
package planned
