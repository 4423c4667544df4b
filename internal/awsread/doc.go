// Package awsread takes the picture of an account live, over the AWS SDK. It is
// the only importer of the SDK.
//
// It knows which calls give which part of a Snapshot, how to page, when to ask
// for single entities and when for the whole account, how AWS refuses and how
// answers break. What could not be read becomes a gap, never an empty answer.
// It knows the same of the organization's policies above the account, and it
// asks AWS's own policy simulator for a second opinion. It calls nothing but the
// operations that [Operations] lists, all of which only read; it can say which
// permissions a reading needs, and try whether they are there.
//
// It does not know what is looked for, and it has neither clock nor flags of
// its own. Environment and shared configuration files are read by the SDK.
package awsread
