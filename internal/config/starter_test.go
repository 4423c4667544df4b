package config

import (
	"strings"
	"testing"
)

// TestScalar: whatever text is written comes back, as text.
func TestScalar(t *testing.T) {
	for _, s := range []string{
		"", " ", "a", "a b", "orders-1", "1", "1e3", "0x1F", "012", "~", "null", "Null", "true", "Yes", "no", "on", "y", "-", "--", "---", "...", ".inf",
		".", "a: b", "a:", ":a", "#x", "x #y", "é", "日本", "\u2028", "\u202e", "a\nb", "a\tb", "\x7f", "\"", "'", "\\", "[a]", "{a: b}", "*a", "&a", "!a", "|", ">",
		"%", "@", "`", "<<", "=", "2001-01-01", "12:30:00", "a,b", "path/name", "arn:aws:iam::111122223333:role/x", "<b>&amp;", "\U0001F600", "\U000E0001", "\u0085",
	} {
		r := &reader{file: "x", strict: false, errs: &Errors{}}
		roots := r.documents([]byte("key: " + scalar(s) + "\nlist: " + flowList([]string{s, "second"}) + "\n"))
		if len(roots) != 1 {
			t.Errorf("%q is written %s, and not read: %v", s, scalar(s), r.errs)
			continue
		}
		m := r.mapping(roots[0], "test")
		n := m.value("key")
		if n == nil || n.Value != s || n.ShortTag() != "!!str" {
			t.Errorf("%q is written %s and read as %v", s, scalar(s), n)
		}
		if items := m.list("list"); len(items) != 2 || items[0].Value != s || items[1].Value != "second" {
			t.Errorf("%q in a list is read as %v", s, items)
		}
	}
}

// TestStarterNamesHostileDatabases: names that Teleport's files give reach the
// configuration as names, and break out of no comment.
func TestStarterNamesHostileDatabases(t *testing.T) {
	name := "x\n- name: y # \"z\" \u2028 : z"
	s := &Starter{Role: "agent", Files: []string{"a: b.yaml"}, Databases: []StarterDatabase{{
		Database: Database{Name: name, Type: RDS, Position: Position{File: "f\n- g", Line: 1, Column: 1}},
		Unknown:  []Unknown{{Name: "db_users", Tell: "told\nby: nobody"}, {Name: "aws.region", Tell: "by its uri"}},
	}}}
	open := func(path string) ([]byte, error) {
		if path != "a: b.yaml" {
			t.Errorf("asked for %q", path)
		}
		return []byte("db_service: {enabled: yes, databases: [{name: other, protocol: dynamodb, aws: {region: us-east-1, account_id: \"111122223333\"}}]}"), nil
	}
	for _, text := range []string{string(s.YAML()), strings.NewReplacer("    # ", "    ").Replace(string(s.YAML()))} {
		target, err := Load("iamcheck.yaml", []byte(text), open)
		if err != nil && !strings.Contains(err.Error(), "neither protocol, uri nor aws tell its type") {
			t.Errorf("%v\n%s", err, text)
		}
		if err == nil && len(target.Agents[0].Databases) > 2 {
			t.Errorf("got %d databases of\n%s", len(target.Agents[0].Databases), text)
		}
	}
	if strings.Contains(string(s.YAML()), "\n- g") || strings.Contains(string(s.YAML()), "\nby: nobody") {
		t.Errorf("got\n%s", s.YAML())
	}
}
