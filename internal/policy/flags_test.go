package policy

import "flag"

// long makes the property tests take hundreds of thousands of instances:
//
//	go test ./internal/policy -long
var long = flag.Bool("long", false, "run the property tests on many more instances")

// instances is how many instances a property test takes.
func instances(short, more int) int {
	if *long {
		return more
	}
	return short
}
