// Package iamdata is reference data on the actions of AWS: for each service its
// actions with access level, resource types, ARN formats and condition keys, as
// AWS's Service Authorization Reference lists them, and the services that
// resource control policies reach.
//
// The data is a dated copy (Version): an action that it does not know may be
// misspelt, or newer than the copy. Nothing here may therefore turn a grant into
// a refusal; it tells what an action is, never whether it is allowed.
//
// The package does not know policies, accounts or databases. Its data is made by
// the program in gen (`make generate`) and embedded compressed; it is unpacked
// at first use, each service when it is first asked for. Everything returned is
// shared and must not be changed.
package iamdata
