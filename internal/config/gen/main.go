// Command gen writes docs/configuration.md, the page on every key of
// iamcheck.yaml, to the file that its argument names.
//
// It knows what each key is for; which keys there are it is told by the reader
// in internal/config, through a test.
package main

import (
	"fmt"
	"os"
	"strings"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: gen FILE")
		os.Exit(2)
	}
	if err := os.WriteFile(os.Args[1], []byte(page()), 0o644); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

const introduction = `# Configuration: iamcheck.yaml

<!-- Written by go generate ./internal/config; change internal/config/gen/keys.go. -->

iamcheck reads iamcheck.yaml in the working directory, or the file that ` + "`-c`" + ` names. ` + "`iamcheck init`" + ` writes one
to begin with. A flag outdoes an environment variable (` + "`IAMCHECK_*`" + `), which outdoes the file.

` + "```yaml" + `
` + example + "```" + `

What the file does not tell is not known, which is another thing than "all": a grant on everything is granted, one on
nothing is missing, and one on some is undecided, with the name that would decide it.
`

const example = `version: 1
agents:
  - role: teleport-db-service-role
    databases:
      - name: orders
        protocol: postgres
        uri: orders.abc.us-east-1.rds.amazonaws.com:5432
        aws:
          account_id: "111122223333"
          rds: {resource_id: db-ABCDEFGHIJKL, iam_auth: true}
        db_users: [app, reporting]
      - type: dynamodb
        aws: {region: us-east-1, account_id: "111122223333"}
        db_users: [role/dynamodb-reader]
fail_on: high
`

func page() string {
	var b strings.Builder
	b.WriteString(introduction)
	for _, s := range sections() {
		title := s.title
		if s.path != "" {
			title += ": `" + s.path + "`"
		}
		fmt.Fprintf(&b, "\n## %s\n\n", title)
		if s.about != "" {
			fmt.Fprintf(&b, "%s\n\n", s.about)
		}
		b.WriteString("| key | value | default | example | |\n|---|---|---|---|---|\n")
		for _, k := range s.keys {
			sample := ""
			if k.example != "" {
				sample = "`" + k.example + "`"
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", k.name, k.kind, k.def, sample, k.about)
		}
	}
	return b.String()
}
