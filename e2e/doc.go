// Package e2e holds the tests that run against moto, a third party's AWS
// server (`make e2e`, e2e/run.sh): what iamcheck reads of an account that was
// made through the real SDK, and what it says of it. The tests have the build
// tag e2e; paging, faults and encoding are tested against internal/awsfake,
// since moto gets them wrong.
package e2e
