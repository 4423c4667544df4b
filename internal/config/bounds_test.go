package config

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// loadText is Load of a text alone.
func loadText(text string) (*Target, error) {
	return Load("iamcheck.yaml", []byte(text), nil)
}

// Inputs of somebody who means ill, or of a broken disk: one clear error, soon.
func TestHostileInput(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"too large", strings.Repeat("#", maxSize+1), "iamcheck.yaml: is 4194305 bytes, at most 4 MiB are read"},
		{"not UTF-8", "version: 1\nagents: \xff\n", "iamcheck.yaml:2:9: byte 0xff is not UTF-8 text"},
		{"UTF-16", "\xff\xfev\x00e\x00", "iamcheck.yaml:1:1: byte 0xff is not UTF-8 text"},
		{"a NUL", "version: 1\nagents: [\x00]\n", "iamcheck.yaml:2:10: control character 0x00, expected text"},
		{"an escape", "a: \x1b[31mred\n", "iamcheck.yaml:1:4: control character 0x1b, expected text"},
		{"deep", strings.Repeat("[", 10_000), "exceeded max depth of 64"},
		{"deep blocks", deepBlocks(500), "exceeded max depth of 64"},
		{"unknown anchor", "agents: *x\n", "iamcheck.yaml:1:9: not valid YAML: unknown anchor 'x' referenced"},
		{"a key of two kinds", "version: 1\n? [a]\n: 1\nagents: [{role: a, databases: [{type: rds}]}]\n", "found a list as a key, expected text"},
		{"a cycle", "agents: &a\n  - role: x\n    databases: *a\n", `unknown key "databases" in a database`},
		{"a merge of itself", "agents:\n  - &a\n    <<: *a\n    role: x\n", "expected an alias of a mapping without << of its own"},
		{"alias bomb", aliasBomb(9), "aliases (*name) expand to more than"},
		{"many agents", "agents:\n" + strings.Repeat("  - {}\n", 5000), "and 4900 more"},
	} {
		start := time.Now()
		_, err := loadText(c.text)
		var all *Errors
		if !errors.As(err, &all) {
			t.Errorf("%s: got %v, want an *Errors", c.name, err)
			continue
		}
		if !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %.300s, want %s", c.name, err, c.want)
		}
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%s: took %s", c.name, took)
		}
	}
}

func deepBlocks(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%sa:\n", strings.Repeat(" ", i))
	}
	return b.String()
}

// aliasBomb is a file of a few lines with 10^levels databases.
func aliasBomb(levels int) string {
	var b strings.Builder
	b.WriteString("x0: &x0 {type: rds}\n")
	for i := 1; i <= levels; i++ {
		item := fmt.Sprintf("*x%d, ", i-1)
		fmt.Fprintf(&b, "x%d: &x%d {<<: [%s]}\n", i, i, strings.Repeat(item, 500))
	}
	fmt.Fprintf(&b, "agents:\n  - role: a\n    databases: [%s]\n", strings.Repeat("*x1, ", 5000))
	return b.String()
}

// Tabs are no indentation in block style, and are well in JSON.
func TestTabsInJSON(t *testing.T) {
	target, err := loadText("{\n\t\"version\": 1,\n\t\"agents\": [\n\t\t{\"role\": \"a\", \"databases\": [{\"type\": \"rds\"}]}\n\t]\n}\n")
	if err != nil || len(target.Agents) != 1 {
		t.Errorf("got %v, %v", target, err)
	}
}

// What YAML would take for a number is text where text is expected.
func TestNumbersStayText(t *testing.T) {
	for _, account := range []string{"012345678901", "001234567012", "111122223333", `"012345678901"`} {
		target, err := loadText("agents: [{role: a, databases: [{type: rds, aws: {account_id: " + account + "}}]}]")
		if err != nil {
			t.Errorf("%s: %v", account, err)
			continue
		}
		if got, want := target.Agents[0].Databases[0].AWS.AccountID, strings.Trim(account, `"`); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// A byte order mark and Windows line ends are no fault of the user's.
func TestWindowsText(t *testing.T) {
	target, err := loadText("\ufeffversion: 1\r\nagents:\r\n  - role: a\r\n    databases:\r\n      - type: rds\r\n")
	if err != nil || len(target.Agents) != 1 {
		t.Fatalf("got %v, %v", target, err)
	}
	if got := target.Agents[0].Databases[0].Position.String(); got != "iamcheck.yaml:5:9" {
		t.Errorf("got position %s", got)
	}
}

func TestSeveralAgentsAndTeleportFlag(t *testing.T) {
	text := "agents: [{role: a, databases: [{type: rds}]}, {role: b, databases: [{type: rds}]}]"
	_, err := Load("iamcheck.yaml", []byte(text), nil, Input{Name: "t.yaml", Text: []byte("db_service: {}")})
	if err == nil || !strings.Contains(err.Error(), "2 agents, and --teleport-config does not say") {
		t.Errorf("got %v", err)
	}
	one := "agents: [{role: a}]"
	teleport := Input{Name: "t.yaml", Text: []byte("db_service: {enabled: yes, databases: [{name: x, protocol: postgres, uri: x.a.us-east-1.rds.amazonaws.com}]}")}
	target, err := Load("iamcheck.yaml", []byte(one), nil, teleport)
	if err != nil || len(target.Agents[0].Databases) != 1 {
		t.Errorf("got %v, %v", target, err)
	}
}

func TestPathsAreRelativeToTheFile(t *testing.T) {
	var asked []string
	open := func(path string) ([]byte, error) {
		asked = append(asked, path)
		return []byte("db_service: {enabled: yes, databases: [{name: x, protocol: postgres, uri: x.a.us-east-1.rds.amazonaws.com}]}"), nil
	}
	_, err := Load("conf/iamcheck.yaml", []byte("agents: [{role: a, teleport_config: [t.yaml, ../u.yaml, /abs/v.yaml]}]"), open)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(asked, " "); got != "conf/t.yaml u.yaml /abs/v.yaml" {
		t.Errorf("opened %s", got)
	}
}

// A large cluster: two thousand databases, three hundred roles, each with
// labels and expressions.
func TestLargeCluster(t *testing.T) {
	var dbs, roles strings.Builder
	for i := range 2_000 {
		fmt.Fprintf(&dbs, "---\nkind: db\nmetadata: {name: db-%d, labels: {env: e%d}}\nspec: {protocol: postgres, uri: db-%d.a.us-east-1.rds.amazonaws.com}\n", i, i%50, i)
	}
	for i := range 300 {
		fmt.Fprintf(&roles, "---\nkind: role\nmetadata: {name: r%d}\nspec: {allow: {db_labels: {env: ['^e%d$', 'x*']}, db_users: [u%d]}}\n", i, i%50, i)
	}
	start := time.Now()
	target, err := FromFlags(FlagOptions{Role: "a", Teleports: []Input{
		{Name: "dbs.yaml", Text: []byte(dbs.String())}, {Name: "roles.yaml", Text: []byte(roles.String())},
	}})
	if err != nil || len(target.Agents[0].Databases) != 2_000 {
		t.Fatalf("got %v", err)
	}
	if got := len(target.Agents[0].Databases[7].DBUsers); got != 6 {
		t.Errorf("got %d logins, want 6", got)
	}
	if took := time.Since(start); took > time.Minute {
		t.Errorf("took %s", took)
	}
}

// Pairs of databases and rules are bounded.
func TestTooManyPairs(t *testing.T) {
	dbs := Input{Name: "dbs.yaml", Text: []byte(strings.Repeat("---\nkind: db\nmetadata: {name: x}\n", 20_000))}
	roles := Input{Name: "roles.yaml", Text: []byte(strings.Repeat("---\nkind: role\n", 2_000))}
	_, err := FromFlags(FlagOptions{Role: "a", Teleports: []Input{dbs, roles}})
	if err == nil || !strings.Contains(err.Error(), "too many to compare") {
		t.Errorf("got %v", err)
	}
}
