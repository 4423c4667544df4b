package checks

// Check is one check: identity, documentation and code in one value. Its ID
// names its Go value (missingPermission), its file (missing_permission.go), its
// fixtures (testdata/fixtures/missing-permission-…) and its anchor in
// docs/checks.md.
type Check struct {
	ID       string
	Title    string   // lower case, no final period: what is wrong
	Severity Severity // the default; a finding may be lower, and says why
	// Specific checks run before the others and keep them silent about what they
	// claim (design 5.2).
	Specific bool
	// Whole checks compare with all that is needed: where flags select a part of
	// the configuration, they have nothing to say.
	Whole bool
	Doc   Doc
	Run   func(*Pass)
}

// Doc is a check's documentation, in Markdown.
type Doc struct {
	What     string // what fires it, precisely
	Why      string // what happens to the user
	Mend     string // what to do
	Suppress string // when it is right to set it aside
	Sources  []string
}
