// Package checks judges: it gives every requirement a verdict, runs the checks
// over the account and the configuration, and gathers what they find into a
// Report.
//
// It knows the checks, the way from a requirement to a question of the policy
// engine, and which finding speaks for a cause. It does not read AWS or files,
// and it does not know how a report is shown.
package checks
