package main

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/awsfake"
)

// awsCommand is the script command that serves a snapshot as AWS would, for the
// rest of the script or until it is used again:
//
//	aws [-member] [-enforce POLICY] [-deny ACTION] [-lie ACTION] [-date TIME] SNAPSHOT
//
// -member puts the caller into a member account; -enforce lets it do what the
// policy in a file allows and nothing else; -deny refuses an action; -lie has the
// policy simulator say the contrary about an action; -date has every answer come
// at another time. Whatever a script does, no
// call but a reading one may be made.
func awsCommand(t *testing.T) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) == 0 {
			ts.Fatalf("usage: aws [FLAG...] SNAPSHOT")
		}
		name, flags := args[len(args)-1], args[:len(args)-1]
		snapshots, err := account.Read(name, strings.NewReader(ts.ReadFile(name)))
		ts.Check(err)
		server := awsfake.New(t, snapshots[0])
		for len(flags) > 0 {
			flag, rest := flags[0], flags[1:]
			if flag == "-member" {
				server.Member, flags = true, rest
				continue
			}
			if len(rest) == 0 {
				ts.Fatalf("%s needs a value", flag)
			}
			value := rest[0]
			flags = rest[1:]
			switch flag {
			case "-enforce":
				server.EnforcePolicy(t, []byte(ts.ReadFile(value)))
			case "-deny":
				server.Fault(awsfake.Fault{Kind: awsfake.Denied, Action: value})
			case "-lie":
				server.Lie = contrary(value)
			case "-date":
				date, err := time.Parse(time.RFC3339, value)
				ts.Check(err)
				server.Date = date.Format(http.TimeFormat)
			default:
				ts.Fatalf("unknown flag %s", flag)
			}
		}
		for _, pair := range server.Environ() {
			key, value, _ := strings.Cut(pair, "=")
			ts.Setenv(key, value)
		}
		ts.Defer(func() { onlyReads(t, ts.Name(), server) })
	}
}

// contrary lies about one action.
func contrary(about string) func(action, resource, honest string) string {
	return func(action, _, honest string) string {
		switch {
		case action != about:
			return honest
		case honest == "allowed":
			return "implicitDeny"
		default:
			return "allowed"
		}
	}
}

func onlyReads(t *testing.T, script string, server *awsfake.Server) {
	for _, c := range server.Calls() {
		_, operation, _ := strings.Cut(c.Action, ":")
		if !slices.ContainsFunc([]string{"Get", "List", "Describe", "Simulate", "Decode"}, func(verb string) bool { return strings.HasPrefix(operation, verb) }) {
			t.Errorf("%s: %s was called, which is not a read", script, c.Action)
		}
	}
}
