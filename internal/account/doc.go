// Package account is a picture of the IAM of an account as plain data: its
// users, groups, roles and managed policies with their documents, the
// organization's policies above it, and what could not be read.
//
// It knows the two JSON forms of that picture: what
// `aws iam get-account-authorization-details` prints, and iamcheck's own
// snapshot. A live read, a saved snapshot, a fixture and an overlay of a plan
// are all the same value.
//
// It does not know how to ask AWS, what a database needs, or how to judge.
package account
