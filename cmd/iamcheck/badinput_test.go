package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// TestBadBytes gives every option that reads a file what no script can hold. One
// message says what is wrong and where, and nothing is on stdout. (What a text
// file can hold is in testdata/script/badinput.txtar.)
func TestBadBytes(t *testing.T) {
	const large = 50 << 20
	t.Chdir(t.TempDir())
	write(t, "good.yaml", []byte("version: 1\nagents:\n  - role: db\n    databases: [{name: orders, type: rds}]\n"))
	write(t, "good.json", []byte(`{"RoleDetailList": [{"Arn": "arn:aws:iam::111122223333:role/db"}]}`))
	options := map[string][]string{
		"snapshot":        {"audit", "-c", "good.yaml", "--snapshot", "bad"},
		"config":          {"audit", "-c", "bad", "--snapshot", "good.json"},
		"teleport-config": {"audit", "-c", "", "--role", "db", "--teleport-config", "bad", "--snapshot", "good.json"},
	}
	for _, c := range []struct {
		name string
		text []byte
	}{
		{"NUL", make([]byte, 1000)},
		{"invalid UTF-8", []byte("{\"RoleDetailList\": [{\"Arn\": \"\xff\xfe\"}]}")},
		{"a byte order mark of UTF-16", []byte("\xff\xfe{\x00}\x00")},
		{"deep lists", []byte(strings.Repeat("[", 100_000))},
		{"deep objects", []byte(`{"RoleDetailList": ` + strings.Repeat(`{"a": `, 100_000))},
		{"escape sequences", []byte("\x1b]0;title\x07\x1b[2J")},
		{"50 MB of noise", bytes.Repeat([]byte("\x8f\x02 noise \xe2\x28\xa1"), large/12)},
		{"50 MB of white space", bytes.Repeat([]byte(" \n"), large/2)},
		{"50 MB of one string", append([]byte(`{"RoleDetailList": ["`), bytes.Repeat([]byte("a"), large)...)},
		{"50 MB of brackets", append([]byte(`{"RoleDetailList": `), bytes.Repeat([]byte("["), large)...)},
		{"50 MB of one line", bytes.Repeat([]byte("a: &a [*a, *a] "), large/15)},
	} {
		write(t, "bad", c.text)
		for option, args := range options {
			r := runHere(t, args...)
			switch {
			case r.code != exitUsage || r.stdout != "":
				t.Errorf("--%s of %s: exit code %d, want 2; stdout %.200q, want none", option, c.name, r.code, r.stdout)
			case !strings.HasPrefix(r.stderr, "iamcheck: bad:") || strings.Count(r.stderr, "\n") > 2 || len(r.stderr) > 1000:
				t.Errorf("--%s of %s: want one short message that names the file, got %.1000q", option, c.name, r.stderr)
			case strings.ContainsAny(r.stderr, "\x1b\x07\x00"):
				t.Errorf("--%s of %s: control characters are shown: %q", option, c.name, r.stderr)
			}
		}
	}
}

func write(t *testing.T, name string, text []byte) {
	t.Helper()
	if err := os.WriteFile(name, text, 0o600); err != nil {
		t.Fatal(err)
	}
}
