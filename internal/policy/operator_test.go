package policy

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseOperator(t *testing.T) {
	for _, c := range []struct {
		raw  string
		want Operator
	}{
		{"StringEquals", Operator{Name: "StringEquals", Known: true}},
		{"ForAnyValue:StringLike", Operator{Name: "StringLike", Set: ForAnyValue, Known: true}},
		{"ForAllValues:ArnNotLikeIfExists", Operator{Name: "ArnNotLike", Set: ForAllValues, IfExists: true, Known: true}},
		{"Null", Operator{Name: "Null", Known: true}},
		{"NullIfExists", Operator{IfExists: true}},
		{"ForAnyValues:StringEquals", Operator{}},
		{"bool", Operator{Name: "Bool"}},
		{"Boolifexists", Operator{Name: "Bool", IfExists: true}},
		{"forallvalues:StringEquals", Operator{Name: "StringEquals", Set: ForAllValues}},
		{"StringEquals ", Operator{}},
		{"BinaryNotEquals", Operator{}},
		{"ForAnyValue:ForAllValues:StringEquals", Operator{Set: ForAnyValue}},
		{"StringEqualsIfExistsIfExists", Operator{IfExists: true}},
		{"", Operator{}},
	} {
		c.want.Raw = c.raw
		if diff := cmp.Diff(c.want, ParseOperator(c.raw)); diff != "" {
			t.Errorf("ParseOperator(%q) (-want +got):\n%s", c.raw, diff)
		}
	}
}

// Every operator of AWS's page, with every qualifier that it takes, is read
// and written the same.
func TestOperatorFacts(t *testing.T) {
	facts := OperatorFacts()
	if len(facts) != 27 {
		t.Errorf("there are %d operators, want the 27 of %s", len(facts), pageOperators)
	}
	for _, f := range facts {
		suffixes := []string{""}
		if f.IfExists {
			suffixes = append(suffixes, "IfExists")
		}
		for _, prefix := range []string{"", "ForAllValues:", "ForAnyValue:"} {
			for _, suffix := range suffixes {
				raw := prefix + f.Name + suffix
				o := ParseOperator(raw)
				if !o.Known || o.Name != f.Name || o.String() != raw {
					t.Errorf("ParseOperator(%q) is %+v, written %q", raw, o, o)
				}
				if got, ok := o.Fact(); !ok || got.Name != f.Name {
					t.Errorf("the fact of %q is %+v", raw, got)
				}
			}
		}
	}
}
