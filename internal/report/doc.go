// Package report writes a finished audit: as a table for people, as JSON and as
// SARIF for machines.
//
// It knows formats only. It judges nothing, sorts nothing and drops nothing of
// what a checks.Report holds; where a format has no place for a thing, or a
// limit, the output says so. All names, texts and statements of a report come
// from accounts that others control: each format escapes them for its reader.
package report
