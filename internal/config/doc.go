// Package config turns what people write down about their databases into
// agents, databases and hops: iamcheck.yaml, teleport.yaml, the output of
// `tctl get`, and the command line's shorthand.
//
// It knows the keys of those files, where each value stands (file, line,
// column), how Teleport derives a database's type from protocol, uri and aws
// fields, and which roles Teleport would assume on the way. It does not know
// which IAM permissions follow from that, nor anything about the account.
//
// docs/configuration.md is written from what internal/config/gen says of each key.
//
//go:generate go run ./gen ../../docs/configuration.md
package config
