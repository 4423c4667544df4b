// Package expected is the catalogue: what each database type needs of AWS IAM,
// of which role in the chain, on which resources, and when. It states facts
// (as data, each with its source) and derives from a config.Target the list of
// requirements that an audit checks.
//
// It knows nothing of what any account grants.
package expected
