// Package policy knows what an IAM policy document says and what it allows:
// it parses documents with positions, compiles patterns and conditions, decides
// requests against the layers of policies that apply to them, and answers
// whether one set of resources contains another.
//
// It does not know where a document came from, which account it belongs to,
// what Teleport needs, or how an answer is shown. It reads no files, calls
// nothing and imports only the standard library.
//
// The rules are AWS's. Where code follows one, the comment names its page in
// the IAM User Guide by slug, for example
// reference_policies_elements_resource, or the rule's row (R3, C5, E9 …) in
// docs/how-iamcheck-decides.md.
//
// Two habits hold everywhere. Matching is three-valued ([Truth]): what depends
// on a context key that is not known is Unknown, never a guess. And where
// AWS's documentation is silent or contradicts itself, an Allow is read
// narrowly and a Deny widely; if the two readings differ the answer is Unknown
// and names the ambiguity.
package policy

//go:generate go test -run ^TestConformancePage$ -update .
