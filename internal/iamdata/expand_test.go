package iamdata_test

import (
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/iamcheck/iamcheck/internal/iamdata"
)

func TestExpand(t *testing.T) {
	tests := []struct {
		pattern string
		want    []string
	}{
		{"rds-db:*", []string{"rds-db:connect"}},
		{"RDS-DB:CONNECT", []string{"rds-db:connect"}},
		{"rds-d?:conn*", []string{"rds-db:connect"}},
		{"*-db:connect", []string{"neptune-db:connect", "rds-db:connect"}},
		{"sts:AssumeRoleWith*", []string{"sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"}},
		{"redshift:GetClusterCred*", []string{"redshift:GetClusterCredentials", "redshift:GetClusterCredentialsWithIAM"}},
		{"rds-db:con", nil},
		{"rds-db", nil},
		{"nosuch:*", nil},
		{"", nil},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, iamdata.Expand(tt.pattern)); diff != "" {
			t.Errorf("Expand(%q) (-want +got):\n%s", tt.pattern, diff)
		}
	}
}

// Expand must agree with asking another matcher about every action.
func TestExpandAgainstAll(t *testing.T) {
	all := iamdata.Expand("*")
	if len(all) < 18000 {
		t.Fatalf("* expands to %d actions only", len(all))
	}
	if !slices.IsSortedFunc(all, func(a, b string) int {
		return slices.Compare(strings.Split(strings.ToLower(a), ":"), strings.Split(strings.ToLower(b), ":"))
	}) {
		t.Error("not sorted")
	}
	patterns := []string{
		"*:*", "*?*", "rds*", "rds:*", "rds*:Describe*", "*:Describe*", "*:*Role*", "?ds:*", "r?s:d*b*s",
		"s*:*", "s?:*", "*:*:*", "rds:De*e*B*s*", "**:connect", "*:????", "redshift*:*credentials*",
	}
	for _, pattern := range patterns {
		var want []string
		for _, action := range all {
			// No action holds a slash or bracket, so that path.Match means the same.
			if ok, err := path.Match(strings.ToLower(pattern), strings.ToLower(action)); err != nil {
				t.Fatal(err)
			} else if ok {
				want = append(want, action)
			}
		}
		if diff := cmp.Diff(want, iamdata.Expand(pattern)); diff != "" {
			t.Errorf("Expand(%q) (-want +got):\n%s", pattern, diff)
		}
	}
}

func FuzzLookup(f *testing.F) {
	for _, seed := range []string{"rds-db:connect", "rds:DescribeDBInstance", "keyspaces:Select", "*", "a:b:c", ":", "", "\u212ams:Decrypt"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, action string) {
		a, ok := iamdata.Lookup(action)
		if known := iamdata.StandingOf(action) == iamdata.Known; ok != known {
			t.Errorf("Lookup says %v, StandingOf %v", ok, known)
		}
		if ok && !strings.EqualFold(a.String(), action) {
			t.Errorf("got %s", a)
		}
		if ok != slices.Contains(iamdata.Expand(action), a.String()) {
			t.Errorf("Expand does not agree with Lookup: %v", ok)
		}
		near := iamdata.Nearest(action, 3)
		if len(near) > 3 {
			t.Errorf("Nearest gave %d", len(near))
		}
		for _, n := range near {
			if iamdata.StandingOf(n) != iamdata.Known {
				t.Errorf("Nearest gave %q, which does not exist", n)
			}
		}
		if ok && len(action) <= 100 && (len(near) == 0 || near[0] != a.String()) {
			t.Errorf("the nearest of a known action is itself, got %q", near)
		}
	})
}

func BenchmarkLookup(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := iamdata.Lookup("rds:DescribeDBInstances"); !ok {
			b.Fatal("not known")
		}
	}
}

func BenchmarkExpand(b *testing.B) {
	for b.Loop() {
		if len(iamdata.Expand("rds:*")) == 0 {
			b.Fatal("nothing")
		}
	}
}
